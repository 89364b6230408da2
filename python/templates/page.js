// Dark or light display, remembered; the language switch keeps the place; copying, sorting, finding; details open
// for links to what they hold. The page works without this script.
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
        document.querySelectorAll("main section[id], main .table[id], main figure[id]").forEach(function (part) {
          if (part.getBoundingClientRect().top < innerHeight / 3) place = "#" + part.id;
        });
        link.href = link.getAttribute("href").split("#")[0] + (scrollY > 0 ? place : "");
      });
    });
    document.querySelectorAll("button.copy").forEach(function (copy) {
      var words = copy.textContent, source = document.getElementById(copy.dataset.copy);
      copy.hidden = false;
      copy.addEventListener("click", function () {
        put(source.textContent).then(function () {
          copy.textContent = copy.dataset.done;
          setTimeout(function () { copy.textContent = words; }, 1500);
        }, function () { source.hidden = !source.hidden; });
      });
    });
    document.querySelectorAll("table[data-sorts]").forEach(sortable);
    var contents = document.querySelector(".contents details");
    mark();
    addEventListener("scroll", mark, { passive: true });
    if (contents && matchMedia("(max-width: 67.99rem)").matches) contents.open = false;
    addEventListener("hashchange", reveal);
    reveal();
  });

  // The contents mark where one is: the last entry whose place has passed the upper third.
  function mark() {
    var here = null;
    document.querySelectorAll(".contents a").forEach(function (link) {
      var target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      link.removeAttribute("aria-current");
      if (target && target.getBoundingClientRect().top < innerHeight / 3) here = link;
    });
    if (here) here.setAttribute("aria-current", "location");
  }

  // Refused (an old browser, a page that is not secure): the text is shown instead, to be copied by hand.
  function put(text) {
    return navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject();
  }

  function reveal() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var around = target && target.closest("details");
    if (around && !around.open) { around.open = true; target.scrollIntoView(); }
  }

  function value(row, column) {
    var text = row.children[column].textContent.trim(), number = parseFloat(text.replace("\u2212", "-").replace(/,/g, ""));
    return isNaN(number) ? text : number;
  }

  function sortable(table) {
    var body = table.tBodies[0], rows = [].slice.call(body.rows), heads = [].slice.call(table.tHead.rows[table.tHead.rows.length - 1].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down === 1 ? "ascending" : "descending");
        rows.slice().sort(function (a, b) {
          var x = value(a, column), y = value(b, column);
          return down * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), root.lang));
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
    // What is found: the words typed, in the rows of the group chosen.
    var bar = document.createElement("p"), input = document.createElement("input"), select = document.createElement("select"),
      count = document.createElement("output"), group = +table.dataset.group || 0;
    bar.className = "find";
    input.type = "search";
    input.setAttribute("aria-label", table.dataset.sorts);
    bar.append(table.dataset.sorts + " ", input);
    if (group) {
      var names = rows.map(function (row) { return row.children[group].textContent.trim(); });
      var title = heads[group].textContent.trim();
      select.setAttribute("aria-label", title);
      [""].concat(names.filter(function (name, i) { return names.indexOf(name) === i; })).forEach(function (name) {
        select.add(new Option(name || table.dataset.all, name));
      });
      bar.append(" ", title + " ", select);
    }
    bar.append(" ", count);
    function show() {
      var wanted = input.value.trim().toLowerCase(), shown = 0;
      rows.forEach(function (row) {
        row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0 ||
          (select.value !== "" && row.children[group].textContent.trim() !== select.value);
        if (!row.hidden) shown++;
      });
      count.textContent = table.dataset.count.replace("{}", shown);
    }
    input.addEventListener("input", show);
    select.addEventListener("change", show);
    table.closest(".table").prepend(bar);
  }
})();
