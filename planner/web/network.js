// The reception network: a second way to read the map. Made by page.js where a plan has one; text only, no markup.
window.plannerNetwork = kit => {
  "use strict";
  const { D, W, U, S, map, view, $, make, add, draw, frame, say, number, titled } = kit;
  const KEY = "reception_minutes", ABSENT = 0, IS_OPEN = 1, CLOSED = 2;
  const people = D.demand;
  const where = people.unit.map((_, n) => [people.base[0] + people.at[2 * n] / people.grid, people.base[1] + people.at[2 * n + 1] / people.grid]);
  const ofUnit = U.code.map(() => []);
  people.unit.forEach((unit, n) => ofUnit[unit].push(n));
  const shown = { points: true, gone: true, ways: false };
  const self = { key: KEY, point: -1 };
  let premisesMeasure = view.measure;

  // ---- the networks of the page ----------------------------------------------------------------------------
  const count = some => some.reduce((sum, n) => sum + people.people[n], 0);
  const RECEPTION = D.bodies.findIndex(body => body.key === "reception");
  const ownPoint = (net, unit) => net.points.city.findIndex((city, p) => !city && net.points.unit[p] === unit);
  // Everybody to his own unit's reception, where it sits in a state: the metres stand on the page by unit and site.
  const reach = D.reach.map(rows => new Map(rows.map(([unit, site, ...metres]) => [unit + "/" + site, metres])));
  const receptions = state => state.seats.map(seats => (seats.find(seat => D.parts[seat[0]].body === RECEPTION) || [0, -1])[1]);
  const ownWays = (net, state) => {
    const point = people.unit.map(() => -1), metres = people.unit.map(() => 0);
    receptions(state).forEach((site, unit) => {
      const found = reach[net.reach].get(unit + "/" + site), p = ownPoint(net, unit);
      if (found) ofUnit[unit].forEach((n, at) => { point[n] = p; metres[n] = found[at]; });
    });
    return { point, metres };
  };
  // A plan without a network: all points are the units' own.
  const ownPoints = scenario => {
    const { own_points: said, course, states } = D.scenarios[scenario];
    const units = U.code.map((_, unit) => unit), served = ofUnit.map(count), countersOf = state => state.values.counters || units.map(() => 0);
    const stageIn = (state, figures) => {
      const sites = receptions(state), open = sites.filter(site => site >= 0).length, needed = countersOf(state);
      return {
        state, status: sites.map(site => site < 0 ? ABSENT : IS_OPEN), needed, people: served, places: sites.map((site, unit) => site < 0 ? U.at[unit] : S.at[site]),
        figures: { points: open, wards: open, city: 0, closed: 0, counters: needed.reduce((sum, one) => sum + one, 0), ...figures },
      };
    };
    return {
      own: true, years: said.years, speed: said.speed, reach: said.reach,
      stages: said.years.map((year, at) => stageIn(kit.planAt(scenario, course ? course.years.indexOf(year) : 0), said.figures[at])),
      points: { name: U.name, unit: units, city: units.map(() => 0), at: U.at, counters: countersOf(states.plan) },
      today: said.today && states.today && stageIn(states.today, said.today),
    };
  };
  const ids = new Map();
  const nets = D.scenarios.map((one, scenario) => {
    const net = one.network || (one.own_points ? ownPoints(scenario) : null);
    if (!net) return null;
    net.points.name = net.points.name.map((name, p) => name || U.name[net.points.unit[p]]);
    if (one.network && net.today) {
      net.today.places = [...net.points.at];
      for (const [p, lat, lon] of net.today.at) net.today.places[p] = [lat, lon];
    }
    // The same point has the same number in all networks of the page.
    net.ids = net.points.unit.map((unit, p) => {
      const key = JSON.stringify(net.points.city[p] ? [unit, net.points.name[p], net.points.at[p]] : [unit]);
      if (!ids.has(key)) ids.set(key, ids.size);
      return ids.get(key);
    });
    return net;
  });
  const on = () => view.mode === "network" && Boolean(kit.scene().network);
  self.knows = side => Boolean(nets[side.scenario]) && (side.state !== "today" || Boolean(nets[side.scenario].today));

  // ---- what a side shows in the year -----------------------------------------------------------------------
  const made = new Map();
  const apply = (before, changes) => {
    const point = [...before.point], metres = [...before.metres];
    for (let i = 0; i < changes.length; i += 3) { point[changes[i]] = changes[i + 1]; metres[changes[i]] = changes[i + 2]; }
    return { point, metres };
  };
  const waysOf = (scenario, at) => {
    const key = scenario + "/" + at, net = nets[scenario];
    if (!made.has(key)) {
      const stage = at === "today" ? net.today : net.stages[at], { plan, today } = D.scenarios[scenario].states;
      made.set(key, net.own ? ownWays(net, stage.state) : at === "today" ? apply(ownWays(net, today), stage.ways)
        : apply(at === 0 ? ownWays(net, plan) : waysOf(scenario, at - 1), net.ways[at]));
    }
    return made.get(key);
  };
  // A plan shows its nearest stage: the first before it begins, the last after it ends.
  const shot = side => {
    const net = nets[side.scenario], how = D.scenarios[side.scenario].course, today = side.state === "today" && Boolean(net.today);
    const year = how ? how.years[kit.yearOf(side.scenario)] : net.years[0];
    const at = today ? "today" : net.years.reduce((found, first, n) => first <= year ? n : found, 0);
    return { side, net, today, year, stage: today ? net.today : net.stages[at], ways: waysOf(side.scenario, at), key: side.scenario + "/" + at };
  };
  const mine = () => shot(kit.here());
  const other = () => on() && kit.beside() ? shot(kit.beside()) : null;
  const shots = () => [mine(), other()].filter(one => one);
  const when = one => other() ? kit.dated(one.side) : one.today ? W.today.toLowerCase() : say("in_year", { year: one.year });

  const minutesOf = (net, metres) => Math.floor((1200 * metres + 1000 * net.speed) / (2000 * net.speed)) / 10;
  const minutes = (net, metres) => say("n_minutes", { n: number(minutesOf(net, metres), 1) });
  const mean = (some, of) => {
    let total = 0, all = 0;
    for (const n of some) { total += people.people[n] * of.metres[n]; all += people.people[n]; }
    return all ? Math.floor((2 * total + all) / (2 * all)) : 0;
  };
  const km = metres => number(metres / 1000, 1);
  const wayText = (net, metres) => say("way_is", { km: km(metres), minutes: minutes(net, metres) });
  // Shares have four decimals: halves go up, as in the workbook.
  const percent = share => number(Math.round(1e4 * share) / 100, 1) + "%";
  const goneFrom = (net, p) => { const found = net.stages.findIndex(one => one.status[p] === CLOSED); return found < 0 ? null : net.years[found]; };
  const placeOf = (one, p) => (one.stage.places || one.net.points.at)[p];
  const pointName = (net, p) => net.points.city[p] ? net.points.name[p] : say("point_of_ward", { unit: titled(net.points.unit[p]) });
  const commune = n => D.communes.name[people.commune[n]] + " (" + D.communes.type[people.commune[n]] + ")";
  self.values = side => {
    if (!self.knows(side)) return [];
    const { net, ways } = shot(side);
    return U.code.map((_, unit) => ofUnit[unit].length ? minutesOf(net, mean(ofUnit[unit], ways)) : null);
  };

  // ---- signs: circle of a ward, square of the city; filled open, white idle, crossed closed ----------------
  const look = (city, state) => {
    const svg = frame(11), name = "np-" + (city ? "city" : "ward") + " np-" + state;
    svg.append(city ? draw("rect", { x: -8, y: -8, width: 16, height: 16, class: name }) : draw("circle", { r: 8.4, class: name }));
    if (state === "gone") svg.append(draw("path", { d: "M-4.4,-4.4 L4.4,4.4 M4.4,-4.4 L-4.4,4.4", class: "np-cross" }));
    return svg;
  };
  const stateOf = (one, p) => one.stage.status[p] === CLOSED ? "gone" : one.stage.people[p] ? "open" : "idle";
  const statusText = ({ stage, net }, p) => {
    if (stage.status[p] === CLOSED) return W.point_status_closed;
    if (p < 0 || stage.status[p] !== IS_OPEN) return W.point_status_absent;
    const values = { people: number(stage.people[p]), needed: number(stage.needed[p]), counters: number(net.own ? stage.needed[p] : net.points.counters[p]) };
    if (net.own) return say("own_status", values);
    if (!stage.people[p]) return say("point_status_idle", values);
    return say("point_status_open", { ...values, use: number(stage.use[p] / 10, 1) + "%" });
  };
  const tip = (one, p) => () => {
    const box = add(make("div", "tip"), make("b", "", pointName(one.net, p)));
    if (other()) box.append(make("div", "", kit.dated(one.side)));
    return add(box, make("div", "", statusText(one, p)));
  };

  // ---- layers: those of a side lie in its panes and are cut with them --------------------------------------
  const drawings = [["here", mine], ["beside", other]].map(([name, of]) => (
    { name, of, drawn: "", layers: { ways: L.layerGroup(), chosen: L.layerGroup(), gone: L.layerGroup(), points: L.layerGroup() } }
  ));
  const all = () => people.unit.map((_, n) => n);
  const drawLines = () => {
    for (const { name, of, layers } of drawings) {
      layers.ways.clearLayers();
      layers.chosen.clearLayers();
      const one = on() && of();
      if (!one) continue;
      const { point, metres } = one.ways, pane = name + "-lines";
      const segments = some => some.filter(n => point[n] >= 0 && metres[n] > 0).map(n => [where[n], placeOf(one, point[n])]);
      if (shown.ways) layers.ways.addLayer(L.polyline(segments(all()), { pane, className: "np-way", interactive: false }));
      const some = self.point >= 0 ? all().filter(n => one.net.ids[point[n]] === self.point) : view.unit >= 0 ? ofUnit[view.unit] : [];
      if (!some.length) continue;
      const lines = segments(some);
      layers.chosen.addLayer(L.polyline(lines, { pane, className: "np-chosen-rim", interactive: false }));
      layers.chosen.addLayer(L.polyline(lines, { pane, className: "np-chosen", interactive: false }));
      for (const n of some) layers.chosen.addLayer(L.circleMarker(where[n], { pane, radius: 3.5, className: "np-from", interactive: false }));
    }
  };
  const drawPoints = drawing => {
    const { name, of, layers } = drawing, one = on() ? of() : null, key = one ? one.key + (other() ? "|" : "") : "";
    if (key === drawing.drawn) return;
    drawing.drawn = key;
    layers.points.clearLayers();
    layers.gone.clearLayers();
    if (!one) return;
    const { net, stage } = one;
    net.points.name.forEach((_, p) => {
      if (!stage.status[p]) return;
      const state = stateOf(one, p), city = net.points.city[p];
      // A city point on the spot of a ward's is put beside it.
      const beside = city && net.points.at.some((_, q) => !net.points.city[q] && stage.status[q] === IS_OPEN && map.distance(placeOf(one, q), placeOf(one, p)) < 150);
      const icon = L.divIcon({ className: "np " + state + (city ? " city" : "") + (beside ? " beside" : ""), html: look(city, state), iconSize: null });
      const marker = L.marker(placeOf(one, p), { pane: name + "-signs", icon, keyboard: false, riseOnHover: true, zIndexOffset: state === "gone" ? -1000 : city ? 500 : 0 });
      marker.bindTooltip(tip(one, p), { opacity: 1, direction: "top", offset: [0, -8] });
      marker.on("click", () => choosePoint(net.ids[p], false));
      layers[state === "gone" ? "gone" : "points"].addLayer(marker);
    });
  };
  self.show = () => {
    drawings.forEach(drawPoints);
    drawLines();
    for (const { layers } of drawings) {
      for (const name of Object.keys(layers)) {
        if (on() && (name === "chosen" || shown[name])) layers[name].addTo(map); else layers[name].remove();
      }
    }
    const beside = other();
    note.hidden = !beside || !beside.net.own;
    note.textContent = note.hidden ? "" : say("own_note", { who: kit.nameOf(beside.side) });
    $("worst").hidden = !on();
    if (on()) showWorst();
  };
  self.hides = name => on() && name !== "names";
  self.on = on;
  // Where signs stand, for names to keep off.
  self.places = () => shots().flatMap(one => one.net.points.at.map((_, p) => p).filter(p => one.stage.status[p]).map(p => placeOf(one, p)));

  // ---- figures of the year ---------------------------------------------------------------------------------
  self.figures = (list, figure) => {
    const here = mine(), now = here.stage.figures, today = here.net.today && !here.today ? shot({ ...here.side, state: "today" }) : null;
    const against = other() || today, before = against && against.stage.figures;
    const than = x => !against ? "" : against.today ? say("np_today", { x }) : say("np_right", { x });
    const one = (word, text) => figure(word, text(now), before ? than(text(before)) : "");
    const points = one("np_points", f => number(f.points)), both = text => text(now) + (other() ? " | " + text(before) : "");
    points.append(make("dd", "line", say("np_of", { a: both(f => number(f.wards)), c: both(f => number(f.closed)) })));
    const within = one("np_within", f => percent(f.within_15));
    within.className = "wide";
    within.append(make("dd", "line", say("np_within_30", { x: both(f => percent(f.within_30)) })));
    add(list, points, one("np_city", f => number(f.city)), one("np_counters", f => number(f.counters)), one("np_mean", f => number(f.mean / 1000, 2) + " km"), within);
  };

  // ---- the worst served, by name ---------------------------------------------------------------------------
  // Of each side its own ten; of each of them the way on the other side too.
  const showWorst = () => {
    const two = shots();
    $("worst").replaceChildren(...two.map((one, at) => {
      const { net, ways } = one, list = make("ol", "worst");
      const order = all().filter(n => ways.point[n] >= 0)
        .sort((a, b) => ways.metres[b] - ways.metres[a] || people.people[b] - people.people[a] || a - b).slice(0, 10);
      for (const n of order) {
        const button = make("button", "hit", say("worst_in", { commune: commune(n), unit: titled(people.unit[n]) }));
        button.type = "button";
        button.append(make("small", "", say("worst_line", { minutes: minutes(net, ways.metres[n]), people: number(people.people[n]), point: pointName(net, ways.point[n]) })));
        const across = two[1 - at];
        if (across && across.ways.point[n] >= 0) {
          // The same point at another site is told, or nobody would see why the way is another.
          const p = across.ways.point[n], same = across.net.ids[p] === net.ids[ways.point[n]], name = pointName(across.net, p);
          const moved = same && map.distance(placeOf(across, p), placeOf(one, ways.point[n])) > 20;
          const x = minutes(across.net, across.ways.metres[n]) + (moved ? " · " + say("np_elsewhere", { point: name }) : same ? "" : " · " + name);
          button.append(make("small", "across", say(across.today ? "np_today" : at ? "np_left" : "np_right", { x })));
        }
        button.addEventListener("click", () => kit.choose(people.unit[n]));
        list.append(add(make("li"), button));
      }
      return add(make("div"), make("p", "small", W.worst + ", " + when(one)), list);
    }));
  };

  // ---- cards -----------------------------------------------------------------------------------------------
  const pointButton = (one, p) => {
    const button = make("button", "to-point", pointName(one.net, p));
    button.type = "button";
    button.addEventListener("click", () => choosePoint(one.net.ids[p], true));
    return add(make("div", "site"), look(one.net.points.city[p], stateOf(one, p)), button);
  };
  const receptionOf = (one, unit) => {
    const { net, stage, ways } = one, own = ownPoint(net, unit), some = ofUnit[unit], gone = own < 0 ? null : goneFrom(net, own);
    const box = make("div", "reception");
    if (own >= 0 && stage.status[own]) {
      const closed = stage.status[own] === CLOSED, values = { people: number(stage.people[own]), needed: number(stage.needed[own]), counters: number(net.own ? stage.needed[own] : net.points.counters[own]) };
      const text = closed ? say("point_gone", { year: gone }) : say(net.own ? "own_open" : "point_open", values);
      box.append(make("p", "then", text + "." + (!closed && gone && !one.today ? " " + say("point_until", { year: gone }) : "")));
    }
    const served = new Map();
    for (const n of some) if (ways.point[n] >= 0) served.set(ways.point[n], [...(served.get(ways.point[n]) || []), n]);
    const list = make("ul");
    for (const [p, from] of [...served].sort((a, b) => count(b[1]) - count(a[1]) || a[0] - b[0])) {
      const text = say("files_line", { people: number(count(from)), minutes: minutes(net, mean(from, ways)) });
      list.append(add(make("li"), pointButton(one, p), make("div", "facts", text)));
    }
    if (!some.length) return box;
    const b = wayText(net, mean(some, ways)), change = net.today && !one.today && !shots().some(two => two.today);
    add(box, make("p", "", W.files_at), list);
    box.append(make("p", "", change ? say("way_change", { a: wayText(net, mean(some, waysOf(one.side.scenario, "today"))), year: one.year, b }) : say("way_now", { b })));
    return box;
  };
  self.card = (card, unit) => {
    if (!kit.scene().network) return;
    for (const one of shots()) add(card, make("h4", "", W.card_reception + ", " + when(one)), receptionOf(one, unit));
  };
  self.pointCard = (card, close) => {
    const [first, p] = shots().map(one => [one, one.net.ids.indexOf(self.point)]).find(([, found]) => found >= 0) || [];
    if (!first) return;
    const unit = first.net.points.unit[p], name = make("h3", "", pointName(first.net, p));
    name.id = "card-name";
    add(card, close, name, make("p", "about", first.net.points.city[p] ? say("point_of_city", { unit: titled(unit) }) : titled(unit)));
    for (const one of shots()) {
      const { net, stage, ways } = one, at = net.ids.indexOf(self.point), gone = at < 0 ? null : goneFrom(net, at);
      if (other()) card.append(make("h4", "", kit.dated(one.side)));
      card.append(make("p", "then", statusText(one, at) + "."));
      if (gone && stage.status[at] !== CLOSED && !one.today) card.append(make("p", "", say("point_until", { year: gone })));
      const some = all().filter(n => at >= 0 && ways.point[n] === at).sort((a, b) => ways.metres[b] - ways.metres[a] || a - b);
      if (!some.length) continue;
      const list = make("ul");
      for (const n of some) {
        const button = make("button", "to-point", say("worst_in", { commune: commune(n), unit: titled(people.unit[n]) }));
        button.type = "button";
        button.addEventListener("click", () => kit.choose(people.unit[n], { zoom: false }));
        list.append(add(make("li"), button, make("div", "facts", say("files_one", { people: number(people.people[n]), minutes: minutes(net, ways.metres[n]) }))));
      }
      card.append(other() ? make("p", "", W.point_serves + ":") : make("h4", "", W.point_serves), list);
    }
  };
  const choosePoint = (id, focus) => {
    if (view.mode !== "network") setMode("network");
    kit.choose(-1);
    self.point = id;
    drawLines();
    kit.showCard(-1);
    if (focus) $("card").focus({ preventScroll: true });
    if (window.matchMedia("(max-width: 60rem)").matches && focus) $("card").scrollIntoView({ block: "start" });
  };
  self.selected = () => { self.point = -1; drawLines(); };

  // ---- the line of the table -------------------------------------------------------------------------------
  self.lines = unit => {
    const net = nets[view.scenario], own = ownPoint(net, unit), closed = own < 0 ? null : goneFrom(net, own), served = new Map(), of = waysOf(view.scenario, net.stages.length - 1);
    for (const n of ofUnit[unit]) if (of.point[n] >= 0) served.set(of.point[n], (served.get(of.point[n]) || 0) + people.people[n]);
    const found = [closed === null ? W.point_kept : say("point_to", { year: closed })];
    if (served.size === 1 && served.has(own)) return found;
    for (const [p, some] of [...served].sort((a, b) => b[1] - a[1] || a[0] - b[0])) found.push(net.points.name[p] + " (" + number(some) + ")");
    return found;
  };

  // ---- legend, mode, search --------------------------------------------------------------------------------
  self.legend = signs => {
    const list = make("ul", "bodies np-list"), line = (node, word) => list.append(add(make("li"), node, make("span", "", W[word])));
    const occurs = (city, state) => shots().some(({ net }) => [...net.stages, ...(net.today ? [net.today] : [])].some(stage =>
      net.points.city.some((one, p) => one === city && stage.status[p] && stateOf({ stage }, p) === state)));
    const way = draw("svg", { viewBox: "-11 -11 22 22", "aria-hidden": "true" });
    way.append(draw("path", { d: "M-10,0 L10,0", class: "np-chosen" }));
    line(look(0, "open"), "sign_ward");
    if (occurs(1, "open")) line(look(1, "open"), "sign_city");
    if (occurs(1, "idle")) line(look(1, "idle"), "sign_idle");
    if (occurs(0, "idle")) line(look(0, "idle"), "sign_idle_ward");
    if (occurs(0, "gone") || occurs(1, "gone")) line(look(0, "gone"), "sign_gone");
    line(way, "sign_way");
    add(signs, make("p", "small", W.np_signs), list, make("p", "hint np-hint", W.np_hint));
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
    $("mode").hidden = !kit.scene().network;
    for (const input of document.querySelectorAll('input[name="mode"]')) input.checked = input.value === (on() ? "network" : "premises");
    document.body.classList.toggle("of-network", on());
    for (const name of Object.keys(shown)) $("layer-" + name).hidden = !on();
    $("measure").value = view.measure;
  };
  self.scenario = () => {
    self.point = -1;
    if (!kit.scene().network && view.mode === "network") { view.mode = "premises"; view.measure = premisesMeasure; }
    sync();
  };
  self.recall = said => {
    const mode = said.get("view") === "network" && kit.scene().network ? "network" : "premises";
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
  const note = make("p", "hint np-note");
  note.hidden = true;
  $("compare").after(note);
  const worst = make("section");
  worst.id = "worst";
  worst.hidden = true;
  $("signs").after(worst);
  // On paper the names of the worst served stand below the map, not beside it: they are longer than the page.
  window.addEventListener("beforeprint", () => document.querySelector(".work").after(worst));
  window.addEventListener("afterprint", () => $("signs").after(worst));
  return self;
};
