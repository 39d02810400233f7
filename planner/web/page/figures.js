// The headline figures of what is chosen: plan or today, and year; held against today or against the side beside it.
const TILES = ["premises", "net_present_cost", "surplus_floor", "citizen_travel_mean", "citizen_travel_max", "body_distance_mean", "missing_to_norm"];
const inShares = key => ["net_present_cost", "missing_to_norm"].includes(key);
const change = (value, before, key) => {
  const text = measured(key, Math.abs(value - before));
  if (text === measured(key, 0)) return W.same;
  const x = before > 0 && inShares(key) ? number(100 * Math.abs(value - before) / Math.abs(before), 1) + "%" : text;
  return say(value < before ? "less" : "more", { x });
};
const farthest = side => {
  const values = valuesOf(stateOf(side), "citizen_travel_max");
  let most = -1;
  values.forEach((value, unit) => { if (value !== null && (most < 0 || value > values[most])) most = unit; });
  return most < 0 ? "" : U.name[most];
};
const isAssumed = side => side.state === "today" && stateOf(side).seats.some(unit => unit.some(seat => seat[4]));
const tileLines = (key, side, value) => {
  const lines = [], how = D.scenarios[side.scenario].course, against = reference();
  if (key === "premises" && side.state === "plan" && how) lines.push(say("tile_end", { year: how.years[how.years.length - 1], x: number(how.figures[how.figures.length - 1].premises) }));
  if (key === "citizen_travel_max" && farthest(side)) lines.push(farthest(side));
  if (key === "surplus_floor" && cityOf(side, "premises_released") !== undefined) lines.push(say("tile_surplus", { n: number(cityOf(side, "premises_released")) }));
  if (against && !(against.scenario === side.scenario && against.state === side.state)) {
    const before = cityOf(against, key);
    if (before !== undefined) {
      const values = { x: unbroken(measured(key, before)), change: unbroken(change(value, before, key)), who: nameOf(against) };
      // Costs of five years and of ten are not held against each other.
      const years = D.scenarios[against.scenario].years;
      if (key === "net_present_cost" && years !== D.scenarios[side.scenario].years) lines.push(say("tile_beside_years", { ...values, years: number(years) }));
      else lines.push(against.state === "today" ? say(key === "premises" && isAssumed(against) ? "tile_today_assumed" : "tile_today", values) : say("tile_beside", values));
    }
  }
  if (key === "premises" && D.noticed !== null) lines.push(say("tile_notice", { x: number(D.noticed) }));
  if (key === "body_distance_mean" && cityOf(side, "body_distance_max") !== undefined) lines.push(say("tile_max", { x: measured(key, cityOf(side, "body_distance_max")) }));
  return lines;
};
const showFigures = () => {
  const list = make("dl"), side = here();
  for (const key of TILES) {
    const value = cityOf(side, key);
    if (value === undefined) continue;
    const [figure, ...unit] = measured(key, value).split(" ");
    const tile = make("div"), big = make("dd", "big", figure);
    tile.dataset.key = key;
    const label = make("dt", "", key === "net_present_cost" ? say("tile_cost", { years: number(scene().years) }) : W["tile_" + key]);
    if (D.estimated.includes(key)) label.append(" ", make("i", "guess", W.estimated));
    big.append(make("small", "", unit.length ? " " + unit.join(" ") : ""));
    list.append(add(tile, label, big, ...tileLines(key, side, value).map(line => make("dd", "line", line))));
  }
  const note = scene().first_year_note;
  $("figures").replaceChildren(list, ...(note ? [make("p", "hint", note)] : []));
};
