// The search in the top bar: what it finds while typing is a list of links under it, walked with the arrows.
const form = document.querySelector(".search[role=search]");
const input = form?.querySelector("[data-search]");
const found = form?.querySelector("[data-search-found]");

function links() {
  return [...found.querySelectorAll("a[href]")];
}

function close() {
  found.hidden = true;
}

function open() {
  if (!found.children.length || !input.value.trim()) return;
  found.hidden = false;
}

if (input && found) {
  found.addEventListener("htmx:afterSwap", () => (input.value.trim() ? open() : close()));
  input.addEventListener("focus", open);
  input.addEventListener("input", () => { if (!input.value.trim()) close(); });
  document.addEventListener("pointerdown", (event) => { if (!form.contains(event.target)) close(); });
  form.addEventListener("focusout", (event) => { if (event.relatedTarget && !form.contains(event.relatedTarget)) close(); });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !found.hidden) {
      event.preventDefault();
      event.stopPropagation();
      input.focus();
      close();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = links();
    if (found.hidden || !all.length) return;
    event.preventDefault();
    const next = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) input.focus();
    else all[Math.min(next, all.length - 1)].focus();
  });
}
