// The table twin of the map: every unit, its rank by the column it is sorted by, and what the plan is held against.
const inUnits = (value, size, decimals) => value === null || value === undefined ? "–" : number(value / size, decimals);
const seatLines = (unit, state) => [...seatsBySite(unit, state)].map(([site, one]) => {
  const line = make("div");
  line.append(make("b", "", S.name[site] + ": "));
  let first = true;
  for (const [name, assumed] of one.names) {
    line.append((first ? "" : "; ") + name);
    if (assumed) line.append(make("i", "", " (" + W.modelled_short + ")"));
    first = false;
  }
  return line;
});
const actionLines = unit => {
  const counts = { open: 0, close: 0, move_in: 0 };
  for (const [verb, , parts] of scene().actions[unit]) if (verb in counts) counts[verb] += parts.length || 1;
  const said = Object.keys(counts).filter(verb => counts[verb]).map(verb => say("n_" + verb, { n: number(counts[verb]) }));
  return { said: said.length ? said : [W.n_none], total: counts.open + counts.close + counts.move_in };
};
const unitButton = unit => {
  const node = button("unit", U.name[unit]);
  node.dataset.unit = unit;
  return node;
};
// Every column: its heading, whether it can be sorted, and what stands in the cell of a unit.
const columnsOf = () => {
  const plan = planNow(), against = reference(), other = against && stateOf(against), today = against && against.state === "today";
  // Costs of plans of other lengths stand side by side with their years.
  const years = against && D.scenarios[against.scenario].years, length = years !== scene().years ? say("years_n", { n: number(years) }) + ", " : "";
  const word = key => !against || today ? W[key] : nameOf(against) + (key === "c_cost_today" ? " (" + length + W.billion + ")" : "");
  const amount = (state, key, size, decimals) => unit => {
    const value = state.values[key] ? state.values[key][unit] : null;
    return { text: inUnits(value, size, decimals), sort: value, number: true };
  };
  const found = [
    { key: "c_rank", word: W.c_rank, sorted: false, cell: () => ({ text: "", number: true }) },
    { key: "c_unit", word: W.c_unit, cell: unit => ({ nodes: [unitButton(unit)], sort: unit, head: true }) },
    { key: "c_type", word: W.c_type, cell: unit => ({ text: U.type[unit] }) },
    { key: "c_sites", word: W.c_sites, cell: amount(plan, "premises", 1, 0) },
    other && { key: "c_sites_today", word: word("c_sites_today"), cell: amount(other, "premises", 1, 0) },
    { key: "c_seats", word: course() ? W.c_seats + ", " + say("in_year", { year: course().years[yearAt()] }) : W.c_seats, sorted: false, cell: unit => ({ nodes: seatLines(unit, plan) }) },
    other && { key: "c_seats_today", word: word("c_seats_today"), sorted: false, cell: unit => ({ nodes: seatLines(unit, other) }) },
    scene().states.today && { key: "c_actions", word: W.c_actions, cell: unit => {
      const { said, total } = actionLines(unit);
      return { nodes: said.map(text => make("div", "", text)), sort: total };
    } },
    { key: "c_cost", word: W.c_cost, cell: amount(plan, "net_present_cost", 1e9, 1) },
    other && { key: "c_cost_today", word: word("c_cost_today"), cell: amount(other, "net_present_cost", 1e9, 1) },
    { key: "c_travel", word: W.c_travel, cell: amount(plan, "citizen_travel_mean", 1e3, 1) },
    { key: "c_travel_max", word: W.c_travel_max, cell: amount(plan, "citizen_travel_max", 1e3, 1) },
  ];
  if (net && scene().network) found.push({ key: "c_point", word: W.c_point, sorted: false, cell: unit => ({ nodes: net.lines(unit).map(text => make("div", "", text)) }) });
  return found.filter(one => one);
};
const cellOf = ({ text, nodes, sort, head, number: figures }) => {
  const cell = make(head ? "th" : "td", figures ? "n" : "", text);
  if (head) cell.scope = "row";
  if (nodes) cell.append(...nodes);
  if (sort !== undefined && sort !== null) cell.dataset.v = sort;
  return cell;
};
// Equal values share a rank; without a value there is none.
const rank = rows => {
  let before = null, place = 0;
  rows.forEach(({ row, value }, at) => {
    if (value !== before) place = at + 1;
    before = value;
    row.firstChild.textContent = value === null ? "–" : number(place);
  });
};
const showTable = () => {
  const columns = columnsOf(), body = make("tbody"), head = make("tr");
  if (!columns.some(one => one.key === view.sort.key && one.sorted !== false)) view.sort = { key: "c_unit", up: true };
  for (const one of columns) {
    const cell = make("th", one.key, one.sorted === false ? one.word : undefined);
    cell.scope = "col";
    if (one.sorted !== false) cell.append(button("sort", one.word, () => {
      view.sort = { key: one.key, up: view.sort.key === one.key ? !view.sort.up : true };
      showTable();
      document.querySelector("table.units th." + one.key + " button").focus();
    }));
    if (one.key === view.sort.key) cell.setAttribute("aria-sort", view.sort.up ? "ascending" : "descending");
    head.append(cell);
  }
  const at = columns.findIndex(one => one.key === view.sort.key);
  const rows = U.code.map((_, unit) => {
    const row = add(make("tr"), ...columns.map(one => cellOf(one.cell(unit)))), cell = row.children[at];
    return { row, unit, value: cell.dataset.v === undefined ? (columns[at].key === "c_type" ? cell.textContent : null) : Number(cell.dataset.v) };
  });
  rows.sort((a, b) => {
    if (a.value === null || b.value === null) return (a.value === null) - (b.value === null) || a.unit - b.unit;
    const first = typeof a.value === "string" ? a.value.localeCompare(b.value, "vi") : a.value - b.value;
    return (view.sort.up ? first : -first) || a.unit - b.unit;
  });
  rank(rows);
  body.append(...rows.map(one => one.row));
  const caption = add(make("caption"), make("span", "", say("caption", { n: number(U.code.length) })));
  $("units").replaceChildren(add(make("table", "units"), caption, add(make("thead"), head), body));
};
$("units").addEventListener("click", event => {
  const unit = event.target.closest("button.unit");
  if (!unit) return;
  choose(Number(unit.dataset.unit));
  if (!window.matchMedia("(max-width: 60rem)").matches) document.querySelector(".work").scrollIntoView({ block: "start" });
});
