// @ts-check
// The panel of training: what is stale and why, and the curves of what trains.

import { list, make, one, parts, press } from "./page.js";

/** @typedef {import("./types.js").Epochs} Epochs */
/** @typedef {import("./types.js").Model} Model */
/** @typedef {import("./types.js").Progress} Progress */
/** @typedef {import("./types.js").Training} Training */

/** @type {Map<string, uPlot>} */
const charts = new Map();

export function training() {
  const now = /** @type {Training} */ (parts.training ?? { running: false, models: {} });
  const models = /** @type {Model[]} */ (parts.models ?? []);
  const stale = models.filter((each) => each.status !== "fresh");
  const rows = table();
  one("#training .count", HTMLElement).textContent = now.running || rows ? "under way" : stale.length ? `${stale.length} stale` : "all fresh";
  one("#train", HTMLButtonElement).disabled = now.running || !stale.length;
  one("#stop", HTMLButtonElement).hidden = !now.running;
  one("#stop", HTMLButtonElement).disabled = Boolean(now.stopped);
  const said = now.running ? (now.stopped ? "Stopping; finished epochs are kept." : "Training.") : now.stopped ? "Stopped; finished epochs are kept." : "";
  one("#training .said", HTMLElement).textContent = said;
  list(one("#training .problems", HTMLElement), now.problems ?? []);
  one("#training .models", HTMLElement).replaceChildren(...models.map((model) => trained(model, now)));
  curves(models);
}

/** Show the table of what trains, here and on other machines; return how many that are. */
function table() {
  const [head = [], ...rows] = /** @type {string[][]} */ (parts.table ?? []);
  const cells = (/** @type {string[]} */ row, /** @type {string} */ kind) => make("tr", {}, ...row.map((text) => make(kind, kind === "th" ? { scope: "col" } : {}, text)));
  const shown = one("#training .running", HTMLTableElement);
  shown.hidden = !rows.length;
  shown.replaceChildren(make("caption", { class: "unseen" }, "What trains now"), make("thead", {}, cells(head, "th")), make("tbody", {}, ...rows.map((row) => cells(row, "td"))));
  return rows.length;
}

/** @param {Model} model @param {Training} now */
function trained(model, now) {
  const word = make("span", { class: `word ${model.status}` }, model.status);
  const rows = [make("p", {}, make("strong", {}, model.name), " ", word)];
  const event = now.models[model.name];
  if (now.running && event) {
    const done = event.phase === "training" && event.epochs ? (event.epoch - 1 + event.step / (event.steps || 1)) / event.epochs : 0;
    const bar = make("progress", { "aria-label": `Progress of ${model.name}`, max: "1", value: String(done) });
    rows.push(bar, ...(event.note ? [make("p", { class: "soft" }, event.note)] : []));
  } else if (model.status !== "fresh") {
    const done = kept(model.name)?.loss.length;
    if (done) rows.push(make("p", {}, `${done} of ${model.epochs} epochs are done, here or by a command.`));
    rows.push(...model.reasons.map((reason) => make("p", { class: "soft" }, reason)));
    const button = make("button", { type: "button", "aria-label": `Train ${model.name}` }, "Train");
    if (now.running) button.setAttribute("disabled", "");
    button.addEventListener("click", () => void press("/train", { models: [model.model] }));
    rows.push(button);
  }
  return make("li", {}, ...rows);
}

/** @typedef {keyof Epochs} Kind */
/** What is drawn together: title, and the curves of training and validation. @type {[string, Kind, Kind?][]} */
const CHARTS = [["Loss", "loss", "val_loss"], ["Accuracy", "accuracy", "val_accuracy"], ["Learning rate", "learning_rate"]];
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/** The epochs of a model that are in the store. @param {string} name @returns {Epochs|undefined} */
function kept(name) {
  return /** @type {Record<string, Epochs>} */ (parts.epochs ?? {})[name];
}

/** The values of a curve by epoch: what is in the store, then what was told since. @param {string} name @param {Kind} kind */
function values(name, kind) {
  /** @type {(number|null)[]} */
  const found = [...(kept(name)?.[kind] ?? [])];
  const live = /** @type {Training|undefined} */ (parts.training)?.models[name]?.curves;
  live?.epoch.forEach((epoch, place) => {
    while (found.length < epoch) found.push(null);
    if (kind === "loss" || kind === "accuracy" || kind === "val_accuracy") found[epoch - 1] ??= live[kind][place] ?? null;
  });
  return found;
}

/** Draw a curve for every seed. @param {Model[]} models */
function curves(models) {
  const into = one("#training .curves", HTMLElement);
  if (!one("#training", HTMLDetailsElement).open) return;
  const shown = models.filter((each) => values(each.name, "loss").length);
  const names = [...new Set(shown.map((each) => each.model))];
  const drawn = names.flatMap((name) => {
    const seeds = shown.filter((each) => each.model === name);
    const told = CHARTS.filter(([, kind]) => seeds.some((each) => values(each.name, kind).some((value) => value !== null)));
    return told.map(([title, ...kinds]) => ({ title: `${title} of ${name}`, seeds, kinds }));
  });
  const wanted = new Set(drawn.map((each) => each.title));
  for (const [name, chart] of charts) {
    if (!wanted.has(name)) {
      chart.destroy();
      charts.delete(name);
      into.querySelector(`[data-chart="${CSS.escape(name)}"]`)?.remove();
    }
  }
  for (const { title, seeds, kinds } of drawn) draw(into, title, seeds, kinds);
}

/** @param {HTMLElement} into @param {string} title @param {Model[]} seeds @param {(Kind|undefined)[]} kinds */
function draw(into, title, seeds, kinds) {
  const drawn = kinds.flatMap((kind, dashed) => seeds.map((each, place) => ({
    label: `${each.name}${dashed ? ", validation" : ""}`,
    stroke: COLOURS[place % COLOURS.length],
    width: 2,
    ...(dashed ? { dash: [6, 4] } : {}),
    values: kind ? values(each.name, kind) : [],
  })));
  const epochs = Array.from({ length: Math.max(...drawn.map((each) => each.values.length)) }, (_, place) => place + 1);
  const data = [epochs, ...drawn.map((each) => epochs.map((epoch) => each.values[epoch - 1] ?? null))];
  const chart = charts.get(title);
  if (chart && chart.series.length === data.length) return chart.setData(data);
  chart?.destroy();
  into.querySelector(`[data-chart="${CSS.escape(title)}"]`)?.remove();
  const about = kinds.length > 1 ? `${title}; dashed: validation` : title;
  const box = make("div", { "data-chart": title, role: "img", "aria-label": `${about}, against epoch` }, make("h3", {}, about));
  into.append(box);
  const axis = { stroke: getComputedStyle(document.body).color, size: 50, grid: { stroke: "rgba(128,128,128,0.25)", width: 1 } };
  const options = {
    width: Math.max(into.clientWidth, 200),
    height: 130,
    legend: { show: seeds.length > 1 && kinds[0] === "loss", live: false },
    cursor: { show: false },
    scales: { x: { time: false } },
    axes: [{ ...axis, size: 26, incrs: [1, 2, 5, 10, 20, 50, 100] }, axis],
    series: [{ label: "epoch" }, ...drawn.map(({ values: _, ...series }) => series)],
  };
  charts.set(title, new uPlot(options, data, box));
}
