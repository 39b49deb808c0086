// Tells the live stream whether its top can be seen, because only then may rows move, and which call somebody wants to hear:
// rows are text that all floors share, so one listener hears for all of them.
const watched = new Map();

export const watch = (top, stream) => {
  const seen = new IntersectionObserver((entries) => {
    const last = entries[entries.length - 1];
    // Below the window is not yet reached, and nothing there is being read either.
    stream.invokeMethodAsync("TopSeen", last.isIntersecting || last.boundingClientRect.top > 0).catch(() => {});
  }, { rootMargin: "-52px 0px 0px 0px" });
  seen.observe(top);
  const press = (event) => {
    const button = event.target.closest("[data-play]");
    if (button) {
      stream.invokeMethodAsync("Play", Number(button.dataset.play)).catch(() => {});
    }
  };
  const rows = top.parentElement;
  rows.addEventListener("click", press);
  watched.set(top, () => {
    seen.disconnect();
    rows.removeEventListener("click", press);
  });
};

export const mark = (top, call) => {
  for (const button of top.parentElement?.querySelectorAll("[data-play]") ?? []) {
    const plays = button.dataset.play === String(call);
    button.setAttribute("aria-pressed", String(plays));
    button.closest("tr").classList.toggle("playing", plays);
  }
};

export const toTop = (top) => window.scrollTo({ top: top.getBoundingClientRect().top + scrollY - 120, behavior: "smooth" });

export const unwatch = (top) => {
  watched.get(top)?.();
  watched.delete(top);
};
