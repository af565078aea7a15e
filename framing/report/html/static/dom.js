// Elements, texts and numbers. Whatever comes from the study enters the page as text, never as markup.
const DATA = JSON.parse(document.getElementById("data").textContent);
const UI = DATA.ui;
const BOOK = DATA.codebook;
const SVG = "http://www.w3.org/2000/svg";

// h("p", {class: "x", onclick: f}, "text", child): an element with its attributes, listeners and children.
function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function s(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "vars") for (const [name, v] of Object.entries(value)) element.style.setProperty(name, v);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// Words of the page with their {gaps} filled.
function say(key, gaps = {}) {
  return UI[key].replace(/\{(\w+)\}/g, (_, name) => (name in gaps ? String(gaps[name]) : ""));
}

const MISSING = "–";
const isNumber = (value) => typeof value === "number";

// Numbers with their signs run from left to right in a page that does not (U+2066 and U+2069 isolate them).
const whole = (text) => (DATA.direction === "rtl" ? `\u2066${text}\u2069` : text);

function number(value, digits = 0, signed = false) {
  if (!isNumber(value)) return MISSING;
  const text = Math.abs(value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const zero = Number(value.toFixed(digits)) === 0;
  const sign = zero ? "" : value < 0 ? "−" : signed ? "+" : "";
  return sign ? whole(sign + text) : text;
}

const percent = (value, digits = 0) => (isNumber(value) ? whole(`${number(100 * value, digits)}%`) : MISSING);
const probability = (value) => (!isNumber(value) ? MISSING : DATA.direction === "rtl" ? whole(value < 0.001 ? "< 0.001" : number(value, 3)) : value < 0.001 ? "< .001" : number(value, 3).replace(/^0/, ""));

// Offsets count characters as Python does; a string of JavaScript counts halves of emoji.
function sliced(text, start, end) {
  const letters = Array.from(text);
  return [letters.slice(0, start).join(""), letters.slice(start, end).join(""), letters.slice(end).join("")];
}

// Words of the articles, marked as such, so that they are spoken and set in their language.
function arabic(name, text, attributes = {}) {
  const own = /[\u0600-\u06ff]/.test(text);
  return h(name, { ...attributes, lang: own ? BOOK.language : null, dir: own ? BOOK.direction : "auto" }, text);
}

const FRAME = new Map(BOOK.frames.map((frame) => [frame.id, frame]));
const TONE = new Map(BOOK.tones.map((tone) => [tone.id, tone]));
const VOICE = new Map(BOOK.voices.map((voice) => [voice.id, voice]));
const PARTY = new Map(BOOK.parties.map((party) => [party.id, party.label]));
const named = (id) => VOICE.get(id)?.label ?? DATA.words[id] ?? id;

// Texts that are English whatever the page's language is.
const english = (name, ...children) => h(name, DATA.language === "en" ? {} : { lang: "en", dir: "ltr" }, ...children);

const shade = (entry) => ({ "--c": entry.colour, "--tint-light": entry.light, "--tint-dark": entry.dark });

function toneWord(value) {
  const v = Number(value);
  return v < 0 ? UI.negative : v > 0 ? UI.positive : UI.neutral;
}

const toneText = (value) => `${toneWord(value)} (${number(Number(value), 0, true)})`;

function describe(codes) {
  if (!codes) return [UI.not_coded];
  const lines = [codes.frames.length ? codes.frames.map((id) => FRAME.get(id).label).join(", ") : `${UI.frame}: ${UI.none}`];
  if (codes.tone !== undefined) lines.push(`${UI.tone}: ${toneText(codes.tone)}`);
  for (const [party, value] of Object.entries(codes.towards ?? {})) lines.push(`${say("towards", { party: PARTY.get(party) ?? party })}: ${toneText(value)}`);
  if (codes.voice !== undefined) lines.push(`${UI.voice}: ${named(codes.voice)}`);
  return lines;
}
