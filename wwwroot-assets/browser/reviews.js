// Keys of the review form. Each key presses the button that the mouse would press, so that both do the same.
//   0-9  points of the current item      x  it does not apply      , .  item before, item after
//   a    the robot's label is right       n  note at this second   Enter  save and next
import { prepare } from "./beforehand.js";

const free = (e) => !e.defaultPrevented && !e.ctrlKey && !e.metaKey && !e.altKey && !document.querySelector("dialog[open]");
const typing = (e) => e.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]");

let attached = 0;

export const attach = () => new ReviewKeys();

class ReviewKeys {
  constructor() {
    this.ending = new AbortController();
    const options = { signal: this.ending.signal };
    document.addEventListener("keydown", (e) => this.key(e), options);
    document.addEventListener("click", (e) => this.click(e), options);
    // A player that has a key of its own for notes says so with this event; detail.second is where it stands.
    document.addEventListener("note-here", () => this.press("[data-note-here]"), options);
    // Whoever works a page by keys alone can see that they are heard. The page before may go after this one has come.
    const page = document.documentElement.dataset;
    const mine = String(++attached);
    page.reviewKeys = mine;
    this.ending.signal.addEventListener("abort", () => { if (page.reviewKeys === mine) delete page.reviewKeys; });
  }

  items() { return [...document.querySelectorAll("[data-review-item]")]; }

  current() { return document.activeElement?.closest?.("[data-review-item]") ?? document.querySelector("[data-review-item][aria-current]"); }

  press(selector, root = document) {
    const button = root?.querySelector(selector);
    if (!button || button.disabled) return false;
    button.click();
    return true;
  }

  key(e) {
    if (!free(e)) return;
    if (typing(e)) {
      if (e.key === "Escape") e.target.blur();
      return;
    }
    if (this.action(e)) e.preventDefault();
  }

  action(e) {
    if (/^[0-9]$/.test(e.key)) return this.press(`[data-points="${e.key}"]`, this.current());
    switch (e.key) {
      case "x": return this.press("[data-points=na]", this.current());
      case "n": return this.press("[data-note-here]");
      case "a": return this.press("[data-label-agree]");
      case ",": return this.move(-1);
      case ".": return this.move(1);
      case "Enter":
        // On a link or a button Enter is that link's or button's.
        if (e.target.closest?.("a, button:not([data-points], [data-focus-item]), summary")) return false;
        return this.press("[data-save-next]") || this.press("[data-review-next]");
      default: return false;
    }
  }

  move(by) {
    const all = this.items();
    const at = all.indexOf(this.current());
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    return this.press("[data-focus-item]", next);
  }

  click(e) {
    const note = e.target.closest?.("[data-note-at]");
    const audio = note && document.querySelector("[data-testid=audio]");
    if (audio) audio.currentTime = Number(note.dataset.noteAt);
  }

  now() {
    const audio = document.querySelector("[data-testid=audio]");
    return audio && Number.isFinite(audio.currentTime) ? audio.currentTime : null;
  }

  prepare(call) { prepare(call); }

  dispose() { this.ending.abort(); }
}
