// The player of a call: sound, keys, and a transcript that follows. Nothing here asks the server while it plays.
import { FollowedTranscript } from "./transcript.js";
import { Sound } from "./sound.js";
import { Waveform, drawBands, drawHits } from "./waveform.js";

const clock = (seconds) => {
  const s = Math.max(0, Math.floor(seconds || 0));
  const rest = `${String(s % 60).padStart(2, "0")}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}:${rest}` : `${Math.floor(s / 60)}:${rest}`;
};

// Words come with their places written {0}, {1}…
const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, place) => values[place]);

export const attach = (root, options, server) => new Player(root, options, server);

class Player {
  constructor(root, { start = 0, play = false, nudge = 0, notes = false, words, remembered = {}, waveform = null }, server = null) {
    this.root = root;
    this.words = words;
    this.server = server;
    this.notes = notes;
    this.box = root.querySelector("[data-player]");
    this.transcript = new FollowedTranscript(root, (at) => this.seek(at));
    this.transcript.nudge = nudge;
    this.ending = new AbortController();
    this.silences = [];
    this.part = null; // what is repeated: [from, to]
    this.listen(document, "keydown", (e) => this.key(e));
    this.listen(document, "keyup", (e) => { if (e.key === " " && e.target.matches?.("[data-seek-to]")) e.preventDefault(); });
    this.rememberList();
    const audio = root.querySelector("audio");
    if (audio) this.attachSound(audio, { start, play, remembered, waveform });
  }

  find(name) { return this.root.querySelector(`[data-${name}]`); }

  listen(target, name, handler) { target?.addEventListener(name, handler, { signal: this.ending.signal }); }

  tell(method, ...values) { return this.server?.invokeMethodAsync(method, ...values).catch(() => null); }

  attachSound(audio, { start, play, remembered, waveform }) {
    this.audio = audio;
    this.sound = new Sound(audio, start, {
      drawn: (drawing) => this.drawn(drawing),
      words: this.words,
      failed: (words) => this.fail(words),
      keep: (drawing) => this.keep(drawing),
    });
    audio.playbackRate = audio.defaultPlaybackRate = Number(remembered.speed) || 1;
    this.find("speed").value = String(audio.playbackRate);
    audio.volume = Math.min(1, Math.max(0, Number(localStorage.getItem("player.volume") ?? "1")));
    this.find("volume").value = String(audio.volume);
    this.transcript.follow(remembered.follow !== "false");
    this.skip(remembered.skip === "true");

    for (const name of ["loadedmetadata", "timeupdate", "seeked"]) this.listen(audio, name, () => this.show());
    for (const name of ["play", "pause", "ended"]) this.listen(audio, name, () => this.playing());
    this.listen(this.root, "hits", () => this.hits());
    this.listen(document, "click", (e) => this.jump(e));
    const on = (name, event, handler) => this.listen(this.find(name), event, handler);
    on("play", "click", () => this.toggle());
    on("back", "click", () => this.seek(this.sound.now - 5));
    on("on", "click", () => this.seek(this.sound.now + 5));
    on("speed", "change", (e) => this.speed(Number(e.target.value)));
    on("volume", "input", (e) => { audio.volume = Number(e.target.value); localStorage.setItem("player.volume", e.target.value); });
    on("position", "input", (e) => this.seek(Number(e.target.value)));
    on("follow", "click", () => this.remember("follow", this.transcript.follow(!this.transcript.following)));
    on("skip", "click", () => { this.remember("skip", this.skip(!this.skipping)); this.say(this.skipping ? this.words.skipped : this.words.unskipped); });
    on("share", "click", (e) => this.share(e));
    on("loop", "click", () => this.loopButton());
    for (const button of this.root.querySelectorAll("[data-nudge]")) this.listen(button, "click", () => this.nudge(Number(button.dataset.nudge)));
    this.flags = new MutationObserver(() => this.placeFlags());
    if (this.find("flags")) this.flags.observe(this.find("flags"), { childList: true });
    this.sound.open(waveform, play);
    this.show();
  }

  // The waveform is known: from the server at once, or from the sound once it is here.
  drawn(drawing) {
    if (this.waveform || this.ending.signal.aborted) return;
    this.silences = drawing.silences ?? [];
    this.waveform = new Waveform(this.root, this.audio, drawing, { looped: (from, to) => this.loop(from, to, false), seek: (to) => this.seek(to) });
    this.show();
  }

  async keep({ seconds, channels, bytes }) {
    const silences = await this.tell("Draw", seconds, channels, DotNet.createJSStreamReference(bytes));
    if (silences) this.silences = silences;
  }

  toggle() { if (this.audio?.paused) this.sound.play(); else this.audio?.pause(); }

  seek(to) {
    if (!this.audio) return;
    this.sound.seek(to);
    this.show();
  }

  speed(rate) {
    if (!rate) return;
    this.audio.playbackRate = this.audio.defaultPlaybackRate = rate;
    this.find("speed").value = String(rate);
    this.remember("speed", rate);
    this.say(fill(this.words.speed, rate));
  }

  step(by) {
    const speeds = [...this.find("speed").options].map((option) => Number(option.value));
    const at = speeds.indexOf(this.audio.playbackRate);
    this.speed(speeds[Math.min(speeds.length - 1, Math.max(0, at + by))]);
  }

  skip(on) {
    this.skipping = on;
    this.find("skip").setAttribute("aria-pressed", String(on));
    return on;
  }

  remember(name, value) { this.tell("Remember", name, String(value)); }

  playing() {
    const on = !this.audio.paused && !this.audio.ended;
    this.box.toggleAttribute("data-playing", on);
    this.find("play").setAttribute("aria-label", on ? this.words.pause : this.words.play);
    cancelAnimationFrame(this.frame);
    const tick = () => { this.show(); if (!this.audio.paused) this.frame = requestAnimationFrame(tick); };
    tick();
  }

  show() {
    this.steer();
    const now = this.sound.now;
    this.measure();
    const text = clock(now);
    const shown = this.find("now");
    if (shown.textContent !== text) {
      shown.textContent = text;
      this.find("second").textContent = text;
      const link = this.find("share");
      link.href = `${link.pathname}?t=${Math.floor(now)}`;
      this.find("position").setAttribute("aria-valuetext", fill(this.words.position, text, this.find("length").textContent));
    }
    const position = this.find("position");
    if (document.activeElement !== position) position.value = String(now);
    this.transcript.at(now, !this.audio.paused || now > 0);
  }

  // While it plays: back to the beginning of a part that is repeated, over a pause that is skipped.
  steer() {
    if (this.audio.paused || this.audio.seeking) return;
    const now = this.audio.currentTime;
    if (this.part) {
      if (now >= this.part[1] || now < this.part[0] - 0.5) this.audio.currentTime = this.part[0];
    } else if (this.skipping) {
      const pause = this.silences.find(([from, to]) => now >= from + 0.15 && now < to - 0.3);
      if (pause) this.audio.currentTime = pause[1] - 0.15;
    }
  }

  // What depends on the length, once it is known or another.
  measure() {
    const seconds = this.sound.seconds;
    if (!seconds || seconds === this.measured) return;
    this.measured = seconds;
    this.find("length").textContent = clock(seconds);
    this.find("position").max = String(seconds);
    this.place();
  }

  place() {
    drawBands(this.find("bands"), this.transcript.turns(), this.measured);
    this.hits();
    this.placeFlags();
  }

  hits() { drawHits(this.find("marks"), this.transcript.hits(), this.measured); }

  placeFlags() {
    if (this.measured) for (const flag of this.root.querySelectorAll("[data-flag]")) flag.style.left = `${Math.min(100, (Number(flag.dataset.listenAt) / this.measured) * 100)}%`;
  }

  // Anything on the page may lead to a second of the sound.
  jump(e) {
    const to = e.target.closest?.("[data-listen-at]");
    if (to) this.seek(Number(to.dataset.listenAt));
  }

  nudge(by) {
    this.transcript.nudge = Math.max(-30, Math.min(30, Math.round((this.transcript.nudge + by) * 10) / 10));
    const { nudge } = this.transcript;
    this.find("offset").textContent = fill(this.words.offset, (nudge > 0 ? "+" : nudge < 0 ? "−" : "") + this.tenths(Math.abs(nudge)));
    this.place();
    this.show();
    clearTimeout(this.nudging);
    this.nudging = setTimeout(async () => {
      const kept = await this.tell("Nudge", this.transcript.nudge);
      this.say(kept ? fill(this.words.offsetKept, this.tenths(this.transcript.nudge)) : this.words.offsetNotKept);
    }, 400);
  }

  // Without a mouse: first press where the part begins, second where it ends, third lets go.
  loopButton() {
    const now = this.sound.now;
    if (this.part) this.loop(null);
    else if (this.from === undefined) { this.from = now; this.loopWords(fill(this.words.from, clock(now))); this.say(fill(this.words.begins, clock(now))); }
    else if (now - this.from < 0.3) this.loop(null);
    else this.loop(this.from, now, true);
  }

  loop(from, to, byKeys = true) {
    this.from = undefined;
    this.part = from === null ? null : [from, to];
    if (byKeys || from === null) this.waveform?.mark(from, to);
    this.find("loop").setAttribute("aria-pressed", String(from !== null));
    this.loopWords(from === null ? this.words.loop : fill(this.words.repeating, clock(from), clock(to)));
    this.say(from === null ? this.words.on : fill(this.words.repeats, clock(from), clock(to)));
  }

  loopWords(words) { this.find("loop").textContent = words; }

  async share(e) {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    e.stopPropagation();
    const { href } = e.currentTarget;
    try {
      await navigator.clipboard.writeText(href);
      this.say(this.words.copied);
    } catch {
      this.say(this.words.address);
      history.replaceState(history.state, "", href);
    }
  }

  tenths(seconds) { return seconds.toFixed(1).replace(".", this.words.point); }

  say(words) {
    for (const place of [this.find("said"), this.find("shown")].filter(Boolean)) place.textContent = words;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => { for (const place of [this.find("said"), this.find("shown")].filter(Boolean)) place.textContent = ""; }, 2500);
  }

  fail(words) {
    if (this.failed) return;
    this.failed = true;
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
    const { sound } = this;
    const pressed = e.target.closest?.("a, button, summary") && !e.target.matches("[data-seek-to]");
    return {
      ...turns,
      ...(pressed ? {} : { " ": () => this.toggle() }),
      k: () => this.toggle(),
      j: () => this.seek(sound.now - 5),
      l: () => this.seek(sound.now + 5),
      ArrowLeft: () => this.seek(sound.now - 5),
      ArrowRight: () => this.seek(sound.now + 5),
      "[": () => this.step(-1),
      "]": () => this.step(1),
      ...(this.notes ? { n: () => this.note() } : {}),
      ...(this.part || this.from !== undefined ? { Escape: () => this.loop(null) } : {}),
    };
  }

  note() {
    const second = Math.round(this.sound.now * 10) / 10;
    this.root.dispatchEvent(new CustomEvent("note-here", { detail: { second }, bubbles: true }));
    this.tell("Note", second);
  }

  turn(by) {
    const at = this.transcript.step(by, this.sound?.now ?? 0);
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
    clearTimeout(this.nudging);
    this.flags?.disconnect();
    this.waveform?.dispose();
    this.sound?.dispose();
    this.transcript.dispose();
  }
}
