// The page, section by section.
const PRINTED = { outlets: /^(frame|tone|target|prevalence)/, validation: /^(agreement|validation|calibration|learning|error)/, comparison: /^(contrast|difference|robust|map|distance|profile|cooccurrence)/ };

function printed(template) {
  const { title: words, caption } = template.dataset;
  const drawing = template.content.firstElementChild.cloneNode(true);
  tellMarks(drawing);
  const body = h("figure", { class: "print" }, h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": say("printed", { name: words }) }, drawing), h("figcaption", {}, caption));
  return h("details", { class: "how" }, h("summary", {}, say("printed", { name: words })), body);
}

// What a mark of a drawing says of itself shows on pointing and on focus. One mark is a stop for the Tab key, arrows go on.
function tellMarks(drawing) {
  const marks = [...drawing.querySelectorAll(".mark")];
  marks.forEach((mark, place) => {
    const title = mark.querySelector("title");
    fill(mark, { role: "img", "aria-label": title.textContent, tabindex: place ? "-1" : "0" }, []);
    withTip(mark, () => [mark.getAttribute("aria-label")]);
    title.remove();
    mark.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const next = step && marks[place + step];
      if (!step) return;
      event.preventDefault();
      if (!next) return;
      mark.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });
}

function buildMethod() {
  const words = (name) => name.replaceAll("_", " ");
  return Object.entries(DATA.notes).map(([name, note]) => h("details", { class: "how" }, h("summary", {}, words(name)), noteBody(note)));
}

function themeButton() {
  const root = document.documentElement;
  const stored = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
  if (stored === "dark" || stored === "light") root.dataset.theme = stored;
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* a page from a file may have no storage */ }
  });
}

function build() {
  const section = (id) => document.getElementById(id);
  buildReader();
  if (DATA.claims.length) section("portrayal").append(buildClaims(DATA.claims));
  for (const spec of DATA.tables) {
    if (spec.id === "reuse") section("portrayal").append(...[buildNetwork(DATA.network)].filter(Boolean));
    section(spec.section).append(buildTable(spec));
  }
  for (const template of document.querySelectorAll("template[data-figure]")) {
    const place = Object.keys(PRINTED).find((name) => PRINTED[name].test(template.dataset.figure)) ?? "portrayal";
    section(place).append(printed(template));
  }
  section("method").append(...buildMethod());
  if (!DATA.notices.caveats.length) section("caveats").remove();
  for (const name of ["outlets", "portrayal", "comparison", "validation"]) {
    if (section(name).children.length > 2) continue;
    section(name).remove();
    document.querySelector(`nav a[href="#${name}"]`).parentElement.remove();
  }
  themeButton();
  document.documentElement.dataset.ready = "";
}

build();
