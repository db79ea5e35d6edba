// Scores and ranks of the areas, as published or with weights of the visitor's own.

import { AXES, ranks, score } from "./score.js";

/** The pillars that sliders steer: those of any kind of area, in the order of the norms. */
export const pillars = (facts) => {
  const found = Object.values(facts.pijlers).sort((a, b) => b.length - a.length)[0] ?? [];
  return found.length ? found : ["energie", "levensloop"];
};

/** The published weights. */
export const published = (facts) => facts.weging.partijen[facts.weging.leidend];

/** Score the rows of a kind of area with some weights. */
export function scores(facts, kind, rows, weights) {
  const names = facts.pijlers[kind] ?? [];
  return rows.map((row) =>
    score(
      names.map((name) => row[`pijler_${name}`] ?? null),
      names,
      weights,
      facts.weging.verschuiving,
    ),
  );
}

/** Whether a kind of area knows both axes, as the others do: without one its score would mean something else. */
export const computable = (facts, kind) =>
  pillars(facts)
    .filter((name) => AXES.includes(name))
    .every((name) => (facts.pijlers[kind] ?? []).includes(name));

/** Rows with what the visitor's weights make of them: `eigen` (score), `nu` and `was` (ranks). */
export function weighed(facts, kind, rows, weights) {
  if (!weights || !computable(facts, kind))
    return rows.map((row) => ({
      ...row,
      eigen: row.score_prioriteit ?? null,
      nu: row.rang ?? null,
      was: row.rang ?? null,
    }));
  // compared with the same computation, so that a move is the weights' doing and nothing else's
  const base = ranks(scores(facts, kind, rows, published(facts)));
  const own = scores(facts, kind, rows, weights);
  const now = ranks(own);
  return rows.map((row, i) => ({ ...row, eigen: own[i], nu: now[i], was: base[i] }));
}

/** What other weights do to the order: how many move, and who enters or leaves the first ten. */
export function effect(facts, areas, weights) {
  const told = {};
  for (const kind of ["buurt", "prioriteitsgebied"]) {
    const rows = weighed(facts, kind, areas[kind] ?? [], weights).filter((row) => row.nu !== null);
    const moved = rows.filter((row) => row.nu !== row.was);
    told[kind] = {
      kan: computable(facts, kind),
      totaal: rows.length,
      verschoven: moved.length,
      veel: moved.filter((row) => Math.abs(row.nu - row.was) >= 10).length,
      erin: rows.filter((row) => row.nu <= 10 && row.was > 10).sort((a, b) => a.nu - b.nu),
      eruit: rows.filter((row) => row.nu > 10 && row.was <= 10).sort((a, b) => a.was - b.was),
    };
  }
  return told;
}
