// The reception network: a second way to read the map. Made by page.js where a plan has one; text only, no markup.
window.plannerNetwork = kit => {
  "use strict";
  const { D, W, U, map, view, $, make, add, draw, frame, say, number, titled } = kit;
  const KEY = "reception_minutes", IS_OPEN = 1, CLOSED = 2;
  const people = D.demand;
  const where = people.unit.map((_, n) => [people.base[0] + people.at[2 * n] / people.grid, people.base[1] + people.at[2 * n + 1] / people.grid]);
  const ofUnit = U.code.map(() => []);
  people.unit.forEach((unit, n) => ofUnit[unit].push(n));
  const shown = { points: true, gone: true, ways: false };
  const self = { key: KEY, point: -1 };
  let premisesMeasure = view.measure;

  // ---- what holds in the year shown ------------------------------------------------------------------------
  const net = () => kit.scene().network;
  const on = () => view.mode === "network" && Boolean(net());
  const stageOf = year => net().years.reduce((found, first, at) => first <= year ? at : found, 0);
  const yearShown = () => kit.course() ? kit.course().years[kit.yearAt()] : net().years[0];
  const isToday = () => view.state === "today" && net().today;
  const made = new Map();
  const apply = (before, changes) => {
    const point = [...before.point], metres = [...before.metres];
    for (let i = 0; i < changes.length; i += 3) { point[changes[i]] = changes[i + 1]; metres[changes[i]] = changes[i + 2]; }
    return { point, metres };
  };
  const waysOf = at => {
    const key = view.scenario + "/" + at;
    if (!made.has(key)) {
      made.set(key, at === "today" ? apply(waysOf(0), net().today.ways) : at === 0 ? { point: net().first[0], metres: net().first[1] } : apply(waysOf(at - 1), net().later[at - 1]));
    }
    return made.get(key);
  };
  const at = () => isToday() ? "today" : stageOf(yearShown());
  const stage = () => isToday() ? net().today : net().stages[at()];
  const ways = () => waysOf(at());
  const minutesOf = metres => Math.floor((1200 * metres + 1000 * net().speed) / (2000 * net().speed)) / 10;
  const minutes = metres => say("n_minutes", { n: number(minutesOf(metres), 1) });
  const mean = (some, of) => {
    let total = 0, count = 0;
    for (const n of some) { total += people.people[n] * of.metres[n]; count += people.people[n]; }
    return count ? Math.floor((2 * total + count) / (2 * count)) : 0;
  };
  const km = metres => number(metres / 1000, 1);
  const wayText = metres => say("way_is", { km: km(metres), minutes: minutes(metres) });
  // Shares have four decimals: halves go up, as in the workbook.
  const percent = share => number(Math.round(1e4 * share) / 100, 1) + "%";
  const ownPoint = unit => net().points.city.findIndex((city, p) => !city && net().points.unit[p] === unit);
  const goneFrom = p => { const found = net().stages.findIndex(one => one.status[p] === CLOSED); return found < 0 ? null : net().years[found]; };
  const placeOf = p => {
    const moved = isToday() && net().today.at.find(one => one[0] === p);
    return moved ? [moved[1], moved[2]] : net().points.at[p];
  };
  const pointName = p => net().points.city[p] ? net().points.name[p] : say("point_of_ward", { unit: titled(net().points.unit[p]) });
  const commune = n => D.communes.name[people.commune[n]] + " (" + D.communes.type[people.commune[n]] + ")";
  self.values = () => net() ? U.code.map((_, unit) => ofUnit[unit].length ? minutesOf(mean(ofUnit[unit], ways())) : null) : [];

  // ---- signs: circle of a ward, square of the city; filled open, white idle, crossed closed ----------------
  const look = (city, state) => {
    const svg = frame(11), name = "np-" + (city ? "city" : "ward") + " np-" + state;
    svg.append(city ? draw("rect", { x: -8, y: -8, width: 16, height: 16, class: name }) : draw("circle", { r: 8.4, class: name }));
    if (state === "gone") svg.append(draw("path", { d: "M-4.4,-4.4 L4.4,4.4 M4.4,-4.4 L-4.4,4.4", class: "np-cross" }));
    return svg;
  };
  const stateOf = p => stage().status[p] === CLOSED ? "gone" : stage().people[p] ? "open" : "idle";
  const statusText = p => {
    const one = stage(), values = { people: number(one.people[p]), needed: number(one.needed[p]), counters: number(net().points.counters[p]) };
    if (one.status[p] === CLOSED) return W.point_status_closed;
    if (one.status[p] !== IS_OPEN) return W.point_status_absent;
    if (!one.people[p]) return say("point_status_idle", values);
    const most = net().points.capacity[p];
    return say("point_status_open", { ...values, use: most ? percent(one.load[p] / most) : "–" });
  };
  const tip = p => () => add(make("div", "tip"), make("b", "", pointName(p)), make("div", "", statusText(p)));

  // ---- layers ----------------------------------------------------------------------------------------------
  const pane = map.createPane("ways");
  pane.style.zIndex = 450;
  pane.style.pointerEvents = "none";
  const layers = { ways: L.layerGroup(), chosen: L.layerGroup(), gone: L.layerGroup(), points: L.layerGroup() };
  const segments = some => some.filter(n => ways().point[n] >= 0 && ways().metres[n] > 0).map(n => [where[n], placeOf(ways().point[n])]);
  const all = () => people.unit.map((_, n) => n);
  const drawLines = () => {
    layers.ways.clearLayers();
    layers.chosen.clearLayers();
    if (!on()) return;
    if (shown.ways) layers.ways.addLayer(L.polyline(segments(all()), { pane: "ways", className: "np-way", interactive: false }));
    const some = self.point >= 0 ? all().filter(n => ways().point[n] === self.point) : view.unit >= 0 ? ofUnit[view.unit] : [];
    if (!some.length) return;
    const lines = segments(some);
    layers.chosen.addLayer(L.polyline(lines, { pane: "ways", className: "np-chosen-rim", interactive: false }));
    layers.chosen.addLayer(L.polyline(lines, { pane: "ways", className: "np-chosen", interactive: false }));
    for (const n of some) layers.chosen.addLayer(L.circleMarker(where[n], { pane: "ways", radius: 3.5, className: "np-from", interactive: false }));
  };
  let drawnKey = "";
  const drawPoints = () => {
    const key = on() ? view.scenario + "/" + at() : "";
    if (key === drawnKey) return;
    drawnKey = key;
    layers.points.clearLayers();
    layers.gone.clearLayers();
    if (!key) return;
    net().points.name.forEach((_, p) => {
      if (!stage().status[p]) return;
      const state = stateOf(p), city = net().points.city[p];
      // A city point on the spot of a ward's is put beside it.
      const beside = city && net().points.at.some((other, q) => !net().points.city[q] && stage().status[q] === IS_OPEN && map.distance(placeOf(q), placeOf(p)) < 150);
      const icon = L.divIcon({ className: "np " + state + (city ? " city" : "") + (beside ? " beside" : ""), html: look(city, state), iconSize: null });
      const marker = L.marker(placeOf(p), { icon, keyboard: false, riseOnHover: true, zIndexOffset: state === "gone" ? -1000 : city ? 500 : 0 });
      marker.bindTooltip(tip(p), { opacity: 1, direction: "top", offset: [0, -8] });
      marker.on("click", () => choosePoint(p, false));
      layers[state === "gone" ? "gone" : "points"].addLayer(marker);
    });
  };
  self.show = () => {
    drawPoints();
    drawLines();
    for (const name of Object.keys(layers)) {
      if (on() && (name === "chosen" || shown[name])) layers[name].addTo(map); else layers[name].remove();
    }
    $("worst").hidden = !on();
    if (on()) showWorst();
  };
  self.hides = name => on() && name !== "names";
  self.on = on;

  // ---- figures of the year ---------------------------------------------------------------------------------
  self.figures = (list, figure) => {
    const now = stage().figures, before = net().today && !isToday() ? net().today.figures : null;
    const today = text => before ? say("np_today", { x: text(before) }) : "";
    const one = (word, text) => figure(word, text(now), today(text));
    const points = one("np_points", f => number(f.points));
    points.append(make("dd", "line", say("np_of", { a: number(now.wards), c: number(now.closed) })));
    const within = one("np_within", f => percent(f.within_15));
    within.className = "wide";
    within.append(make("dd", "line", say("np_within_30", { x: percent(now.within_30) })));
    add(list, points, one("np_city", f => number(f.city)), one("np_counters", f => number(f.counters)), one("np_mean", f => number(f.mean / 1000, 2) + " km"), within);
  };

  // ---- the worst served, by name ---------------------------------------------------------------------------
  const showWorst = () => {
    const of = ways(), box = $("worst");
    const order = all().filter(n => of.point[n] >= 0)
      .sort((a, b) => of.metres[b] - of.metres[a] || people.people[b] - people.people[a] || a - b).slice(0, 10);
    const list = make("ol", "worst");
    for (const n of order) {
      const button = make("button", "hit", say("worst_in", { commune: commune(n), unit: titled(people.unit[n]) }));
      button.type = "button";
      button.append(make("small", "", say("worst_line", { minutes: minutes(of.metres[n]), people: number(people.people[n]), point: pointName(of.point[n]) })));
      button.addEventListener("click", () => kit.choose(people.unit[n]));
      list.append(add(make("li"), button));
    }
    box.replaceChildren(make("p", "small", W.worst + ", " + (isToday() ? W.today.toLowerCase() : say("in_year", { year: yearShown() }))), list);
  };

  // ---- cards -----------------------------------------------------------------------------------------------
  const pointButton = p => {
    const button = make("button", "to-point", pointName(p));
    button.type = "button";
    button.addEventListener("click", () => choosePoint(p, true));
    return add(make("div", "site"), look(net().points.city[p], stateOf(p)), button);
  };
  self.card = (card, unit) => {
    if (!net()) return;
    const of = ways(), own = ownPoint(unit), mine = ofUnit[unit], gone = own < 0 ? null : goneFrom(own);
    const box = make("div", "reception");
    if (own >= 0) {
      const closed = stage().status[own] === CLOSED, one = stage();
      const text = closed ? say("point_gone", { year: gone }) : say("point_open", { people: number(one.people[own]), needed: number(one.needed[own]), counters: number(net().points.counters[own]) });
      box.append(make("p", "then", text + "." + (!closed && gone && !isToday() ? " " + say("point_until", { year: gone }) : "")));
    }
    const served = new Map();
    for (const n of mine) if (of.point[n] >= 0) served.set(of.point[n], [...(served.get(of.point[n]) || []), n]);
    const count = some => some.reduce((sum, n) => sum + people.people[n], 0);
    const list = make("ul");
    for (const [p, some] of [...served].sort((a, b) => count(b[1]) - count(a[1]) || a[0] - b[0])) {
      const text = say("files_line", { people: number(count(some)), minutes: minutes(mean(some, of)) });
      list.append(add(make("li"), pointButton(p), make("div", "facts", text)));
    }
    if (mine.length) {
      const b = wayText(mean(mine, of));
      add(box, make("p", "", W.files_at), list);
      box.append(make("p", "", net().today && !isToday() ? say("way_change", { a: wayText(mean(mine, waysOf("today"))), year: yearShown(), b }) : say("way_now", { b })));
    }
    add(card, make("h4", "", W.card_reception + ", " + (isToday() ? W.today.toLowerCase() : say("in_year", { year: yearShown() }))), box);
  };
  self.pointCard = (card, close) => {
    const p = self.point, of = ways(), unit = net().points.unit[p];
    const name = make("h3", "", pointName(p));
    name.id = "card-name";
    const kind = net().points.city[p] ? say("point_of_city", { unit: titled(unit) }) : titled(unit);
    add(card, close, name, make("p", "about", kind), make("p", "then", statusText(p) + "."));
    const gone = goneFrom(p);
    if (gone && stage().status[p] !== CLOSED && !isToday()) card.append(make("p", "", say("point_until", { year: gone })));
    const some = all().filter(n => of.point[n] === p).sort((a, b) => of.metres[b] - of.metres[a] || a - b);
    if (!some.length) return;
    const list = make("ul");
    for (const n of some) {
      const button = make("button", "to-point", say("worst_in", { commune: commune(n), unit: titled(people.unit[n]) }));
      button.type = "button";
      button.addEventListener("click", () => kit.choose(people.unit[n], { zoom: false }));
      list.append(add(make("li"), button, make("div", "facts", say("files_one", { people: number(people.people[n]), minutes: minutes(of.metres[n]) }))));
    }
    add(card, make("h4", "", W.point_serves), list);
  };
  const choosePoint = (p, focus) => {
    if (view.mode !== "network") setMode("network");
    kit.choose(-1);
    self.point = p;
    drawLines();
    kit.showCard(-1);
    if (focus) $("card").focus({ preventScroll: true });
    if (window.matchMedia("(max-width: 60rem)").matches && focus) $("card").scrollIntoView({ block: "start" });
  };
  self.selected = () => { self.point = -1; drawLines(); };

  // ---- the line of the table -------------------------------------------------------------------------------
  self.lines = unit => {
    const own = ownPoint(unit), closed = own < 0 ? null : goneFrom(own), served = new Map(), of = waysOf(net().stages.length - 1);
    for (const n of ofUnit[unit]) if (of.point[n] >= 0) served.set(of.point[n], (served.get(of.point[n]) || 0) + people.people[n]);
    const found = [closed === null ? W.point_kept : say("point_to", { year: closed })];
    if (served.size === 1 && served.has(own)) return found;
    for (const [p, count] of [...served].sort((a, b) => b[1] - a[1] || a[0] - b[0])) found.push(net().points.name[p] + " (" + number(count) + ")");
    return found;
  };

  // ---- legend, mode, search --------------------------------------------------------------------------------
  self.legend = signs => {
    const list = make("ul", "bodies"), line = (node, word) => add(make("li"), node, make("span", "", W[word]));
    const way = draw("svg", { viewBox: "-11 -11 22 22", "aria-hidden": "true" });
    way.append(draw("path", { d: "M-10,0 L10,0", class: "np-chosen" }));
    add(list, line(look(0, "open"), "sign_ward"), line(look(1, "open"), "sign_city"), line(look(1, "idle"), "sign_idle"), line(look(0, "gone"), "sign_gone"), line(way, "sign_way"));
    add(signs, make("p", "small", W.np_signs), list, make("p", "hint", W.np_hint));
  };
  const setMode = mode => {
    if (mode === "network" && view.mode !== "network") { premisesMeasure = view.measure; view.measure = KEY; }
    if (mode !== "network" && view.mode === "network") { view.measure = premisesMeasure; self.point = -1; }
    view.mode = mode;
    sync();
    kit.showSigns();
    kit.refresh();
    kit.showCard(view.unit);
  };
  const sync = () => {
    $("mode").hidden = !net();
    for (const input of document.querySelectorAll('input[name="mode"]')) input.checked = input.value === (on() ? "network" : "premises");
    $("layers").classList.toggle("of-network", on());
    for (const name of Object.keys(shown)) $("layer-" + name).hidden = !on();
    $("measure").value = view.measure;
  };
  self.scenario = () => {
    self.point = -1;
    if (!net() && view.mode === "network") { view.mode = "premises"; view.measure = premisesMeasure; }
    sync();
  };
  self.recall = said => {
    const mode = said.get("view") === "network" && net() ? "network" : "premises";
    if (mode === view.mode) return;
    if (mode === "network") { premisesMeasure = view.measure; view.measure = KEY; } else view.measure = premisesMeasure;
    view.mode = mode;
  };
  self.remember = said => { if (on()) said.set("view", "network"); };
  self.entries = entry => {
    for (const one of D.scenarios) if (one.network) one.network.points.name.forEach((name, p) => { if (one.network.points.city[p]) entry(one.network.points.unit[p], 5, name, W.is_point); });
  };
  const modes = add(make("fieldset", "state"), make("legend", "", W.mode));
  modes.id = "mode";
  for (const mode of ["premises", "network"]) {
    const input = make("input");
    input.type = "radio";
    input.name = "mode";
    input.value = mode;
    input.addEventListener("change", () => setMode(mode));
    modes.append(add(make("label"), input, make("span", "", W["mode_" + mode])));
  }
  $("state").after(modes);
  for (const name of Object.keys(shown)) {
    const input = make("input"), label = make("label");
    input.type = "checkbox";
    input.checked = shown[name];
    input.addEventListener("change", () => { shown[name] = input.checked; self.show(); });
    label.id = "layer-" + name;
    $("layers").append(add(label, input, make("span", "", W["layer_" + name])));
  }
  const worst = make("section");
  worst.id = "worst";
  worst.hidden = true;
  $("signs").after(worst);
  return self;
};
