// The score that pillars make: the formula of twentegeo.priority.two_axes, for rows and for the map.
//
// Between pillars the mean is geometric, shifted so that a pillar of zero does not make everything zero. A row without
// one of the two axes has no score; one that lacks another pillar is scored on the rest.

export const AXES = ["energie", "levensloop"];

/** What an expression gives where a row gives null. */
export const NONE = -1;

/** Scale the weights of these pillars to add to 1; equal ones where all are zero. */
export function shares(names, weights) {
  const total = names.reduce((sum, name) => sum + (weights[name] ?? 0), 0);
  return names.map((name) => (total > 0 ? (weights[name] ?? 0) / total : 1 / names.length));
}

/**
 * Score one row.
 * @param {(number|null)[]} values pillars 0-100 in the order of names
 * @returns {number|null} 0-100
 */
export function score(values, names, weights, shift) {
  if (!names.some((name) => AXES.includes(name))) return null;
  const known = values.map((value) => typeof value === "number");
  if (names.some((name, i) => AXES.includes(name) && !known[i])) return null;
  const share = shares(names, weights);
  const total = share.reduce((sum, part, i) => sum + (known[i] ? part : 0), 0);
  if (!(total > 0)) return null;
  let logs = 0;
  share.forEach((part, i) => {
    if (known[i] && part > 0) logs += (part / total) * Math.log(values[i] + shift);
  });
  return Math.min(100, Math.max(0, Math.exp(logs) - shift));
}

/**
 * The same as an expression of the map.
 * @param {string[]} names pillars that the layer has
 * @param {(name: string) => string} column name of the attribute that holds a pillar
 */
export function scoreExpression(names, column, weights, shift) {
  if (!names.some((name) => AXES.includes(name))) return null;
  const share = shares(names, weights);
  const used = names.map((name, i) => ({ column: column(name), part: share[i] })).filter(({ part }) => part > 0);
  const whole = ["+", 0, ...used.map((one) => ["case", ["has", one.column], one.part, 0])];
  const logs = used.map((one) => [
    "case",
    ["has", one.column],
    ["*", one.part, ["ln", ["+", ["get", one.column], shift]]],
    0,
  ]);
  const value = ["-", ["^", ["e"], ["/", ["+", 0, ...logs], whole]], shift];
  const needed = names.filter((name) => AXES.includes(name)).map((name) => ["has", column(name)]);
  return ["case", ["all", ...needed, [">", whole, 0]], ["max", 0, ["min", 100, value]], NONE];
}

/** Rank rows by score, 1 the most urgent; equal scores share the best place, no score has none. */
export function ranks(scores) {
  const order = scores.map((value, i) => [value, i]).filter(([value]) => value !== null);
  order.sort((a, b) => b[0] - a[0]);
  const found = scores.map(() => null);
  let place = 0;
  order.forEach(([value, i], k) => {
    if (k === 0 || value !== order[k - 1][0]) place = k + 1;
    found[i] = place;
  });
  return found;
}
