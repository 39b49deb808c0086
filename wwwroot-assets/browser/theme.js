// Runs before the first paint, so that a remembered theme or a folded navigation never flashes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = localStorage.getItem("theme");
    root.dataset.theme = chosen ?? (dark.matches ? "dark" : "light");
    root.dataset.themeChoice = chosen ?? "system";
    document.dispatchEvent(new CustomEvent("themechange"));
  };
  window.theme = {
    get: () => root.dataset.theme,
    set: (name) => {
      if (name === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", name);
      apply();
    },
  };
  dark.addEventListener("change", apply);
  addEventListener("storage", (e) => e.key === "theme" && apply());
  root.dataset.nav = localStorage.getItem("nav") ?? "wide";
  apply();
})();
