// @ts-check
// The panels of what is written: errors, contents, claims, typed numbers, one number, and all facts.

import { ask, fold, list, make, one, parts, sheet, show, told, where } from "./page.js";
import { flowing } from "./report.js";

/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./types.js").Verdict} Verdict */
/** @typedef {import("./types.js").Section} Section */

const SHOWN = 80; // facts at a time

export function errors() {
  const panel = one("#errors", HTMLElement);
  const found = /** @type {Problem[]} */ (parts.problems ?? []);
  panel.hidden = !found.length;
  const head = make("h2", {}, `${found.length === 1 ? "An error" : `${found.length} errors`}; the page below is the last good one`);
  panel.replaceChildren(...(found.length ? [head, make("ul", {}, ...found.map((each) => make("li", {}, told(each))))] : []));
}

export function contents() {
  const items = /** @type {Section[]} */ (parts.sections ?? []).map((section) => {
    const go = make("a", { href: `#${section.id}` }, `${section.number} ${section.title}`);
    go.addEventListener("click", (event) => {
      event.preventDefault();
      flowing();
      const target = sheet().getElementById(section.id);
      target?.scrollIntoView({ block: "start" });
    });
    return make("li", {}, go, make("a", { href: section.edit ?? "#", "aria-label": `Edit ${section.title}` }, "edit"));
  });
  one("#contents ol", HTMLElement).replaceChildren(...items);
}

export function claims() {
  const found = /** @type {Verdict[]} */ (parts.verdicts ?? []);
  const held = found.filter((each) => each.status === "holds" || each.warnings.length);
  const doubtful = held.filter((each) => each.warnings.length).length;
  const warned = doubtful ? `, ${doubtful} with a warning` : "";
  one("#claims .count", HTMLElement).textContent = `${held.length} of ${found.length} hold${warned}`;
  one("#claims .list", HTMLElement).replaceChildren(...found.map(claim));
}

/** @param {Verdict} verdict */
function claim(verdict) {
  const measured = verdict.measured.map(([name, text]) => `${name} = ${text}`).join(", ");
  const lines = [
    make("code", {}, verdict.expression),
    ...(measured ? [`measured: ${measured}`] : []),
    ...verdict.tests.map((test) => `test: ${test.text}; p adjusted for all tests: ${test.adjusted}`),
    ...verdict.warnings.map((text) => `warning: ${text}`),
    ...(verdict.reason ? [verdict.reason] : []),
  ];
  const go = make("button", { type: "button", class: "plain" }, verdict.sentence || `${verdict.kind} of ${verdict.of}`);
  go.addEventListener("click", () => {
    flowing();
    const marks = [...sheet().querySelectorAll("[data-claim]")];
    show(marks.find((mark) => mark.getAttribute("data-claim") === verdict.expression) ?? sheet().getElementById(verdict.of));
  });
  const word = make("span", { class: `word ${verdict.status}` }, verdict.word.toLowerCase());
  return make("li", {}, make("p", {}, word, " · ", where(verdict)), make("p", {}, go), ...lines.map((line) => make("p", { class: "soft" }, line)));
}

export function typed() {
  const found = /** @type {Problem[]} */ ([...(parts.typed ?? []), ...(parts.repairs ?? [])]);
  one("#typed .count", HTMLElement).textContent = String(found.length);
  const items = found.length ? found.map((each) => make("li", {}, told(each))) : [make("li", {}, "Nothing is typed that should be named.")];
  one("#typed .list", HTMLElement).replaceChildren(...items);
}

/** Take a click into the report. @param {MouseEvent} event */
export function clicked(event) {
  chosen(event, /** @type {Element|null} */ (event.target));
}

/** Take a key in the report: Enter or space on a number shows it, E opens the editor there. @param {KeyboardEvent} event */
export function pressed(event) {
  const target = /** @type {Element|null} */ (event.target);
  if (typeof target?.closest !== "function" || event.ctrlKey || event.metaKey || event.altKey) return;
  const fact = target.closest("[data-fact]");
  const block = target.closest("[data-line]");
  if (fact && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    void number(fact);
  } else if (block && event.key.toLowerCase() === "e") edit(block);
}

/** @param {Event} event @param {Element|null} target */
function chosen(event, target) {
  if (!target || typeof target.closest !== "function") return;
  const link = target.closest("a[href]");
  const address = link?.getAttribute("href") ?? "";
  if (link && !address.startsWith("#")) {
    event.preventDefault();
    if (/^(https?|mailto):/.test(address)) window.open(address, "_blank", "noopener,noreferrer");
  } else if (!link) {
    const fact = target.closest("[data-fact]");
    const block = target.closest("[data-line]");
    if (fact) void number(fact);
    else if (block && !String(sheet().getSelection() ?? "")) edit(block);
  }
}

/** Open the editor where a block of text was written. @param {Element} block */
function edit(block) {
  const root = block.closest("section[id]");
  const section = /** @type {Section[]} */ (parts.sections ?? []).find((each) => each.id === root?.id);
  if (!section?.edit) return;
  const link = one("#editor", HTMLAnchorElement);
  link.href = section.edit.replace(/:\d+$/, `:${block.getAttribute("data-line")}`);
  link.click();
}

/** Show all that is known of a number. @param {Element} fact */
async function number(fact) {
  for (const chosen of sheet().querySelectorAll(".fact.chosen")) chosen.classList.remove("chosen");
  fact.classList.add("chosen");
  const expression = fact.getAttribute("data-fact") ?? "";
  const answer = await ask({ about: "fact", name: expression });
  const panel = one("#number .body", HTMLElement);
  one("#number", HTMLDetailsElement).open = true;
  fold(false);
  if (answer.problems) return list(panel, answer.problems);
  const told = answer.result;
  const like = [...sheet().querySelectorAll("[data-fact]")].filter(
    (each) => (each.getAttribute("data-fact") ?? "").split("|")[0]?.trim() === told.name,
  );
  const rows = [
    make("p", {}, make("strong", {}, told.text), " ", copying(told.name)),
    ...(told.interval ? [make("p", {}, `95 % interval: ${told.interval}`)] : []),
    ...(told.of ? [make("p", {}, `${told.of[0]} of ${told.of[1]}`)] : []),
    ...(told.seeds ? [make("p", {}, `by seed: ${told.seeds.join(", ")}`)] : []),
    ...(told.missing ? [make("p", {}, told.missing)] : []),
    ...told.keys.map((/** @type {string} */ key) => make("p", { class: "soft" }, "result ", make("code", {}, key.slice(0, 16)))),
    make("p", {}, `It stands in ${like.length === 1 ? "one place" : `${like.length} places`}: `, ...like.map((each, place) => {
      const section = each.closest("section[id]");
      const go = make("button", { type: "button", class: "plain" }, section ? `${section.id}` : `${place + 1}`);
      go.addEventListener("click", () => show(each));
      return make("span", {}, go, " ");
    })),
  ];
  panel.replaceChildren(...rows);
}

/** A button that copies a name as answers write it. @param {string} name */
function copying(name) {
  const text = `{{ ${name} }}`;
  const button = make("button", { type: "button", class: "plain", title: `Copy ${text}` }, make("code", {}, name));
  button.addEventListener("click", async () => {
    const said = one("#facts .said", HTMLElement);
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = `Copied ${text}`;
    } catch {
      said.textContent = `The browser does not let this be copied: ${text}`;
    }
  });
  return button;
}

/** @type {[string, string, string, string][]} */
let known = [];

export async function facts() {
  if (!one("#facts", HTMLDetailsElement).open) return;
  const answer = await ask({ about: "facts" });
  known = answer.result ?? [];
  search();
}

export function search() {
  const words = one("#search", HTMLInputElement).value.toLowerCase().split(/\s+/);
  const found = known.filter((fact) => words.every((word) => fact.join(" ").toLowerCase().includes(word)));
  const items = found.slice(0, SHOWN).map(([name, text, , about]) =>
    make("li", {}, make("p", {}, copying(name), " ", make("strong", {}, text)), make("p", { class: "soft" }, about)));
  if (found.length > SHOWN) items.push(make("li", {}, `and ${found.length - SHOWN} more`));
  one("#facts .list", HTMLElement).replaceChildren(...items);
}
