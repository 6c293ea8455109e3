// @ts-check
// The page's own script: takes what has changed from one stream and puts it in place. Nothing it is given is run.
"use strict";

/** @typedef {{file?: string, line?: number, edit?: string}} Place */
/** @typedef {Place & {message: string, remedy: string, of?: string}} Problem */
/** @typedef {Place & {id: string, kind: string, of: string, status: string, sentence: string, expression: string,
 *   measured: [string, string][], tests: {text: string, adjusted: string}[], warnings: string[], reason: string}} Verdict */
/** @typedef {Place & {id: string, number: number, title: string}} Section */
/** @typedef {{name: string, model: string, title: string, status: string, reasons: string[], epochs: number}} Model */
/** @typedef {{epoch: number[], loss: (number|null)[], accuracy: (number|null)[], val_accuracy: (number|null)[]}} Curves */
/** @typedef {{phase: string, epoch: number, epochs: number, step: number, steps: number, note?: string,
 *   since?: number, from?: number, at: number, curves: Curves}} Progress */
/** @typedef {{running: boolean, stopped?: boolean, problems?: Problem[], models: Record<string, Progress>}} Training */
/** @typedef {{language: string, title: string, classes: string, sheets: string[], order: string[]}} Page */
/** @typedef {{index: number, true: string, predicted: string, confidence: number|null, image?: string, row?: string[]}} Item */

/** What the server has said last, by part. @type {Record<string, any>} */
const parts = {};
/** The text of every block of the report. @type {Record<string, string>} */
const texts = {};
/** The blocks as they stand in the page. @type {Map<string, Element>} */
const standing = new Map();
const SHOWN = 80; // facts at a time
const QUIET = 35_000; // ms without a word after which the connection counts as lost

/** @template {Element} T @param {string} selector @param {new (...a: any[]) => T} kind @returns {T} */
function one(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

/**
 * Make an element; text is only ever set as text.
 * @param {string} tag @param {Record<string, string>} [attributes] @param {...(Node|string)} children
 */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const frame = one("#report", HTMLIFrameElement);
const pages = one("#pages", HTMLIFrameElement);

/** The document that the report stands in: no script runs there. @returns {Document} */
function sheet() {
  const found = frame.contentDocument;
  if (!found) throw new Error("the report has no frame");
  return found;
}

// ---- the report --------------------------------------------------------------------------------------------

/** @param {string} html @returns {Element|null} */
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

/** Put the blocks that have changed in place. @param {Page} page @param {Record<string, string>} changed */
function place(page, changed) {
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
      const morphed = Idiomorph.morph(block, changed[name], { morphStyle: "outerHTML" });
      block = /** @type {Element} */ (morphed[0] ?? block);
    }
    standing.set(name, block);
    const next = before ? before.nextElementSibling : body.firstElementChild;
    if (next !== block) body.insertBefore(block, next);
    before = block;
  }
}

/** @param {Page} page */
function dress(page) {
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
function note() {
  for (const marked of sheet().querySelectorAll("[data-note]")) {
    marked.removeAttribute("data-note");
    marked.removeAttribute("title");
  }
  /** @type {[string, Problem[]][]} */
  const kinds = [["typed", [...(parts.typed ?? []), ...(parts.repairs ?? [])]], ["error", parts.problems ?? []]];
  for (const [kind, found] of kinds) {
    for (const problem of found) {
      const block = blockAt(problem);
      block?.setAttribute("data-note", kind);
      block?.setAttribute("title", problem.message);
    }
  }
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

/** @param {Element|null|undefined} target */
function show(target) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "center" });
}

/** Take a click into the report. @param {MouseEvent} event */
function clicked(event) {
  const target = /** @type {Element|null} */ (event.target);
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

// ---- questions and buttons ---------------------------------------------------------------------------------

/** @param {Record<string, unknown>} question @returns {Promise<any>} */
async function ask(question) {
  const answer = await fetch(`/ask?q=${encodeURIComponent(JSON.stringify(question))}`);
  if (!answer.ok) throw new Error(`the preview answers ${answer.status}`);
  return answer.json();
}

/** @param {string} path @param {Record<string, unknown>} [body] */
async function press(path, body = {}) {
  await fetch(path, { method: "POST", body: JSON.stringify(body) });
}

/** @param {Problem} problem */
function told(problem) {
  const text = problem.message + (problem.remedy ? ` (${problem.remedy})` : "");
  return make("span", {}, ...(problem.file ? [where(problem), ": "] : []), text);
}

/** A link that opens the editor. @param {Place} place */
function where(place) {
  const name = place.line ? `${place.file}:${place.line}` : String(place.file);
  return make("a", { href: place.edit ?? "#", title: "Open in the editor" }, name);
}

/** @param {Element} into @param {Problem[]} problems */
function list(into, problems) {
  into.replaceChildren(...problems.map((each) => make("p", { class: "false" }, told(each))));
}

// ---- panels ------------------------------------------------------------------------------------------------

function errors() {
  const panel = one("#errors", HTMLElement);
  const found = /** @type {Problem[]} */ (parts.problems ?? []);
  panel.hidden = !found.length;
  const head = make("h2", {}, `${found.length === 1 ? "An error" : `${found.length} errors`}; the page below is the last good one`);
  panel.replaceChildren(...(found.length ? [head, make("ul", {}, ...found.map((each) => make("li", {}, told(each))))] : []));
}

function contents() {
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

function claims() {
  const found = /** @type {Verdict[]} */ (parts.verdicts ?? []);
  const held = found.filter((each) => each.status === "holds").length;
  one("#claims .count", HTMLElement).textContent = `${held} of ${found.length} hold`;
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
  const word = make("span", { class: `word ${verdict.status.replace(" ", "-")}` }, verdict.status);
  return make("li", {}, make("p", {}, word, " · ", where(verdict)), make("p", {}, go), ...lines.map((line) => make("p", { class: "soft" }, line)));
}

function typed() {
  const found = /** @type {Problem[]} */ ([...(parts.typed ?? []), ...(parts.repairs ?? [])]);
  one("#typed .count", HTMLElement).textContent = String(found.length);
  const items = found.length ? found.map((each) => make("li", {}, told(each))) : [make("li", {}, "Nothing is typed that should be named.")];
  one("#typed .list", HTMLElement).replaceChildren(...items);
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

async function facts() {
  if (!one("#facts", HTMLDetailsElement).open) return;
  const answer = await ask({ about: "facts" });
  known = answer.result ?? [];
  search();
}

function search() {
  const words = one("#search", HTMLInputElement).value.toLowerCase().split(/\s+/);
  const found = known.filter((fact) => words.every((word) => fact.join(" ").toLowerCase().includes(word)));
  const items = found.slice(0, SHOWN).map(([name, text, , about]) =>
    make("li", {}, make("p", {}, copying(name), " ", make("strong", {}, text)), make("p", { class: "soft" }, about)));
  if (found.length > SHOWN) items.push(make("li", {}, `and ${found.length - SHOWN} more`));
  one("#facts .list", HTMLElement).replaceChildren(...items);
}

// ---- training ----------------------------------------------------------------------------------------------

/** @type {Map<string, uPlot>} */
const charts = new Map();

function training() {
  const now = /** @type {Training} */ (parts.training ?? { running: false, models: {} });
  const models = /** @type {Model[]} */ (parts.models ?? []);
  const stale = models.filter((each) => each.status !== "fresh");
  one("#training .count", HTMLElement).textContent = now.running ? "under way" : stale.length ? `${stale.length} stale` : "all fresh";
  one("#train", HTMLButtonElement).disabled = now.running || !stale.length;
  one("#stop", HTMLButtonElement).hidden = !now.running;
  one("#stop", HTMLButtonElement).disabled = Boolean(now.stopped);
  const said = now.running ? (now.stopped ? "Stopping; finished epochs are kept." : "Training.") : now.stopped ? "Stopped; finished epochs are kept." : "";
  one("#training .said", HTMLElement).textContent = said;
  list(one("#training .problems", HTMLElement), now.problems ?? []);
  one("#training .models", HTMLElement).replaceChildren(...models.map((model) => trained(model, now)));
  curves(now, models);
}

/** @param {Model} model @param {Training} now */
function trained(model, now) {
  const word = make("span", { class: `word ${model.status}` }, model.status);
  const rows = [make("p", {}, make("strong", {}, model.name), " ", word)];
  const event = now.models[model.name];
  if (now.running && event) {
    const done = event.phase === "training" && event.epochs ? (event.epoch - 1 + event.step / (event.steps || 1)) / event.epochs : 0;
    const bar = make("progress", { "aria-label": `Progress of ${model.name}`, max: "1", value: String(done) });
    const epochs = event.phase === "training" ? `epoch ${event.epoch} of ${event.epochs}` : event.phase;
    rows.push(bar, make("p", { class: "soft" }, epochs + left(event, done) + (event.note ? ` · ${event.note}` : "")));
  } else if (model.status !== "fresh") {
    rows.push(...model.reasons.map((reason) => make("p", { class: "soft" }, reason)));
    const button = make("button", { type: "button", "aria-label": `Train ${model.name}` }, "Train");
    if (now.running) button.setAttribute("disabled", "");
    button.addEventListener("click", () => void press("/train", { models: [model.model] }));
    rows.push(button);
  }
  return make("li", {}, ...rows);
}

/** How long it will take. @param {Progress} event @param {number} done */
function left(event, done) {
  const begun = event.from ?? 0;
  if (!event.since || done - begun < 0.02) return "";
  const seconds = ((event.at - event.since) / (done - begun)) * (1 - done);
  return seconds < 90 ? ` · about ${Math.round(seconds)} s left` : ` · about ${Math.round(seconds / 60)} min left`;
}

const KINDS = /** @type {const} */ ([["loss", "Loss"], ["accuracy", "Accuracy"], ["val_accuracy", "Validation accuracy"]]);
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/** Draw a curve for every seed. @param {Training} now @param {Model[]} models */
function curves(now, models) {
  const into = one("#training .curves", HTMLElement);
  if (!one("#training", HTMLDetailsElement).open) return;
  const names = [...new Set(models.filter((each) => now.models[each.name]?.curves.epoch.length).map((each) => each.model))];
  const wanted = new Set(names.flatMap((name) => KINDS.map(([kind]) => `${name} ${kind}`)));
  for (const [name, chart] of charts) {
    if (!wanted.has(name)) {
      chart.destroy();
      charts.delete(name);
      into.querySelector(`[data-chart="${CSS.escape(name)}"]`)?.remove();
    }
  }
  for (const name of names) {
    const seeds = models.filter((each) => each.model === name && now.models[each.name]?.curves.epoch.length);
    for (const [kind, title] of KINDS) draw(into, `${name} ${kind}`, `${title} of ${name}`, seeds, kind, now);
  }
}

/**
 * @param {HTMLElement} into @param {string} key @param {string} title @param {Model[]} seeds
 * @param {"loss"|"accuracy"|"val_accuracy"} kind @param {Training} now
 */
function draw(into, key, title, seeds, kind, now) {
  const epochs = [...new Set(seeds.flatMap((each) => now.models[each.name]?.curves.epoch ?? []))].sort((a, b) => a - b);
  const data = seeds.map((each) => {
    const found = now.models[each.name]?.curves;
    return epochs.map((epoch) => found?.[kind][found.epoch.indexOf(epoch)] ?? null);
  });
  const chart = charts.get(key);
  if (chart && chart.series.length === seeds.length + 1) return chart.setData([epochs, ...data]);
  chart?.destroy();
  into.querySelector(`[data-chart="${CSS.escape(key)}"]`)?.remove();
  const box = make("div", { "data-chart": key, role: "img", "aria-label": `${title} against epoch` }, make("h3", {}, title));
  into.append(box);
  const ink = getComputedStyle(document.body).color;
  const axis = { stroke: ink, size: 44, grid: { stroke: "rgba(128,128,128,0.25)", width: 1 } };
  const options = {
    width: Math.max(into.clientWidth, 200),
    height: 130,
    legend: { show: seeds.length > 1 },
    cursor: { show: false },
    scales: { x: { time: false } },
    axes: [{ ...axis, size: 26, incrs: [1, 2, 5, 10, 20, 50, 100] }, axis],
    series: [{ label: "epoch" }, ...seeds.map((each, place) => ({ label: each.name, stroke: COLOURS[place % COLOURS.length], width: 2 }))],
  };
  charts.set(key, new uPlot(options, [epochs, ...data], box));
}

// ---- evidence ----------------------------------------------------------------------------------------------

async function evidence() {
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
async function items(pair) {
  const question = { about: "items", model: one("#model", HTMLSelectElement).value, cell: pair, other: one("#other", HTMLSelectElement).value };
  const answer = await ask(question);
  const into = one("#evidence .items", HTMLElement);
  if (answer.problems) return list(into, answer.problems);
  const { count, items: found } = answer.result;
  const said = found.length < count ? `${count} items; the ${found.length} that the model was surest of` : `${count} items, the surest first`;
  into.replaceChildren(make("p", {}, said), ...found.map(item));
}

/** @param {Item} found */
function item(found) {
  const sure = found.confidence === null ? "" : `, ${Math.round(found.confidence * 100)} %`;
  const about = `${found.true} taken for ${found.predicted}${sure}`;
  const shown = found.image ? make("img", { src: found.image, alt: `Test item ${found.index}: ${about}` }) : make("code", {}, (found.row ?? []).join(", "));
  return make("figure", {}, shown, make("figcaption", {}, about));
}

// ---- pages and export --------------------------------------------------------------------------------------

const paged = () => one('[name="view"][value="paged"]', HTMLInputElement).checked;

function flowing() {
  if (narrow.matches) fold(true);
  one('[name="view"][value="flowing"]', HTMLInputElement).checked = true;
  view();
}

function view() {
  frame.hidden = paged() && Boolean(parts.pages?.address);
  pages.hidden = !frame.hidden;
  if (frame.hidden) {
    const address = `${parts.pages.address}#toolbar=0&navpanes=0&view=FitH`;
    if (pages.getAttribute("src") !== address) pages.src = address;
  }
}

/** @type {ReturnType<typeof setTimeout>|undefined} */
let setting;

function setPages() {
  clearTimeout(setting);
  setting = setTimeout(() => paged() && void press("/pages"), 400);
}

function exported() {
  const now = parts.export ?? {};
  one("#build", HTMLButtonElement).disabled = Boolean(now.running);
  const written = now.written?.length ? `Written: ${now.written.join(", ")}.` : now.written ? "Nothing to do: everything is up to date." : "";
  const warned = (now.warnings ?? []).map((/** @type {string} */ text) => ` Warning: ${text}.`).join("");
  one("#export .said", HTMLElement).textContent = now.running ? `${now.step ?? "building"} …` : now.problems?.length ? "Nothing was written:" : written + warned;
  list(one("#export .problems", HTMLElement), now.problems ?? []);
}

// ---- the stream --------------------------------------------------------------------------------------------

let heard = Date.now();
/** @type {EventSource|undefined} */
let stream;

/** @param {string} text @param {boolean} [lost] */
function state(text, lost = false) {
  const shown = one("#state", HTMLElement);
  if (shown.textContent !== text) shown.textContent = text;
  shown.classList.toggle("lost", lost);
}

function standingState() {
  if (paged() && parts.pages?.running) return state("setting pages …");
  if (parts.state === "rendering") return state("rendering …");
  state(parts.problems?.length ? "the last good page" : "live");
}

/** @param {Record<string, any>} now */
function take(now) {
  const { blocks, ...rest } = now;
  Object.assign(parts, rest);
  if (now.page) dress(now.page);
  if ((blocks || now.page) && parts.page) place(parts.page, blocks ?? {});
  if (blocks || now.typed || now.problems || now.repairs) note();
  if (now.sections) contents();
  if (now.verdicts) claims();
  if (now.typed || now.repairs) typed();
  if (now.problems) errors();
  if (now.models || now.training) training();
  if (now.measured || now.models) {
    void evidence();
    void facts();
  }
  if (now.export) exported();
  if (now.pages) view();
  if (blocks && paged()) setPages();
  standingState();
}

function connect() {
  stream?.close();
  stream = new EventSource("/events");
  stream.onopen = () => {
    heard = Date.now();
  };
  stream.onmessage = (event) => {
    heard = Date.now();
    take(JSON.parse(event.data));
  };
  stream.onerror = () => {
    state("connection lost; trying again", true);
    if (stream?.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  };
}

const narrow = matchMedia("(max-width: 900px)");

/** Fold the panels away, or open them. @param {boolean} away */
function fold(away) {
  document.body.classList.toggle("folded", away);
  one("#fold", HTMLButtonElement).setAttribute("aria-expanded", String(!away));
}

function begin() {
  sheet().addEventListener("click", clicked);
  for (const input of document.querySelectorAll('[name="view"]')) {
    input.addEventListener("change", () => {
      if (paged()) void press("/pages");
      view();
      standingState();
    });
  }
  one("#fold", HTMLButtonElement).addEventListener("click", () => {
    fold(!document.body.classList.contains("folded"));
  });
  fold(narrow.matches);
  one("#train", HTMLButtonElement).addEventListener("click", () => void press("/train"));
  one("#stop", HTMLButtonElement).addEventListener("click", () => void press("/stop"));
  one("#build", HTMLButtonElement).addEventListener("click", () => void press("/export"));
  one("#search", HTMLInputElement).addEventListener("input", search);
  one("#facts", HTMLDetailsElement).addEventListener("toggle", () => void facts());
  one("#evidence", HTMLDetailsElement).addEventListener("toggle", () => void evidence());
  one("#training", HTMLDetailsElement).addEventListener("toggle", training);
  one("#model", HTMLSelectElement).addEventListener("change", () => void evidence());
  one("#other", HTMLSelectElement).addEventListener("change", () => void items(null));
  setInterval(() => {
    if (Date.now() - heard > QUIET) {
      heard = Date.now();
      state("connection lost; trying again", true);
      connect();
    }
  }, 5000);
  connect();
}

if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL.endsWith("/frame")) begin();
else frame.addEventListener("load", begin, { once: true });
