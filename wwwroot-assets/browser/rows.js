// Lists of links: arrow keys move, Enter opens, and the way back is remembered. Where the call is shown beside the list it follows
// the row that has the focus, and Esc closes it.
const rows = () => [...document.querySelectorAll("[data-rows] a[data-row]")];
let following = 0;

document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape" && !e.target.closest?.("input, textarea, select, dialog, [data-player]")) {
    document.querySelector("[data-close-pane]")?.click();
    return;
  }
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(e.key)) return;
  const here = document.activeElement?.closest?.("[data-row]");
  const idle = document.activeElement === document.body || document.activeElement?.matches?.("main, h1");
  if (!here && !(idle && e.key.startsWith("Arrow"))) return;
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(here);
  const next = e.key === "Home" ? 0 : e.key === "End" ? all.length - 1 : Math.min(all.length - 1, Math.max(0, at + (e.key === "ArrowDown" ? 1 : -1)));
  e.preventDefault();
  const row = all[next];
  row.focus();
  clearTimeout(following);
  if (row.closest("[data-rows=beside]")) following = setTimeout(() => { if (document.activeElement === row) row.click(); }, 180);
});

document.addEventListener("click", (e) => {
  if (e.target.closest("[data-rows] a")) sessionStorage.setItem("calls.list", location.pathname + location.search);
}, true);
