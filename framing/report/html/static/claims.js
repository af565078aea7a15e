// What each outlet says of the same fact, side by side.
function buildClaims(facts) {
  const outlets = [...new Set(facts.flatMap((fact) => Object.keys(fact.outlets)))].sort();
  const head = h("tr", {}, h("th", { scope: "col" }, UI.fact), outlets.map((outlet) => h("th", { scope: "col", dir: "auto" }, outlet)));
  const rows = facts.map((fact) => {
    const status = h("span", { class: `badge ${fact.status}` }, fact.status_label);
    const cells = outlets.map((outlet) => {
      const said = fact.outlets[outlet] ?? [];
      return h("td", {}, said.length ? said.map((claim) => claimItem(claim, fact, outlet)) : h("span", { class: "quiet" }, UI.silent));
    });
    return h("tr", {}, h("th", { scope: "row", dir: "auto" }, h("span", { class: "fact" }, fact.label), status), cells);
  });
  const table = h("table", { class: "claims" }, h("caption", { class: "vh" }, UI.claims), h("thead", {}, head), h("tbody", {}, rows));
  const wrap = h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": UI.claims }, table);
  return h("div", { class: "table", id: "table-claims" }, h("h3", {}, UI.claims), h("p", { class: "lead" }, UI.claims_lead), wrap, how({ notes: ["portrayal_claims"] }));
}

function claimItem(claim, fact, outlet) {
  const hedge = claim.hedge ? UI[`hedge_${claim.hedge.replace(" ", "_")}`] ?? claim.hedge : "";
  const who = claim.source || (claim.voice === "narrator" || !claim.voice ? UI.says_alone : named(claim.voice));
  const name = `${fact.label}, ${outlet}: ${hedge} ${claim.figure}. ${UI.show}`;
  const figure = h("button", { type: "button", class: "claim", "aria-label": name, onclick: () => jump(claim.at[0]) }, hedge ? h("small", {}, `${hedge} `) : null, arabic("span", claim.figure));
  if (!claim.at.length) figure.disabled = true;
  else withTip(figure, () => [DATA.units[claim.at[0][0]].text]);
  return h("div", { class: "said" }, figure, arabic("span", who, { class: "who" }));
}
