// The codebook beside the unit, each rule in the languages that it is written in, that of the page first.

export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

// A text in each of its languages, each marked as what it is.
export function said(texts, first, name = 'bdi') {
  const order = Object.keys(texts).sort((a, b) => (b === first) - (a === first));
  return order.map((language) => make(name, { lang: language, dir: language === 'ar' ? 'rtl' : 'ltr' }, texts[language]));
}

export function pick(texts, first) { return said(texts, first)[0] ?? document.createTextNode(''); }

export class Book {
  constructor(root, guide, words, language, codebook) {
    Object.assign(this, { root, words, language });
    const version = words.version.replace('{name}', codebook.name).replace('{version}', codebook.version);
    this.parts = guide.questions.map((question) => this.part(question));
    const rest = [this.fold(words.what_unit, this.text(guide.unit)), this.fold(words.decisions, this.list(guide.decisions))];
    root.replaceChildren(make('h2', {}, words.book), make('p', { className: 'version' }, version),
      ...this.parts.map((part) => part.box), ...rest.filter(Boolean));
  }

  text(texts, className = '') {
    const lines = said(texts, this.language, 'p');
    lines.slice(1).forEach((line) => line.classList.add('other'));
    return lines.length ? make('div', { className: `both ${className}` }, ...lines) : null;
  }

  list(lines) {
    return lines.length ? make('ul', {}, ...lines.map((line) => make('li', {}, this.text(line)))) : null;
  }

  titled(title, lines, className) {
    const list = this.list(lines);
    return list && make('div', { className }, make('h3', {}, title), list);
  }

  fold(title, content) {
    return content && make('details', { className: 'part' }, make('summary', {}, title), content);
  }

  part(question) {
    const items = question.choices.map((choice) => this.choice(choice));
    const label = pick(question.label, this.language);
    const box = make('details', { className: 'part' }, make('summary', {}, label), this.text(question.text),
      this.list(question.rules), ...items);
    return { box, items };
  }

  choice(choice) {
    const content = [this.text(choice.definition), this.titled(this.words.include, choice.include, 'include'),
      this.titled(this.words.exclude, choice.exclude, 'exclude'),
      this.titled(this.words.examples, choice.examples, 'examples')].filter(Boolean);
    if (!content.length) return null;
    const names = said(choice.label, this.language);
    if (names[1]?.textContent === names[0].textContent) names.pop();
    else names[1]?.classList.add('other');
    return make('details', { className: 'item' }, make('summary', {}, ...names.flatMap((name, n) => (n ? [' ', name] : [name]))),
      ...content);
  }

  // Open what belongs to the question and the choice in focus, and fold the rest away.
  show(place, number) {
    this.parts.forEach(({ box, items }, other) => {
      box.open = other === place;
      if (other === place && items[number]) items.forEach((item) => { if (item) item.open = item === items[number]; });
    });
    const { box, items } = this.parts[place];
    const shown = items[number] ?? box;
    const roomy = getComputedStyle(this.root).overflowY === 'auto';
    if (roomy) this.root.scrollTop += shown.getBoundingClientRect().top - this.root.getBoundingClientRect().top - (items[number] ? 40 : 0);
  }
}
