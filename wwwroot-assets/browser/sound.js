// The sound of a call. With a known waveform only what is listened to is fetched; without one the file is fetched once, and that one
// copy is both played and drawn. A sound that was fetched beforehand is played from memory.
import { take } from "./beforehand.js";
import { pack, unpack, RATE } from "./waveform.js";

const LARGEST = 40 * 1024 * 1024; // bytes fetched for a picture; larger sounds are streamed without one

export class Sound {
  constructor(audio, start, { words, drawn, failed, keep }) {
    this.audio = audio;
    this.address = audio.getAttribute("src");
    this.wanted = start; // second to be at once the sound is there
    this.report = { words, drawn, failed, keep };
    this.ending = new AbortController();
    const { signal } = this.ending;
    audio.addEventListener("loadedmetadata", () => this.settle(), { signal });
    audio.addEventListener("error", () => this.explain(), { signal });
  }

  get now() { return this.audio.readyState > 0 ? this.audio.currentTime : this.wanted; }

  get seconds() { return Number.isFinite(this.audio.duration) && this.audio.duration > 0 ? this.audio.duration : this.known ?? 0; }

  open(waveform, play) {
    const blob = take(this.address);
    if (blob) this.load(blob);
    if (waveform) {
      this.known = waveform.seconds;
      this.report.drawn(unpack(waveform));
      if (!blob) this.audio.preload = "metadata";
      if (play) this.play();
    } else if (blob) {
      if (play) this.play();
      blob.arrayBuffer().then((bytes) => this.draw(bytes));
    } else {
      this.whole().then(() => { if (play && !this.ending.signal.aborted && this.audio.paused) this.play(); });
    }
  }

  play() {
    this.streams = true;
    this.audio.play().catch((error) => { if (error.name === "NotSupportedError") this.explain(); /* else the browser wants a click first, or a pause came */ });
  }

  seek(to) {
    const at = Math.min(Math.max(0, to), this.seconds || to);
    if (this.audio.readyState > 0) this.audio.currentTime = at;
    else this.wanted = at;
  }

  settle() {
    if (this.wanted > 0) this.audio.currentTime = Math.min(this.wanted, this.seconds);
    this.wanted = 0;
  }

  load(blob) {
    this.copy = URL.createObjectURL(blob);
    this.audio.src = this.copy;
    this.audio.preload = "auto";
    this.audio.load();
  }

  async whole() {
    try {
      const answer = await fetch(this.address, { signal: this.ending.signal });
      if (!answer.ok) { this.report.failed(await problem(answer, this.report.words)); return; }
      if (Number(answer.headers.get("content-length") ?? 0) > LARGEST) {
        await answer.body.cancel();
        this.audio.preload = "metadata";
        return;
      }
      const bytes = await answer.arrayBuffer();
      if (this.ending.signal.aborted) return;
      if (!this.streams) {
        this.load(new Blob([bytes], { type: answer.headers.get("content-type") ?? "" }));
      }
      await this.draw(bytes);
    } catch (error) {
      if (!this.ending.signal.aborted) this.report.failed(this.report.words.unreached);
    }
  }

  async draw(bytes) {
    let sound;
    try {
      sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(bytes);
    } catch {
      return; // the sound plays without its picture, or says why not
    }
    if (this.ending.signal.aborted) return;
    const drawing = pack(sound);
    this.known = drawing.seconds;
    const slices = Math.ceil(drawing.seconds * RATE);
    this.report.drawn({
      seconds: drawing.seconds, silences: [],
      channels: Array.from({ length: drawing.channels }, (_, i) => Float32Array.from(drawing.bytes.subarray(i * slices, (i + 1) * slices), (byte) => byte / 255)),
    });
    this.report.keep(drawing);
  }

  // An audio element only says "error"; our own answer says which.
  async explain() {
    try {
      const answer = await fetch(this.address, { headers: { Range: "bytes=0-0" }, signal: this.ending.signal });
      this.report.failed(answer.ok ? this.report.words.unplayable : await problem(answer, this.report.words));
    } catch {
      if (!this.ending.signal.aborted) this.report.failed(this.report.words.unreached);
    }
  }

  dispose() {
    this.ending.abort();
    this.audio.pause();
    if (this.copy) URL.revokeObjectURL(this.copy);
  }
}

const problem = async (answer, words) => {
  const { title, detail } = await answer.json().catch(() => ({}));
  return [title ?? words.unfetched.replace("{0}", answer.status), detail].filter(Boolean).join(". ").replace("..", ".");
};
