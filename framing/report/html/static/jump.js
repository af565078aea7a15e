// From a number to its sentences.
const unitElements = [];

// Show a unit in its article and mark the words that are meant, places being [unit, start, end].
function jump([place, start, end]) {
  clearFilters();
  for (const mark of document.querySelectorAll(".unit mark")) mark.replaceWith(mark.textContent);
  document.querySelector(".unit.found")?.classList.remove("found");
  const element = unitElements[place];
  const text = element.querySelector(".words");
  if (isNumber(start)) {
    const [before, meant, after] = sliced(DATA.units[place].text, start, end);
    text.replaceChildren(before, h("mark", {}, meant), after);
  }
  element.classList.add("found");
  choose(place);
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
}

// One place for one sentence: of several uses in a sentence the first leads there.
function sentences(places) {
  const found = new Map();
  for (const place of places) if (!found.has(place[0])) found.set(place[0], place);
  return [...found.values()];
}

function unitName(place) {
  const unit = DATA.units[place];
  return say("unit_label", { outlet: DATA.articles[unit.article].outlet, unit: unit.unit });
}

function sentenceItem(place) {
  const unit = DATA.units[place[0]];
  const body = arabic("p", "", { class: "sentence" });
  body.setAttribute("lang", BOOK.language);
  body.setAttribute("dir", BOOK.direction);
  if (isNumber(place[1])) {
    const [before, meant, after] = sliced(unit.text, place[1], place[2]);
    body.append(before, h("mark", {}, meant), after);
  } else body.append(unit.text);
  const name = unitName(place[0]);
  const go = h("button", { type: "button", class: "link", onclick: () => jump(place), "aria-label": `${UI.show}: ${name}` }, `${name} ↑`);
  return h("li", {}, body, go);
}
