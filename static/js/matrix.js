// The matrix by keyboard: arrows move, r a c i turn a letter on and off, Delete clears. Without script its cells are selects.
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const WITH = { R: { A: "RA", RA: "A" }, A: { R: "RA", RA: "R" } };

function toggled(now, letter) {
  return now === letter ? "" : WITH[letter]?.[now] ?? letter;
}

function put(select, value) {
  if (![...select.options].some((option) => option.value === value)) return;
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const select = event.target.closest?.(".matrix-select");
  if (!select || event.ctrlKey || event.metaKey || event.altKey) return;
  const move = MOVES[event.key];
  if (move) {
    const cell = select.closest("td");
    const rows = [...cell.closest("tbody").rows];
    const row = rows[rows.indexOf(cell.parentElement) + move[0]];
    row?.cells[cell.cellIndex + move[1]]?.querySelector(".matrix-select")?.focus();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    put(select, "");
  } else if (event.key === "Enter") {
    select.showPicker?.();
  } else if (/^[raci]$/iu.test(event.key)) {
    put(select, toggled(select.value, event.key.toUpperCase()));
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("change", (event) => {
  const cell = event.target.closest?.(".matrix-cell");
  if (!cell) return;
  cell.classList.toggle("is-changed", event.target.value !== cell.querySelector("input").value);
});
