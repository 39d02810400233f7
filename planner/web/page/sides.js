// The map and its sides. A side draws one state of one plan in panes of its own, so that two can be cut along a line.
map.attributionControl.setPrefix("Leaflet");
L.control.zoom({ zoomInTitle: W.zoom_in, zoomOutTitle: W.zoom_out, zoomInText: "+", zoomOutText: "−" }).addTo(map);
L.control.scale({ imperial: false }).addTo(map);
map.getContainer().setAttribute("role", "application");
map.getContainer().setAttribute("aria-label", W.map);

const OUTLINES = RINGS.map(unit => unit.map(polygon => polygon.map(ring => ring.map(degrees))));
const KINDS = { units: 400, lines: 450, signs: 600 };
const shown = { sites: true, released: true, centres: true, lines: true, names: true, outline: true, districts: false, rivers: true };
const siteTip = (site, lines) => () => {
  const box = make("div", "tip");
  add(box, make("b", "", S.name[site]), make("div", "", titled(S.unit[site])));
  if (S.address[site]) add(box, make("div", "", S.address[site]));
  for (const line of lines) add(box, make("div", "", line));
  return box;
};
// What a state puts on the map: by layer, a key that says all of a sign, and how to draw it.
const signsOf = (side, sign, link) => {
  const state = stateOf(side), only = view.body;
  const found = { lines: new Map(), released: new Map(), centres: new Map(), sites: new Map() };
  const put = (layer, look, draws) => found[layer].set(JSON.stringify(look), draws);
  const taken = new Set(), built = new Set();
  U.code.forEach((_, unit) => {
    const seats = seatsBySite(unit, state);
    let hub = -1;
    const kept = [];
    for (const [site, one] of seats) {
      if (only !== ALL && !one.bodies[only]) continue;
      const bodies = only === ALL ? one.bodies : one.bodies.map((level, body) => body === only ? level : 0);
      const lines = [...one.names].map(([name, assumed]) => assumed ? name + " (" + W.modelled_short + ")" : name);
      const main = bodies[only === ALL ? 1 : only] === 2;
      const looks = (main ? "used main" : "used") + (formOf(site) === "diamond" ? " centre" : "");
      put("sites", [site, bodies, lines], () => sign(site, wheel(bodies, formOf(site)), looks, siteTip(site, lines)));
      if (hub < 0 || main) hub = site;
      kept.push(site);
      (formOf(site) === "diamond" ? built : taken).add(S.at[site].join());
    }
    for (const site of kept) if (site !== hub) put("lines", [hub, site], () => link(hub, site));
  });
  if (only !== ALL) return found;
  state.status.forEach((status, site) => { if (status === BUILDING) built.add(S.at[site].join()); });
  state.status.forEach((status, site) => {
    const route = state.routes[site], at = S.at[site].join();
    if (status === RELEASED) {
      // What is not in use today is given to nobody yet.
      const use = routed && side.state !== "today" ? route : "";
      const lines = [use && W["route_" + use] ? W.sign_released + ": " + W["route_" + use] : W.sign_released];
      put("released", [site, use], () => sign(site, gone(formOf(site), use), "released", siteTip(site, lines)));
    }
    if (status === KEPT && !built.has(at)) put("centres", [site, "kept"], () => sign(site, kept(), "kept", siteTip(site, [W.sign_kept])));
    if (status === BUILDING) {
      const beside = taken.has(at), how = D.scenarios[side.scenario].course, when = how && how.centres.find(one => one[0] === S.unit[site]);
      const lines = [W.sign_building, ...(when ? [centreWhen(when)] : [])];
      put("centres", [site, "building", beside], () => sign(site, building(), beside ? "building centre beside" : "building centre", siteTip(site, lines)));
    }
  });
  return found;
};

const makeSide = (name, of) => {
  const pane = kind => name + "-" + kind;
  for (const [kind, order] of Object.entries(KINDS)) map.createPane(pane(kind)).style.zIndex = order;
  const self = { of, shapes: [] };
  const hint = unit => {
    const box = make("div", "tip"), side = of();
    add(box, make("b", "", titled(unit)));
    if (beside()) add(box, make("div", "", nameOf(side)));
    if (view.measure) add(box, make("div", "", W["m_" + view.measure] + ": " + measured(view.measure, shownValues(side)[unit])));
    const centre = side.state === "plan" && side.scenario === view.scenario && centreOf(unit);
    if (centre) add(box, make("div", "", W.card_centre + ". " + centreNow(centre)));
    return box;
  };
  const layers = { units: L.featureGroup(), lines: L.layerGroup(), released: L.layerGroup(), centres: L.layerGroup(), sites: L.layerGroup() };
  const drawn = { lines: new Map(), released: new Map(), centres: new Map(), sites: new Map() };
  self.bounds = () => layers.units.getBounds();
  const drawUnits = () => {
    self.shapes = OUTLINES.map((unit, i) => {
      const shape = L.polygon(unit, { pane: pane("units"), className: "unit-shape", smoothFactor: 0.4 });
      shape.bindTooltip(() => hint(i), { sticky: true, opacity: 1 });
      shape.on("click", () => choose(i, { zoom: false, focus: false }));
      shape.on("mouseover", () => { if (view.unit !== i) shape.setStyle({ weight: 2.5 }); });
      shape.on("mouseout", () => { if (view.unit !== i) shape.setStyle({ weight: 0.8 }); });
      layers.units.addLayer(shape);
      return shape;
    });
  };
  const sign = (site, node, className, tip) => {
    const marker = L.marker(S.at[site], {
      pane: pane("signs"), keyboard: false, riseOnHover: true, icon: L.divIcon({ className: "sign " + className, html: node, iconSize: null }),
      zIndexOffset: className === "released" ? -1000 : className.includes("centre") ? 1000 : 0,
    });
    marker.bindTooltip(tip, { opacity: 1, direction: "top", offset: [0, -8] });
    marker.on("click", () => choose(S.unit[site], { zoom: false, focus: false }));
    return marker;
  };
  const link = (a, b) => L.polyline([S.at[a], S.at[b]], { pane: pane("lines"), className: "link", interactive: false });
  self.show = () => {
    const side = of();
    if (!side) { for (const layer of Object.values(layers)) layer.remove(); return; }
    if (!self.shapes.length) drawUnits();
    layers.units.addTo(map);
    const found = signsOf(side, sign, link);
    for (const kind of Object.keys(drawn)) {
      // Only what changes is taken off and put on: a step of the slider is cheap.
      for (const [key, one] of drawn[kind]) {
        if (!found[kind].has(key)) { layers[kind].removeLayer(one); drawn[kind].delete(key); }
      }
      for (const [key, draws] of found[kind]) {
        if (drawn[kind].has(key)) continue;
        const one = draws();
        drawn[kind].set(key, one);
        layers[kind].addLayer(one);
      }
      if (shown[kind] && !(net && net.hides(kind))) layers[kind].addTo(map); else layers[kind].remove();
    }
  };
  // The part of the map, from left to right in pixels of its frame, that the side may show.
  self.clip = (from, to) => {
    const size = map.getSize(), corner = (x, y) => { const p = map.containerPointToLayerPoint([x, y]); return p.x + "px " + p.y + "px"; };
    const cut = from === null ? "" : `polygon(${corner(from, 0)}, ${corner(to, 0)}, ${corner(to, size.y)}, ${corner(from, size.y)})`;
    for (const kind of Object.keys(KINDS)) map.getPane(pane(kind)).style.clipPath = cut;
  };
  return self;
};
const sides = [makeSide("here", here), makeSide("beside", beside)];

// Names: shown where the unit is wide enough, moved up or down where a sign stands.
const boxOf = unit => L.latLngBounds(OUTLINES[unit].flat(2));
const boxes = U.code.map((_, unit) => boxOf(unit));
const middle = boxes.map((box, unit) => box.isValid() ? box.getCenter() : L.latLng(U.at[unit]));
const namesLayer = L.layerGroup();
const names = U.code.map((_, unit) => {
  const node = make("span", "", U.name[unit]);
  const icon = L.divIcon({ className: "name", html: node, iconSize: null });
  namesLayer.addLayer(L.marker(middle[unit], { icon, pane: "names", interactive: false, keyboard: false }));
  return node;
});
const apartFrom = (box, others) => others.every(one => box.x + box.w < one.x - one.w || box.x - box.w > one.x + one.w
  || box.y + box.h < one.y - one.h || box.y - box.h > one.y + one.h);
const fitNames = () => {
  const zoom = map.getZoom(), size = zoom < 10.4 ? "far" : zoom < 12.2 ? "middle" : "near";
  map.getContainer().dataset.zoom = size;
  const r = { far: 5, middle: 9, near: 13 }[size], put = [];
  const sites = !shown.sites ? [] : S.at.map((_, site) => site).filter(site => [IN_USE, BUILDING].includes(now().status[site]));
  const places = net && net.on() ? net.places().map(at => [at, r]) : sites.map(site => [S.at[site], formOf(site) === "diamond" ? 1.6 * r : r]);
  const signs = places.map(([at, half]) => [map.latLngToLayerPoint(at), half])
    .map(([point, half]) => ({ x: point.x, y: point.y, w: half, h: half }));
  const rooms = boxes.map(bounds => {
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
    const aside = [0, -14, 14, -28, 28].filter(step => Math.abs(step) < (room.w - wide) / 2);
    const places = [0, -20, 20, -36, 36, -54, 54].filter(step => Math.abs(step) < room.h / 2 - 8)
      .flatMap(step => aside.map(side => ({ x: at.x + side, y: at.y + step, w: wide / 2, h: 8, step, side }))).filter(box => apartFrom(box, put));
    const box = places.find(one => apartFrom(one, signs)) || places[0];
    if (!box) continue;
    node.hidden = false;
    node.style.top = box.step + "px";
    node.style.left = box.side + "px";
    put.push(box);
  }
};
map.on("zoomend resize", fitNames);

const everything = () => {
  const all = boxes.filter(box => box.isValid());
  return all.length ? all.reduce((sum, box) => sum.extend(box), L.latLngBounds([])) : L.latLngBounds(U.at);
};
const home = () => map.fitBounds(everything(), { padding: [8, 8], animate: false });
const Home = L.Control.extend({
  options: { position: "topleft" },
  onAdd() {
    const bar = make("div", "leaflet-bar");
    L.DomEvent.disableClickPropagation(bar);
    return add(bar, button("home", W.home, home));
  },
});
map.addControl(new Home());
const showSides = () => {
  for (const side of sides) side.show();
  for (const [name, layer] of [["names", namesLayer], ...Object.entries(grounds)]) if (shown[name]) layer.addTo(map); else layer.remove();
};
