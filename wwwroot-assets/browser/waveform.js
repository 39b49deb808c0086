// What the eye sees of a recording: waveform, who speaks when, hits of a search, a part to repeat.
import WaveSurfer from "/lib/wavesurfer/wavesurfer.esm.js";
import Regions from "/lib/wavesurfer/regions.esm.js";

const LARGEST = 40 * 1024 * 1024; // bytes decoded for a picture; the sound itself is streamed in any case
const BUCKETS = 900;

export class Waveform {
  constructor(root, audio, turns, looped) {
    this.root = root;
    this.audio = audio;
    this.looped = looped;
    this.ending = new AbortController();
    this.place = root.querySelector("[data-wave]");
    this.duration = Number.isFinite(audio.duration) ? audio.duration : 0;
    this.bands(turns);
    root.addEventListener("hits", () => this.hits(), { signal: this.ending.signal });
    document.addEventListener("themechange", () => this.wave?.setOptions(this.colours()), { signal: this.ending.signal });
    this.hits();
    this.draw().catch(() => { /* the sound plays without its picture */ });
  }

  colours() {
    const style = getComputedStyle(this.root);
    const token = (name) => style.getPropertyValue(name).trim();
    return { waveColor: token("--l0"), progressColor: token("--accent"), cursorColor: token("--accent") };
  }

  async draw() {
    const answer = await fetch(this.audio.currentSrc, { signal: this.ending.signal });
    if (!answer.ok || Number(answer.headers.get("content-length") ?? 0) > LARGEST || !this.duration) return;
    const decoded = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(await answer.arrayBuffer());
    if (this.ending.signal.aborted) return;
    this.place.toggleAttribute("data-drawn", true);
    this.wave = WaveSurfer.create({
      container: this.place, media: this.audio, peaks: [peaks(decoded)], duration: this.duration, height: this.place.clientHeight,
      barWidth: 2.4, barGap: 1.6, barRadius: 1.2, barMinHeight: 1.5, cursorWidth: 1.5, normalize: true, ...this.colours(),
    });
    this.repeat();
  }

  // Dragging over the waveform marks a part that is then played again and again.
  repeat() {
    const regions = this.wave.registerPlugin(Regions.create());
    regions.enableDragSelection({ color: "rgb(125 140 170 / .25)" });
    regions.on("region-created", (region) => {
      for (const other of regions.getRegions()) if (other !== region) other.remove();
      this.region = region;
      this.looped(region.start, region.end);
    });
    regions.on("region-updated", (region) => this.looped(region.start, region.end));
    regions.on("region-out", (region) => { if (region === this.region && !this.audio.paused) this.audio.currentTime = region.start; });
  }

  loop(none) {
    this.region?.remove();
    this.region = none;
    this.looped(null);
  }

  // A turn lasts until the next one; robot and callee share it as their words do.
  bands(turns) {
    const place = this.root.querySelector("[data-bands]");
    if (!this.duration) return;
    place.replaceChildren(...turns.flatMap((turn, i) => {
      const end = Math.max(turn.at, Math.min(turns[i + 1]?.at ?? this.duration, this.duration));
      const middle = turn.at + (end - turn.at) * (turn.robot / (turn.robot + turn.callee || 1));
      return [band("robot", turn.at, middle, this.duration), band("callee", middle, end, this.duration)];
    }).filter(Boolean));
  }

  hits() {
    const place = this.root.querySelector("[data-marks]");
    if (!this.duration) return;
    const times = new Set([...this.root.querySelectorAll("[data-hit]")].map((hit) => hit.closest("[data-turn]").dataset.at).filter(Boolean));
    place.replaceChildren(...[...times].map((at) => {
      const mark = document.createElement("i");
      mark.style.left = `${(Number(at) / this.duration) * 100}%`;
      return mark;
    }));
  }

  dispose() {
    this.ending.abort();
    this.wave?.destroy();
  }
}

const band = (who, from, to, duration) => {
  if (to - from < 0.05) return null;
  const part = document.createElement("i");
  part.className = who;
  part.style.left = `${(from / duration) * 100}%`;
  part.style.width = `calc(${((to - from) / duration) * 100}% - 3px)`;
  return part;
};

const peaks = (sound) => {
  const channels = Array.from({ length: sound.numberOfChannels }, (_, i) => sound.getChannelData(i));
  const found = new Float32Array(Math.min(BUCKETS, sound.length));
  const size = sound.length / found.length;
  for (let bucket = 0; bucket < found.length; bucket++) {
    let most = 0;
    for (let i = Math.floor(bucket * size); i < (bucket + 1) * size && i < sound.length; i++) {
      for (const channel of channels) if (Math.abs(channel[i]) > most) most = Math.abs(channel[i]);
    }
    found[bucket] = most;
  }
  return found;
};
