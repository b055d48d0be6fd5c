// Before the first paint: what this browser remembers about the navigation and, signed out, about the theme.
(function () {
  const root = document.documentElement;
  try {
    if (localStorage.getItem("interlock.navigation") === "folded") root.dataset.nav = "folded";
    const theme = localStorage.getItem("interlock.theme");
    if (root.dataset.theme === "auto" && (theme === "light" || theme === "dark")) root.dataset.theme = theme;
  } catch { /* storage refused: the page's own choice stands */ }
})();
