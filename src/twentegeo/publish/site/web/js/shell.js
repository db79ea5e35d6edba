// The side of the page: tabs, and the panel that is open.

import { at, el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { aboutPanel } from "./panels/about.js";
import { areasPanel } from "./panels/areas.js";
import { comparePanel } from "./panels/compare.js";
import { mapPanel } from "./panels/map.js";
import { newsPanel } from "./panels/news.js";
import { weightsPanel } from "./panels/weights.js";

const DRAW = {
  kaart: mapPanel,
  gebieden: areasPanel,
  weging: weightsPanel,
  vergelijk: comparePanel,
  nieuw: newsPanel,
  over: aboutPanel,
};
export const PANELS = Object.keys(DRAW);

const focusable = (body) => [...body.querySelectorAll("button, input, select, a[href], [tabindex]")];

export class Shell {
  constructor(app) {
    this.app = app;
    app.redraw = (focus) => this.draw(focus);
  }

  /** Draw tabs and panel again; the focus stays where it was, or goes to the element of this id. */
  draw(focus = null) {
    const { state } = this.app;
    const body = at("inhoud");
    const { scrollTop } = body;
    const { activeElement } = document;
    const named = focus && body.contains(at(focus)) ? focus : null;
    const place = body.contains(activeElement) ? focusable(body).indexOf(activeElement) : -1;
    const onTab = activeElement?.getAttribute("role") === "tab";
    fill(
      at("tabs"),
      PANELS.map((name) => this.tab(name)),
    );
    body.setAttribute("role", "tabpanel");
    body.setAttribute("aria-labelledby", `tab-${state.paneel}`);
    at("toneel").dataset.paneel = state.paneel;
    fill(body, DRAW[state.paneel](this.app));
    body.scrollTop = scrollTop;
    const back = onTab ? at(`tab-${state.paneel}`) : named ? at(named) : focusable(body)[place];
    back?.focus({ preventScroll: true });
    this.app.legend();
  }

  tab(name) {
    const chosen = name === this.app.state.paneel;
    const given = {
      type: "button",
      role: "tab",
      id: `tab-${name}`,
      "aria-selected": String(chosen),
      "aria-controls": "inhoud",
      tabindex: chosen ? 0 : -1,
    };
    return el(
      "button",
      { ...given, onclick: () => this.open(name), onkeydown: (event) => this.walk(event) },
      t(`tab.${name}`),
    );
  }

  open(name) {
    at("inhoud").scrollTop = 0;
    at("toneel").dataset.open = "ja";
    this.app.set({ paneel: name });
    this.app.map?.resize();
  }

  /** Arrow keys walk along the tabs. */
  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const end = { Home: 0, End: PANELS.length - 1 }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    const now = PANELS.indexOf(this.app.state.paneel);
    this.app.set({ paneel: PANELS[end ?? (now + step + PANELS.length) % PANELS.length] });
    at(`tab-${this.app.state.paneel}`).focus();
  }
}
