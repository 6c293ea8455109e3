// @ts-check
// The panel of evidence: a confusion matrix, and the items behind its cells; or the largest errors.

import { ask, list, make, one, parts } from "./page.js";

/** @typedef {import("./types.js").Item} Item */

export async function evidence() {
  if (!one("#evidence", HTMLDetailsElement).open) return;
  const model = one("#model", HTMLSelectElement);
  const measured = /** @type {string[]} */ (parts.measured ?? []);
  const chosen = measured.includes(model.value) ? model.value : measured[0];
  model.replaceChildren(...measured.map((name) => make("option", { value: name }, name)));
  const matrix = one("#evidence .matrix", HTMLElement);
  one("#evidence .items", HTMLElement).replaceChildren();
  if (!chosen) return matrix.replaceChildren(make("p", {}, "No model has results yet."));
  model.value = chosen;
  const answer = await ask({ about: "matrix", model: chosen });
  if (answer.problems) return list(matrix, answer.problems);
  const { classes, counts, others } = answer.result;
  const other = one("#other", HTMLSelectElement);
  const before = other.value;
  other.replaceChildren(make("option", { value: "" }, "any"), ...others.map((/** @type {string} */ name) => make("option", { value: name }, name)));
  other.value = others.includes(before) ? before : "";
  one("#shared", HTMLElement).hidden = matrix.hidden = !classes.length;
  if (!classes.length) return items(null);
  const head = make("tr", {}, make("td"), ...classes.map((/** @type {string} */ name) => make("th", { scope: "col" }, name)));
  const rows = counts.map((/** @type {number[]} */ row, /** @type {number} */ down) =>
    make("tr", {}, make("th", { scope: "row" }, classes[down]), ...row.map((count, across) => cell(count, down, across, classes))));
  const caption = make("caption", {}, "True class down, predicted class across; a cell opens its items.");
  matrix.replaceChildren(make("table", {}, caption, make("thead", {}, head), make("tbody", {}, ...rows)));
  if (other.value) void items(null);
}

/** @param {number} count @param {number} down @param {number} across @param {string[]} classes */
function cell(count, down, across, classes) {
  if (!count) return make("td", { class: "soft" }, "0");
  const about = `${count} of ${classes[down]} taken for ${classes[across]}`;
  const button = make("button", { type: "button", "aria-label": about, "aria-pressed": "false" }, String(count));
  button.addEventListener("click", () => {
    for (const each of document.querySelectorAll('#evidence [aria-pressed="true"]')) each.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    void items([down, across]);
  });
  return make("td", down === across ? { class: "right" } : {}, button);
}

/** @param {[number, number]|null} pair */
export async function items(pair) {
  const question = { about: "items", model: one("#model", HTMLSelectElement).value, cell: pair, other: one("#other", HTMLSelectElement).value };
  const answer = await ask(question);
  const into = one("#evidence .items", HTMLElement);
  if (answer.problems) return list(into, answer.problems);
  const { count, items: found } = answer.result;
  if (found[0]?.error) {
    const most = found.length < count ? `the ${found.length} of ${count} test items with the largest errors` : `${count} test items, the largest error first`;
    return into.replaceChildren(make("p", {}, most), ...found.map(item));
  }
  const said = found.length < count ? `${count} items; the ${found.length} that the model was surest of` : `${count} items, the surest first`;
  into.replaceChildren(make("p", {}, said), ...found.map(item));
}

/** @param {Item} found */
function item(found) {
  const sure = typeof found.confidence !== "number" ? "" : `, ${Math.round(found.confidence * 100)} %`;
  const about = found.error ? `${found.predicted} predicted, ${found.true} true: ${found.error}` : `${found.true} taken for ${found.predicted}${sure}`;
  const shown = found.image ? [make("img", { src: found.image, alt: `Test item ${found.index}: ${about}` })] : [];
  if (found.row) shown.push(make("code", {}, found.row.join(", ")));
  return make("figure", {}, ...shown, make("figcaption", {}, about));
}
