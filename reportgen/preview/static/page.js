// @ts-check
// The page: its elements, the report's frame, and how the server is asked.

/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Problem} Problem */

/** What the server has said last, by part. @type {Record<string, any>} */
export const parts = {};

/** @template {Element} T @param {string} selector @param {new (...a: any[]) => T} kind @returns {T} */
export function one(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

/**
 * Make an element; text is only ever set as text.
 * @param {string} tag @param {Record<string, string>} [attributes] @param {...(Node|string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const frame = one("#report", HTMLIFrameElement);
export const pages = one("#pages", HTMLIFrameElement);

/** The document that the report stands in: no script runs there. @returns {Document} */
export function sheet() {
  const found = frame.contentDocument;
  if (!found) throw new Error("the report has no frame");
  return found;
}

/** @param {Element|null|undefined} target */
export function show(target) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "center" });
}

/** @param {Record<string, unknown>} question @returns {Promise<any>} */
export async function ask(question) {
  const answer = await fetch(`/ask?q=${encodeURIComponent(JSON.stringify(question))}`);
  if (!answer.ok) throw new Error(`the preview answers ${answer.status}`);
  return answer.json();
}

/** @param {string} path @param {Record<string, unknown>} [body] */
export async function press(path, body = {}) {
  await fetch(path, { method: "POST", body: JSON.stringify(body) });
}

/** @param {Problem} problem */
export function told(problem) {
  const text = problem.message + (problem.remedy ? ` (${problem.remedy})` : "");
  return make("span", {}, ...(problem.file ? [where(problem), ": "] : []), text);
}

/** A link that opens the editor. @param {Place} place */
export function where(place) {
  const name = place.line ? `${place.file}:${place.line}` : String(place.file);
  return make("a", { href: place.edit ?? "#", title: "Open in the editor" }, name);
}

/** @param {Element} into @param {Problem[]} problems */
export function list(into, problems) {
  into.replaceChildren(...problems.map((each) => make("p", { class: "false" }, told(each))));
}

export const narrow = matchMedia("(max-width: 900px)");

/** Fold the panels away, or open them. @param {boolean} away */
export function fold(away) {
  document.body.classList.toggle("folded", away);
  one("#fold", HTMLButtonElement).setAttribute("aria-expanded", String(!away));
}
