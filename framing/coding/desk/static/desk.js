// One unit after the other: shown, answered, saved; the next one shows when the answer is on disk.

import { Book, make } from './book.js';
import { Form } from './form.js';

const $ = (id) => document.getElementById(id);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

const setup = await (await fetch('setup')).json();
const words = setup.strings;
const drafts = new Map();
let state = null;
let busy = false;

// Seconds for which a unit was in view, while the page itself was.
const clock = {
  spent: 0, since: null,
  start(spent = 0) { this.spent = spent; this.since = document.hidden ? null : performance.now(); },
  pause() { if (this.since !== null) this.spent += (performance.now() - this.since) / 1000; this.since = null; },
  seconds() { return this.spent + (this.since === null ? 0 : (performance.now() - this.since) / 1000); },
};
document.addEventListener('visibilitychange', () => (document.hidden ? clock.pause() : clock.start(clock.spent)));

const book = new Book($('book'), setup.guide, words, setup.language, setup.codebook);
const form = new Form($('questions'), setup.guide, words, setup.language, {
  focus: (place, number) => book.show(place, number),
  change: () => warn(''),
  complete: () => $('save').focus(),
});

async function ask(path, body) {
  const options = body === undefined ? {} :
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error(words.stopped);
  }
  const found = await answer.json();
  if (!answer.ok) throw new Error(body === undefined ? found.error : filled(words.failed, { reason: found.error }));
  return found;
}

// Does one thing at a time: a key that is held down saves no unit twice.
async function alone(work) {
  if (busy) return;
  busy = true;
  document.body.setAttribute('aria-busy', 'true');
  try { await work(); } catch (error) { warn(error.message); } finally {
    busy = false;
    document.body.removeAttribute('aria-busy');
  }
}

function warn(text) { $('alert').textContent = text; }
function tell(text) { $('said').textContent = text; }
function number(at) { return String(at + 1); }

function show(found) {
  state = found;
  const { total, coded, skipped, unit } = state;
  const counted = [filled(words.progress, { coded, total })];
  if (skipped) counted.push(filled(words.put_off_count, { skipped }));
  $('count').textContent = counted.join(' · ');
  $('progress').setAttribute('aria-valuemax', total);
  $('progress').setAttribute('aria-valuenow', coded);
  $('progress').firstElementChild.style.inlineSize = `${total ? (100 * coded) / total : 100}%`;
  $('undo').disabled = !state.undo;
  for (const id of ['unit', 'form', 'book']) $(id).hidden = !unit;
  document.body.classList.toggle('finished', !unit);
  $('done').hidden = Boolean(unit);
  warn('');
  if (!unit) return finish();
  const draft = drafts.get(state.at);
  showUnit(unit);
  showNotice();
  form.fill(draft?.values ?? state.values);
  $('skip').hidden = state.status === 'coded';
  $('note').value = draft?.note ?? state.note ?? '';
  clock.start(draft?.seconds ?? 0);
  scrollTo({ top: 0 });
  form.focus(form.unanswered()[0] ?? form.fields[0]);
}

function showUnit(unit) {
  const { language, direction } = setup.text;
  const kind = words[unit.type] ?? '';
  $('where').textContent = filled(words.of, { at: number(state.at), total: state.total });
  $('kind').textContent = kind;
  $('context').hidden = !unit.context.length;
  const above = unit.context.map((text) => make('p', { lang: language, dir: direction }, text));
  $('context').replaceChildren(make('h2', { className: 'vh' }, words.context), ...above);
  Object.assign($('text'), { lang: language, dir: direction, textContent: unit.text, className: `text ${unit.type}` });
  document.title = `${number(state.at)} · ${words.title}`;
  // A unit that does not fit is scrolled to its own words, past its context, and can be scrolled with the keyboard.
  const sheet = $('unit');
  sheet.scrollTop = 0;
  const over = sheet.scrollHeight > sheet.clientHeight;
  if (over) sheet.tabIndex = 0; else sheet.removeAttribute('tabindex');
  if (over) sheet.scrollTop = $('text').offsetTop - 12;
  document.documentElement.style.setProperty('--over', `${sheet.offsetHeight + 80}px`);
}

function showNotice() {
  const known = { coded: words.status_coded, skipped: words.status_skipped }[state.status];
  $('notice').hidden = !known;
  if (!known) return;
  const back = make('button', { type: 'button', className: 'link' }, words.return, ' ', make('kbd', {}, 'Esc'));
  back.addEventListener('click', goOn);
  $('notice').replaceChildren(make('p', {}, known), ...(state.at === state.next ? [] : [back]));
}

function finish() {
  document.title = words.title;
  $('notice').hidden = true;
  $('done').replaceChildren(
    make('h2', { tabIndex: -1 }, words.done_title), make('p', {}, filled(words.done_text, { total: state.total })),
    make('h3', {}, words.done_file), make('p', {}, make('code', { dir: 'ltr' }, setup.file)),
    make('p', {}, words.done_next), make('p', {}, make('code', { dir: 'ltr' }, setup.command)));
  $('done').querySelector('h2').focus();
}

function keep() {
  if (state?.unit) drafts.set(state.at, { values: form.values(), note: $('note').value, seconds: clock.seconds() });
}

function sent() {
  return { at: state.at, sha: state.unit.sha, note: $('note').value, seconds: clock.seconds() };
}

function save() {
  const open = form.unanswered();
  if (open.length) {
    open.forEach((field) => field.box.classList.add('asked'));
    form.focus(open[0]);
    const questions = open.map((field) => form.label(field)).join(setup.language === 'ar' ? '، ' : ', ');
    return warn(filled(words.missing, { questions }));
  }
  return alone(async () => {
    const { at } = state;
    const next = await ask('answer', { ...sent(), values: form.values() });
    drafts.delete(at);
    show(next);
    announce(filled(words.saved, { at: number(at) }));
  });
}

function putOff() {
  return alone(async () => {
    const { at, left, status } = state;
    if (status === 'coded') return;
    const next = await ask('skip', sent());
    drafts.delete(at);
    show(next);
    if (left === 1) warn(words.only_one);
    announce(filled(words.skipped, { at: number(at) }));
  });
}

function undo() {
  return alone(async () => {
    if (!state.undo) return;
    keep();
    const found = await ask('undo', {});
    drafts.delete(found.at);
    show(found);
    announce(filled(words.undone, { at: number(found.at) }));
  });
}

function announce(text) {
  tell(state.unit ? `${text}. ${$('where').textContent}: ${state.unit.text}` : text);
}

async function go(at) {
  keep();
  show(await ask(at === null ? 'state' : `state?at=${at}`));
  if (state.unit) tell(`${$('where').textContent}: ${state.unit.text}`);
}

function visit(at) { return alone(() => go(at)); }

function goOn() { return visit(null); }

// The coded unit before or after this one in the queue.
function step(direction) {
  return alone(async () => {
    const met = (await ask('overview')).map((item) => item.at);
    const here = state.at ?? state.total;
    const to = direction < 0 ? met.filter((at) => at < here).at(-1) : met.find((at) => at > here);
    if (to !== undefined) await go(to);
    else if (direction > 0 && state.at !== state.next) await go(null);
  });
}

function openList() {
  return alone(async () => {
    const items = (await ask('overview')).map(({ at, status, text }) => {
      const line = make('bdi', { className: 'words', lang: setup.text.language, dir: setup.text.direction }, text);
      const mark = make('span', { className: `mark ${status}` }, status === 'coded' ? words.coded : words.put_off);
      const button = make('button', { type: 'button' }, make('span', { className: 'at' }, number(at)), line, mark);
      button.addEventListener('click', () => { $('list-box').close(); visit(at); });
      return make('li', {}, button);
    });
    $('items').replaceChildren(...(items.length ? items : [make('li', { className: 'nothing' }, words.nothing_coded)]));
    $('list-box').showModal();
    $('items').querySelector('li:last-child button')?.focus();
  });
}

const KEYS = [
  ['1 … 9', 'choose'], ['0', 'none'], ['Enter', 'enter'], ['↑ ↓', 'updown'], ['Tab', 'tab'], ['C', 'comment'],
  ['K', 'skip'], ['U', 'undo'], ['L', 'list'], ['PgUp PgDn', 'previous'], ['Esc', 'escape'], ['B', 'book'], ['H', 'help'],
];

function openKeys() {
  const rows = KEYS.flatMap(([key, what]) => [
    make('dt', {}, make('kbd', { dir: 'ltr' }, key)), make('dd', {}, words[`key_${what}`])]);
  $('all-keys').replaceChildren(...rows);
  $('keys-box').showModal();
}

function toBook() {
  if ($('book').contains(document.activeElement)) form.focus(form.unanswered()[0] ?? form.fields[0]);
  else $('book').focus();
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
}

const COMMANDS = {
  U: undo, L: openList, H: openKeys, B: toBook, K: putOff, C: () => $('note').focus(),
  PageUp: () => step(-1), PageDown: () => step(1), Escape: goOn,
};
const OF_UNIT = ['B', 'K', 'C'];

function inNote(event) {
  if (event.key === 'Escape' || (event.key === 'Enter' && !event.shiftKey && !event.isComposing)) {
    event.preventDefault();
    const open = form.unanswered()[0];
    if (open) form.focus(open);
    else $('save').focus();
  }
}

// A key by the Latin letter that it types, on other layouts by its place: an Arabic keyboard has the same keys. Digits
// always by their place, for some layouts have them under Shift.
function keyOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  return /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? /^Key([A-Z])$/.exec(event.code)?.[1] ?? event.key;
}

document.addEventListener('keydown', (event) => {
  if (document.querySelector('dialog[open]') || event.defaultPrevented) return undefined;
  if (busy) return event.preventDefault();
  if (event.target === $('note')) return inNote(event);
  if ((event.ctrlKey || event.metaKey) && !event.altKey && keyOf(event) === 'Z') {
    event.preventDefault();
    return undo();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !state) return undefined;
  const onControl = event.target.closest('button, summary, a');
  if (event.key === 'Enter') {
    if (!state.unit || onControl || event.repeat) return undefined;
    event.preventDefault();
    const field = form.current();
    if (field && !form.isAnswered(field)) return save();
    return form.unanswered().length && field ? form.go(field) : save();
  }
  const key = keyOf(event);
  if (Object.hasOwn(COMMANDS, key) && (state.unit || !OF_UNIT.includes(key))) {
    event.preventDefault();
    return event.repeat ? undefined : COMMANDS[key]();
  }
  if (state.unit && !event.repeat && form.press(key)) event.preventDefault();
  else if (event.target.type === 'checkbox' && ['ArrowUp', 'ArrowDown'].includes(key)) {
    if (form.move(key === 'ArrowUp' ? -1 : 1)) event.preventDefault();
  }
  return undefined;
});

$('form').addEventListener('submit', (event) => { event.preventDefault(); save(); });
$('skip').addEventListener('click', putOff);
$('undo').addEventListener('click', undo);
$('list').addEventListener('click', openList);
$('keys').addEventListener('click', openKeys);
$('theme').addEventListener('click', theme);
for (const button of document.querySelectorAll('[data-close]')) {
  button.addEventListener('click', () => button.closest('dialog').close());
}
await alone(async () => show(await ask('state')));
document.documentElement.dataset.ready = '';
