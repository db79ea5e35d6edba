// What the visitor chose, kept in the address so that a link shows the same map.

const FIRST = {
  thema: "kwadrant",
  laag: "auto",
  paneel: "kaart",
  taal: "nl",
  gemeente: "",
  klassen: null,
  gewichten: null,
  gekozen: null,
  aan: ["gebieden", "namen", "woningen", "onzeker"],
  kaart: null,
};

export const state = { ...FIRST };
const watchers = [];

/** Be told of changes: the listener gets the set of names that changed. */
export const watch = (listener) => watchers.push(listener);

/** Change something, tell who watches, and write the address. */
export function set(changes) {
  const moved = Object.keys(changes).filter((name) => JSON.stringify(state[name]) !== JSON.stringify(changes[name]));
  Object.assign(state, changes);
  if (!moved.length) return;
  for (const listener of watchers) listener(new Set(moved));
  write();
}

/** Read the address; what it holds wrongly is left at its default. */
export function read(hash, known) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const found = { ...FIRST };
  const among = (name, options) => {
    const value = given.get(name);
    if (value !== null && options.includes(value)) found[name] = value;
  };
  among("thema", known.themes);
  among("laag", known.levels);
  among("paneel", known.panels);
  among("taal", ["nl", "en"]);
  among("gemeente", known.municipalities);
  if (given.has("aan"))
    found.aan = given
      .get("aan")
      .split(",")
      .filter((name) => known.overlays.includes(name));
  if (given.has("klassen")) {
    const picked = given
      .get("klassen")
      .split(",")
      .map(Number)
      .filter((place) => Number.isInteger(place) && place >= 0 && place < known.classes);
    found.klassen = [...new Set(picked)];
  }
  const weights = numbers(given.get("gewichten"), known.pillars.length, 0, 100);
  if (weights && weights.some((value, i) => value > 0 && i < 2))
    found.gewichten = Object.fromEntries(known.pillars.map((name, i) => [name, weights[i]]));
  const view = numbers(given.get("kaart"), 3, -180, 180);
  if (view) found.kaart = view;
  const chosen = /^(gemeente|wijk|buurt|prioriteitsgebied|hectare|pand|verblijfsobject):([\w-]{1,32})$/.exec(
    given.get("gekozen") ?? "",
  );
  if (chosen) found.gekozen = { soort: chosen[1], sleutel: chosen[2] };
  return found;
}

function numbers(text, count, least, most) {
  const found = (text ?? "").split(/[/,]/).filter(Boolean).map(Number);
  return found.length === count && found.every((value) => Number.isFinite(value) && value >= least && value <= most)
    ? found
    : null;
}

/** Say the state as an address. */
export function hash(from = state) {
  const parts = [];
  if (from.kaart) parts.push(`kaart=${from.kaart.join("/")}`);
  for (const name of ["thema", "laag", "paneel", "taal", "gemeente"])
    if (from[name] !== FIRST[name]) parts.push(`${name}=${from[name]}`);
  if (from.aan.join() !== FIRST.aan.join()) parts.push(`aan=${from.aan.join(",")}`);
  if (from.klassen) parts.push(`klassen=${from.klassen.join(",")}`);
  if (from.gewichten) parts.push(`gewichten=${Object.values(from.gewichten).join(",")}`);
  if (from.gekozen) parts.push(`gekozen=${from.gekozen.soort}:${from.gekozen.sleutel}`);
  return `#${parts.join("&")}`;
}

let waiting = 0;
function write() {
  clearTimeout(waiting);
  waiting = setTimeout(() => history.replaceState(null, "", hash()), 150);
}
