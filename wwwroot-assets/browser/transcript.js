// The transcript beside a sound: marks the current turn and keeps it in view until the reader scrolls away.
export class FollowedTranscript {
  constructor(root, seek) {
    this.list = root.querySelector("[data-turns]");
    this.button = root.querySelector("[data-follow]");
    this.following = true;
    this.nudge = 0; // seconds from a turn's time to the sound
    this.seek = seek;
    this.ending = new AbortController();
    if (!this.list) return;
    const listen = (name, handler) => this.list.addEventListener(name, handler, { signal: this.ending.signal, passive: true });
    for (const name of ["wheel", "touchmove"]) listen(name, () => this.follow(false));
    listen("pointerdown", (e) => { if (e.target === this.list) this.follow(false); });
    listen("keydown", (e) => { if (["PageUp", "PageDown", "Home", "End"].includes(e.key)) this.follow(false); });
    listen("click", (e) => this.click(e));
    this.changes = new MutationObserver(() => root.dispatchEvent(new CustomEvent("hits")));
    this.changes.observe(this.list, { childList: true, subtree: true });
  }

  rows() { return this.list ? [...this.list.querySelectorAll("[data-turn][data-at]")] : []; }

  time(row) { return Math.max(0, Number(row.dataset.at) + this.nudge); }

  turns() {
    return this.rows().map((row) => ({ at: this.time(row), robot: Number(row.dataset.robot), callee: Number(row.dataset.callee) }));
  }

  hits() {
    const rows = new Set([...(this.list?.querySelectorAll("[data-hit]") ?? [])].map((hit) => hit.closest("[data-turn][data-at]")).filter(Boolean));
    return [...rows].map((row) => this.time(row));
  }

  click(e) {
    const row = e.target.closest("[data-turn][data-at]");
    if (!row || (!e.target.closest("button") && String(getSelection()) !== "")) return; // selecting words is not seeking
    this.seek(this.time(row));
  }

  follow(on) {
    this.following = on;
    this.button?.setAttribute("aria-pressed", String(on));
    if (on && this.current) this.bring(this.current);
    return on;
  }

  at(now, begun) {
    let current = null;
    if (begun) for (const row of this.rows()) if (this.time(row) <= now + 0.05) current = row;
    if (current === this.current) return;
    this.current?.removeAttribute("aria-current");
    this.current = current;
    current?.setAttribute("aria-current", "true");
    if (current && this.following) this.bring(current);
  }

  bring(row) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.list.scrollTo({ top: row.offsetTop - this.list.clientHeight / 3, behavior: still ? "auto" : "smooth" });
  }

  step(by, now) {
    const rows = this.rows();
    const at = rows.findLastIndex((row) => this.time(row) <= now + 0.05);
    const row = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (!row) return null;
    if (this.list.contains(document.activeElement)) row.querySelector("[data-seek-to]").focus({ preventScroll: true });
    this.bring(row);
    return this.time(row);
  }

  nextHit(by) {
    const hits = [...(this.list?.querySelectorAll("[data-hit]") ?? [])];
    if (hits.length === 0) return;
    const at = hits.findIndex((hit) => hit.classList.contains("now"));
    const next = hits[at < 0 ? (by > 0 ? 0 : hits.length - 1) : (at + by + hits.length) % hits.length];
    hits[at]?.classList.remove("now");
    next.classList.add("now");
    this.follow(false);
    this.bring(next.closest("[data-turn]"));
  }

  dispose() { this.ending.abort(); this.changes?.disconnect(); }
}
