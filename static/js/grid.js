// Lists by keyboard (j, k, x), chosen rows with their bar, and the order of columns.
function rows() {
  const here = document.activeElement.closest?.("table.grid");
  const table = here || document.querySelector("main table.grid");
  return table ? [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.querySelector("a[href]")) : [];
}

function focusRow(step) {
  const all = rows();
  if (!all.length) return false;
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const row = all[now === -1 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + step))];
  const link = row.querySelector("a.grid-link, th a[href], a[href]");
  link.focus({ focusVisible: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.keys === "off") return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open]:not(.is-inline)")) return;
  if (event.key === "j" || event.key === "k") {
    if (focusRow(event.key === "j" ? 1 : -1)) event.preventDefault();
  } else if (event.key === "x") {
    const box = document.activeElement.closest?.("tr")?.querySelector(".grid-select");
    if (box) { event.preventDefault(); box.click(); }
  }
});

// The selection bar.
function boxesOf(bar) {
  const form = document.getElementById(bar.dataset.selection);
  const table = form && (form.querySelector("table") || document.querySelector(`[form="${form.id}"].grid-select`)?.closest("table"));
  return table ? [...table.querySelectorAll("tbody .grid-select")] : [];
}

function count(bar) {
  const boxes = boxesOf(bar);
  const chosen = boxes.filter((box) => box.checked).length;
  bar.hidden = chosen === 0;
  bar.querySelector("[data-selection-count]").textContent = `${chosen} chosen`;
  const clear = bar.querySelector("[data-selection-clear]");
  if (clear) clear.hidden = chosen === 0;
  const all = boxes[0]?.closest("table").querySelector("[data-select-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

const countAll = () => document.querySelectorAll("[data-selection]").forEach(count);
let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("tbody .grid-select");
  if (box) {
    const boxes = [...box.closest("table").querySelectorAll("tbody .grid-select")];
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    countAll();
  }
  const all = event.target.closest?.("[data-select-all]");
  if (all) {
    for (const one of all.closest("table").querySelectorAll("tbody .grid-select")) one.checked = all.checked;
    countAll();
  }
  const clear = event.target.closest?.("[data-selection-clear]");
  if (clear) {
    for (const one of boxesOf(clear.closest("[data-selection]"))) one.checked = false;
    countAll();
  }
  const move = event.target.closest?.("[data-columns] [data-moves]");
  if (move) {
    const item = move.closest("li");
    if (move.dataset.moves === "up" && item.previousElementSibling) item.previousElementSibling.before(item);
    if (move.dataset.moves === "down" && item.nextElementSibling) item.nextElementSibling.after(item);
    move.focus();
  }
});

// Every column may be moved, but for the fixed ones: a pair of buttons each, copied from the one the page brings.
for (const pair of document.querySelectorAll("[data-columns] template[data-column-moves]")) {
  for (const item of pair.closest("[data-columns]").querySelectorAll(".columns-list li")) {
    if (item.querySelector("input:disabled")) continue;
    const buttons = pair.content.cloneNode(true);
    const name = item.querySelector("label").textContent.trim();
    for (const button of buttons.children) button.setAttribute("aria-label", `Move ${name} ${button.dataset.moves}`);
    item.append(buttons);
  }
}

// A filter that could not be read: its words lead to its control, in a panel that may be closed.
document.addEventListener("click", (event) => {
  const control = event.target.closest?.(".list-errors a[href^='#filter-']") && document.getElementById(event.target.closest("a").hash.slice(1));
  if (!control) return;
  event.preventDefault();
  event.stopPropagation();
  control.closest("details").open = true;
  control.focus();
}, true);

// An address says only what is asked: empty controls stay out of it.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-drops-empty]")) return;
  for (const control of event.target.elements) if (control.name && control.value === "") control.disabled = true;
});
window.addEventListener("pageshow", () => {
  for (const control of document.querySelectorAll("[data-drops-empty] :disabled")) control.disabled = false;
});

// The view that is open is in sight among the tabs.
document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

function watchScroll(scope) {
  for (const part of scope.querySelectorAll(".grid-region")) {
    if (part.dataset.watched) continue;
    part.dataset.watched = "true";
    part.addEventListener("scroll", () => part.toggleAttribute("data-scrolled", part.scrollLeft > 0), { passive: true });
  }
}

countAll();
watchScroll(document);
document.addEventListener("htmx:load", (event) => {
  countAll();
  watchScroll(event.detail.elt.parentElement || document);
});
