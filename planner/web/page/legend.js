// What signs and layers mean, and which of them are on.
const line = (node, word) => add(make("li"), node, make("span", "", word));
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
  const all = view.body === ALL, plans = [view.scenario, ...(beside() ? [beside().scenario] : [])];
  const centres = plans.some(at => D.scenarios[at].course && D.scenarios[at].course.centres.length);
  if (centres) {
    kinds.append(line(wheel([2, 2, 2, 2], "diamond"), W.sign_centre));
    if (all) kinds.append(line(building(), W.sign_building));
    const waits = plans.some(at => {
      const { states: { plan }, course: how } = D.scenarios[at];
      return plan.status.includes(KEPT) || (how && how.changes.some(step => step.sites.some(([, status]) => status === KEPT)));
    });
    if (waits && all) kinds.append(line(kept(), W.sign_kept));
  }
  if (!routed && all) kinds.append(line(cross("round"), W.sign_released));
  kinds.append(line(link, W.sign_line));
  add(signs, bodyList, kinds);
  if (routed && all) {
    const uses = make("ul", "bodies four"), has = route => plans.some(at => routes[at].has(route));
    for (const route of Object.keys(ROUTE)) if (has(route)) uses.append(line(gone("round", route), W["route_" + route]));
    const rest = [has("none") ? W.route_none : "", scene().states.today ? W.sign_unused : ""].filter(word => word);
    if (rest.length) uses.append(line(cross("round"), rest.join(", ")));
    add(signs, make("p", "small", W.routes), uses);
  }
  add(signs, make("p", "hint", centres ? W.sign_far + " " + W.sign_far_centre : W.sign_far));
};
const centred = D.scenarios.some(one => one.course && one.course.centres.length);
const hasGround = { outline: RINGS.some(unit => unit.length), districts: new Set(U.district).size > 1 && RINGS.some(unit => unit.length), rivers: D.rivers.length > 0 };
for (const name of Object.keys(shown)) {
  if ((name === "centres" && !centred) || hasGround[name] === false) continue;
  const input = make("input");
  input.type = "checkbox";
  input.checked = shown[name];
  input.addEventListener("change", () => { shown[name] = input.checked; showState(); });
  $("layers").append(add(make("label", "of-" + name), input, make("span", "", W["layer_" + name])));
}
