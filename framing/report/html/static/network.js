// Outlets on a circle, a line between those that share text, as thick as they share much.
function buildNetwork(pairs) {
  const outlets = [...new Set(DATA.articles.map((article) => article.outlet))].sort();
  if (outlets.length < 2) return null;
  const title = h("h3", {}, UI.network);
  if (!pairs.length) return h("div", { class: "table" }, title, h("p", { class: "quiet" }, UI.network_none));
  const [width, height, rx, ry] = [560, 260, 170, 92];
  const at = new Map(outlets.map((outlet, place) => {
    const angle = (2 * Math.PI * place) / outlets.length - Math.PI / 2;
    return [outlet, [width / 2 + rx * Math.cos(angle), height / 2 + ry * Math.sin(angle)]];
  }));
  const most = Math.max(...pairs.map((pair) => pair.n));
  const edges = pairs.map((pair) => {
    const [[x1, y1], [x2, y2]] = [at.get(pair.a), at.get(pair.b)];
    const words = say("network_edge", pair);
    return s("line", { x1, y1, x2, y2, class: "edge", "stroke-width": 2 + (6 * pair.n) / most }, s("title", {}, words));
  });
  const nodes = outlets.map((outlet) => {
    const [x, y] = at.get(outlet);
    const side = Math.abs(x - width / 2) < 1 ? "middle" : x > width / 2 ? "start" : "end";
    const dx = side === "middle" ? 0 : side === "start" ? 12 : -12;
    const dy = side === "middle" ? (y < height / 2 ? -12 : 22) : 4;
    return s("g", {}, s("circle", { cx: x, cy: y, r: 6, class: "node" }), s("text", { x: x + dx, y: y + dy, "text-anchor": side }, outlet));
  });
  const words = pairs.map((pair) => say("network_edge", pair)).join("; ");
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${UI.network}: ${words}`, class: "network" }, edges, nodes);
  return h("div", { class: "table" }, title, h("figure", {}, drawing, h("figcaption", {}, `${words}.`)));
}
