// Forms: a file dropped is a file chosen, a form is sent once, and leaving with unsaved words asks.
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    const drop = event.target.closest?.("[data-drop]");
    if (!drop || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    drop.classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  const drop = event.target.closest?.("[data-drop]");
  if (drop && !drop.contains(event.relatedTarget)) drop.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  const drop = event.target.closest?.("[data-drop]");
  if (!drop) return;
  event.preventDefault();
  drop.classList.remove("is-over");
  const input = drop.querySelector("input[type=file]");
  if (input && event.dataTransfer.files.length) {
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

document.addEventListener("change", (event) => {
  const words = event.target.closest?.("[data-drop]")?.querySelector("[data-drop-words]");
  if (words && event.target.files) {
    words.textContent = [...event.target.files].map((file) => `${file.name}, ${size(file.size)}`).join("; ") || words.textContent;
  }
});

// Selects marked so send their form when changed; without script the button beside them does.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-sends-on-change]")?.form || event.target.closest?.("form[data-sends-on-change]");
  if (form) form.requestSubmit();
});

// A second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "true";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) { delete form.dataset.sent; form.removeAttribute("aria-busy"); }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) { delete form.dataset.sent; form.removeAttribute("aria-busy"); }
});

// Words typed and not saved.
let changed = null;
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guards]");
  if (!form) return;
  changed = form;
  for (const words of form.querySelectorAll("[data-unsaved]")) words.hidden = false;
});
document.addEventListener("submit", () => { changed = null; });
window.addEventListener("beforeunload", (event) => { if (changed && changed.isConnected) event.preventDefault(); });
