// Signs of premises: a wheel of four quarters, one body each, always at the same place.
const BODY = ["#c1440e", "#1d5fa8", "#e3a008", "#7b3294"];
const LETTERS = W.letters.split(",");
const ROUTE = {
  health: "#cc79a7", education: "#0072b2", culture: "#e69f00", sport: "#56b4e9", police: "#009e73",
  other_public: "#8d99a0", public_use: "#c6d3d9", lease: "#f0e442", auction: "#d55e00",
};
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
const centreNow = ([, , start, open]) => {
  const year = course().years[yearAt()];
  return say(open !== null && year >= open ? "centre_open" : start !== null && year >= start ? "centre_builds" : "centre_waits", { year });
};
const centreWhen = ([, , start, open]) => say(start === null ? "centre_opens" : open === null ? "centre_starts" : "centre_when", { start, open });
