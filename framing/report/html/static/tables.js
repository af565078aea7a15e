// Tables: their rows are chosen, sorted and followed to their sentences; intervals are drawn inside.
let tableCount = 0;

function buildTable(spec) {
  const id = `t-${spec.id}`;
  const state = { sort: spec.sort ?? null, facets: {}, all: false };
  for (const column of spec.columns) if (column.start !== undefined) state.facets[column.key] = column.start;
  const body = h("tbody");
  const status = h("p", { class: "quiet", role: "status" });
  const more = h("button", { type: "button", class: "plain", onclick: () => { state.all = !state.all; draw(); } });
  const heads = spec.columns.map((column) => header(column, state, () => draw()));
  const evidence = spec.rows.some((row) => row.at !== undefined);
  const label = h("caption", { class: "vh" }, spec.title);
  const headRow = h("tr", {}, heads, evidence ? h("th", { scope: "col" }, h("span", { class: "vh" }, UI.sentences.replace("{n} ", ""))) : null);
  const table = h("table", { id }, label, h("thead", {}, headRow), body);

  function draw() {
    const chosen = spec.rows.filter((row) => Object.entries(state.facets).every(([key, value]) => value === "" || String(row[key]) === value));
    const rows = ordered(chosen, spec, state.sort);
    const shown = state.all ? rows : rows.slice(0, spec.shown);
    const grouped = spec.group && !state.sort ? spec.group : null;
    body.replaceChildren(...shown.flatMap((row, place) => bodyRow(row, spec, evidence, grouped && place && shown[place - 1][grouped] !== row[grouped])));
    if (!rows.length) body.append(h("tr", {}, h("td", { colspan: spec.columns.length + 1 }, UI.rows_none)));
    status.textContent = say("rows_shown", { n: shown.length, all: rows.length });
    more.hidden = rows.length <= spec.shown;
    more.textContent = state.all ? UI.rows_fewer : say("rows_all", { n: rows.length });
    for (const [place, column] of spec.columns.entries()) {
      const own = state.sort && state.sort[0] === column.key;
      heads[place].setAttribute("aria-sort", own ? state.sort[1] : "none");
    }
  }

  const wrap = h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": spec.title }, table);
  draw();
  return h("div", { class: "table", id: `table-${spec.id}` }, h("h3", {}, spec.title), chooser(spec, state, id, () => draw()), wrap, h("div", { class: "under" }, status, more), how(spec));
}

function header(column, state, draw) {
  const numeric = !["text", "ar", "stack"].includes(column.kind);
  if (column.kind === "stack") return h("th", { scope: "col" }, column.label, legend(column));
  const turn = () => {
    const first = numeric ? "descending" : "ascending";
    const own = state.sort && state.sort[0] === column.key;
    state.sort = [column.key, own ? (state.sort[1] === "ascending" ? "descending" : "ascending") : first];
    draw();
  };
  const button = h("button", { type: "button", class: "sort", onclick: turn }, column.label);
  return h("th", { scope: "col", class: numeric && column.kind !== "interval" ? "n" : column.kind === "ar" && BOOK.direction === "rtl" ? "words" : null }, button, column.kind === "interval" ? axis(column) : null);
}

// The ends of an interval's axis, and zero or its marks between them.
function axis(column) {
  const [least, most] = column.domain;
  const between = [...(column.zero ? [0] : []), ...(column.marks ?? [])].filter((tick) => tick > least && tick < most);
  const words = (tick) => (column.unit === "share" ? percent(tick) : whole(String(Number(tick.toFixed(tick && Math.abs(tick) < 1 ? 3 : 1))).replace("-", "−")));
  const ticks = [least, ...between, most].map((tick) => h("span", { vars: { "--x": `${(100 * (tick - least)) / (most - least)}%` } }, words(tick)));
  return h("span", { class: "cell axis", "aria-hidden": "true" }, h("span", { class: "ticks" }, ticks), h("span", { class: "figure" }));
}

function ordered(rows, spec, sort) {
  if (!sort) return rows;
  const [key, direction] = sort;
  const sign = direction === "ascending" ? 1 : -1;
  const empty = (value) => value === null || value === undefined || value === "";
  return rows
    .map((row, place) => [row, place])
    .sort(([a, i], [b, j]) => {
      const x = a[key], y = b[key];
      if (empty(x) || empty(y)) return empty(x) - empty(y) || i - j;
      return (isNumber(x) && isNumber(y) ? sign * (x - y) : sign * String(x).localeCompare(String(y), BOOK.language)) || i - j;
    })
    .map(([row]) => row);
}

function chooser(spec, state, id, draw) {
  const facets = spec.columns.filter((column) => column.facet);
  if (!facets.length || spec.rows.length <= 8) return null;
  return h("div", { class: "facets" }, facets.map((column) => {
    const values = [...new Set(spec.rows.map((row) => row[column.key]))].filter((value) => value !== null && value !== undefined && value !== "");
    if (values.length < 2) return null;
    const options = [h("option", { value: "" }, UI.any), ...values.map((value) => h("option", { value }, String(value)))];
    const select = h("select", { id: `${id}-${column.key}`, onchange: (event) => { state.facets[column.key] = event.target.value; draw(); } }, options);
    select.value = state.facets[column.key] ?? "";
    return h("label", { for: select.id }, h("span", {}, column.label), select);
  }));
}

function bodyRow(row, spec, evidence, breaks) {
  const cells = spec.columns.map((column, place) => {
    const cell = drawCell(row, column, spec);
    if (place === 0) { cell.classList.add("first"); }
    return cell;
  });
  const tr = h("tr", { class: breaks ? "breaks" : null }, cells);
  if (!evidence) return [tr];
  const places = sentences(row.at ?? []);
  const name = spec.columns.filter((c) => c.kind === "text" || c.kind === "ar").slice(0, 3).map((c) => row[c.key]).filter(Boolean).join(", ");
  if (!places.length) return [fill(tr, {}, [h("td", { class: "n quiet" }, MISSING)])];
  if (places.length === 1) {
    const go = h("button", { type: "button", class: "link", "aria-label": `${UI.show}: ${name}`, onclick: () => jump(places[0]) }, `${UI.show} ↑`);
    return [fill(tr, {}, [h("td", { class: "n" }, go)])];
  }
  const id = `behind-${++tableCount}`;
  const behind = h("tr", { class: "behind", id, hidden: true });
  const open = h("button", { type: "button", class: "link", "aria-expanded": "false", "aria-controls": id, "aria-label": `${say("sentences", { n: places.length })}: ${name}` }, say("sentences", { n: places.length }));
  open.addEventListener("click", () => {
    const opening = behind.hidden;
    if (opening && !behind.firstChild) behind.append(h("td", { colspan: spec.columns.length + 1 }, h("ul", { class: "sentences", "aria-label": say("sentences_of", { row: name }) }, places.map(sentenceItem))));
    behind.hidden = !opening;
    open.setAttribute("aria-expanded", String(opening));
  });
  fill(tr, {}, [h("td", { class: "n" }, open)]);
  return [tr, behind];
}

function drawCell(row, column, spec) {
  const value = row[column.key];
  if (column.kind === "interval") return h("td", { class: "plot" }, interval(row, column, spec));
  if (column.kind === "stack") return h("td", { class: "plot" }, stack(row, column, spec));
  if (column.kind === "number") return h("td", { class: "n" }, number(value, column.digits ?? 0));
  if (column.kind === "share") return h("td", { class: "n" }, percent(value));
  if (column.kind === "p") return h("td", { class: "n" }, probability(value));
  const text = value === null || value === undefined || value === "" ? MISSING : String(value);
  const own = BOOK.direction === "rtl" ? "words" : null;
  if (column.kind === "ar") return h("td", { class: own }, arabic("span", text, { class: "ar" }));
  const frame = column.key === "frame" && FRAME.get(row.colour);
  return h("td", { dir: "auto" }, frame ? h("span", { class: "dot", "aria-hidden": "true", vars: { "--c": frame.colour } }) : null, text);
}

// A dot at the estimate, a line over its interval, on an axis that all rows of the table share.
function interval(row, column, spec) {
  const [least, most] = column.domain;
  const place = (v) => `${(100 * (Math.min(Math.max(v, least), most) - least)) / (most - least)}%`;
  const words = (v) => (column.unit === "share" ? percent(v, column.digits ?? 0) : number(v, column.digits ?? 2, column.signed));
  const value = row[column.key];
  const bounded = isNumber(row.low) && isNumber(row.high);
  const text = isNumber(value) ? words(value) : MISSING;
  const range = bounded ? whole(`[${words(row.low)}, ${words(row.high)}]`) : "";
  const colour = row.colour ? FRAME.get(row.colour)?.colour : null;
  const track = h("span", { class: "track", "aria-hidden": "true", vars: colour ? { "--c": colour } : {} });
  if (column.zero) track.append(h("i", { class: "zero", vars: { "--x": place(0) } }));
  for (const mark of column.marks ?? []) track.append(h("i", { class: "mark", vars: { "--x": place(mark) } }));
  if (bounded) track.append(h("i", { class: "line", vars: { "--x": place(row.low), "--y": `${100 - parseFloat(place(row.high))}%` } }));
  if (column.bar && isNumber(value)) track.append(h("i", { class: "bar", vars: { "--y": `${100 - parseFloat(place(value))}%` } }));
  else if (isNumber(value)) track.append(h("i", { class: "point", vars: { "--x": place(value) } }));
  const name = spec.columns.filter((c) => c.kind === "text" || c.kind === "ar").map((c) => row[c.key]).filter(Boolean).slice(0, 4).join(" · ");
  const lines = [name, `${column.label}: ${text} ${range}`];
  if (isNumber(row.n_units)) lines.push(`n = ${row.n_units}`);
  withTip(track, () => lines);
  return h("span", { class: "cell" }, track, h("span", { class: "figure" }, text, range ? h("small", {}, ` ${range}`) : null));
}

const paletteOf = (column) => (column.palette === "tones" ? TONE : VOICE);
const partWord = (column, part) => (column.palette === "tones" ? toneText(part) : named(part));
const partColour = (column, part, place) => paletteOf(column).get(part)?.colour ?? ["#8a8f98", "#17807e", "#b8577e"][place % 3];

function stack(row, column, spec) {
  const counts = row[column.key];
  const total = counts.reduce((sum, n) => sum + n, 0);
  const bar = h("span", { class: "stack", "aria-hidden": "true" });
  counts.forEach((n, place) => {
    if (!n) return;
    const part = column.parts[place];
    const piece = h("i", { vars: { "--c": partColour(column, part, place), "flex-grow": String(n) } });
    bar.append(withTip(piece, () => [row.outlet, `${partWord(column, part)}: ${n} (${percent(n / total)})`]));
  });
  const words = counts.map((n, place) => `${partWord(column, column.parts[place])} ${n}`).join(", ");
  return h("span", { class: "cell" }, bar, h("span", { class: "vh" }, words), h("span", { class: "figure", "aria-hidden": "true" }, counts.join(" · ")));
}

function legend(column) {
  return h("span", { class: "legend" }, column.parts.map((part, place) => h("span", {}, h("i", { class: "dot", "aria-hidden": "true", vars: { "--c": partColour(column, part, place) } }), partWord(column, part))));
}

function how(spec) {
  const notes = spec.notes.map((name) => DATA.notes[name]).filter(Boolean);
  if (!notes.length) return null;
  return h("details", { class: "how" }, h("summary", {}, UI.how), notes.map(noteBody));
}

function noteBody(note) {
  const key = note.seed === null || note.seed === undefined ? "rests_on" : "rests_on_seed";
  const rests = say(key, { articles: note.n_articles, units: number(note.n_units), seed: note.seed });
  return h("div", { class: "note" }, h("p", {}, h("b", {}, `${UI.estimand}. `), english("span", note.estimand)), h("p", {}, h("b", {}, `${UI.method_word}. `), english("span", note.method)), h("p", { class: "quiet" }, rests), (note.caveats ?? []).map((caveat) => english("p", caveat)));
}
