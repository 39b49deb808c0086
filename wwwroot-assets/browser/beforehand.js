// The sound of the call that comes next, fetched while this one is judged: when it is opened it plays from memory. Only our own kept
// copy is ever asked for here; the server decides which call that is.
const MOST = 2; // sounds held: the one that is coming, and the one that was announced before it
const LARGEST = 24 * 1024 * 1024; // bytes; a longer sound begins quickly enough as a stream

const held = new Map(); // address -> { ending, blob }

export const prepare = async (call) => {
  const address = `/api/calls/${call}/recording`;
  if (held.has(address)) return;
  const entry = { ending: new AbortController(), blob: null };
  held.set(address, entry);
  for (const old of [...held.keys()].slice(0, -MOST)) drop(old);
  try {
    const answer = await fetch(address, { headers: { "X-Purpose": "prefetch" }, signal: entry.ending.signal });
    const fits = answer.ok && Number(answer.headers.get("content-length") ?? Infinity) <= LARGEST;
    if (fits) entry.blob = await answer.blob();
    else { entry.ending.abort(); held.delete(address); }
  } catch {
    // Only speed is lost; when the call is opened its player says what is wrong.
    if (held.get(address) === entry) held.delete(address);
  }
};

// The sound, once and only if it is all there: half a file plays no sooner than a stream.
export const take = (address) => {
  const blob = held.get(address)?.blob ?? null;
  drop(address);
  return blob;
};

const drop = (address) => {
  held.get(address)?.ending.abort();
  held.delete(address);
};
