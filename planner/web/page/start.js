// What hangs on what: a change of state is shown on the map, in figures, table and card, and kept in the address.
const showState = () => {
  showSides();
  if (net) net.show();
  paint();
  fitNames();
  showTime();
  showFigures();
  showSplit();
};
const refresh = () => {
  showChoices();
  showTicks();
  showSigns();
  showState();
  showTable();
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
  $("measure").value = view.measure;
  $("body").value = view.body;
  if (net) net.scenario();
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
for (const one of D.colours) {
  const option = make("option", "", W["m_" + one.key]);
  option.value = one.key;
  $("measure").append(option);
}
$("measure").addEventListener("change", event => { view.measure = event.target.value; paint(); remember(); });
[[ALL, W.body_all], ...D.bodies.map((body, at) => [at, body.name])].forEach(([at, word]) => {
  const option = make("option", "", word);
  option.value = at;
  $("body").append(option);
});
$("body").addEventListener("change", event => { view.body = Number(event.target.value); showSigns(); showState(); remember(); });
for (const input of document.querySelectorAll('input[name="state"]')) {
  input.addEventListener("change", () => { stop(); setState(input.value); });
}
// The reception network, where a plan has one: network.js.
const net = window.plannerNetwork ? window.plannerNetwork({
  D, W, U, S, map, view, $, make, add, draw, frame, say, number, titled, scene, here, beside, nameOf, dated, yearOf, planAt, choose, showCard, showSigns, refresh,
}) : null;
if (net) net.entries(entry);
const open = () => {
  recall();
  showScenario();
  refresh();
  if (view.unit >= 0) choose(view.unit, { focus: false }); else showCard(-1);
};
window.addEventListener("hashchange", () => { stop(); open(); });
home();
drawGround();
open();
opened = true;
new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
document.documentElement.dataset.ready = "yes";
