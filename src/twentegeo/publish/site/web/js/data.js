// What the release says: facts, areas, and the shards of the search index, each loaded once.

const loaded = new Map();
let version = "";

/** Load a file of this release; the run in the address keeps a browser from mixing two releases. */
export function load(path) {
  if (!loaded.has(path)) {
    const address = version && !path.endsWith("gebieden.json") ? `data/${path}?${version}` : `data/${path}`;
    const asked = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json();
    });
    asked.catch(() => loaded.delete(path));
    loaded.set(path, asked);
  }
  return loaded.get(path);
}

/** Load the facts of the release and its areas. */
export async function release() {
  const [facts, tables] = await Promise.all([load("site.json"), load("gebieden.json")]);
  version = facts.run_id;
  const areas = {};
  for (const [name, table] of Object.entries(tables)) {
    const key = name === "prioriteitsgebied" ? "gebied_id" : "code";
    areas[name] = table.rijen.map((row) => Object.fromEntries(table.kolommen.map((column, i) => [column, row[i]])));
    for (const row of areas[name]) {
      row.soort = name;
      row.sleutel = row[key];
    }
  }
  return { facts, areas };
}

/** The address of an archive of tiles, whole, as the protocol wants it. */
export const tiles = (name) => `pmtiles://${new URL(`data/${name}.pmtiles?${version}`, document.baseURI).href}`;
