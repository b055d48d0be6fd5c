// The navigation folds to icons, and this browser remembers it. On phones it is a popover and needs nothing from here.
const root = document.documentElement;
const button = document.querySelector("[data-nav-fold]");

function show() {
  const folded = root.dataset.nav === "folded";
  button.setAttribute("aria-expanded", String(!folded));
  const words = folded ? "Unfold navigation" : "Fold navigation";
  button.querySelector("span").textContent = words;
  button.title = words;
}

if (button) {
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    if (root.dataset.nav === "folded") delete root.dataset.nav;
    else root.dataset.nav = "folded";
    try { localStorage.setItem("interlock.navigation", root.dataset.nav || "open"); } catch { /* lasts for this page */ }
    show();
  });
}

// In-page section tabs name the section being read.
const tabs = [...document.querySelectorAll("[data-sections] a[href^='#']")];
if (tabs.length && "IntersectionObserver" in window) {
  const mark = (id) => {
    for (const tab of tabs) {
      if (tab.hash === `#${id}`) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  };
  const seen = new IntersectionObserver((entries) => {
    const first = entries.find((entry) => entry.isIntersecting);
    if (first) mark(first.target.id);
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const tab of tabs) {
    const section = document.getElementById(decodeURIComponent(tab.hash.slice(1)));
    if (section) seen.observe(section);
  }
}
