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
      var words = copy.textContent, around = copy.closest(".table"), shown = null;
      copy.hidden = false;
      copy.addEventListener("click", function () {
        var text = copied(around, copy.dataset.copy === "tsv");
        put(text).then(function () {
          copy.textContent = copy.dataset.done;
          setTimeout(function () { copy.textContent = words; }, 1500);
        }, function () {
          if (shown) { shown.remove(); shown = null; return; }
          shown = document.createElement("pre");
          shown.textContent = text;
          around.append(shown);
        });
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

  // The text of a table as it is shown, made from the table itself: tab-separated for a spreadsheet, else Markdown.
  function copied(around, tsv) {
    var table = around.querySelector("table"), lines = [], head = table.tHead.rows, groups = [];
    if (head.length > 1) [].forEach.call(head[0].cells, function (cell) {
      for (var i = 0; i < cell.colSpan; i++) groups.push(words(cell));
    });
    var columns = [].slice.call(head[head.length - 1].cells);
    var heads = columns.map(function (cell, i) {
      return [groups[i], words(cell)].filter(Boolean).join(" ");
    });
    var caption = words(table.caption);
    if (tsv) lines.push([safe(caption)], heads.map(function (one) { return safe(square(one)); }));
    else lines.push("**" + escaped(caption) + "**", "", pipes(heads.map(escaped)), pipes(columns.map(function (cell, i) {
      return i === 0 ? "---" : cell.classList.contains("text") ? ":---" : table.querySelector("tbody td:nth-child(" + (i + 1) + ") .num") ? "---:" : ":---:";
    })));
    table.querySelectorAll("tbody tr:not([hidden])").forEach(function (row) {
      var label = row.querySelector("th"), name = label ? words(label) : "", cells = [].slice.call(row.querySelectorAll("td"));
      if (row.classList.contains("panel")) {
        lines.push(tsv ? [safe(name)] : pipes(["**" + escaped(name) + "**"].concat(columns.slice(1).map(function () { return ""; }))));
      } else if (tsv) {
        lines.push([safe(name || (row.classList.contains("se") && table.dataset.below) || "")].concat(cells.map(function (cell) {
          return cell.querySelector(".num, .nowrap, [aria-hidden]") ? bare(words(cell)) : safe(square(words(cell)));
        })));
      } else lines.push(pipes([name].concat(cells.map(words)).map(escaped)));
    });
    var notes = around.querySelector(".notes");
    if (notes) lines.push.apply(lines, tsv ? [[safe(whole(notes))]] : ["", escaped(whole(notes))]);
    return lines.map(function (line) { return tsv ? line.join("\t") : line; }).join("\n") + "\n";
  }

  // The notes of a table with those that the page says once for several tables.
  function whole(notes) {
    var own = notes.cloneNode(true);
    own.querySelectorAll(".common").forEach(function (list) {
      var said = [].map.call(list.querySelectorAll("a"), function (link) { return words(document.querySelector(link.hash)); });
      list.textContent = said.join(root.lang === "en" ? " " : "");
    });
    return words(own);
  }

  function words(part) {
    var own = part.cloneNode(true);
    own.querySelectorAll(".unseen").forEach(function (hint) { hint.remove(); });
    return own.textContent.replace(/[ \t\r\n\f\v]+/g, " ").trim();
  }
  function pipes(cells) { return "| " + cells.join(" | ") + " |"; }
  function escaped(text) { return text.replace(/[\\`*_\[\]<>|~]/g, "\\$&"); }
  // A spreadsheet reads a number in parentheses as a negative one, a head (1) as -1, and words that begin as a formula as one.
  function bare(text) { return text.replace(/^\(([-\u2212]?[\d.,]+(?:e[-\u2212]?\d+)?)\)$/, "$1").replace(/\u2212/g, "-"); }
  function square(text) { return text.replace(/^\(([\d.,]+)\)$/, "[$1]"); }
  function safe(text) { return /^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? "'" + text : text; }

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
