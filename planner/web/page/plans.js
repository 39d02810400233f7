// What the plans say: which state of which plan a side of the page shows, who sits where in it, and its figures.
const IN_USE = 1, RELEASED = 2, BUILDING = 3, KEPT = 4;
const ALL = -1;
// `year` is what the reader asked for; a plan that does not change over the years shows its first.
// `beside` is the other side of a comparison: scenario and state.
const view = {
  scenario: 0, state: "plan", year: null, beside: null, split: 50, mode: "premises",
  measure: D.colours.length ? D.colours[0].key : "", body: ALL, unit: -1, sort: { key: "c_unit", up: true },
};

// States of later scenarios are written as what differs from the first one's: `folded` in fold.py.
const unfolded = (state, base) => {
  if (!state || state.status) return state;
  const seats = [...base.seats], status = [...base.status], routes = [...base.routes], values = {};
  for (const [unit, rows] of state.seats) seats[unit] = rows;
  for (const [site, what, route] of state.sites) { status[site] = what; routes[site] = route; }
  for (const key of Object.keys(base.values)) if (!(key in state.values)) values[key] = base.values[key];
  for (const [key, found] of Object.entries(state.values)) {
    if (!found) continue;
    if (!Array.isArray(found[0])) { values[key] = found; continue; }
    values[key] = [...base.values[key]];
    for (const [unit, value] of found) values[key][unit] = value;
  }
  return { seats, status, routes, values };
};
for (const one of D.scenarios) {
  for (const name of ["plan", "today"]) one.states[name] = unfolded(one.states[name], D.scenarios[0].states[name]);
}

const scene = () => D.scenarios[view.scenario];
const course = () => scene().course;
const yearOf = scenario => {
  const how = D.scenarios[scenario].course;
  if (!how || view.year === null) return 0;
  // A plan that ends earlier stays as it is in its last year.
  return Math.max(0, how.years.findLastIndex(year => year <= view.year));
};
const yearAt = () => yearOf(view.scenario);
// Results of older versions have no measures by year: of the city years.csv, of the units who sits where.
const YEARLY = { premises: "premises", premises_released: "released", surplus_floor: "surplus_m2" };
// Whether a measure is one of the year shown; the others are those of the first year, or of all.
const follows = (how, key) => key in YEARLY || key === "reception_minutes" || key in how.city || ("premises" in how.city && key === "floor_in_use");
const states = new Map();
const zeros = () => U.code.map(() => 0);
const planAt = (scenario, at) => {
  const key = scenario + "/" + at, base = D.scenarios[scenario].states.plan;
  if (at === 0) return base;
  if (states.has(key)) return states.get(key);
  const before = planAt(scenario, at - 1), how = D.scenarios[scenario].course, change = how.changes[at];
  const state = { seats: [...before.seats], status: [...before.status], routes: [...before.routes], values: { ...before.values } };
  for (const [unit, seats] of change.seats) state.seats[unit] = seats;
  for (const [site, status, route] of change.sites) { state.status[site] = status; state.routes[site] = route; }
  for (const [measure, found] of Object.entries(change.values)) {
    state.values[measure] = [...before.values[measure]];
    for (let i = 0; i < found.length; i += 2) state.values[measure][found[i]] = found[i + 1];
  }
  const count = { premises: zeros(), surplus_floor: zeros(), floor_in_use: zeros() };
  state.status.forEach((status, site) => {
    const unit = S.unit[site];
    if (status === IN_USE) { count.premises[unit] += 1; count.floor_in_use[unit] += S.area[site]; }
    if (status === RELEASED) count.surplus_floor[unit] += S.area[site];
  });
  for (const measure of Object.keys(count)) if (follows(how, measure)) state.values[measure] = count[measure];
  states.set(key, state);
  return state;
};
// A side is { scenario, state }: here the chosen one, and the one beside it where the reader compares.
const here = () => ({ scenario: view.scenario, state: view.state });
// A result from before there was a network today cannot be compared in that view.
const beside = () => !view.beside || view.mode === "premises" || net.knows(view.beside) ? view.beside : null;
const stateOf = side => side.state === "today" ? D.scenarios[side.scenario].states.today : planAt(side.scenario, yearOf(side.scenario));
const planNow = () => stateOf({ scenario: view.scenario, state: "plan" });
const now = () => stateOf(here());
// What the chosen plan is held against: the side beside it, else the arrangement in force.
const reference = () => beside() || (scene().states.today ? { scenario: view.scenario, state: "today" } : null);
const nameOf = side => side.state === "today" ? W.today : D.scenarios[side.scenario].title;
// The years of the slider: those of the chosen plan, else of the one beside it.
const clock = () => course() || (beside() && beside().state === "plan" && D.scenarios[beside().scenario].course) || null;
const valuesOf = (state, key) => state.values[key] || (key === "centre_open_year" ? zeros() : []);
const cityOf = (side, key) => {
  const how = D.scenarios[side.scenario].course;
  if (side.state === "plan" && how && follows(how, key)) {
    const at = yearOf(side.scenario), found = key in how.city ? how.city[key][at] : how.figures[at][YEARLY[key]];
    if (found !== undefined) return found;
  }
  return D.scenarios[side.scenario].city[side.state][key];
};
const centreOf = unit => course() && course().centres.find(one => one[0] === unit);

// Site to the bodies and parts on it. A body is named as a whole where all its parts sit on one site.
const seatsBySite = (unit, state) => {
  const spread = D.bodies.map(() => new Set());
  for (const seat of state.seats[unit]) spread[D.parts[seat[0]].body].add(seat[1]);
  const found = new Map();
  for (const [part, site, tight, norm, assumed] of state.seats[unit]) {
    if (!found.has(site)) found.set(site, { names: new Map(), tight: 0, norm: 0, bodies: [0, 0, 0, 0] });
    const one = found.get(site), what = D.parts[part];
    const name = spread[what.body].size === 1 ? what.bodyname : what.name;
    if (what.lead || !one.names.has(name)) one.names.set(name, assumed === 1);
    one.tight += tight; one.norm += norm;
    one.bodies[what.body] = Math.max(one.bodies[what.body], what.lead ? 2 : 1);
  }
  return found;
};
const sitePlace = site => S.name[site] + (S.address[site] ? " (" + S.address[site] + ")" : "");
