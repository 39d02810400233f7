// Search without accents: by unit, old commune, address, site or code.
const entries = [];
const entry = (unit, rank, text, why) => { if (text) entries.push({ unit, rank, text, why, key: fold(text) }); };
U.code.forEach((code, unit) => {
  entry(unit, 0, U.name[unit], "");
  entry(unit, 1, titled(unit), "");
  entry(unit, 1, code, W.is_code);
  for (const [at, people] of U.communes[unit]) {
    // Of the units that share an old commune the one with most of its people comes first.
    const fewer = 1 / (2 + people);
    entry(unit, 2 + fewer, D.communes.name[at], W.is_commune);
    entry(unit, 3 + fewer, D.communes.code[at], W.is_commune);
  }
});
S.id.forEach((id, site) => {
  entry(S.unit[site], 4, S.address[site], W.is_address);
  entry(S.unit[site], 5, S.name[site], W.is_site);
  entry(S.unit[site], 6, id, W.is_code);
});
const search = typed => {
  const wanted = fold(typed), best = new Map();
  if (!wanted) return [];
  for (const one of entries) {
    const at = one.key.indexOf(wanted);
    if (at < 0) continue;
    const start = one.key === wanted ? 0 : at === 0 ? 10 : one.key[at - 1] === " " ? 20 : 30;
    const score = start + one.rank;
    if (!best.has(one.unit) || best.get(one.unit).score > score) best.set(one.unit, { ...one, score });
  }
  return [...best.values()].sort((a, b) => a.score - b.score || a.unit - b.unit);
};
const showFound = () => {
  const found = search($("q").value), list = $("q-list");
  list.replaceChildren();
  $("q-count").textContent = !$("q").value.trim() ? "" : found.length ? say("found", { n: number(found.length) }) : W.found_none;
  for (const one of found.slice(0, 12)) {
    const hit = button("hit", titled(one.unit), () => { list.replaceChildren(); $("q-count").textContent = ""; choose(one.unit); });
    if (one.why) hit.append(make("small", "", one.why + ": " + one.text));
    list.append(add(make("li"), hit));
  }
};
$("q").addEventListener("input", showFound);
const moveIn = (event, step) => {
  const hits = [$("q"), ...document.querySelectorAll("#q-list button")];
  const next = hits[hits.indexOf(document.activeElement) + step];
  if (next) { event.preventDefault(); next.focus(); }
};
document.querySelector(".search").addEventListener("keydown", event => {
  if (event.key === "ArrowDown") moveIn(event, 1);
  if (event.key === "ArrowUp") moveIn(event, -1);
  if (event.key === "Enter" && document.activeElement === $("q")) {
    const first = document.querySelector("#q-list button");
    if (first) { event.preventDefault(); first.click(); }
  }
  if (event.key === "Escape") { $("q").value = ""; showFound(); $("q").focus(); }
});
