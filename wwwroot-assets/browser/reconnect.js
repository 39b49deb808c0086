// Starts the page's circuit and brings it back for as long as it takes: a floor screen hangs for weeks and outlives restarts.
// A circuit the server still knows goes on where it was; of one it has forgotten nothing is left to go on with, and the page loads anew.
const wall = () => document.querySelector("[data-wall]") !== null;
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
// In the language of the page.
const words = document.getElementById("blazor-error-ui").dataset;
const answers = () => fetch("/health/ready", { cache: "no-store" }).then((answer) => answer.ok, () => false);

const strip = document.createElement("div");
strip.className = "lost";
strip.setAttribute("role", "status");
strip.hidden = true;
document.body.append(strip);
const say = (text) => {
  strip.textContent = text;
  strip.hidden = text === "";
};

// What a person has typed is theirs to copy first; a page nobody has typed into loses nothing.
let typed = false;
addEventListener("input", (event) => (typed ||= event.isTrusted), { capture: true });

const loadAnew = async () => {
  while (!(await answers())) await sleep(3 + 2 * Math.random());
  if (!typed || wall()) return location.reload();
  say(`${words.restarted} `);
  const link = Object.assign(document.createElement("a"), { href: location.href, textContent: words.again });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  strip.append(link);
};

const bringBack = async () => {
  let refused = 0;
  for (let wait = 0.5; ; wait = Math.min(wait * 2, 15)) {
    await sleep(wait * (0.8 + 0.4 * Math.random()));
    try {
      if (await Blazor.reconnect()) return;
      break;
    } catch {
      // The server is away. When it answers and still gives no connection, the session is over or the circuit beyond help.
      refused = (await answers()) ? refused + 1 : 0;
      if (refused >= 3) break;
    }
  }
  await loadAnew();
};

let trying = null;
let leaving = false;
addEventListener("pagehide", () => (leaving = true));
addEventListener("pageshow", () => (leaving = false));

const handler = {
  onConnectionDown: () => {
    if (leaving) return;
    say(words.lost);
    trying ??= bringBack().finally(() => (trying = null));
  },
  onConnectionUp: () => say(""),
};

Blazor.start({ circuit: { reconnectionHandler: handler } }).catch(() => loadAnew());

// A screen has nobody who would press a button: it loads a page that stopped working anew, and every page once a day.
const born = Date.now();
setInterval(async () => {
  if (!wall()) return;
  const broken = getComputedStyle(document.getElementById("blazor-error-ui")).display !== "none";
  if ((broken || Date.now() - born > 86_400_000) && trying === null && (await answers())) location.reload();
}, 15_000);
