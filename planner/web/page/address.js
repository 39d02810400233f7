// What is chosen stands in the address too, so that a link opens the same: #ward=00070&year=2028&scenario=…
const KEYS = ["scenario", "state", "year", "ward", "measure", "body", "beside", "split", "view"];
let opened = false;
const remember = () => {
  if (!opened) return;
  const said = new URLSearchParams();
  if (D.scenarios.length > 1) said.set("scenario", scene().name);
  if (view.state === "today") said.set("state", "today");
  if (clock() && !(view.state === "today" && !beside())) said.set("year", clock().years[yearShown()]);
  if (view.unit >= 0) said.set("ward", U.code[view.unit]);
  if (view.mode === "premises" && D.colours.length && view.measure !== D.colours[0].key) said.set("measure", view.measure);
  if (view.body !== ALL) said.set("body", D.bodies[view.body].key);
  if (beside()) { said.set("beside", keyOf(beside())); said.set("split", view.split); }
  if (net) net.remember(said);
  // A page with one plan as it opens has nothing to remember.
  const linked = D.scenarios.length > 1 || D.scenarios.some(one => one.course) || [...said.keys()].some(key => key !== "state");
  if (!linked && !location.hash) return;
  const hash = linked ? "#" + said : "#";
  try { history.replaceState(null, "", hash); } catch { location.replace(hash); }
};
// Take over what a link says. What the page does not have is told, and left as it is.
const recall = () => {
  const said = new URLSearchParams(location.hash.slice(1)), unknown = [];
  if (!KEYS.some(key => said.has(key))) return;
  const pick = (key, known) => {
    const found = said.has(key) ? known(said.get(key)) : null;
    if (said.has(key) && (found === null || found === -1)) unknown.push(key + "=" + said.get(key));
    return found === -1 ? null : found;
  };
  const scenario = pick("scenario", name => D.scenarios.findIndex(one => one.name === name));
  if (scenario !== null) view.scenario = scenario;
  if (said.get("state") === "today" && scene().states.today) view.state = "today";
  else if (said.has("state") || said.has("year")) view.state = "plan";
  if (net) net.recall(said);
  pick("view", name => name === "premises" || (name === "network" && scene().network) ? name : null);
  const body = pick("body", key => D.bodies.findIndex(one => one.key === key));
  view.body = body === null ? ALL : body;
  if (view.mode === "premises") {
    const first = D.colours.length ? D.colours[0].key : "";
    view.measure = pick("measure", key => D.colours.some(one => one.key === key) ? key : null) || first;
  }
  view.beside = pick("beside", sideOf);
  const split = Number(said.get("split"));
  if (said.has("split") && split >= 0 && split <= 100) view.split = split;
  const year = pick("year", text => clock() && clock().years.includes(Number(text)) ? Number(text) : null);
  if (year !== null) view.year = year;
  const unit = pick("ward", code => U.code.indexOf(code));
  view.unit = unit === null ? -1 : unit;
  $("notice").textContent = unknown.length ? say("link_unknown", { x: unknown.join(", ").slice(0, 120) }) : "";
  $("notice").hidden = !unknown.length;
};
