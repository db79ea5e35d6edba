// Making elements. Text from data only ever becomes a text node: nothing on this page parses HTML.

/**
 * Make an element.
 * @param {string} tag name of the element, with classes after dots: "p.note"
 * @param {object} [given] attributes; a function is a listener, true an empty attribute, null and false none
 * @param {...(Node|string|number|null|false)} children texts become text nodes
 */
export function el(tag, given = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [rule, set] of Object.entries(value)) made.style.setProperty(rule, set);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  append(made, children);
  return made;
}

/** Put nodes and texts in an element; nothing and false are skipped. */
export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return parent;
}

/** Replace what an element holds. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  return append(parent, children);
}

/** Find what the page itself holds. */
export const at = (id) => document.getElementById(id);

/** A square of colour for a legend. */
export const swatch = (colour, kind = "") =>
  el(`span.swatch${kind && "." + kind}`, { style: { "--colour": colour }, "aria-hidden": "true" });
