// Speaking the language of the page: its texts, the words of the data, and numbers as people write them.

import { TERMS, TEXT } from "./texts.js";

let place = 0;
let locale = "nl-NL";

/** Choose the language of what follows. */
export function speak(language) {
  place = language === "en" ? 1 : 0;
  locale = place ? "en-GB" : "nl-NL";
}

/** Give a text, with {names} filled in. */
export function t(key, given = {}) {
  const pair = TEXT[key];
  if (!pair) throw new Error(`no text for ${key}`);
  return pair[place].replace(/\{(\w+)\}/g, (whole, name) => given[name] ?? whole);
}

/** Whether a text exists. */
export const known = (key) => key in TEXT;

/** Give a word from the data in the language of the page. Numbers in a class label keep their form. */
export function term(word) {
  if (!place || word === null || word === undefined) return word ?? "";
  const range = /^(minder dan )?(\d+%?)( tot | en meer)?(\d+%?)?$/.exec(word);
  if (TERMS[word]) return TERMS[word];
  if (range) return word.replace("minder dan", "less than").replace(" tot ", " to ").replace(" en meer", " and more");
  return word;
}

const number = (digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits });

/** Write a number; unknown in words. */
export const figure = (value, digits = 0) =>
  value === null || value === undefined ? t("onbekend") : number(digits).format(value);
export const percent = (value) =>
  value === null || value === undefined ? t("onbekend") : `${number(0).format(value)}%`;
export const year = (value) => (value === null || value === undefined ? t("onbekend") : String(Math.round(value)));
/** A score as people read it: whole points, rounded down, as the classes are. */
export const points = (value) => (value === null || value === undefined ? t("onbekend") : String(Math.floor(value)));
export const date = (iso) =>
  iso
    ? new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(
        new Date(`${iso.slice(0, 10)}T00:00:00Z`),
      )
    : t("onbekend");
export const bytes = (count) =>
  count < 1e6 ? `${number(0).format(count / 1e3)} kB` : `${number(count < 1e7 ? 1 : 0).format(count / 1e6)} MB`;
export const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${number(1).format(Math.abs(value))}`;
