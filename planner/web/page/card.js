// The card of a unit: who sits where, why, what is to do, and its figures beside each other.
const siteItem = (site, one, state) => {
  const item = make("li");
  const head = add(make("div", "site"), one ? wheel(one.bodies, formOf(site)) : state.status[site] === KEPT ? kept() : gone(formOf(site), state.routes[site]), make("b", "", S.name[site]));
  item.append(head);
  if (S.address[site]) item.append(make("div", "address", S.address[site]));
  if (one) {
    const who = make("div", "who");
    for (const [name, assumed] of one.names) {
      who.append(who.childNodes.length ? "; " : "", name);
      if (assumed) who.append(make("i", "assumed", " (" + W.modelled_short + ")"));
    }
    item.append(who);
  }
  const facts = [];
  if (W["kind_" + S.kind[site]]) facts.push(W["kind_" + S.kind[site]]);
  const [low, high] = S.range[site];
  if (S.area[site] !== null) {
    const isNew = S.kind[site] === "joint_centre", range = S.estimated[site] && low !== null && high !== null ? " " + say("range", { a: number(low), b: number(high) }) : "";
    facts.push(say("floor", { x: number(S.area[site]) }) + " (" + (isNew ? W.to_build : S.estimated[site] ? W.estimated + range : W.surveyed_word) + ")");
  }
  if (one) facts.push(say("needs", { a: number(one.tight), b: number(one.norm) }));
  if (S.hall[site]) facts.push(say("hall", { n: number(S.hall[site]) }));
  if (!one && state.routes[site] && W["route_" + state.routes[site]]) facts.push(W["route_" + state.routes[site]]);
  item.append(make("div", S.estimated[site] ? "facts est" : "facts", facts.join(" · ")));
  return item;
};
const section = (card, title, nodes) => {
  if (!nodes.length) return;
  card.append(make("h4", "", title), add(make("ul"), ...nodes));
};
const actionText = (unit, [verb, site, parts, people, once, yearly]) => {
  const values = { site: sitePlace(site), once: money(Math.abs(once)), yearly: money(Math.abs(yearly)), people: number(people) };
  if (verb === "move_in") {
    const all = scene().states.plan.seats[unit].map(seat => seat[0]), named = new Set();
    for (const part of parts) {
      const what = D.parts[part], whole = all.every(p => D.parts[p].body !== what.body || parts.includes(p));
      named.add(whole ? what.bodyname : what.name);
    }
    values.parts = [...named].join("; ");
  }
  if (verb === "give_up") {
    values.route = W["route_" + scene().states.plan.routes[site]] || W.route_none;
    values.income = once ? say("a_income", values) : yearly ? say("a_income_year", values) : "";
  }
  return say("a_" + verb, values);
};
// Why the unit is arranged so: reasons.csv in words.
const reasons = unit => {
  if (!scene().reasons) return [];
  const [why, others, extra, item, itemExtra, single, m2, seats, todayExtra] = scene().reasons[unit];
  const lines = [W["why_" + why]];
  if (others.length && extra !== null) {
    const values = { sites: others.map(site => S.name[site]).join("; "), x: money(Math.abs(extra)), item: D.items[item] || item, y: money(Math.abs(itemExtra)) };
    lines.push(say(extra < 0 ? "why_cheaper" : "why_next", values) + (item ? " " + say(itemExtra < 0 ? "why_mainly_less" : "why_mainly", values) : ""));
  }
  const lacks = [...(m2 ? [say("why_m2", { n: number(m2) })] : []), ...(seats ? [say("why_seats", { n: number(seats) })] : [])];
  if (single >= 0 && lacks.length) lines.push(say("why_single", { site: S.name[single], lacks: lacks.join(", ") }));
  if (todayExtra) lines.push(say(todayExtra > 0 ? "why_today_more" : "why_today_less", { x: money(Math.abs(todayExtra)) }));
  return lines;
};
const cardHead = (card, unit, close) => {
  const name = make("h3", "", titled(unit));
  name.id = "card-name";
  add(card, close, name);
  const about = [say("card_code", { code: U.code[unit] })];
  if (U.people[unit] !== null) about.push(say("card_people", { n: number(U.people[unit]) }));
  if (U.area[unit] !== null) about.push(say("card_area", { x: number(U.area[unit], 1) }));
  if (U.district[unit]) about.push(say("card_district", { x: U.district[unit] }));
  card.append(make("p", "about", about.join(" · ")));
};
const cardCentre = (card, unit) => {
  const centre = centreOf(unit);
  if (!centre) return;
  const box = make("div", "plan-centre"), place = S.address[centre[1]];
  add(box, make("p", "", centreWhen(centre) + (place ? " " + place.charAt(0).toUpperCase() + place.slice(1) + "." : "")));
  if (view.state === "plan") add(box, make("p", "then", centreNow(centre)));
  add(card, make("h4", "", W.card_centre), box);
};
// Which years a measure is of, where it is not that of the year shown.
const ALL_YEARS = ["net_present_cost", "cost_capital"];
const ofYears = key => {
  const how = course();
  if (!how || follows(how, key)) return "";
  const [first, last] = [how.years[0], how.years[how.years.length - 1]];
  return ALL_YEARS.includes(key) ? ` (${first}–${last})` : yearAt() ? ` (${first})` : "";
};
// Measures of the year shown, today's, the plan's and, where the reader compares, those of the plan beside it.
const cardNumbers = (card, unit, title) => {
  const { today } = scene().states, other = beside() && beside().state === "plan" && beside();
  const columns = [...(today ? [[W.today, today]] : []), [W.plan, planNow()], ...(other ? [[nameOf(other), stateOf(other)]] : [])];
  const table = make("table"), head = add(make("tr"), make("th", "", W.card_figure)), body = make("tbody");
  head.append(...columns.map(([word]) => make("th", "", word)));
  for (const cell of head.children) cell.scope = "col";
  for (const key of D.compared) {
    const label = make("th", "", W["m_" + key] + ofYears(key));
    label.scope = "row";
    body.append(add(make("tr"), label, ...columns.map(([, state]) => make("td", "n", state.values[key] ? measured(key, state.values[key][unit]) : "–"))));
  }
  add(card, make("h4", "", title), add(table, add(make("thead"), head), body));
};
const showCard = unit => {
  const card = $("card");
  card.replaceChildren();
  const point = unit < 0 && net && net.point >= 0;
  card.hidden = unit < 0 && !point;
  if (card.hidden) return;
  const close = button("close", "×", () => { choose(-1); $("q").focus(); });
  close.setAttribute("aria-label", W.card_close);
  if (point) { net.pointCard(card, close); return; }
  cardHead(card, unit, close);
  const items = state => [...seatsBySite(unit, state)].map(([site, one]) => siteItem(site, one, state));
  const { today } = scene().states, plan = planNow(), how = course(), other = beside();
  const dated = (word, at) => how ? word + ", " + say("in_year", { year: how.years[at] }) : word;
  cardCentre(card, unit);
  if (net) net.card(card, unit);
  section(card, dated(W.card_plan, yearAt()), items(plan));
  const why = reasons(unit);
  if (why.length) section(card, dated(W.card_why, 0), why.map(line => make("li", "", line)));
  if (today) {
    const done = scene().actions[unit].map(action => make("li", "do do-" + action[0], actionText(unit, action)));
    section(card, dated(W.card_actions, 0), done.length ? done : [make("li", "", W.card_no_actions)]);
  }
  if (today) section(card, W.card_today, items(today));
  if (other && other.state === "plan") section(card, say("card_beside", { who: nameOf(other) }), items(stateOf(other)));
  cardNumbers(card, unit, dated(W.card_numbers, yearAt()));
  const given = S.unit.map((_, site) => site).filter(site => S.unit[site] === unit && [RELEASED, KEPT].includes(plan.status[site]));
  section(card, dated(W.card_released, yearAt()), given.map(site => siteItem(site, null, plan)));
  const old = U.communes[unit].map(([at]) => D.communes.name[at] + " (" + D.communes.type[at] + ")");
  card.append(make("h4", "", W.card_communes), make("p", "about", old.join(", ")));
};
const choose = (unit, { zoom = true, focus = true } = {}) => {
  view.unit = unit;
  if (net) net.selected();
  showCard(unit);
  paint();
  remember();
  if (unit < 0) return;
  if (zoom) {
    const bounds = L.latLngBounds([U.at[unit]]);
    if (boxes[unit].isValid()) bounds.extend(boxes[unit]);
    map.fitBounds(bounds, { padding: [30, 30], maxZoom: 14.5, animate: false });
  }
  if (focus) $("card").focus({ preventScroll: true });
  if (window.matchMedia("(max-width: 60rem)").matches) $("card").scrollIntoView({ block: "start" });
  else $("card").parentElement.scrollTop = 0;
};
$("card").addEventListener("keydown", event => { if (event.key === "Escape") { choose(-1); $("q").focus(); } });
