"use strict";
(() => {
  const table = document.getElementById("matrix");
  const controls = document.getElementById("controls");
  if (!table || !controls) return;
  const body = table.tBodies[0];
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  const rows = Array.from(body.rows, (row, place) => ({
    row, place, name: fold(row.cells[0].textContent), states: row.dataset.s || "",
  }));
  const heads = Array.from(table.tHead.rows[0].cells);
  const [word, state] = [document.getElementById("by-name"), document.getElementById("by-state")];
  const shown = document.getElementById("shown");
  const more = document.getElementById("more");
  const STEP = 200;  // rows that a browser lays out at once without a pause
  const collator = new Intl.Collator(document.documentElement.lang, {numeric: true});
  let order = rows, sorted = 0, turn = 1, most = STEP;

  const value = (row, column) => {
    const found = /\d+(?:\.\d+)?/.exec(row.cells[column].textContent);
    return found ? Number(found[0]) : null;  // "not handed in" has no number
  };
  const sort = () => {
    const keyed = rows.map((entry) => [sorted ? value(entry.row, sorted) : entry.name, entry]);
    keyed.sort(([a, one], [b, other]) => {
      if (a === null || b === null) {
        return (a === null) - (b === null) || one.place - other.place;
      }
      const difference = sorted ? a - b : collator.compare(a, b);
      return turn * difference || one.place - other.place;
    });
    order = keyed.map(([, entry]) => entry);
    heads.forEach((head, column) => {
      if (column === sorted) head.setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
  };
  const show = () => {
    const [wanted, kind] = [fold(word.value), state.value];
    const fitting = order.filter((e) => e.name.includes(wanted) && e.states.includes(kind));
    const listed = fitting.slice(0, most);
    body.replaceChildren(...listed.map((entry) => entry.row));
    more.hidden = listed.length === fitting.length;
    shown.textContent = shown.dataset.says.replace("[n]", fitting.length)
      .replace("[all]", rows.length).replace("[listed]", listed.length);
  };
  const change = () => {
    most = STEP;
    show();
  };

  heads.forEach((head, column) => {
    const button = head.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => {
      turn = column === sorted ? -turn : 1;
      sorted = column;
      sort();
      change();
    });
  });
  heads[0].setAttribute("aria-sort", "ascending");
  let waiting = 0;
  word.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(change);
  });
  state.addEventListener("change", change);
  more.addEventListener("click", () => {
    const next = most;
    most += STEP;
    show();
    body.rows[next].querySelector("a").focus();  // the button may be gone
  });
  addEventListener("beforeprint", () => {
    most = Infinity;
    show();
  });
  addEventListener("afterprint", change);
  controls.hidden = false;
  show();  // a browser that goes back keeps what was typed
})();
