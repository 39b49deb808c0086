// A short tone when an alert opens: only where somebody asked for it, and remembered by this browser.
const key = "alert-sound";
let audio;

// Browsers make no sound before a person did something on the page.
const wake = () => {
  audio ??= new AudioContext();
  audio.resume();
};

export const wanted = () => {
  const on = localStorage.getItem(key) === "on";
  if (on) {
    addEventListener("pointerdown", wake, { once: true });
    addEventListener("keydown", wake, { once: true });
  }
  return on;
};

export const want = (on) => {
  localStorage.setItem(key, on ? "on" : "off");
  if (on) {
    wake();
    ring();
  }
};

export const ring = () => {
  if (!audio) {
    return;
  }
  for (const [pitch, start] of [[660, 0], [880, 0.18]]) {
    const at = audio.currentTime + start;
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, at);
    loudness.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.16);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.17);
  }
};
