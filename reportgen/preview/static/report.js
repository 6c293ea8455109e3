// @ts-check
// The report in its frame: what has changed is put in place, and what is to be mended is marked.

import { fold, frame, narrow, one, pages, parts, press, sheet } from "./page.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./types.js").Section} Section */
/** @typedef {import("./types.js").Page} Page */

/** The text of every block of the report. @type {Record<string, string>} */
const texts = {};
/** The blocks as they stand in the page. @type {Map<string, Element>} */
const standing = new Map();

/** @param {string} html @returns {Element|null} */
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

/** Put the blocks that have changed in place. @param {Page} page @param {Record<string, string>} changed */
export function place(page, changed) {
  const body = sheet().body;
  Object.assign(texts, changed);
  for (const [name, block] of standing) {
    if (!page.order.includes(name)) {
      block.remove();
      standing.delete(name);
      delete texts[name];
    }
  }
  /** @type {Element|null} */
  let before = null;
  for (const name of page.order) {
    let block = standing.get(name);
    if (!block) {
      const made = parsed(texts[name] ?? "");
      if (!made) continue;
      block = sheet().importNode(made, true);
    } else if (name in changed) {
      const morphed = Idiomorph.morph(block, changed[name] ?? "", { morphStyle: "outerHTML" });
      block = /** @type {Element} */ (morphed[0] ?? block);
    }
    standing.set(name, block);
    /** @type {Element|null} */
    const next = before ? before.nextElementSibling : body.firstElementChild;
    if (next !== block) body.insertBefore(block, next);
    before = block;
  }
}

/** @param {Page} page */
export function dress(page) {
  const head = sheet().head;
  sheet().documentElement.lang = page.language;
  sheet().title = page.title;
  sheet().body.className = page.classes;
  one("#title", HTMLElement).textContent = page.title;
  document.title = `${page.title} – preview`;
  const own = head.querySelector('link[href="/static/report.css"]');
  const old = [...head.querySelectorAll("link[data-theme]")];
  const kept = new Map(old.map((link) => [link.getAttribute("href"), link]));
  for (const address of page.sheets) {
    const link = kept.get(address) ?? sheet().createElement("link");
    if (!kept.has(address)) {
      link.setAttribute("rel", "stylesheet");
      link.setAttribute("data-theme", "");
      link.setAttribute("href", address);
      head.insertBefore(link, own);
    }
  }
  // What is replaced goes once the new looks are there, so that the page is never bare.
  setTimeout(() => old.forEach((link) => page.sheets.includes(link.getAttribute("href") ?? "") || link.remove()), 250);
}

/** Mark the blocks of text in which something is to be mended. */
export function note() {
  for (const marked of sheet().querySelectorAll("[data-note]")) {
    marked.removeAttribute("data-note");
    marked.removeAttribute("title");
  }
  /** @type {Range[]} */
  const spots = [];
  /** @type {[string, Problem[]][]} */
  const kinds = [["typed", [...(parts.typed ?? []), ...(parts.repairs ?? [])]], ["error", parts.problems ?? []]];
  for (const [kind, found] of kinds) {
    for (const problem of found) {
      const block = blockAt(problem);
      block?.setAttribute("data-note", kind);
      block?.setAttribute("title", problem.message);
      if (block && problem.text) spots.push(...places(block, problem.text));
    }
  }
  const view = /** @type {(Window & typeof globalThis)|null} */ (sheet().defaultView);
  if (view?.Highlight) view.CSS.highlights.set("typed", new view.Highlight(...spots));
}

/** Where a typed number stands in a block, outside the numbers that are named. @param {Element} block @param {string} text */
function places(block, text) {
  const found = [];
  const walker = sheet().createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.parentElement?.closest("[data-fact]") ? -1 : (node.nodeValue ?? "").indexOf(text);
    if (at < 0) continue;
    const spot = sheet().createRange();
    spot.setStart(node, at);
    spot.setEnd(node, at + text.length);
    found.push(spot);
  }
  return found;
}

/** The block of text that a line of a file became. @param {Place} place @returns {Element|null} */
function blockAt(place) {
  const section = /** @type {Section[]} */ (parts.sections ?? []).find((each) => each.file === place.file);
  const root = section && sheet().getElementById(section.id);
  if (!root || !place.line) return null;
  /** @type {Element|null} */
  let found = null;
  let nearest = 0;
  for (const block of root.querySelectorAll("[data-line]")) {
    const line = Number(block.getAttribute("data-line"));
    if (line <= place.line && line > nearest) [found, nearest] = [block, line];
  }
  return found;
}

export const paged = () => one('[name="view"][value="paged"]', HTMLInputElement).checked;

export function flowing() {
  if (narrow.matches) fold(true);
  one('[name="view"][value="flowing"]', HTMLInputElement).checked = true;
  view();
}

export function view() {
  frame.hidden = paged() && Boolean(parts.pages?.address);
  pages.hidden = !frame.hidden;
  if (frame.hidden) {
    const address = `${parts.pages.address}#toolbar=0&navpanes=0&view=FitH`;
    if (pages.getAttribute("src") !== address) pages.src = address;
  }
}

/** @type {ReturnType<typeof setTimeout>|undefined} */
let setting;

export function setPages() {
  clearTimeout(setting);
  setting = setTimeout(() => paged() && void press("/pages"), 400);
}
