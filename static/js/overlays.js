// Dialogs and sheets open over the page, menus close by themselves, toasts leave when read.
const READ_FOR = 8000;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog instanceof HTMLDialogElement && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  const close = event.target.closest("[data-closes]");
  if (close && close.dataset.closes === "toast") close.closest(".toast").remove();
  if (close && close.dataset.closes === "dialog") close.closest("dialog").close();
  // A press on the veil itself closes the dialog.
  if (event.target instanceof HTMLDialogElement && event.target.open && !event.target.classList.contains("is-inline")) event.target.close();
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target) || event.target.closest("[data-opens]")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function letLeave(toast) {
  if (toast.dataset.toast === "stays" || toast.dataset.timed) return;
  toast.dataset.timed = "true";
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), READ_FOR); };
  const stop = () => clearTimeout(timer);
  for (const [name, act] of [["pointerenter", stop], ["pointerleave", start], ["focusin", stop], ["focusout", start]]) toast.addEventListener(name, act);
  start();
}

function prepare(scope) {
  for (const toast of scope.querySelectorAll("[data-toast]")) letLeave(toast);
  for (const element of scope.querySelectorAll("[data-takes-focus]")) element.focus();
  // A fragment that arrives in an empty dialog opens it.
  for (const dialog of scope.querySelectorAll("dialog[data-opens-itself]:not([open])")) dialog.showModal();
}

prepare(document);
document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  if (part instanceof Element && part !== document.body) prepare(part.parentElement || part);
});
