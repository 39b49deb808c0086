// Tells the live stream whether its top can be seen: only then may rows move.
const watched = new Map();

export const watch = (top, stream) => {
  const seen = new IntersectionObserver((entries) => {
    const last = entries[entries.length - 1];
    // Below the window is not yet reached, and nothing there is being read either.
    stream.invokeMethodAsync("TopSeen", last.isIntersecting || last.boundingClientRect.top > 0).catch(() => {});
  }, { rootMargin: "-52px 0px 0px 0px" });
  seen.observe(top);
  watched.set(top, seen);
};

export const toTop = (top) => window.scrollTo({ top: top.getBoundingClientRect().top + scrollY - 120, behavior: "smooth" });

export const unwatch = (top) => {
  watched.get(top)?.disconnect();
  watched.delete(top);
};
