// Words, numbers and nodes. Everything a reader sees is put in as text: no markup is ever built from data.
const D = JSON.parse(document.getElementById("plan-data").textContent);
const W = D.labels, map = window.plannerMap, U = D.units, S = D.sites;
const SVG = "http://www.w3.org/2000/svg";
const $ = id => document.getElementById(id);
const locale = D.lang === "vi" ? "vi-VN" : "en-GB";

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
const isArea = key => ["missing_to_norm", "floor_in_use", "tight_fit", "norm", "surplus_floor"].includes(key);
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
const unbroken = text => text.replace(/ /g, "\u00a0");
const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d").replace(/\s+/g, " ").trim();
const titled = i => D.lang === "vi" ? U.type[i].charAt(0).toUpperCase() + U.type[i].slice(1) + " " + U.name[i] : U.name[i] + " " + U.type[i];

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
const button = (className, text, does) => {
  const node = make("button", className, text);
  node.type = "button";
  if (does) node.addEventListener("click", does);
  return node;
};
