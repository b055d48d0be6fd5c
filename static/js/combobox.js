// A select becomes a combobox: type to narrow, arrows to move, Enter to take, and a new one when nothing fits.
// The select stays in the form and carries the value; without script it is the control itself.
let serial = 0;

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function enhance(frame) {
  const select = frame.querySelector("select");
  if (!select || select.multiple || frame.dataset.ready) return;
  frame.dataset.ready = "true";
  serial += 1;
  const id = select.id || `combobox-${serial}`;
  const input = document.createElement("input");
  const box = document.createElement("div");
  const list = document.createElement("div");
  box.className = "combobox";
  list.className = "combobox-list";
  list.id = `${id}-list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Choices");
  Object.assign(input, { type: "text", autocomplete: "off", id: `${id}-typed`, required: false });
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid", "placeholder"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  input.disabled = select.disabled;
  input.setAttribute("aria-required", String(select.required));
  const label = frame.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  if (label) label.htmlFor = input.id;
  select.required = false;
  select.hidden = true;
  select.before(box);
  box.append(input, list);
  for (const words of frame.querySelectorAll("[data-without-script]")) words.hidden = true;

  const name = () => (select.selectedOptions[0]?.value ? select.selectedOptions[0].textContent.trim() : "");
  input.value = name();
  let active = -1;
  const shown = () => [...list.querySelectorAll("[role=option]")];

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function move(to) {
    const options = shown();
    if (!options.length) return;
    active = (to + options.length) % options.length;
    options.forEach((option, index) => option.toggleAttribute("data-active", index === active));
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  }

  function take(option) {
    if (option.dataset.create) {
      window.location.assign(option.dataset.create);
      return;
    }
    select.value = option.dataset.value;
    input.value = name();
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function option(words, index) {
    const part = document.createElement("div");
    part.className = "combobox-option";
    part.id = `${id}-option-${index}`;
    part.setAttribute("role", "option");
    part.textContent = words;
    return part;
  }

  function open(all) {
    const typed = all ? "" : fold(input.value.trim());
    const fitting = [...select.options].filter((one) => one.value && fold(one.textContent).includes(typed)).slice(0, 60);
    list.replaceChildren(...fitting.map((one, index) => {
      const part = option(one.textContent.trim(), index);
      part.dataset.value = one.value;
      part.setAttribute("aria-selected", String(one.selected));
      return part;
    }));
    const exact = fitting.some((one) => fold(one.textContent.trim()) === typed);
    if (typed && !exact && frame.dataset.createUrl) {
      const part = option(`Add ${frame.dataset.createNoun || "it"} “${input.value.trim()}”`, fitting.length);
      part.classList.add("combobox-create");
      part.dataset.create = `${frame.dataset.createUrl}?name=${encodeURIComponent(input.value.trim())}`;
      part.setAttribute("aria-selected", "false");
      list.append(part);
    } else if (!fitting.length) {
      const none = option("Nothing fits. Try fewer letters.", 0);
      none.className = "combobox-none";
      none.setAttribute("aria-disabled", "true");
      none.setAttribute("aria-selected", "false");
      list.append(none);
    }
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
  }

  input.addEventListener("input", () => open(false));
  input.addEventListener("click", () => { if (list.hidden) { input.select(); open(true); } });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open(true);
      move(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const options = shown().filter((one) => !one.hasAttribute("aria-disabled"));
      const chosen = options[active] || (options.length === 1 ? options[0] : null);
      if (chosen) take(chosen);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      input.value = name();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const part = event.target.closest("[role=option]:not([aria-disabled])");
    if (part) take(part);
  });
  input.addEventListener("blur", () => {
    if (!input.value.trim()) select.value = "";
    else input.value = name();
    close();
  });
}

function prepare(scope) {
  for (const frame of scope.querySelectorAll("[data-combobox]")) enhance(frame);
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentElement || document));
