// One tooltip for all: shown on pointing and on focus, gone on Escape.
const tip = document.getElementById("tip");
let tipped = null;

function withTip(element, lines) {
  element.addEventListener("mouseenter", () => showTip(element, lines()));
  element.addEventListener("focus", () => showTip(element, lines()));
  element.addEventListener("mouseleave", hideTip);
  element.addEventListener("blur", hideTip);
  return element;
}

function showTip(element, lines) {
  tip.replaceChildren(...lines.map((line) => h("div", { dir: "auto" }, line)));
  tip.hidden = false;
  tipped = element;
  const box = (element.getClientRects()[0] ?? element.getBoundingClientRect());
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.min(Math.max(8, box.left + box.width / 2 - width / 2), document.documentElement.clientWidth - width - 8);
  const above = box.top - height - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 52 ? above : box.bottom + 8}px`;
}

function hideTip() {
  tip.hidden = true;
  tipped = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && tipped) hideTip();
});
addEventListener("scroll", hideTip, { passive: true });
