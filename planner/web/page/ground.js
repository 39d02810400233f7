// The ground below the signs: outline of the city, borders of the old districts and the rivers. All three are found
// in the borders of the units themselves: a line between units of two banks is a river, of two districts a border.
const rings = polygon => polygon.map(flat => {
  const points = [];
  for (let i = 0, x = 0, y = 0; i < flat.length; i += 2) { x += flat[i]; y += flat[i + 1]; points.push([x, y]); }
  return points;
});
const RINGS = D.shapes.map(unit => unit.map(rings));
const degrees = ([x, y]) => [y / D.scale, x / D.scale];
const riverOf = (a, b) => D.rivers.findIndex(one => one.banks.includes(U.bank[a]) && one.banks.includes(U.bank[b]) && U.bank[a] !== U.bank[b]);
const borders = () => {
  const sides = new Map(), key = (p, q) => p[0] < q[0] || (p[0] === q[0] && p[1] < q[1]) ? p + ";" + q : q + ";" + p;
  const each = does => RINGS.forEach((unit, i) => unit.flat().forEach(ring => ring.forEach((point, n) => does(i, point, ring[(n + 1) % ring.length], n))));
  each((unit, p, q) => {
    const name = key(p, q);
    if (sides.has(name)) sides.get(name).push(unit); else sides.set(name, [unit]);
  });
  const found = { outline: [], districts: [], rivers: D.rivers.map(() => []) };
  let last = null;
  each((unit, p, q, n) => {
    const units = sides.get(key(p, q)), other = units.find(one => one !== unit);
    // Both neighbours pass along a border; the first of them draws it.
    let lines = null;
    if (units.length === 1) lines = found.outline;
    else if (unit === Math.min(...units)) {
      const river = riverOf(unit, other);
      if (river >= 0) lines = found.rivers[river];
      else if (U.district[unit] !== U.district[other]) lines = found.districts;
    }
    if (lines && last && last.lines === lines && last.end === p && n) { last.line.push(q); last.end = q; return; }
    last = lines && { lines, line: [p, q], end: q };
    if (last) lines.push(last.line);
  });
  return found;
};
const grounds = { outline: L.layerGroup(), districts: L.layerGroup(), rivers: L.layerGroup() };
for (const [name, order] of [["ground", 430], ["names", 640]]) {
  const pane = map.createPane(name);
  pane.style.zIndex = order;
  pane.style.pointerEvents = "none";
}
const river = lines => {
  const name = D.rivers[lines.at];
  const all = lines.all.map(line => line.map(degrees));
  grounds.rivers.addLayer(L.polyline(all, { pane: "ground", className: "river-bank", interactive: false }));
  grounds.rivers.addLayer(L.polyline(all, { pane: "ground", className: "river", interactive: false }));
  const points = all.flat().sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (!points.length) return;
  const icon = L.divIcon({ className: "river-name", html: make("span", "", say("river_is", { name: name.name })), iconSize: null });
  grounds.rivers.addLayer(L.marker(points[Math.floor(points.length / 2)], { icon, pane: "names", interactive: false, keyboard: false }));
};
const drawGround = () => {
  const found = borders();
  grounds.outline.addLayer(L.polyline(found.outline.map(line => line.map(degrees)), { pane: "ground", className: "outline", interactive: false }));
  grounds.districts.addLayer(L.polyline(found.districts.map(line => line.map(degrees)), { pane: "ground", className: "district", interactive: false }));
  found.rivers.forEach((all, at) => river({ all, at }));
};
