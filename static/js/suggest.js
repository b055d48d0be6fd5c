// A text field that names a record suggests records while somebody types. What it holds stays plain text, so that
// without script a number or a full name does the same.
const WAIT = 160;
let serial = 0;

function enhance(input) {
  if (input.dataset.ready) return;
  input.dataset.ready = "true";
  serial += 1;
  const box = document.createElement("div");
  const list = document.createElement("div");
  const told = document.createElement("span");
  box.className = "combobox combobox-suggests";
  list.className = "combobox-list";
  list.id = `suggest-${serial}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  told.className = "said";
  told.setAttribute("role", "status");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);
  input.spellcheck = false;
  input.before(box);
  box.append(input, list, told);
  const also = (input.dataset.suggestAlso || "").split(",").filter(Boolean).map((pair) => pair.split("=")).map(([value, label]) => ({ value, label, number: "" }));
  let active = -1;
  let timer;
  let asking;

  const options = () => [...list.querySelectorAll("[role=option]")];

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function move(to) {
    const all = options();
    if (!all.length) return;
    active = (to + all.length) % all.length;
    all.forEach((one, index) => {
      one.toggleAttribute("data-active", index === active);
      one.setAttribute("aria-selected", String(index === active));
    });
    all[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[active].id);
  }

  function take(one) {
    input.value = one.dataset.value;
    close();
    told.textContent = `${one.dataset.label} chosen`;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(timer);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function mark(text, typed) {
    const words = document.createElement("span");
    const at = typed ? text.toLowerCase().indexOf(typed.toLowerCase()) : -1;
    if (at < 0 || text.toLowerCase().length !== text.length) { words.textContent = text; return words; }
    const hit = document.createElement("mark");
    hit.textContent = text.slice(at, at + typed.length);
    words.append(text.slice(0, at), hit, text.slice(at + typed.length));
    return words;
  }

  function show(found, typed) {
    const fixed = typed ? [] : also;
    list.replaceChildren(...[...fixed, ...found].map((one, index) => {
      const part = document.createElement("div");
      part.className = "combobox-option";
      part.id = `${list.id}-${index}`;
      part.setAttribute("role", "option");
      part.setAttribute("aria-selected", "false");
      part.dataset.value = one.value;
      part.dataset.label = one.label;
      part.append(mark(one.label, typed));
      if (one.number) part.append(Object.assign(document.createElement("small"), { textContent: one.number }));
      return part;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    if (!list.children.length) {
      const none = document.createElement("div");
      none.className = "combobox-none";
      none.textContent = "Nothing here is called so.";
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    told.textContent = found.length ? `${found.length} suggestion${found.length > 1 ? "s" : ""}` : "No suggestions";
  }

  async function ask() {
    const typed = input.value.trim();
    asking?.abort();
    asking = new AbortController();
    const address = new URL(input.dataset.suggest, window.location.href);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const { results } = await answer.json();
      if (document.activeElement === input) show(results, typed);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }

  input.addEventListener("input", (event) => { if (event.isTrusted) soon(); });
  input.addEventListener("click", () => { if (list.hidden) { input.select(); show([], ""); list.hidden = !also.length; ask(); } });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else move(active === -1 && event.key === "ArrowUp" ? -1 : active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      take(options()[active]);
    } else if (event.key === "Tab" && !list.hidden && active >= 0) {
      take(options()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const part = event.target.closest("[role=option]");
    if (part) take(part);
  });
  input.addEventListener("blur", close);
}

function prepare(scope) {
  for (const input of scope.querySelectorAll("input[data-suggest]")) enhance(input);
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentElement || document));
