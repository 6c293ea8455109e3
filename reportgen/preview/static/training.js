// @ts-check
// The panel of training: what is stale and why, and the curves of what trains.

import { list, make, one, parts, press } from "./page.js";

/** @typedef {import("./types.js").Model} Model */
/** @typedef {import("./types.js").Progress} Progress */
/** @typedef {import("./types.js").Training} Training */

/** @type {Map<string, uPlot>} */
const charts = new Map();

export function training() {
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
