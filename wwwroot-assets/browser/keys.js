// What the frame does without asking the server: keys, folding, menus, theme. Pages add their own keys beside these.
const root = document.documentElement;
const typing = (e) => e.target.closest?.("input, textarea, select, [contenteditable=true]") || e.ctrlKey || e.metaKey || e.altKey;
let pending = 0;

const closeMenus = (except) => {
  let closed = false;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu === except) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
    closed = true;
  }
  return closed;
};

const help = () => {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const list = dialog.querySelector("[data-pages]");
  list.replaceChildren(...[...document.querySelectorAll("[data-go]")].flatMap((link) => {
    const keys = document.createElement("dt");
    keys.append(Object.assign(document.createElement("kbd"), { textContent: "g" }), " ", Object.assign(document.createElement("kbd"), { textContent: link.dataset.go }));
    return [keys, Object.assign(document.createElement("dd"), { textContent: link.title })];
  }));
  if (dialog.open) dialog.close(); else dialog.showModal();
};

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") {
    if (closeMenus()) e.preventDefault();
    else if (e.target.matches?.("[data-search]")) e.target.blur();
    return;
  }
  if (typing(e)) return;
  if (Date.now() - pending < 1200) {
    pending = 0;
    const link = [...document.querySelectorAll("[data-go]")].find((a) => a.dataset.go === e.key);
    if (link) { e.preventDefault(); link.click(); }
    return;
  }
  if (e.key === "g") pending = Date.now();
  else if (e.key === "/") { e.preventDefault(); document.querySelector("[data-search]")?.focus(); }
  else if (e.key === "?") { e.preventDefault(); help(); }
});

document.addEventListener("click", (e) => {
  const menu = e.target.closest("details.menu");
  closeMenus(menu);
  if (menu && e.target.closest("a")) menu.open = false;
  const choice = e.target.closest("[data-choose-theme]");
  if (choice) theme.set(choice.dataset.chooseTheme);
  if (e.target.closest("[data-fold]")) {
    root.dataset.nav = root.dataset.nav === "narrow" ? "wide" : "narrow";
    localStorage.setItem("nav", root.dataset.nav);
    setTimeout(() => dispatchEvent(new Event("resize")), 200);
  }
  if (e.target.closest("[data-help]")) { closeMenus(); help(); }
  if (e.target.closest("[data-close-dialog]")) e.target.closest("dialog").close();
  if (e.target.closest(".skip")) { e.preventDefault(); document.getElementById("content")?.focus(); }
});
