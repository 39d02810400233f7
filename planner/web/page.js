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
  const ROUTE = {
    health: "#cc79a7", education: "#0072b2", culture: "#e69f00", sport: "#56b4e9", police: "#009e73",
    other_public: "#8d99a0", public_use: "#c6d3d9", lease: "#f0e442", auction: "#d55e00",
  };
  const IN_USE = 1, RELEASED = 2, BUILDING = 3, KEPT = 4;
  // `year` is what the reader asked for; a plan that does not change over the years shows its first.
  const view = { scenario: 0, mode: "premises", state: "plan", year: null, measure: D.colours.length ? D.colours[0].key : "", unit: -1 };

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
    if (key === "centre_open_year") return value ? String(value) : W.no_centre;
    if (key === "reception_minutes") return say("n_minutes", { n: number(value, 1) });
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
  const scene = () => D.scenarios[view.scenario];
  const course = () => scene().course;
  const yearAt = () => course() ? Math.max(0, course().years.indexOf(view.year)) : 0;
  const states = new Map();
  const planAt = at => {
    const key = view.scenario + "/" + at, base = scene().states.plan;
    if (at === 0) return base;
    if (states.has(key)) return states.get(key);
    const before = planAt(at - 1), change = course().changes[at];
    const state = { seats: [...before.seats], status: [...before.status], routes: [...before.routes], values: { ...base.values } };
    for (const [unit, seats] of change.seats) state.seats[unit] = seats;
    for (const [site, status, route] of change.sites) { state.status[site] = status; state.routes[site] = route; }
    state.values.premises = U.code.map(() => 0);
    state.status.forEach((status, site) => { if (status === IN_USE) state.values.premises[S.unit[site]] += 1; });
    states.set(key, state);
    return state;
  };
  const planNow = () => planAt(yearAt());
  const now = () => view.state === "today" ? scene().states.today : planNow();
  const valuesOf = (state, key) => net && key === net.key ? net.values() : state.values[key] || (key === "centre_open_year" ? U.code.map(() => 0) : []);
  const centreOf = unit => course() && course().centres.find(one => one[0] === unit);
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
  const DIAMOND = ["M0,0 L0,-13 L-13,0 Z", "M0,0 L13,0 L0,-13 Z", "M0,0 L-13,0 L0,13 Z", "M0,0 L0,13 L13,0 Z"];
  const FORMS = {
    round: { box: 11, quarters: QUARTER, rim: () => draw("circle", { r: 10.2, class: "rim" }) },
    square: { box: 11, quarters: SQUARE, rim: () => draw("rect", { x: -10.2, y: -10.2, width: 20.4, height: 20.4, class: "rim" }) },
    diamond: { box: 16, quarters: DIAMOND, rim: () => draw("path", { d: "M0,-14.8 L14.8,0 L0,14.8 L-14.8,0 Z", class: "rim" }) },
  };
  const formOf = site => ({ former_district_hq: "square", joint_centre: "diamond" })[S.kind[site]] || "round";
  const frame = box => draw("svg", { viewBox: [-box, -box, 2 * box, 2 * box].join(" "), "aria-hidden": "true" });
  const wheel = (bodies, name) => {
    const form = FORMS[name], svg = frame(form.box);
    svg.append(form.rim());
    bodies.forEach((level, body) => {
      svg.append(draw("path", {
        d: form.quarters[body], fill: level ? BODY[body] : "#fff", "fill-opacity": level === 1 ? 0.35 : 1, class: "quarter",
      }));
      if (level) svg.append(draw("text", { x: CENTRE[body][0], y: CENTRE[body][1] + 1.4, class: level === 1 ? "letter dark" : "letter" }, LETTERS[body]));
    });
    return svg;
  };
  // A diamond is a centre: quarters when open, striped while it is built, dashed where the ground waits for it.
  const building = () => {
    const svg = frame(13);
    svg.append(draw("path", { d: "M0,-11 L11,0 L0,11 L-11,0 Z", class: "site-works" }));
    for (const c of [-5.5, 0, 5.5]) svg.append(draw("path", { d: `M${(c - 11) / 2},${(-11 - c) / 2} L${(c + 11) / 2},${(11 - c) / 2}`, class: "stripe" }));
    return svg;
  };
  const kept = () => {
    const svg = frame(11);
    svg.append(draw("path", { d: "M0,-9 L9,0 L0,9 L-9,0 Z", class: "kept-ground" }));
    return svg;
  };
  // Where released premises go to several uses their sign says to which, by letter and colour.
  const routesIn = scenario => {
    const found = new Set();
    const note = (status, route) => { if (status === RELEASED) found.add(ROUTE[route] ? route : "none"); };
    scenario.states.plan.status.forEach((status, site) => note(status, scenario.states.plan.routes[site]));
    if (scenario.course) for (const change of scenario.course.changes) for (const [, status, route] of change.sites) note(status, route);
    return found;
  };
  const routes = D.scenarios.map(routesIn);
  const routed = new Set(routes.flatMap(found => [...found])).size > 1;
  const gone = (form, route) => {
    if (!routed || !ROUTE[route]) return cross(form);
    const svg = frame(11), look = { class: "routed", fill: ROUTE[route] };
    svg.append(form === "square" ? draw("rect", { x: -9, y: -9, width: 18, height: 18, ...look }) : draw("circle", { r: 9.4, ...look }));
    svg.append(draw("text", { x: 0, y: 1, class: ["education", "auction"].includes(route) ? "use" : "use dark" }, W["letter_" + route]));
    return svg;
  };
  const cross = form => {
    const svg = frame(11);
    svg.append(form === "square" ? draw("rect", { x: -7, y: -7, width: 14, height: 14, class: "left" }) : draw("circle", { r: 7.5, class: "left" }));
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
    if (view.measure) add(box, make("div", "", W["m_" + view.measure] + ": " + measured(view.measure, valuesOf(now(), view.measure)[unit])));
    const centre = view.state === "plan" && centreOf(unit);
    if (centre) add(box, make("div", "", W.card_centre + ". " + centreNow(centre)));
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

  const centreNow = ([, , start, open]) => {
    const year = course().years[yearAt()];
    return say(open !== null && year >= open ? "centre_open" : start !== null && year >= start ? "centre_builds" : "centre_waits", { year });
  };
  const centreWhen = ([, , start, open]) => say(start === null ? "centre_opens" : open === null ? "centre_starts" : "centre_when", { start, open });
  const layers = { lines: L.layerGroup(), released: L.layerGroup(), centres: L.layerGroup(), sites: L.layerGroup(), names: L.layerGroup() };
  const shown = { sites: true, released: true, centres: true, lines: true, names: true };
  const sign = (site, node, className, tip) => {
    const marker = L.marker(S.at[site], {
      icon: L.divIcon({ className: "sign " + className, html: node, iconSize: null }), keyboard: false, riseOnHover: true, zIndexOffset: className === "released" ? -1000 : className.includes("centre") ? 1000 : 0,
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
  // What a state puts on the map: by layer, a key that says all of a sign, and how to draw it.
  const signsOf = state => {
    const found = { lines: new Map(), released: new Map(), centres: new Map(), sites: new Map() };
    const put = (layer, look, draws) => found[layer].set(JSON.stringify(look), draws);
    const taken = new Set(), built = new Set();
    U.code.forEach((_, unit) => {
      const seats = seatsBySite(unit, state);
      let hub = -1;
      for (const [site, one] of seats) {
        const lines = [...one.names].map(([name, assumed]) => assumed ? name + " (" + W.modelled_short + ")" : name);
        const looks = (one.bodies[1] === 2 ? "used main" : "used") + (formOf(site) === "diamond" ? " centre" : "");
        put("sites", [site, one.bodies, lines], () => sign(site, wheel(one.bodies, formOf(site)), looks, siteTip(site, lines)));
        if (hub < 0 || one.bodies[1] === 2) hub = site;
        (formOf(site) === "diamond" ? built : taken).add(S.at[site].join());
      }
      for (const site of seats.keys()) {
        if (site !== hub) put("lines", [hub, site], () => L.polyline([S.at[hub], S.at[site]], { className: "link", interactive: false }));
      }
    });
    state.status.forEach((status, site) => { if (status === BUILDING) built.add(S.at[site].join()); });
    state.status.forEach((status, site) => {
      const route = state.routes[site], at = S.at[site].join();
      if (status === RELEASED) {
        // What is not in use today is given to nobody yet.
        const use = routed && state !== scene().states.today ? route : "";
        const lines = [use && W["route_" + use] ? W.sign_released + ": " + W["route_" + use] : W.sign_released];
        put("released", [site, use], () => sign(site, gone(formOf(site), use), "released", siteTip(site, lines)));
      }
      if (status === KEPT && !built.has(at)) put("centres", [site, "kept"], () => sign(site, kept(), "kept", siteTip(site, [W.sign_kept])));
      if (status === BUILDING) {
        const beside = taken.has(at), when = centreOf(S.unit[site]);
        const lines = [W.sign_building, ...(when ? [centreWhen(when)] : [])];
        put("centres", [site, "building", beside], () => sign(site, building(), beside ? "building centre beside" : "building centre", siteTip(site, lines)));
      }
    });
    return found;
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
    const signs = !shown.sites ? [] : S.at.map((_, site) => site).filter(site => [IN_USE, BUILDING].includes(now().status[site]))
      .map(site => [map.latLngToLayerPoint(S.at[site]), formOf(site) === "diamond" ? 1.6 * r : r])
      .map(([point, half]) => ({ x: point.x, y: point.y, w: half, h: half }));
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
    if (key === "centre_open_year") return at === 0 ? W.no_centre : String(at === 1 ? how.first : b[at - 2]);
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
    const of = course() && view.state === "plan" && how && !["net_present_cost", "centre_open_year"].includes(how.key);
    $("measure-year").textContent = of ? say("in_year", { year: course().years[["premises", "reception_minutes"].includes(how.key) ? yearAt() : 0] }) : "";
    list.replaceChildren();
    if (!how) return;
    const values = valuesOf(now(), how.key), counts = new Map();
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
  const drawn = { lines: new Map(), released: new Map(), centres: new Map(), sites: new Map() };
  const showState = () => {
    const found = signsOf(now());
    for (const name of Object.keys(found)) {
      // Only what changes is taken off and put on: a step of the slider is cheap.
      for (const [key, one] of drawn[name]) {
        if (!found[name].has(key)) { layers[name].removeLayer(one); drawn[name].delete(key); }
      }
      for (const [key, draws] of found[name]) {
        if (drawn[name].has(key)) continue;
        const one = draws();
        drawn[name].set(key, one);
        layers[name].addLayer(one);
      }
    }
    for (const name of Object.keys(layers)) {
      if (shown[name] && !(net && net.hides(name))) layers[name].addTo(map); else layers[name].remove();
    }
    if (net) net.show();
    paint();
    fitNames();
    showTime();
  };

  // ---- the years -------------------------------------------------------------------------------------------
  let playing = null;
  const figure = (word, value, line) => add(make("div"), make("dt", "", W[word]), make("dd", "big", value), ...(line ? [make("dd", "line", line)] : []));
  const budgetLine = one => {
    if (one.budget_vnd === null) return W.y_no_budget;
    const carried = one.carried_in_vnd || 0, recycled = one.recycled_vnd || 0;
    return say("y_budget", { x: money(one.budget_vnd + carried + recycled), b: money(one.budget_vnd) })
      + (carried ? say("y_carried", { x: money(carried) }) : "") + (recycled ? say("y_recycled", { x: money(recycled) }) : "");
  };
  const showTime = () => {
    const how = course();
    $("time").hidden = !how;
    if (!how) return;
    const at = yearAt(), one = how.figures[at], first = how.figures[0], today = view.state === "today", list = $("year-figures");
    const input = $("year");
    input.max = how.years.length - 1;
    input.value = at;
    input.setAttribute("aria-valuetext", today ? W.today : String(how.years[at]));
    $("year-now").textContent = today ? W.today : how.years[at];
    $("time").classList.toggle("is-today", today);
    [...$("ticks").children].forEach((tick, i) => tick.classList.toggle("on", !today && i === at));
    list.replaceChildren();
    if (net && net.on()) { net.figures(list, figure); return; }
    if (today) {
      list.append(figure("y_premises", number(now().status.filter(status => status === IN_USE).length)));
      return;
    }
    const before = key => at && first[key] !== one[key] ? say("y_first", { year: how.years[0], x: number(first[key]) }) : "";
    const count = key => one[key] === undefined ? "–" : number(one[key]);
    add(list, figure("y_premises", count("premises"), before("premises")), figure("y_released", count("released"), before("released")),
      figure("y_building", count("building")), figure("y_open", count("open"), one.opened ? say("y_opened", { n: number(one.opened) }) : ""));
    if (one.capital_vnd === undefined) return;
    const capital = figure("y_capital", money(one.capital_vnd), budgetLine(one));
    if (one.budget_vnd !== null) {
      const bar = make("dd", "bar"), part = make("span"), most = one.budget_vnd + (one.carried_in_vnd || 0) + (one.recycled_vnd || 0);
      part.style.width = Math.min(100, most > 0 ? 100 * one.capital_vnd / most : 0) + "%";
      capital.insertBefore(add(bar, part), capital.lastChild);
    }
    capital.className = "wide";
    list.append(capital);
  };
  const showTicks = () => {
    const how = course();
    $("ticks").replaceChildren();
    if (!how) return;
    const last = how.years.length - 1, every = Math.ceil(how.years.length / 11);
    how.years.forEach((year, at) => {
      const tick = make("li", at % every && at !== last ? "minor" : "", String(year));
      // The middle of the slider's knob (1.5rem wide) is under the year.
      tick.style.left = `calc(${100 * at / last}% + ${1.5 * (0.5 - at / last)}rem)`;
      tick.addEventListener("click", () => setYear(at));
      $("ticks").append(tick);
    });
  };
  const setYear = at => {
    view.year = course().years[at];
    if (view.state !== "plan") setState("plan"); else refresh();
  };
  const stop = () => {
    clearInterval(playing);
    playing = null;
    $("play").textContent = "▶";
    $("play").setAttribute("aria-label", W.play);
  };
  $("play").addEventListener("click", () => {
    if (playing !== null) { stop(); return; }
    $("play").textContent = "❚❚";
    $("play").setAttribute("aria-label", W.pause);
    if (view.state === "today" || yearAt() === course().years.length - 1) setYear(0);
    playing = setInterval(() => {
      if (yearAt() < course().years.length - 1) setYear(yearAt() + 1);
      if (yearAt() === course().years.length - 1) stop();
    }, 1200);
  });
  $("year").addEventListener("input", event => { stop(); setYear(Number(event.target.value)); });

  // ---- which scenario, which year: also in the address, so that a link opens the same -----------------------
  const linked = D.scenarios.length > 1 || D.scenarios.some(one => one.course);
  const remember = () => {
    if (!linked) return;
    const said = new URLSearchParams();
    if (D.scenarios.length > 1) said.set("scenario", scene().name);
    if (view.state === "today") said.set("state", "today");
    else if (course()) said.set("year", course().years[yearAt()]);
    if (net) net.remember(said);
    try { history.replaceState(null, "", "#" + said); } catch { location.replace("#" + said); }
  };
  const recall = () => {
    const said = new URLSearchParams(location.hash.slice(1));
    const at = D.scenarios.findIndex(one => one.name === said.get("scenario"));
    if (at >= 0) view.scenario = at;
    const years = course() ? course().years : [];
    if (years.includes(Number(said.get("year")))) { view.year = Number(said.get("year")); view.state = "plan"; }
    if (said.get("state") === "today" && scene().states.today) view.state = "today";
    if (net) net.recall(said);
  };
  const refresh = () => {
    showState();
    if (view.unit >= 0 || net) showCard(view.unit);
    remember();
  };
  const setState = state => {
    view.state = state;
    for (const input of document.querySelectorAll('input[name="state"]')) input.checked = input.value === state;
    refresh();
  };
  const showScenario = () => {
    for (const part of document.querySelectorAll("[data-scenario]")) part.hidden = Number(part.dataset.scenario) !== view.scenario;
    for (const input of document.querySelectorAll('input[name="scenario"]')) input.checked = Number(input.value) === view.scenario;
    if (D.scenarios.length > 1) {
      document.querySelector("h1").textContent = scene().title;
      document.title = scene().title + " – " + document.querySelector(".kicker").textContent;
    }
    if (!scene().states.today) view.state = "plan";
    $("state").hidden = !scene().states.today;
    for (const input of document.querySelectorAll('input[name="state"]')) input.checked = input.value === view.state;
    if (net) net.scenario();
    showTicks();
    showSigns();
  };
  if (D.scenarios.length > 1) {
    D.scenarios.forEach((one, at) => {
      const input = make("input");
      input.type = "radio";
      input.name = "scenario";
      input.value = at;
      input.addEventListener("change", () => { stop(); view.scenario = at; showScenario(); refresh(); });
      $("choice").append(add(make("label"), input, add(make("span"), make("b", "", one.title), make("small", "", one.note))));
    });
    $("choice").hidden = false;
  }
  window.addEventListener("hashchange", () => { stop(); recall(); showScenario(); showState(); if (view.unit >= 0) showCard(view.unit); });

  // ---- controls --------------------------------------------------------------------------------------------
  for (const one of D.colours) {
    const option = make("option", "", W["m_" + one.key]);
    option.value = one.key;
    $("measure").append(option);
  }
  $("measure").addEventListener("change", event => { view.measure = event.target.value; paint(); });
  for (const input of document.querySelectorAll('input[name="state"]')) {
    input.addEventListener("change", () => { stop(); setState(input.value); });
  }
  const centred = D.scenarios.some(one => one.course && one.course.centres.length);
  for (const name of ["sites", "released", "centres", "lines", "names"]) {
    if (name === "centres" && !centred) continue;
    const input = make("input");
    input.type = "checkbox";
    input.checked = shown[name];
    input.addEventListener("change", () => { shown[name] = input.checked; showState(); });
    $("layers").append(add(make("label", "of-" + name), input, make("span", "", W["layer_" + name])));
  }
  const line = (node, word) => add(make("li"), node, make("span", "", word));
  // The reception network, where a plan has one: network.js.
  const net = window.plannerNetwork ? window.plannerNetwork({
    D, W, U, map, view, $, make, add, draw, frame, say, number, titled, scene, course, yearAt,
    choose: (...how) => choose(...how), showCard: unit => showCard(unit), showSigns: () => showSigns(), refresh: () => refresh(),
  }) : null;
  const showSigns = () => {
    const signs = $("signs");
    signs.replaceChildren();
    if (net && net.on()) { net.legend(signs); return; }
    add(signs, make("p", "small", W.who));
    const bodyList = make("ul", "bodies four");
    D.bodies.forEach((body, i) => {
      const only = [0, 0, 0, 0];
      only[i] = 2;
      bodyList.append(line(wheel(only, "round"), body.name));
    });
    const kinds = make("ul", "bodies");
    const link = draw("svg", { viewBox: "-11 -11 22 22", "aria-hidden": "true" });
    link.append(draw("path", { d: "M-10,0 L10,0", class: "link" }));
    kinds.append(line(wheel([2, 2, 2, 2], "square"), W.sign_district), line(wheel([2, 2, 2, 2], "round"), W.sign_other));
    if (D.parts.some(part => !part.lead)) kinds.append(line(wheel([0, 1, 0, 0], "round"), W.sign_departments));
    const centres = course() && course().centres.length;
    if (centres) {
      kinds.append(line(wheel([2, 2, 2, 2], "diamond"), W.sign_centre), line(building(), W.sign_building));
      const waits = scene().states.plan.status.includes(KEPT) || course().changes.some(change => change.sites.some(([, status]) => status === KEPT));
      if (waits) kinds.append(line(kept(), W.sign_kept));
    }
    if (!routed) kinds.append(line(cross("round"), W.sign_released));
    kinds.append(line(link, W.sign_line));
    add(signs, bodyList, kinds);
    if (routed) {
      const uses = make("ul", "bodies four");
      for (const route of Object.keys(ROUTE)) {
        if (routes[view.scenario].has(route)) uses.append(line(gone("round", route), W["route_" + route]));
      }
      const others = [routes[view.scenario].has("none") ? W.route_none : "", scene().states.today ? W.sign_unused : ""].filter(word => word);
      if (others.length) uses.append(line(cross("round"), others.join(", ")));
      add(signs, make("p", "small", W.routes), uses);
    }
    add(signs, make("p", "hint", centres ? W.sign_far + " " + W.sign_far_centre : W.sign_far));
  };

  // ---- the card of a unit ----------------------------------------------------------------------------------
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
  const showCard = unit => {
    const card = $("card");
    card.replaceChildren();
    const point = unit < 0 && net && net.point >= 0;
    card.hidden = unit < 0 && !point;
    if (card.hidden) return;
    const close = make("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", W.card_close);
    close.addEventListener("click", () => { choose(-1); $("q").focus(); });
    if (point) { net.pointCard(card, close); return; }
    const name = make("h3", "", titled(unit));
    name.id = "card-name";
    add(card, close, name);
    const about = [say("card_code", { code: U.code[unit] })];
    if (U.people[unit] !== null) about.push(say("card_people", { n: number(U.people[unit]) }));
    if (U.area[unit] !== null) about.push(say("card_area", { x: number(U.area[unit], 1) }));
    if (U.district[unit]) about.push(say("card_district", { x: U.district[unit] }));
    card.append(make("p", "about", about.join(" · ")));
    const items = state => [...seatsBySite(unit, state)].map(([site, one]) => siteItem(site, one, state));
    const { plan: first, today } = scene().states, plan = planNow(), how = course();
    const dated = (word, at) => how ? word + ", " + say("in_year", { year: how.years[at] }) : word;
    const centre = centreOf(unit);
    if (centre) {
      const box = make("div", "plan-centre"), place = S.address[centre[1]];
      add(box, make("p", "", centreWhen(centre) + (place ? " " + place.charAt(0).toUpperCase() + place.slice(1) + "." : "")));
      if (view.state === "plan") add(box, make("p", "then", centreNow(centre)));
      add(card, make("h4", "", W.card_centre), box);
    }
    if (net) net.card(card, unit);
    if (how) section(card, dated(W.card_plan, yearAt()), items(plan));
    if (today) {
      const done = scene().actions[unit].map(action => make("li", "do do-" + action[0], actionText(unit, action)));
      section(card, dated(W.card_actions, 0), done.length ? done : [make("li", "", W.card_no_actions)]);
    }
    if (!how) section(card, W.card_plan, items(plan));
    if (today) section(card, W.card_today, items(today));
    const table = make("table"), head = make("tr");
    const columns = today ? ["card_figure", "today", "plan"] : ["card_figure", "plan"];
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
      for (const state of today ? [today, first] : [first]) {
        const values = state.values[key];
        line.append(make("td", "n", values ? measured(key, values[unit]) : "–"));
      }
      body.append(line);
    }
    add(card, make("h4", "", dated(W.card_numbers, 0)), add(table, body));
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
  if (net) net.entries(entry);
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
  for (const table of document.querySelectorAll("table.units")) table.addEventListener("click", event => {
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
  recall();
  showScenario();
  showState();
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  document.documentElement.dataset.ready = "yes";
})();
