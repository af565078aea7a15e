// The articles: units tinted by their codes, chosen by filters, and all that is known of one of them.
const view = { colour: "frame", outlet: "", frame: "", tone: "", voice: "", errors: false, words: "" };
const details = document.getElementById("details-body");
const matching = h("p", { class: "quiet", role: "status" });

function buildReader() {
  const texts = document.getElementById("texts");
  DATA.articles.forEach((article, place) => {
    const id = `article-${place}`;
    const facts = [article.doc_id, article.published].filter(Boolean).join(" · ");
    const body = h("div", { class: "text", lang: BOOK.language, dir: BOOK.direction });
    let paragraph = null, block = null;
    DATA.units.forEach((unit, number) => {
      if (unit.article !== place) return;
      const own = `${unit.paragraph}/${unit.type}`;
      if (own !== paragraph) body.append((block = h("p", { class: unit.type })));
      else block.append(" ");
      paragraph = own;
      block.append(unitElement(unit, number));
    });
    texts.append(h("article", { id, "aria-labelledby": `${id}-name` }, h("header", {}, h("h3", { id: `${id}-name`, dir: "auto" }, article.outlet_ar || article.outlet), h("span", { class: "quiet" }, facts)), body));
  });
  buildFilters();
  document.getElementById("close").addEventListener("click", () => leave());
  drawReader();
  const first = new Set();
  unitElements.forEach((element, place) => {
    const { article } = DATA.units[place];
    element.tabIndex = first.has(article) ? -1 : 0;
    first.add(article);
  });
}

function unitElement(unit, place) {
  const codes = h("span", { class: "vh", lang: DATA.language, dir: DATA.direction }, ` [${describe(unit.codes).join("; ")}] `);
  const element = h("span", { class: "unit", role: "button", id: `unit-${place}`, onclick: () => choose(place), onkeydown: (event) => keys(event, place) }, h("span", { class: "words" }, unit.text), codes);
  unitElements[place] = element;
  return withTip(element, () => describe(unit.codes));
}

// Enter and space choose; arrows go to the next unit that matches, in this article.
function keys(event, place) {
  const steps = { ArrowDown: 1, ArrowUp: -1, ArrowLeft: BOOK.direction === "rtl" ? 1 : -1, ArrowRight: BOOK.direction === "rtl" ? -1 : 1 };
  if (event.key === "Enter" || event.key === " ") choose(place);
  else if (event.key in steps) {
    let next = place + steps[event.key];
    while (DATA.units[next] && DATA.units[next].article === DATA.units[place].article && !matches(DATA.units[next])) next += steps[event.key];
    if (DATA.units[next]?.article !== DATA.units[place].article) return event.preventDefault();
    unitElements[place].tabIndex = -1;
    unitElements[next].tabIndex = 0;
    unitElements[next].focus();
  } else return;
  event.preventDefault();
}

function filter(key, label, options) {
  if (!options.length) return null;
  const id = `filter-${key}`;
  const select = h("select", { id, onchange: (event) => { view[key] = event.target.value; drawReader(); } }, h("option", { value: "" }, UI.any), options.map(([value, text]) => h("option", { value }, text)));
  return h("label", { for: id }, h("span", {}, label), select);
}

function buildFilters() {
  const ways = [["frame", BOOK.frames], ["tone", BOOK.tones], ["voice", BOOK.voices]].filter(([, values]) => values.length);
  const colours = h("fieldset", {}, h("legend", {}, UI.colour_by), h("div", { class: "segments" }, ways.map(([way]) => h("label", {}, h("input", { type: "radio", name: "colour", value: way, checked: way === view.colour, onchange: () => { view.colour = way; drawReader(); } }), h("span", {}, UI[way])))));
  const outlets = [...new Set(DATA.articles.map((article) => article.outlet))].sort().map((outlet) => [outlet, outlet]);
  const errors = DATA.units.some((unit) => unit.errors) ? h("label", { class: "check" }, h("input", { type: "checkbox", id: "filter-errors", onchange: (event) => { view.errors = event.target.checked; drawReader(); } }), h("span", {}, UI.filter_errors)) : null;
  const words = h("label", { for: "filter-words" }, h("span", {}, UI.filter_search), h("input", { type: "search", id: "filter-words", dir: "auto", oninput: (event) => { view.words = event.target.value.trim(); drawReader(); } }));
  const frames = BOOK.frames.map((frame) => [frame.id, `${frame.label} · ${frame.other}`]);
  const form = document.getElementById("filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.append(
    colours, h("div", { id: "key" }),
    h("div", { class: "selects" }, filter("outlet", UI.filter_outlet, outlets), filter("frame", UI.filter_frame, [...frames, ["-", UI.none]]), filter("tone", UI.filter_tone, BOOK.tones.map((tone) => [tone.id, toneText(tone.id)])), filter("voice", UI.filter_voice, BOOK.voices.map((voice) => [voice.id, voice.label])), words),
    ...[errors].filter(Boolean),
    h("div", { class: "under" }, matching, h("button", { type: "button", class: "plain", id: "reset", onclick: () => clearFilters() }, UI.reset)),
  );
}

function clearFilters() {
  Object.assign(view, { outlet: "", frame: "", tone: "", voice: "", errors: false, words: "" });
  for (const field of document.querySelectorAll("#filters select, #filters input[type=search]")) field.value = "";
  const box = document.getElementById("filter-errors");
  if (box) box.checked = false;
  drawReader();
}

function matches(unit) {
  const codes = unit.codes;
  if (view.outlet && DATA.articles[unit.article].outlet !== view.outlet) return false;
  if (view.frame === "-" ? !codes || codes.frames.length : view.frame && !codes?.frames.includes(view.frame)) return false;
  if (view.tone && codes?.tone !== view.tone) return false;
  if (view.voice && codes?.voice !== view.voice) return false;
  if (view.errors && !unit.errors) return false;
  return !view.words || unit.text.includes(view.words);
}

function tints(unit) {
  const codes = unit.codes;
  if (!codes) return [];
  if (view.colour === "frame") return codes.frames.map((id) => FRAME.get(id));
  return [view.colour === "tone" ? TONE.get(codes.tone) : VOICE.get(codes.voice)].filter(Boolean);
}

function drawReader() {
  let count = 0;
  const seen = new Set();
  DATA.units.forEach((unit, place) => {
    const own = matches(unit), element = unitElements[place];
    const colours = own ? tints(unit) : [];
    element.classList.toggle("off", !own);
    element.classList.toggle("tinted", colours.length > 0);
    element.classList.toggle("two", colours.length > 1);
    colours.slice(0, 2).forEach((entry, n) => { for (const [key, value] of Object.entries(shade(entry))) element.style.setProperty(n ? key.replace("--", "--second-") : key, value); });
    if (own) { count += 1; seen.add(unit.article); }
  });
  DATA.articles.forEach((_, place) => { document.getElementById(`article-${place}`).hidden = !seen.has(place); });
  matching.textContent = say("matching", { n: count, all: DATA.units.length });
  drawKey();
}

function drawKey() {
  const entries = { frame: BOOK.frames, tone: BOOK.tones, voice: BOOK.voices }[view.colour];
  const word = (entry) => (view.colour === "frame" ? [entry.label, " ", arabic("span", entry.other, { class: "quiet" })] : [view.colour === "tone" ? toneText(entry.id) : entry.label]);
  document.getElementById("key").replaceChildren(h("ul", { class: "key" }, entries.map((entry) => h("li", { title: entry.definition ?? entry.meaning ?? null }, h("span", { class: "swatch", vars: shade(entry), "aria-hidden": "true" }), h("span", {}, word(entry))))));
}

function choose(place) {
  const unit = DATA.units[place], codes = unit.codes;
  document.querySelector(".unit.chosen")?.classList.remove("chosen");
  unitElements[place].classList.add("chosen");
  const rows = [];
  const row = (name, ...value) => rows.push(h("dt", {}, name), h("dd", {}, ...value));
  if (!codes) row(UI.gold, UI.not_coded);
  else {
    row(UI.frame, codes.frames.length ? codes.frames.map((id) => h("div", {}, h("span", { class: "dot", "aria-hidden": "true", vars: { "--c": FRAME.get(id).colour } }), FRAME.get(id).label, " ", arabic("span", FRAME.get(id).other, { class: "quiet" }), h("p", { class: "quiet", dir: "auto" }, FRAME.get(id).definition))) : UI.none);
    if (codes.tone !== undefined) row(UI.tone, toneText(codes.tone));
    for (const [party, value] of Object.entries(codes.towards ?? {})) row(say("towards", { party: PARTY.get(party) ?? party }), toneText(value));
    if (codes.voice !== undefined) row(UI.voice, named(codes.voice), h("p", { class: "quiet", dir: "auto" }, VOICE.get(codes.voice)?.meaning ?? ""));
  }
  const read = unit.read ?? {};
  if (read.voice) row(UI.by_rule, named(read.voice), ...(read.source ? [": ", arabic("span", read.source)] : []));
  if (read.figures) row(UI.figures_in, read.figures.map((figure) => arabic("div", figure)));
  if (unit.errors) row(UI.machine, unit.errors.map((error) => h("div", {}, error.kind !== undefined
    ? say("machine_frame", { label: FRAME.get(error.label)?.label ?? error.label, kind: error.kind, probability: number(error.probability, 2) })
    : say("machine_tone", { decided: number(error.decided, 0, true), gold: number(error.gold, 0, true), probability: number(error.probability, 2) }))));
  details.closest("section").classList.remove("empty");
  details.replaceChildren(h("p", { class: "quiet" }, unitName(place)), h("p", { class: "quoted", lang: BOOK.language, dir: BOOK.direction }, unit.text), h("dl", {}, rows));
}

// Let go of the chosen unit, and give the focus back to it.
function leave() {
  const element = document.querySelector(".unit.chosen");
  details.closest("section").classList.add("empty");
  details.replaceChildren(h("p", { class: "quiet" }, UI.details_empty));
  element?.classList.remove("chosen");
  element?.focus({ preventScroll: true });
}
