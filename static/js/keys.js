// Single keys: / searches, n adds, ? tells. Never while typing, never with a modifier, and they can be switched off.
const STORE = "interlock.keys";

function stored() {
  try { return localStorage.getItem(STORE); } catch { return null; }
}

let on = stored() !== "off";

function isTyping(target) {
  return target instanceof Element && Boolean(target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]"));
}

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = on;
  box.addEventListener("change", () => {
    on = box.checked;
    document.documentElement.dataset.keys = on ? "on" : "off";
    try { localStorage.setItem(STORE, on ? "on" : "off"); } catch { /* lasts for this page */ }
  });
}
document.documentElement.dataset.keys = on ? "on" : "off";
for (const hint of document.querySelectorAll(".needs-script")) hint.hidden = false;

document.addEventListener("keydown", (event) => {
  if (!on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]:not(.is-inline)")) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  } else if (event.key === "n") {
    const add = document.querySelector("[data-quick-add]");
    if (add) { event.preventDefault(); add.click(); }
  } else if (event.key === "?") {
    const keyboard = document.getElementById("keyboard");
    if (keyboard) { event.preventDefault(); keyboard.showModal(); }
  }
});
