(() => {
  "use strict";
  // Everything a reader sees is put in as text. No markup is ever built from data.
  const D = JSON.parse(document.getElementById("plan-data").textContent);
  const W = D.labels, map = window.plannerMap, U = D.units, S = D.sites;
  const SVG = "http://www.w3.org/2000/svg";
  const RAMP = ["#e4f0ee", "#b9dcd6", "#86c0b7", "#4b9a90", "#1f6f68"];
  const NONE = "#e9e9e9";
  const BODY = ["#c1440e", "#1d5fa8", "#e3a008", "#7b3294"];
  const LETTERS = W.letters.split(",");
  const $ = id => document.getElementById(id);
  const locale = D.lang === "vi" ? "vi-VN" : "en-GB";
  const view = { state: "plan", measure: D.colours.length ? D.colours[0].key : "", unit: -1 };

  // ---- words and numbers -----------------------------------------------------------------------------------
  const say = (key, values) => W[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const number = (value, decimals = 0) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
  const SIZES = [[1e9, "billion"], [1e6, "million"]];
  const money = vnd => {
    for (const [size, word] of SIZES) {
      const part = Math.abs(vnd) / size;
      if (Math.round(part * 10) >= 10) return number(vnd / size, part >= 100 ? 0 : 1) + " " + W[word];
    }
    return number(vnd) + " " + W.dong;
  };
  const isMoney = key => key === "net_present_cost" || key.startsWith("cost_");
  const isLength = key => key.startsWith("citizen_travel") || key.startsWith("body_distance");
  const isArea = key => ["missing_to_norm", "floor_in_use", "tight_fit", "norm"].includes(key);
  const UNIT = { staff: "u_people", counters: "u_counters", parts_apart: "u_parts" };
  const measured = (key, value) => {
    if (value === null || value === undefined) return "–";
    if (isMoney(key)) return money(value);
    if (isLength(key)) return Math.abs(value) >= 1000 ? number(value / 1000, 1) + " km" : number(value) + " m";
    if (isArea(key)) return number(value) + " m²";
    return UNIT[key] ? number(value) + " " + W[UNIT[key]] : number(value);
  };
  const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d").replace(/\s+/g, " ").trim();
  const titled = i => D.lang === "vi" ? U.type[i].charAt(0).toUpperCase() + U.type[i].slice(1) + " " + U.name[i] : U.name[i] + " " + U.type[i];

  // ---- building the page -----------------------------------------------------------------------------------
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const add = (parent, ...nodes) => { parent.append(...nodes); return parent; };
  const draw = (tag, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    for (const name of Object.keys(attributes)) node.setAttribute(name, attributes[name]);
    if (text !== undefined) node.textContent = text;
    return node;
  };

  // ---- seats -----------------------------------------------------------------------------------------------
  const now = () => D.states[view.state];
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

  // ---- signs: a wheel of four quarters, one body each, always at the same place ----------------------------
  const QUARTER = ["M0,0 L0,-9 A9,9 0 0 0 -9,0 Z", "M0,0 L9,0 A9,9 0 0 0 0,-9 Z", "M0,0 L-9,0 A9,9 0 0 0 0,9 Z", "M0,0 L0,9 A9,9 0 0 0 9,0 Z"];
  const SQUARE = ["M0,0 L0,-9 L-9,-9 L-9,0 Z", "M0,0 L9,0 L9,-9 L0,-9 Z", "M0,0 L-9,0 L-9,9 L0,9 Z", "M0,0 L0,9 L9,9 L9,0 Z"];
  const CENTRE = [[-4.1, -3.8], [4.1, -3.8], [-4.1, 4.6], [4.1, 4.6]];
  const isDistrict = site => S.kind[site] === "former_district_hq";
  const wheel = (bodies, square) => {
    const svg = draw("svg", { viewBox: "-11 -11 22 22", "aria-hidden": "true" });
    svg.append(square ? draw("rect", { x: -10.2, y: -10.2, width: 20.4, height: 20.4, class: "rim" }) : draw("circle", { r: 10.2, class: "rim" }));
    bodies.forEach((level, body) => {
      svg.append(draw("path", {
        d: (square ? SQUARE : QUARTER)[body], fill: level ? BODY[body] : "#fff", "fill-opacity": level === 1 ? 0.35 : 1, class: "quarter",
      }));
      if (level) svg.append(draw("text", { x: CENTRE[body][0], y: CENTRE[body][1] + 1.4, class: level === 1 ? "letter dark" : "letter" }, LETTERS[body]));
    });
    return svg;
  };
  const cross = square => {
    const svg = draw("svg", { viewBox: "-11 -11 22 22", "aria-hidden": "true" });
    svg.append(square ? draw("rect", { x: -7, y: -7, width: 14, height: 14, class: "left" }) : draw("circle", { r: 7.5, class: "left" }));
    svg.append(draw("path", { d: "M-3.2,-3.2 L3.2,3.2 M3.2,-3.2 L-3.2,3.2", class: "cross" }));
    return svg;
  };

  // ---- the map ---------------------------------------------------------------------------------------------
  map.attributionControl.setPrefix("Leaflet");
  L.control.zoom({ zoomInTitle: W.zoom_in, zoomOutTitle: W.zoom_out, zoomInText: "+", zoomOutText: "−" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", W.map);
  const rings = polygon => polygon.map(flat => {
    const points = [];
    for (let i = 0, x = 0, y = 0; i < flat.length; i += 2) { x += flat[i]; y += flat[i + 1]; points.push([y / D.scale, x / D.scale]); }
    return points;
  });
  const hint = unit => {
    const box = make("div", "tip");
    add(box, make("b", "", titled(unit)));
    const value = view.measure && now().values[view.measure] ? now().values[view.measure][unit] : null;
    if (view.measure) add(box, make("div", "", W["m_" + view.measure] + ": " + measured(view.measure, value)));
    return box;
  };
  const shapes = D.shapes.map((unit, i) => {
    const shape = L.polygon(unit.map(rings), { className: "unit-shape", smoothFactor: 0.4 });
    shape.bindTooltip(() => hint(i), { sticky: true, opacity: 1 });
    shape.on("click", () => choose(i, { zoom: false, focus: false }));
    shape.on("mouseover", () => { if (view.unit !== i) shape.setStyle({ weight: 2.5 }); });
    shape.on("mouseout", () => { if (view.unit !== i) shape.setStyle({ weight: 0.8 }); });
    return shape;
  });
  const ground = L.featureGroup(shapes).addTo(map);
  const everything = ground.getBounds().isValid() ? ground.getBounds() : L.latLngBounds(U.at);
  const home = () => map.fitBounds(everything, { padding: [8, 8], animate: false });
  const Home = L.Control.extend({
    options: { position: "topleft" },
    onAdd() {
      const bar = make("div", "leaflet-bar");
      const button = make("button", "home", W.home);
      button.type = "button";
      button.addEventListener("click", home);
      L.DomEvent.disableClickPropagation(bar);
      return add(bar, button);
    },
  });
  map.addControl(new Home());

  const layers = { lines: L.layerGroup(), released: L.layerGroup(), sites: L.layerGroup(), names: L.layerGroup() };
  const shown = { sites: true, released: true, lines: true, names: true };
  const sign = (site, node, className, tip) => {
    const marker = L.marker(S.at[site], {
      icon: L.divIcon({ className: "sign " + className, html: node, iconSize: null }), keyboard: false, riseOnHover: true, zIndexOffset: className === "released" ? -1000 : 0,
    });
    marker.bindTooltip(tip, { opacity: 1, direction: "top", offset: [0, -8] });
    marker.on("click", () => choose(S.unit[site], { zoom: false, focus: false }));
    return marker;
  };
  const siteTip = (site, lines) => () => {
    const box = make("div", "tip");
    add(box, make("b", "", S.name[site]), make("div", "", titled(S.unit[site])));
    if (S.address[site]) add(box, make("div", "", S.address[site]));
    for (const line of lines) add(box, make("div", "", line));
    return box;
  };
  const built = {};
  const overlay = key => {
    if (built[key]) return built[key];
    const state = D.states[key], found = { lines: [], released: [], sites: [] };
    U.code.forEach((_, unit) => {
      const seats = seatsBySite(unit, state);
      let hub = -1;
      for (const [site, one] of seats) {
        found.sites.push(sign(site, wheel(one.bodies, isDistrict(site)), one.bodies[1] === 2 ? "used main" : "used", siteTip(site, [...one.names].map(([name, assumed]) => assumed ? name + " (" + W.modelled_short + ")" : name))));
        if (hub < 0 || one.bodies[1] === 2) hub = site;
      }
      for (const site of seats.keys()) {
        if (site !== hub) found.lines.push(L.polyline([S.at[hub], S.at[site]], { className: "link", interactive: false }));
      }
    });
    state.status.forEach((status, site) => {
      if (status === 2) found.released.push(sign(site, cross(isDistrict(site)), "released", siteTip(site, [W.sign_released])));
    });
    return built[key] = found;
  };
  const middle = shapes.map((shape, unit) => shape.getBounds().isValid() ? shape.getBounds().getCenter() : L.latLng(U.at[unit]));
  const names = U.code.map((_, unit) => {
    const node = make("span", "", U.name[unit]);
    const icon = L.divIcon({ className: "name", html: node, iconSize: null });
    layers.names.addLayer(L.marker(middle[unit], { icon, interactive: false, keyboard: false, zIndexOffset: 2000 }));
    return node;
  });
  // A name is shown where its unit is wide enough for it, moved up or down where a sign stands.
  const apartFrom = (box, others) => others.every(one => box.x + box.w < one.x - one.w || box.x - box.w > one.x + one.w
    || box.y + box.h < one.y - one.h || box.y - box.h > one.y + one.h);
  const fitNames = () => {
    const zoom = map.getZoom(), size = zoom < 10.4 ? "far" : zoom < 12.2 ? "middle" : "near";
    map.getContainer().dataset.zoom = size;
    const r = { far: 5, middle: 9, near: 13 }[size], put = [];
    const signs = !shown.sites ? [] : S.at.filter((_, site) => now().status[site] === 1).map(at => map.latLngToLayerPoint(at))
      .map(point => ({ x: point.x, y: point.y, w: r, h: r }));
    const rooms = shapes.map(shape => {
      const bounds = shape.getBounds();
      if (!bounds.isValid()) return { w: 0, h: 0 };
      const high = map.latLngToLayerPoint(bounds.getNorthEast()), low = map.latLngToLayerPoint(bounds.getSouthWest());
      return { w: high.x - low.x, h: low.y - high.y };
    });
    const order = names.map((_, unit) => unit).sort((a, b) => rooms[b].w * rooms[b].h - rooms[a].w * rooms[a].h || a - b);
    for (const unit of order) {
      const node = names[unit], room = rooms[unit], wide = Math.min(U.name[unit].length, 24) * 6.9;
      node.hidden = true;
      if (room.w < wide + 14 || room.h < 18) continue;
      const at = map.latLngToLayerPoint(middle[unit]);
      const boxes = [0, -20, 20, -36, 36, -54, 54].filter(step => Math.abs(step) < room.h / 2 - 8)
        .map(step => ({ x: at.x, y: at.y + step, w: wide / 2, h: 8, step })).filter(box => apartFrom(box, put));
      const box = boxes.find(one => apartFrom(one, signs)) || boxes[0];
      if (!box) continue;
      node.hidden = false;
      node.style.top = box.step + "px";
      put.push(box);
    }
  };
  map.on("zoomend resize", fitNames);

  // ---- colours and legend ----------------------------------------------------------------------------------
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
    if (key === "premises") return at === 0 ? W.premises_1 : say("premises_n", { n: number(at + 1) });
    if (how.zero && at === 0) return W.zero;
    if (!b.length) return W["m_" + key];
    if (k === 0) return say(how.zero ? "above_zero" : "below", { b: measured(key, b[0]) });
    if (k === b.length) return say("from", { a: measured(key, b[k - 1]) });
    return say("between", { a: measured(key, b[k - 1]), b: measured(key, b[k]) });
  };
  const paint = () => {
    const how = colouring(), list = $("classes");
    $("measure-name").textContent = how ? W["m_" + how.key] : "";
    list.replaceChildren();
    if (!how) return;
    const values = now().values[how.key] || [], counts = new Map();
    shapes.forEach((shape, unit) => {
      const at = classOf(how, values[unit]);
      counts.set(at, (counts.get(at) || 0) + 1);
      const chosen = view.unit === unit;
      shape.setStyle({ color: chosen ? "#111" : "#5d7f7b", weight: chosen ? 3 : 0.8, fillColor: colourOf(how, at), fillOpacity: 1 });
      if (chosen) shape.bringToFront();
    });
    for (let at = 0; at < classCount(how); at += 1) list.append(classLine(how, at, counts.get(at) || 0));
    if (counts.get(-1)) list.append(classLine(how, -1, counts.get(-1)));
  };
  const classLine = (how, at, count) => {
    const swatch = make("span", "swatch");
    swatch.style.backgroundColor = colourOf(how, at);
    return add(make("li"), swatch, make("span", "what", className(how, at)), make("span", "count", say("units_n", { n: number(count) })));
  };
  const showState = () => {
    const found = overlay(view.state);
    for (const name of ["lines", "released", "sites"]) {
      layers[name].clearLayers();
      for (const one of found[name]) layers[name].addLayer(one);
    }
    for (const name of Object.keys(layers)) {
      if (shown[name]) layers[name].addTo(map); else layers[name].remove();
    }
    paint();
    fitNames();
  };

  // ---- controls --------------------------------------------------------------------------------------------
  for (const one of D.colours) {
    const option = make("option", "", W["m_" + one.key]);
    option.value = one.key;
    $("measure").append(option);
  }
  $("measure").addEventListener("change", event => { view.measure = event.target.value; paint(); });
  if (!D.states.today) $("state").hidden = true;
  for (const input of document.querySelectorAll('input[name="state"]')) {
    if (input.value === "plan") input.checked = true;
    input.addEventListener("change", () => { view.state = input.value; showState(); });
  }
  for (const name of ["sites", "released", "lines", "names"]) {
    const input = make("input");
    input.type = "checkbox";
    input.checked = shown[name];
    input.addEventListener("change", () => { shown[name] = input.checked; showState(); });
    $("layers").append(add(make("label"), input, make("span", "", W["layer_" + name])));
  }
  const signs = $("signs");
  add(signs, make("p", "small", W.who));
  const bodyList = make("ul", "bodies four");
  D.bodies.forEach((body, i) => {
    const only = [0, 0, 0, 0];
    only[i] = 2;
    bodyList.append(add(make("li"), wheel(only, false), make("span", "", body.name)));
  });
  const kinds = make("ul", "bodies");
  const link = draw("svg", { viewBox: "-11 -11 22 22", "aria-hidden": "true" });
  link.append(draw("path", { d: "M-10,0 L10,0", class: "link" }));
  const apart = D.parts.some(part => !part.lead);
  const lines = [[wheel([2, 2, 2, 2], true), W.sign_district], [wheel([2, 2, 2, 2], false), W.sign_other]];
  if (apart) lines.push([wheel([0, 1, 0, 0], false), W.sign_departments]);
  lines.push([cross(false), W.sign_released], [link, W.sign_line]);
  for (const [node, word] of lines) kinds.append(add(make("li"), node, make("span", "", word)));
  add(signs, bodyList, kinds, make("p", "hint", W.sign_far));

  // ---- the card of a unit ----------------------------------------------------------------------------------
  const siteItem = (site, one) => {
    const item = make("li");
    const head = add(make("div", "site"), one ? wheel(one.bodies, isDistrict(site)) : cross(isDistrict(site)), make("b", "", S.name[site]));
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
      const range = S.estimated[site] && low !== null && high !== null ? " " + say("range", { a: number(low), b: number(high) }) : "";
      facts.push(say("floor", { x: number(S.area[site]) }) + " (" + (S.estimated[site] ? W.estimated + range : W.surveyed_word) + ")");
    }
    if (one) facts.push(say("needs", { a: number(one.tight), b: number(one.norm) }));
    if (S.hall[site]) facts.push(say("hall", { n: number(S.hall[site]) }));
    if (!one && now().routes[site] && W["route_" + now().routes[site]]) facts.push(W["route_" + now().routes[site]]);
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
      const all = D.states.plan.seats[unit].map(seat => seat[0]), named = new Set();
      for (const part of parts) {
        const what = D.parts[part], whole = all.every(p => D.parts[p].body !== what.body || parts.includes(p));
        named.add(whole ? what.bodyname : what.name);
      }
      values.parts = [...named].join("; ");
    }
    if (verb === "give_up") {
      values.route = W["route_" + D.states.plan.routes[site]] || W.route_none;
      values.income = once ? say("a_income", values) : yearly ? say("a_income_year", values) : "";
    }
    return say("a_" + verb, values);
  };
  const showCard = unit => {
    const card = $("card");
    card.replaceChildren();
    card.hidden = unit < 0;
    if (unit < 0) return;
    const close = make("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", W.card_close);
    close.addEventListener("click", () => { choose(-1); $("q").focus(); });
    const name = make("h3", "", titled(unit));
    name.id = "card-name";
    add(card, close, name);
    const about = [say("card_code", { code: U.code[unit] })];
    if (U.people[unit] !== null) about.push(say("card_people", { n: number(U.people[unit]) }));
    if (U.area[unit] !== null) about.push(say("card_area", { x: number(U.area[unit], 1) }));
    if (U.district[unit]) about.push(say("card_district", { x: U.district[unit] }));
    card.append(make("p", "about", about.join(" · ")));
    const items = state => [...seatsBySite(unit, state)].map(([site, one]) => siteItem(site, one));
    if (D.states.today) {
      const done = D.actions[unit].map(action => make("li", "do do-" + action[0], actionText(unit, action)));
      section(card, W.card_actions, done.length ? done : [make("li", "", W.card_no_actions)]);
    }
    section(card, W.card_plan, items(D.states.plan));
    if (D.states.today) section(card, W.card_today, items(D.states.today));
    const table = make("table"), head = make("tr");
    const columns = D.states.today ? ["card_figure", "today", "plan"] : ["card_figure", "plan"];
    for (const word of columns) {
      const cell = make("th", "", W[word]);
      cell.scope = "col";
      head.append(cell);
    }
    add(table, add(make("thead"), head));
    const body = make("tbody");
    for (const key of D.compared) {
      const label = make("th", "", W["m_" + key]);
      label.scope = "row";
      const line = add(make("tr"), label);
      for (const state of D.states.today ? ["today", "plan"] : ["plan"]) {
        const values = D.states[state].values[key];
        line.append(make("td", "n", values ? measured(key, values[unit]) : "–"));
      }
      body.append(line);
    }
    add(card, make("h4", "", W.card_numbers), add(table, body));
    const given = S.unit.map((_, site) => site).filter(site => S.unit[site] === unit && D.states.plan.status[site] === 2);
    section(card, W.card_released, given.map(site => siteItem(site, null)));
    const old = U.communes[unit].map(([at]) => D.communes.name[at] + " (" + D.communes.type[at] + ")");
    card.append(make("h4", "", W.card_communes), make("p", "about", old.join(", ")));
  };
  const choose = (unit, { zoom = true, focus = true } = {}) => {
    view.unit = unit;
    showCard(unit);
    paint();
    if (unit < 0) return;
    if (zoom) {
      const bounds = L.latLngBounds([U.at[unit]]);
      if (shapes[unit].getBounds().isValid()) bounds.extend(shapes[unit].getBounds());
      map.fitBounds(bounds, { padding: [30, 30], maxZoom: 14.5, animate: false });
    }
    if (focus) $("card").focus({ preventScroll: true });
    if (window.matchMedia("(max-width: 60rem)").matches) $("card").scrollIntoView({ block: "start" });
    else $("card").parentElement.scrollTop = 0;
  };

  // ---- search ----------------------------------------------------------------------------------------------
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
      const button = make("button", "hit", titled(one.unit));
      button.type = "button";
      if (one.why) button.append(make("small", "", one.why + ": " + one.text));
      button.addEventListener("click", () => { list.replaceChildren(); $("q-count").textContent = ""; choose(one.unit); });
      list.append(add(make("li"), button));
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
  $("card").addEventListener("keydown", event => { if (event.key === "Escape") { choose(-1); $("q").focus(); } });

  // ---- the table -------------------------------------------------------------------------------------------
  const table = $("units");
  table.addEventListener("click", event => {
    const unit = event.target.closest("button.unit");
    if (unit) {
      choose(Number(unit.dataset.unit));
      if (!window.matchMedia("(max-width: 60rem)").matches) document.querySelector(".work").scrollIntoView({ block: "start" });
      return;
    }
    const head = event.target.closest("button.sort");
    if (!head) return;
    const cell = head.closest("th"), column = [...cell.parentElement.children].indexOf(cell), body = table.tBodies[0];
    const up = cell.getAttribute("aria-sort") !== "ascending";
    for (const other of cell.parentElement.children) other.removeAttribute("aria-sort");
    cell.setAttribute("aria-sort", up ? "ascending" : "descending");
    const key = row => {
      const at = row.children[column];
      return at.dataset.v === undefined ? null : Number(at.dataset.v);
    };
    const rows = [...body.rows].sort((a, b) => {
      const x = key(a), y = key(b);
      const first = x === null && y === null
        ? a.children[column].textContent.localeCompare(b.children[column].textContent, "vi")
        : x === null ? 1 : y === null ? -1 : x - y;
      return (up ? first : -first) || Number(a.children[0].dataset.v) - Number(b.children[0].dataset.v);
    });
    body.append(...rows);
  });

  // ---- print -----------------------------------------------------------------------------------------------
  window.addEventListener("beforeprint", () => {
    map.closePopup();
    document.body.classList.add("printing");
    map.invalidateSize({ animate: false });
    if (view.unit < 0) home();
  });
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    map.invalidateSize({ animate: false });
    if (view.unit < 0) home();
  });

  home();
  showState();
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  document.documentElement.dataset.ready = "yes";
})();
