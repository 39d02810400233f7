// Classes of the measure that the map is coloured by, and the legend. One hue from light to dark reads without
// colours; what has no value is hatched.
const RAMP = ["#e4f0ee", "#b9dcd6", "#86c0b7", "#4b9a90", "#1f6f68"];
const NONE = "url(#hatch)";
const hatch = () => {
  const svg = draw("svg", { width: 0, height: 0, "aria-hidden": "true", class: "defs" });
  const pattern = draw("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(draw("rect", { width: 6, height: 6, fill: "#f2f2f2" }), draw("rect", { width: 2, height: 6, fill: "#9a9a9a" }));
  const defs = draw("defs", {});
  defs.append(pattern);
  svg.append(defs);
  return svg;
};
document.body.append(hatch());

const colouring = () => D.colours.find(one => one.key === view.measure);
const classOf = (how, value) => {
  if (value === null || value === undefined) return -1;
  if (how.zero && value <= 0) return 0;
  let at = how.zero;
  for (const bound of how.breaks) if (value >= bound) at += 1;
  return at;
};
const classCount = how => how.breaks.length + 1 + how.zero;
const colourOf = (how, at) => at < 0 ? NONE : RAMP[Math.round(at * (RAMP.length - 1) / Math.max(1, classCount(how) - 1))];
const className = (how, at) => {
  const key = how.key, b = how.breaks, k = at - how.zero;
  if (at < 0) return W.no_value;
  if (key === "centre_open_year") return at === 0 ? W.no_centre : String(at === 1 ? how.first : b[at - 2]);
  if (key === "premises") return at === 0 ? W.premises_1 : say("premises_n", { n: number(at + 1) });
  if (how.zero && at === 0) return W.zero;
  if (!b.length) return W["m_" + key];
  if (k === 0) return say(how.zero ? "above_zero" : "below", { b: measured(key, b[0]) });
  if (k === b.length) return say("from", { a: measured(key, b[k - 1]) });
  return say("between", { a: measured(key, b[k - 1]), b: measured(key, b[k]) });
};
const shownValues = side => net && view.measure === net.key ? net.values(side) : valuesOf(stateOf(side), view.measure);
const paint = () => {
  const how = colouring(), list = $("classes");
  $("measure-name").textContent = how ? W["m_" + how.key] : "";
  const of = course() && view.state === "plan" && how && !["net_present_cost", "centre_open_year"].includes(how.key);
  $("measure-year").textContent = of ? say("in_year", { year: course().years[follows(course(), how.key) ? yearAt() : 0] }) : "";
  list.replaceChildren();
  if (!how) return;
  const counts = sides.filter(side => side.of()).map(side => {
    const values = shownValues(side.of()), found = new Map();
    side.shapes.forEach((shape, unit) => {
      const at = classOf(how, values[unit]), chosen = view.unit === unit;
      found.set(at, (found.get(at) || 0) + 1);
      shape.setStyle({ color: chosen ? "#111" : "#5d7f7b", weight: chosen ? 3 : 0.8, fillColor: colourOf(how, at), fillOpacity: 1 });
      if (chosen) shape.bringToFront();
    });
    return found;
  });
  for (let at = 0; at < classCount(how); at += 1) list.append(classLine(how, at, counts));
  if (counts.some(found => found.get(-1))) list.append(classLine(how, -1, counts));
};
const classLine = (how, at, counts) => {
  const swatch = draw("svg", { class: "swatch", "aria-hidden": "true" });
  swatch.append(draw("rect", { width: "100%", height: "100%", fill: colourOf(how, at) }));
  const count = counts.map(found => number(found.get(at) || 0)).join(" | ");
  return add(make("li"), swatch, make("span", "what", className(how, at)), make("span", "count", say("units_n", { n: count })));
};
