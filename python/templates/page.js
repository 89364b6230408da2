// Dark or light display, remembered; the language switch keeps the place. The page works without this script.
"use strict";
(function () {
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  try { set(localStorage.getItem("theme")); } catch (e) { /* storage is switched off */ }

  function set(theme) { if (theme === "dark" || theme === "light") root.dataset.theme = theme; }
  function current() { return root.dataset.theme || (dark.matches ? "dark" : "light"); }

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById("theme");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        set(current() === "dark" ? "light" : "dark");
        try { localStorage.setItem("theme", current()); } catch (e) { /* as above */ }
      });
    }
    document.querySelectorAll("a.language").forEach(function (link) {
      link.addEventListener("click", function () {
        var place = "";
        document.querySelectorAll("main section[id], main .table[id]").forEach(function (part) {
          if (part.getBoundingClientRect().top < innerHeight / 3) place = "#" + part.id;
        });
        link.href = link.getAttribute("href").split("#")[0] + (scrollY > 0 ? place : "");
      });
    });
  });
})();
