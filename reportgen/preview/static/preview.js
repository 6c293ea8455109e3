// @ts-check
// The page's own script: takes what has changed from one stream. Nothing that it is given is run.

import { evidence, items } from "./evidence.js";
import { fold, frame, list, narrow, one, parts, press, sheet } from "./page.js";
import { claims, clicked, contents, errors, facts, pressed, search, typed } from "./panels.js";
import { dress, note, paged, place, setPages, view } from "./report.js";
import { training } from "./training.js";

const QUIET = 35_000; // ms without a word after which the connection counts as lost

function exported() {
  const now = parts.export ?? {};
  one("#build", HTMLButtonElement).disabled = Boolean(now.running);
  const written = now.written?.length ? `Written: ${now.written.join(", ")}.` : now.written ? "Nothing to do: everything is up to date." : "";
  const warned = (now.warnings ?? []).map((/** @type {string} */ text) => ` Warning: ${text}.`).join("");
  one("#export .said", HTMLElement).textContent = now.running ? `${now.step ?? "building"} …` : now.problems?.length ? "Nothing was written:" : written + warned;
  list(one("#export .problems", HTMLElement), now.problems ?? []);
}

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
  if (now.models || now.training || now.epochs || now.table) training();
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

function begin() {
  sheet().addEventListener("click", clicked);
  sheet().addEventListener("keydown", pressed);
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
