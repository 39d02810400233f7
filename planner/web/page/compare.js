// Two states side by side, cut along a line that a slider moves: by finger, mouse or arrow keys.
const others = () => {
  const found = [];
  D.scenarios.forEach((one, scenario) => {
    if (scenario !== view.scenario || view.state === "today") found.push({ scenario, state: "plan" });
  });
  if (view.state !== "today" && scene().states.today) found.unshift({ scenario: view.scenario, state: "today" });
  return found;
};
const keyOf = side => side.state === "today" ? "today" : D.scenarios[side.scenario].name;
const sideOf = key => others().find(side => keyOf(side) === key) || null;
const showChoices = () => {
  // What is beside the chosen one must differ from it; "today" is always that of the chosen plan.
  if (view.beside) view.beside = sideOf(keyOf(view.beside));
  const list = $("beside"), found = others();
  list.replaceChildren(make("option", "", W.beside_none));
  list.firstChild.value = "";
  for (const side of found) {
    const option = make("option", "", nameOf(side));
    option.value = keyOf(side);
    list.append(option);
  }
  list.value = view.beside ? keyOf(view.beside) : "";
  $("compare").hidden = !found.length;
};
const THUMB = 14;
const cut = () => {
  const on = Boolean(beside()), size = map.getSize();
  $("split").hidden = !on;
  if (!on) { sides[0].clip(null); return; }
  // The line is under the middle of the slider's knob.
  const x = THUMB + (size.x - 2 * THUMB) * view.split / 100;
  sides[0].clip(0, x);
  sides[1].clip(x, size.x);
  $("split-line").style.left = x + "px";
  $("split-left").style.right = size.x - x + 8 + "px";
  $("split-right").style.left = x + 8 + "px";
  $("split-left").style.maxWidth = Math.max(0, x - 60) + "px";
  $("split-right").style.maxWidth = Math.max(0, size.x - x - 16) + "px";
};
const dated = side => {
  const how = side.state === "plan" && D.scenarios[side.scenario].course;
  return how ? nameOf(side) + ", " + how.years[yearOf(side.scenario)] : nameOf(side);
};
const showSplit = () => {
  if (beside()) {
    const left = dated(here()), right = dated(beside());
    $("split-left").textContent = left;
    $("split-right").textContent = right;
    $("split-at").value = view.split;
    $("split-at").setAttribute("aria-valuetext", say("split_value", { n: number(view.split), left, right }));
  }
  cut();
};
map.on("move zoomend resize viewreset", cut);
$("split-at").addEventListener("input", event => {
  view.split = Number(event.target.value);
  showSplit();
  remember();
});
$("beside").addEventListener("change", event => {
  view.beside = sideOf(event.target.value);
  refresh();
});
