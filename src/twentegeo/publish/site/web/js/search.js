// The search box: areas by name, streets from one list, addresses from the shard of their postcode.

import { load } from "./data.js";
import { at, el, fill } from "./dom.js";
import { t } from "./i18n.js";

const MOST = 9;
const SCALE = 1e5;
const SHARDS = 4;

/** Fold case and accents away, so that "Café" is found by "cafe". */
export const fold = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** How well a name answers: 0 begins with it, 1 a word begins with it, 2 holds it, null not at all. */
export function answers(name, wanted) {
  const folded = fold(name);
  if (folded.startsWith(wanted)) return 0;
  if (` ${folded}`.includes(` ${wanted}`)) return 1;
  return wanted.length > 2 && folded.includes(wanted) ? 2 : null;
}

/** Split "dorpsstraat 12a" in the street and the number. */
export function parts(wanted) {
  const found = /^(.*?\D)\s*(\d+\s?[a-z]?[\s\w]*)$/.exec(wanted);
  return found ? { street: found[1].trim(), number: found[2].replace(/\s/g, "") } : { street: wanted, number: "" };
}

/** Find what a text may mean. */
export async function find(text, { facts, areas }) {
  const wanted = fold(text);
  if (wanted.length < 2) return [];
  const postcode = /^(\d{4})\s?([a-z]{2})?(?:\s(\d.*))?$/.exec(wanted);
  const found = [];
  if (postcode && facts.zoeken) found.push(...(await byPostcode(postcode)));
  found.push(...byName(wanted, areas));
  if (!postcode && facts.zoeken) found.push(...(await byStreet(wanted)));
  return found;
}

function byName(wanted, areas) {
  const found = [];
  for (const [order, soort] of ["gemeente", "prioriteitsgebied", "wijk", "buurt"].entries())
    for (const row of areas[soort] ?? []) {
      const how = answers(row.naam, wanted);
      if (how !== null)
        found.push({
          soort,
          sleutel: row.sleutel,
          tekst: row.naam,
          waar: soort === "gemeente" ? "" : (row.gemeente_naam ?? row.gemeenten ?? ""),
          orde: how * 10 + order,
        });
    }
  return found.sort((a, b) => a.orde - b.orde || a.tekst.localeCompare(b.tekst)).slice(0, MOST);
}

async function byPostcode([, digits, letters, number]) {
  const streets = (await load("zoek/straten.json")).straten;
  if (!streets.some(([, , ...shards]) => shards.includes(digits))) return [];
  const rows = await addresses(digits);
  const code = letters ? digits + letters.toUpperCase() : digits;
  const wanted = number?.replace(/\s/g, "");
  const within = rows.filter((row) => row.postcode.startsWith(code));
  if (!within.length) return [];
  const listed = letters
    ? within.filter((row) => !wanted || fold(row.nummer).replace(/\s/g, "").startsWith(wanted))
    : [];
  const here = within.reduce(
    (sum, row) => [sum[0] + row.punt[0] / within.length, sum[1] + row.punt[1] / within.length],
    [0, 0],
  );
  const whole = {
    soort: "postcode",
    tekst: letters ? `${digits} ${letters.toUpperCase()}` : digits,
    waar: [...new Set(within.map((row) => row.plaats))].slice(0, 3).join(", "),
    punt: here,
    ver: !letters,
  };
  return [whole, ...listed.map(asAddress)];
}

async function byStreet(wanted) {
  const { street, number } = parts(wanted);
  const streets = (await load("zoek/straten.json")).straten;
  const found = [];
  for (const [name, place, ...shards] of streets) {
    const how = answers(name, street) ?? answers(`${name} ${place}`, street);
    if (how !== null) found.push({ soort: "straat", tekst: name, waar: place, shards, orde: how });
  }
  found.sort((a, b) => a.orde - b.orde || a.tekst.length - b.tekst.length || a.waar.localeCompare(b.waar));
  if (!number) return found.slice(0, MOST);
  const listed = [];
  for (const one of found.slice(0, MOST)) {
    if (listed.length >= MOST) break;
    for (const shard of one.shards.slice(0, SHARDS)) {
      const rows = await addresses(shard);
      listed.push(
        ...rows
          .filter(
            (row) =>
              row.straat === one.tekst &&
              row.plaats === one.waar &&
              fold(row.nummer).replace(/\s/g, "").startsWith(number),
          )
          .map(asAddress),
      );
    }
  }
  return listed.sort((a, b) => a.tekst.length - b.tekst.length).slice(0, MOST * 2);
}

const asAddress = (row) => ({
  soort: "adres",
  tekst: [row.straat, row.nummer].filter(Boolean).join(" "),
  waar: [row.postcode, row.plaats].filter(Boolean).join(" "),
  punt: row.punt,
  adres: row,
});

/** Open a shard. */
export async function addresses(shard) {
  const { straten, postcodes, adressen } = await load(`zoek/${shard}.json`);
  return adressen.map(([street, code, nummer, lon, lat]) => ({
    straat: straten[street][0],
    plaats: straten[street][1],
    postcode: postcodes[code],
    nummer,
    punt: [lon / SCALE, lat / SCALE],
  }));
}

/** Where a street lies: the middle of its addresses. */
export async function middle({ tekst, waar, shards }) {
  const rows = (await Promise.all(shards.slice(0, SHARDS).map(addresses)))
    .flat()
    .filter((row) => row.straat === tekst && row.plaats === waar);
  const sorted = (i) => rows.map((row) => row.punt[i]).sort((a, b) => a - b);
  const [x, y] = [sorted(0), sorted(1)];
  return [x[0], y[0], x.at(-1), y.at(-1)];
}

/** Build the box: a combobox as the ARIA practices have it. */
export function searchBox(app, go) {
  let asked = 0;
  let shown = [];
  let active = -1;
  const input = el("input", {
    id: "zoekveld",
    type: "search",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "zoeklijst",
    maxlength: 80,
  });
  const list = el("ul.results", { id: "zoeklijst", role: "listbox", hidden: true });
  const label = el("label.off", { for: "zoekveld" });
  const name = () => {
    label.textContent = t("zoek");
    input.placeholder = t("zoek");
    list.setAttribute("aria-label", t("zoek"));
  };
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (one) => {
    input.value = one.tekst;
    close();
    go(one);
  };
  const mark = (place) => {
    active = (place + shown.length) % shown.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    input.setAttribute("aria-activedescendant", `gevonden-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  };
  const show = (found, text) => {
    shown = found.slice(0, MOST);
    fill(
      list,
      shown.map((one, i) =>
        el(
          "li",
          {
            id: `gevonden-${i}`,
            role: "option",
            "aria-selected": "false",
            onmousedown: (event) => event.preventDefault(),
            onclick: () => pick(one),
          },
          el("span.what", {}, one.tekst),
          el("span.where", {}, [t(`soort.${one.soort}`), one.waar].filter(Boolean).join(" · ")),
        ),
      ),
    );
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    active = -1;
    app.say(shown.length ? t("zoek.aantal", { n: shown.length }) : t("zoek.niets", { wat: text }), shown.length > 0);
  };
  const look = async () => {
    const mine = (asked += 1);
    const text = input.value.trim();
    if (text.length < 2) return close();
    try {
      const found = await find(text, app);
      if (mine === asked) show(found, text);
    } catch {
      if (mine === asked) app.say(t("zoek.fout"));
    }
  };
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 120);
  });
  input.addEventListener("blur", () => setTimeout(close, 120));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && shown.length) mark(active + 1);
    else if (event.key === "ArrowUp" && shown.length) mark(active < 0 ? shown.length - 1 : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && !list.hidden) pick(shown[Math.max(active, 0)]);
    else return;
    event.preventDefault();
  });
  fill(at("zoek"), label, input, list);
  name();
  return { name };
}
