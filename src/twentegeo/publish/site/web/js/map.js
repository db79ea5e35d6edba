// The map itself: how it starts, the pictures it draws with, and what a click on it means.

import * as maplibre from "../vendor/maplibre-gl.js";
import { INK, style } from "./layers.js";

maplibre.setWorkerUrl(new URL("../vendor/maplibre-gl-worker.js", import.meta.url).href);

/** Layers that a click asks, nearest first. */
export const CLICKABLE = [
  "woning",
  "pand",
  "gebied-vlak",
  "hectare-vlak",
  "buurt-vlak",
  "wijk-vlak",
  "gemeente-vlak",
  "buurt-klik",
];
const KIND = {
  woning: "verblijfsobject",
  pand: "pand",
  "gebied-vlak": "prioriteitsgebied",
  "hectare-vlak": "hectare",
  "buurt-vlak": "buurt",
  "wijk-vlak": "wijk",
  "gemeente-vlak": "gemeente",
  "buurt-klik": "buurt",
};

/** Tell what kind of thing a drawn feature is, and its key. */
export function identify(feature) {
  const soort = KIND[feature.layer.id];
  const sleutel =
    soort === "pand" || soort === "verblijfsobject"
      ? String(feature.id).padStart(16, "0")
      : (feature.properties.code ?? feature.properties.gebied_id ?? feature.properties.cel_id);
  return { soort, sleutel };
}

/** Start the map. */
export function makeMap(container, facts, areas, view, words) {
  const protocol = new globalThis.pmtiles.Protocol();
  maplibre.addProtocol("pmtiles", protocol.tile);
  const [west, south, east, north] = facts.kader;
  const map = new maplibre.Map({
    container,
    style: style(facts, areas),
    ...(view
      ? { zoom: view[0], center: [view[2], view[1]] }
      : { bounds: facts.kader, fitBoundsOptions: { padding: padding() } }),
    maxBounds: [
      west - room(east - west),
      south - room(north - south),
      east + room(east - west),
      north + room(north - south),
    ],
    minZoom: 6,
    maxZoom: 19.5,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    locale: words,
    fadeDuration: 120,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 110 }), "bottom-right");
  map.once("styledata", () => {
    map.addImage("onzeker", hatch(), { pixelRatio: 2 });
    map.addImage("schijf", disc(), { pixelRatio: 2 });
  });
  return map;
}

/** How far beyond the region one may wander, degrees. */
const room = (extent) => Math.max(extent, 0.5);

/** Room around a frame, so that what is shown lies beside the legend and the card. */
export const padding = (card = false) =>
  innerWidth < 720
    ? { top: 16, bottom: card ? 40 : 16, left: 16, right: 16 }
    : { top: 32, bottom: 32, left: card ? 290 : 130, right: card ? 410 : 48 };

/** Stripes for what is uncertain; never transparency, which would change the class. */
function hatch() {
  const size = 16;
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const line = (x + y) % 8;
      if (line < 2) data.set([255, 255, 255, 190], 4 * (y * size + x));
    }
  return { width: size, height: size, data };
}

/** A dark disc with a light rim, on which a rank is read. */
function disc() {
  const size = 46;
  const pen = new OffscreenCanvas(size, size).getContext("2d");
  for (const [radius, colour] of [
    [22, "#ffffff"],
    [19, INK],
  ]) {
    pen.beginPath();
    pen.arc(size / 2, size / 2, radius, 0, 2 * Math.PI);
    pen.fillStyle = colour;
    pen.fill();
  }
  return pen.getImageData(0, 0, size, size);
}
