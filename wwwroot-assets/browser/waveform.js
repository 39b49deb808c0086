// What the eye sees of a recording: waveform, who speaks when, flags, hits of a search, a part to repeat.
import WaveSurfer from "/lib/wavesurfer/wavesurfer.esm.js";
import Regions from "/lib/wavesurfer/regions.esm.js";

export const RATE = 20; // peaks and levels per second of sound, as the server keeps them

export class Waveform {
  constructor(root, audio, { seconds, channels }, { looped, seek }) {
    this.root = root;
    this.audio = audio;
    this.seconds = seconds;
    this.looped = looped;
    this.ending = new AbortController();
    this.place = root.querySelector("[data-wave]");
    this.place.toggleAttribute("data-drawn", true);
    document.addEventListener("themechange", () => this.wave.setOptions(this.colours(channels.length)), { signal: this.ending.signal });
    this.wave = WaveSurfer.create({
      container: this.place, media: audio, peaks: channels, duration: seconds, height: this.place.clientHeight / channels.length,
      barWidth: 2.4, barGap: 1.6, barRadius: 1.2, barMinHeight: 1.5, cursorWidth: 1.5, normalize: true, ...this.colours(channels.length),
    });
    this.wave.on("interaction", seek);
    this.regions = this.wave.registerPlugin(Regions.create());
    this.regions.enableDragSelection({ color: "rgb(125 140 170 / .25)" });
    this.regions.on("region-created", (region) => this.chosen(region));
    this.regions.on("region-updated", (region) => this.looped(region.start, region.end));
  }

  // Where the sides lie apart each has its own row and colour.
  colours(rows) {
    const style = getComputedStyle(this.root);
    const token = (name) => style.getPropertyValue(name).trim();
    const one = (wave) => ({ waveColor: token(wave), progressColor: token("--accent") });
    return { ...one("--l0"), cursorColor: token("--accent"), ...(rows > 1 ? { splitChannels: [one("--l0"), { ...one("--l1"), progressColor: token("--l2") }] } : {}) };
  }

  chosen(region) {
    for (const other of this.regions.getRegions()) if (other !== region) other.remove();
    if (this.setting) return;
    this.looped(region.start, region.end);
  }

  // Shows a part to repeat, or none.
  mark(from, to) {
    this.setting = true;
    this.regions.clearRegions();
    if (from !== null) this.regions.addRegion({ start: from, end: to, color: "rgb(125 140 170 / .25)" });
    this.setting = false;
  }

  dispose() {
    this.ending.abort();
    this.wave.destroy();
  }
}

// A turn lasts until the next one; robot and callee share it as their words do.
export const drawBands = (place, turns, seconds) => {
  if (!place || !seconds) return;
  place.replaceChildren(...turns.flatMap((turn, i) => {
    const end = Math.max(turn.at, Math.min(turns[i + 1]?.at ?? seconds, seconds));
    const middle = turn.at + (end - turn.at) * (turn.robot / (turn.robot + turn.callee || 1));
    return [band("robot", turn.at, middle, seconds), band("callee", middle, end, seconds)];
  }).filter(Boolean));
};

export const drawHits = (place, times, seconds) => {
  if (!place || !seconds) return;
  place.replaceChildren(...times.map((at) => {
    const mark = document.createElement("i");
    mark.style.left = `${(at / seconds) * 100}%`;
    return mark;
  }));
};

const band = (who, from, to, seconds) => {
  if (to - from < 0.05) return null;
  const part = document.createElement("i");
  part.className = who;
  part.style.left = `${(from / seconds) * 100}%`;
  part.style.width = `calc(${((to - from) / seconds) * 100}% - 3px)`;
  return part;
};

// Peaks as the server keeps them: one byte per slice, one channel after the other.
export const unpack = ({ seconds, channels, peaks, silences }) => {
  const bytes = Uint8Array.from(atob(peaks), (sign) => sign.charCodeAt(0));
  const slices = bytes.length / channels;
  return { seconds, silences, channels: Array.from({ length: channels }, (_, i) => Float32Array.from(bytes.subarray(i * slices, (i + 1) * slices), (byte) => byte / 255)) };
};

// The same from a decoded sound, with a level per slice (half decibels above -100) from which the server finds the pauses.
export const pack = (sound) => {
  const channels = Array.from({ length: Math.min(2, sound.numberOfChannels) }, (_, i) => sound.getChannelData(i));
  const slices = Math.ceil(sound.duration * RATE);
  const bytes = new Uint8Array(slices * (channels.length + 1));
  for (let slice = 0; slice < slices; slice++) {
    const from = Math.floor((slice / RATE) * sound.sampleRate);
    const to = Math.min(sound.length, Math.floor(((slice + 1) / RATE) * sound.sampleRate));
    let energy = 0;
    channels.forEach((samples, channel) => {
      let most = 0;
      let sum = 0;
      for (let i = from; i < to; i++) { most = Math.max(most, Math.abs(samples[i])); sum += samples[i] * samples[i]; }
      bytes[channel * slices + slice] = Math.min(255, most * 256);
      energy = Math.max(energy, sum / Math.max(1, to - from));
    });
    bytes[channels.length * slices + slice] = energy > 0 ? Math.min(200, Math.max(0, 2 * (100 + 10 * Math.log10(energy)))) : 0;
  }
  return { seconds: sound.duration, channels: channels.length, bytes };
};
