// The player of a call: sound, keys, and a transcript that follows. Nothing here asks the server while it plays.
import { Waveform } from "./waveform.js";

const clock = (seconds) => {
  const s = Math.max(0, Math.floor(seconds || 0));
  const rest = `${String(s % 60).padStart(2, "0")}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${rest}` : `${Math.floor(s / 60)}:${rest}`;
};

const remembered = (key, otherwise) => localStorage.getItem(`player.${key}`) ?? otherwise;
const remember = (key, value) => localStorage.setItem(`player.${key}`, value);

export const attach = (root, options) => new Player(root, options);

class Player {
  constructor(root, { start = 0, play = false } = {}) {
    this.root = root;
    this.box = root.querySelector("[data-player]");
    this.audio = root.querySelector("audio");
    this.transcript = new FollowedTranscript(root, (at) => this.seek(at));
    this.ending = new AbortController();
    this.start = start;
    this.listen(document, "keydown", (e) => this.key(e));
    this.listen(document, "keyup", (e) => { if (e.key === " " && e.target.matches?.("[data-seek-to]")) e.preventDefault(); });
    this.rememberList();
    if (this.audio) this.attachSound(play);
  }

  find(name) { return this.root.querySelector(`[data-${name}]`); }

  listen(target, name, handler) { target?.addEventListener(name, handler, { signal: this.ending.signal }); }

  attachSound(play) {
    const { audio } = this;
    audio.playbackRate = audio.defaultPlaybackRate = Number(remembered("speed", "1")) || 1;
    this.find("speed").value = String(audio.playbackRate);
    audio.volume = Math.min(1, Math.max(0, Number(remembered("volume", "1"))));
    this.find("volume").value = String(audio.volume);
    this.transcript.follow(remembered("follow", "true") === "true");

    this.listen(audio, "loadedmetadata", () => this.ready(play));
    this.listen(audio, "error", () => this.explain());
    this.listen(audio, "timeupdate", () => this.show());
    this.listen(audio, "seeked", () => this.show());
    for (const name of ["play", "pause", "ended"]) this.listen(audio, name, () => this.playing());
    this.listen(this.find("play"), "click", () => this.toggle());
    this.listen(this.find("back"), "click", () => this.seek(audio.currentTime - 5));
    this.listen(this.find("on"), "click", () => this.seek(audio.currentTime + 5));
    this.listen(this.find("speed"), "change", (e) => this.speed(Number(e.target.value)));
    this.listen(this.find("volume"), "input", (e) => { audio.volume = Number(e.target.value); remember("volume", e.target.value); });
    this.listen(this.find("position"), "input", (e) => this.seek(Number(e.target.value)));
    this.listen(this.find("follow"), "click", () => remember("follow", this.transcript.follow(!this.transcript.following)));
    this.listen(this.find("share"), "click", (e) => this.share(e));
    this.listen(this.find("loop"), "click", () => this.waveform?.loop(null));

    if (audio.error) this.explain();
    else if (audio.readyState > 0) this.ready(play);
  }

  ready(play) {
    if (this.waveform) return;
    const { audio } = this;
    this.find("length").textContent = Number.isFinite(audio.duration) ? clock(audio.duration) : "–";
    this.find("position").max = String(Number.isFinite(audio.duration) ? audio.duration : 1);
    if (this.start > 0) this.seek(this.start);
    this.waveform = new Waveform(this.root, audio, this.transcript.turns(), (from, to) => this.looped(from, to));
    this.show();
    if (play) audio.play().catch(() => { /* the browser wants a click first */ });
  }

  toggle() { if (this.audio?.paused) this.audio.play().catch(() => this.explain()); else this.audio?.pause(); }

  seek(to) {
    if (!this.audio) return;
    const end = Number.isFinite(this.audio.duration) ? this.audio.duration : to;
    this.audio.currentTime = Math.min(Math.max(0, to), end);
    this.show();
  }

  speed(rate) {
    const select = this.find("speed");
    if (!select || !rate) return;
    this.audio.playbackRate = this.audio.defaultPlaybackRate = rate;
    select.value = String(rate);
    remember("speed", rate);
    this.say(`${rate}× speed`);
  }

  step(by) {
    const speeds = [...this.find("speed").options].map((option) => Number(option.value));
    const at = speeds.indexOf(this.audio.playbackRate);
    this.speed(speeds[Math.min(speeds.length - 1, Math.max(0, at + by))]);
  }

  playing() {
    const on = !this.audio.paused && !this.audio.ended;
    this.box.toggleAttribute("data-playing", on);
    this.find("play").setAttribute("aria-label", on ? "Pause" : "Play");
    cancelAnimationFrame(this.frame);
    const tick = () => { this.show(); if (!this.audio.paused) this.frame = requestAnimationFrame(tick); };
    tick();
  }

  show() {
    const now = this.audio.currentTime;
    const text = clock(now);
    const shown = this.find("now");
    if (shown && shown.textContent !== text) {
      shown.textContent = text;
      this.find("second").textContent = text;
      const link = this.find("share");
      link.href = `${link.pathname}?t=${Math.floor(now)}`;
      this.find("position").setAttribute("aria-valuetext", `${text} of ${this.find("length").textContent}`);
    }
    const position = this.find("position");
    if (position && document.activeElement !== position) position.value = String(now);
    this.transcript.at(now, !this.audio.paused || now > 0);
  }

  looped(from, to) {
    const button = this.find("loop");
    button.hidden = from === null;
    if (from !== null) button.textContent = `Repeating ${clock(from)}–${clock(to)}`;
  }

  async share(e) {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    e.stopPropagation();
    try {
      await navigator.clipboard.writeText(e.currentTarget.href);
      this.say("Link copied");
    } catch {
      this.say("The link is in the address bar");
      history.replaceState(history.state, "", e.target.closest("a").href);
    }
  }

  say(words) {
    const place = this.find("said");
    if (!place) return;
    place.textContent = words;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => { place.textContent = ""; }, 2500);
  }

  // An audio element only says "error"; our own answer says which.
  async explain() {
    if (this.failed) return;
    this.failed = true;
    let words = "The browser cannot play this kind of sound.";
    try {
      const answer = await fetch(this.audio.currentSrc || this.audio.src, { headers: { Range: "bytes=0-0" }, signal: this.ending.signal });
      if (!answer.ok) {
        const problem = await answer.json().catch(() => ({}));
        words = [problem.title ?? `The recording could not be fetched (${answer.status})`, problem.detail].filter(Boolean).join(". ").replace("..", ".");
      }
    } catch {
      if (this.ending.signal.aborted) return;
      words = "The recording could not be fetched: no connection to this server.";
    }
    this.box.dataset.state = "failed";
    const place = this.find("failed");
    place.textContent = words;
    place.hidden = false;
  }

  key(e) {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
    if (e.target.matches?.("[data-find]")) { this.findKey(e); return; }
    if (e.target.closest?.("input, textarea, select, [contenteditable=true]")) return;
    const action = this.actions(e)[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (action) { e.preventDefault(); action(); }
  }

  actions(e) {
    const turns = { ArrowUp: () => this.turn(-1), ArrowDown: () => this.turn(1) };
    if (!this.audio || this.failed) return turns;
    const { audio } = this;
    const pressed = e.target.closest?.("a, button, summary") && !e.target.matches("[data-seek-to]");
    return {
      ...turns,
      ...(pressed ? {} : { " ": () => this.toggle() }),
      k: () => this.toggle(),
      j: () => this.seek(audio.currentTime - 5),
      l: () => this.seek(audio.currentTime + 5),
      ArrowLeft: () => this.seek(audio.currentTime - 5),
      ArrowRight: () => this.seek(audio.currentTime + 5),
      "[": () => this.step(-1),
      "]": () => this.step(1),
      ...(this.find("loop").hidden ? {} : { Escape: () => this.waveform?.loop(null) }),
    };
  }

  turn(by) {
    const at = this.transcript.step(by, this.audio?.currentTime ?? 0);
    if (at !== null) this.seek(at);
  }

  findKey(e) {
    if (e.key === "Enter") { e.preventDefault(); this.transcript.nextHit(e.shiftKey ? -1 : 1); }
    else if (e.key === "Escape") e.target.blur();
  }

  rememberList() {
    const link = document.querySelector("[data-list-link]");
    const list = sessionStorage.getItem("calls.list");
    if (link && list?.startsWith("/calls")) link.setAttribute("href", list);
  }

  dispose() {
    this.ending.abort();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.silence);
    this.audio?.pause();
    this.waveform?.dispose();
    this.transcript.dispose();
  }
}

// Marks the current turn and keeps it in view until the reader scrolls away.
class FollowedTranscript {
  constructor(root, seek) {
    this.list = root.querySelector("[data-turns]");
    this.button = root.querySelector("[data-follow]");
    this.following = true;
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

  rows() { return this.list ? [...this.list.querySelectorAll("[data-turn]")] : []; }

  turns() {
    return this.rows().filter((row) => row.dataset.at).map((row) => ({ at: Number(row.dataset.at), robot: Number(row.dataset.robot), callee: Number(row.dataset.callee) }));
  }

  click(e) {
    const row = e.target.closest("[data-turn][data-at]");
    if (!row || (!e.target.closest("button") && String(getSelection()) !== "")) return; // selecting words is not seeking
    this.seek(Number(row.dataset.at));
  }

  follow(on) {
    this.following = on;
    this.button?.setAttribute("aria-pressed", String(on));
    if (on && this.current) this.bring(this.current);
    return on;
  }

  at(now, begun) {
    let current = null;
    if (begun) for (const row of this.rows()) if (row.dataset.at && Number(row.dataset.at) <= now + 0.05) current = row;
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
    const rows = this.rows().filter((row) => row.dataset.at);
    const at = rows.findLastIndex((row) => Number(row.dataset.at) <= now + 0.05);
    const row = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (!row) return null;
    if (this.list.contains(document.activeElement)) row.querySelector("[data-seek-to]").focus({ preventScroll: true });
    this.bring(row);
    return Number(row.dataset.at);
  }

  nextHit(by) {
    const hits = [...this.list.querySelectorAll("[data-hit]")];
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
