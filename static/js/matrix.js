// The matrix by keyboard: arrows move, r a c i give and take a letter, Delete clears, Escape undoes, Enter offers the
// choice, Ctrl and Enter saves. One person is accountable at a time. Without script its cells are selects in a form.
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const WITH = { R: { A: "RA", RA: "A" }, A: { R: "RA", RA: "R" } };

const was = (select) => select.closest("td").querySelector("input").value;
const who = (select) => select.closest("table").tHead.rows[0].cells[select.closest("td").cellIndex].querySelector("a").textContent;
const cellsOf = (row) => [...row.querySelectorAll(".matrix-select")];

function toggled(now, letter) {
  return now === letter ? "" : WITH[letter]?.[now] ?? letter;
}

function say(form, sentence) {
  const told = form?.querySelector(".matrix-said");
  if (!told) return;
  const many = form.querySelectorAll("td.is-changed").length;
  const count = many ? `${many} cell${many === 1 ? "" : "s"} changed, not saved yet.` : "Nothing changed.";
  told.textContent = [sentence, count].filter(Boolean).join(" ");
}

function put(select, value) {
  select.value = value;
  select.closest("td").classList.toggle("is-changed", value !== was(select));
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

// Whoever was accountable for the activity is not any more once somebody else is.
function followed(select) {
  if (!select.value.includes("A")) return "";
  const former = cellsOf(select.closest("tr")).filter((other) => other !== select && other.value.includes("A"));
  for (const other of former) put(other, other.value.replace("A", ""));
  return former.length ? `${who(select)} follows ${former.map(who).join(" and ")} as accountable.` : "";
}

function give(select, value) {
  if (![...select.options].some((option) => option.value === value)) {
    return `${who(select)} is a function: accountable is always a person.`;
  }
  put(select, value);
  return followed(select);
}

// What was taken from somebody only because this cell became accountable goes back to them.
function undo(select) {
  put(select, was(select));
  if (followed(select)) return;
  const row = cellsOf(select.closest("tr"));
  if (row.some((one) => one.value.includes("A"))) return;
  const former = row.find((one) => was(one).includes("A") && one.value === was(one).replace("A", ""));
  if (former) put(former, was(former));
}

function step(select, [down, right]) {
  const rows = [...select.closest("tbody").rows].filter((row) => row.querySelector(".matrix-select"));
  const row = rows[rows.indexOf(select.closest("tr")) + down];
  const cells = row && cellsOf(row);
  cells?.[cellsOf(select.closest("tr")).indexOf(select) + right]?.focus();
}

document.addEventListener("keydown", (event) => {
  const select = event.target.closest?.(".matrix-select");
  const form = event.target.closest?.(".matrix-form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=save]"));
    return;
  }
  if (!select || event.ctrlKey || event.metaKey || event.altKey) return;
  if (MOVES[event.key]) {
    step(select, MOVES[event.key]);
  } else if (event.key === "Home" || event.key === "End") {
    cellsOf(select.closest("tr")).at(event.key === "Home" ? 0 : -1).focus();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    say(form, give(select, ""));
  } else if (event.key === "Escape") {
    if (select.value === was(select)) return;
    undo(select);
    say(form, "Undone.");
  } else if (event.key === "Enter") {
    select.showPicker?.();
  } else if (/^[raci]$/iu.test(event.key)) {
    say(form, give(select, toggled(select.value, event.key.toUpperCase())));
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".matrix-select")) say(event.target.form, give(event.target, event.target.value));
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-prints]")) window.print();
});

for (const form of document.querySelectorAll(".matrix-form")) if (form.querySelector("td.is-changed")) say(form, "");
