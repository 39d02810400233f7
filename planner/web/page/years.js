// The slider of years and the figures of the year.
let playing = null;
const figure = (word, value, line) => add(make("div"), make("dt", "", W[word]), make("dd", "big", value), ...(line ? [make("dd", "line", line)] : []));
const budgetLine = one => {
  if (one.budget_vnd === null) return W.y_no_budget;
  const carried = one.carried_in_vnd || 0, recycled = one.recycled_vnd || 0;
  return say("y_budget", { x: money(one.budget_vnd + carried + recycled), b: money(one.budget_vnd) })
    + (carried ? say("y_carried", { x: money(carried) }) : "") + (recycled ? say("y_recycled", { x: money(recycled) }) : "");
};
const yearShown = () => clock() ? Math.max(0, clock().years.findLastIndex(year => view.year !== null && year <= view.year)) : 0;
const showTime = () => {
  const times = clock(), how = course(), still = view.state === "today" && !(beside() && clock());
  $("time").hidden = !times;
  if (!times) return;
  const at = yearShown(), list = $("year-figures"), input = $("year");
  input.max = times.years.length - 1;
  input.value = at;
  input.setAttribute("aria-valuetext", still ? W.today : String(times.years[at]));
  $("year-now").textContent = still ? W.today : times.years[at];
  $("time").classList.toggle("is-today", still);
  [...$("ticks").children].forEach((tick, i) => tick.classList.toggle("on", !still && i === at));
  list.replaceChildren();
  if (net && net.on()) { net.figures(list, figure); return; }
  if (view.state === "today" || !how) {
    list.append(figure("y_premises", number(now().status.filter(status => status === IN_USE).length)));
    return;
  }
  const one = how.figures[yearAt()], first = how.figures[0];
  const before = key => yearAt() && first[key] !== one[key] ? say("y_first", { year: how.years[0], x: number(first[key]) }) : "";
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
  const how = clock();
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
  view.year = clock().years[at];
  // A year is one of a plan; today stays where it is held against one.
  if (view.state !== "plan" && !beside()) setState("plan"); else refresh();
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
  const last = () => yearShown() === clock().years.length - 1;
  if (view.state === "today" || last()) setYear(0);
  playing = setInterval(() => {
    if (!last()) setYear(yearShown() + 1);
    if (last()) stop();
  }, 1200);
});
$("year").addEventListener("input", event => { stop(); setYear(Number(event.target.value)); });
