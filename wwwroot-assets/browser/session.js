// Work inside an open page makes no requests by itself. While its person points or types, say so once a minute, so that the
// session does not run out under their hands; a page nobody touches says nothing.
let last = Date.now();
const touch = () => {
  if (Date.now() - last < 60_000) return;
  last = Date.now();
  fetch("/api/session", { cache: "no-store" }).catch(() => { });
};
for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, touch, { passive: true, capture: true });
