// The questions of a unit: drawn once from the codebook, filled, read and answered by keys.

import { make, pick, said } from './book.js';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
// Letters that no command of the page uses.
const LETTERS = [...'QWERTYIOPASDFGJZXVNM'];
const NOTHING = '0';

export class Form {
  constructor(root, guide, words, language, on) {
    Object.assign(this, { root, guide, words, language, on });
    this.fields = guide.questions.map((question, place) => this.draw(question, place));
    root.replaceChildren(...this.fields.map((field) => field.box));
  }

  draw(question, place) {
    const keys = [...DIGITS, ...LETTERS];
    const inputs = [];
    const choices = question.choices.map((choice, number) => {
      const key = choice.value === null ? NOTHING : keys.shift();
      const input = make('input', {
        type: question.many && choice.value !== null ? 'checkbox' : 'radio',
        name: `q${place}`, id: `q${place}-${number}`,
      });
      if (key) input.dataset.key = key;
      if (question.id.startsWith('tone') && choice.value !== null) input.dataset.sign = Math.sign(choice.value);
      if (choice.value === null) input.dataset.nothing = '';
      inputs.push(input);
      const other = question.many ? said(choice.label, this.language)[1] : null;
      const text = make('span', { className: 'words' }, pick(choice.label, this.language));
      if (other && other.textContent !== text.textContent) { other.className = 'other'; text.append(other); }
      const label = make('label', { className: 'choice', htmlFor: input.id }, input, text);
      if (key) label.append(make('kbd', { ariaHidden: 'true' }, key));
      return label;
    });
    const legend = make('legend', {}, pick(question.label, this.language));
    const box = make('fieldset', { className: 'question', id: `q${place}` }, legend,
      make('div', { className: 'choices' }, ...choices));
    const field = { question, place, box, inputs };
    box.addEventListener('change', (event) => this.changed(field, event.target));
    box.addEventListener('focusin', (event) => this.on.focus(place, inputs.indexOf(event.target)));
    box.addEventListener('pointerover', (event) => {
      const over = inputs.indexOf(event.target.closest('label')?.control);
      if (over >= 0) this.on.focus(place, over);
    });
    return field;
  }

  // Frames and "no frame" shut each other out.
  changed(field, input) {
    if (field.question.many && input.checked) {
      const nothing = 'nothing' in input.dataset;
      for (const other of field.inputs) {
        if (other !== input && (nothing || 'nothing' in other.dataset)) other.checked = false;
      }
    }
    field.box.classList.remove('asked');
    this.on.change();
  }

  isAnswered(field) { return field.inputs.some((input) => input.checked); }

  unanswered() { return this.fields.filter((field) => !this.isAnswered(field)); }

  label(field) { return pick(field.question.label, this.language).textContent; }

  // What is said so far: a question that is open is not in it.
  values() {
    const found = {};
    for (const { question, inputs } of this.fields.filter((field) => this.isAnswered(field))) {
      const chosen = question.choices.filter((_, number) => inputs[number].checked).map((choice) => choice.value);
      found[question.id] = question.many ? chosen.filter((value) => value !== null) : chosen[0];
    }
    return found;
  }

  fill(values) {
    for (const { question, box, inputs } of this.fields) {
      const given = values && question.id in values;
      const value = given ? values[question.id] : undefined;
      question.choices.forEach((choice, number) => {
        const nothing = choice.value === null;
        const holds = question.many ? (nothing ? value?.length === 0 : value?.includes(choice.value)) : value === choice.value;
        inputs[number].checked = given && Boolean(holds);
      });
      box.classList.remove('asked');
    }
  }

  current() {
    const box = document.activeElement?.closest?.('fieldset.question');
    return this.fields.find((field) => field.box === box) ?? null;
  }

  focus(field) {
    const input = field.inputs.find((one) => one.checked) ?? field.inputs[0];
    input.focus();
  }

  // The question after this one that is open, round to the first.
  next(field) {
    const open = this.unanswered();
    return open.find((other) => other.place > (field?.place ?? -1)) ?? open[0] ?? null;
  }

  // A key that stands for a choice; tells whether it did.
  press(key) {
    const field = this.current() ?? this.unanswered()[0] ?? this.fields[0];
    const input = field.inputs.find((one) => one.dataset.key === key);
    if (!input) return false;
    input.focus();
    if (input.type === 'checkbox') input.checked = !input.checked;
    else input.checked = true;
    this.changed(field, input);
    if (input.type === 'radio') this.go(field);
    return true;
  }

  // On to the next open question, or to the button that saves.
  go(field) {
    const next = this.next(field);
    if (next) this.focus(next);
    else this.on.complete();
  }

  move(step) {
    const field = this.current();
    if (!field) return false;
    const at = field.inputs.indexOf(document.activeElement);
    field.inputs[(at + step + field.inputs.length) % field.inputs.length].focus();
    return true;
  }
}
