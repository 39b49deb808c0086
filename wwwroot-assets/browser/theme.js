// Runs before the first paint, so that a remembered theme never flashes.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = localStorage.getItem("theme");
    document.documentElement.dataset.theme = chosen ?? (dark.matches ? "dark" : "light");
    document.dispatchEvent(new CustomEvent("themechange"));
  };
  window.theme = {
    get: () => document.documentElement.dataset.theme,
    set: (name) => {
      if (name === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", name);
      apply();
    },
  };
  dark.addEventListener("change", apply);
  apply();
})();
