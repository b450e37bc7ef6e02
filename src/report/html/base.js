'use strict';
// What the rest of the page stands on: the data, the words, and elements made from text.
const DATA = JSON.parse(document.getElementById('data').textContent);
const REPORT = DATA.report;
let lang = DATA.lang;

/** The wording of a key, with its {names} filled in. */
function word(key, values) {
  const pair = DATA.words[key];
  let text = pair ? pair[lang === 'zh' ? 1 : 0] : '⟨?⟩';
  if (values) text = text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  return text;
}
/** A text that the report carries in both languages. */
const say = (text) => (text ? text[lang] || text.en || '' : '');

/** An element; children are elements or texts, never markup. */
function make(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key in node && key !== 'list' && key !== 'form') node[key] = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false || child === '') continue;
    node.append(child.nodeType ? child : document.createTextNode(String(child)));
  }
  return node;
}
const byId = (id) => document.getElementById(id);
const fill = (id, ...children) => byId(id).replaceChildren(...children.flat(3).filter(Boolean));

const round = (x, digits) => {
  const text = Number(x).toFixed(digits);
  return digits ? text.replace(/\.?0+$/, '') : text;
};
const count = (n) => Number(n).toLocaleString(lang === 'zh' ? 'zh-CN' : 'en-GB');
const UNITS = { m2: 'm²', m3: 'm³', deg: '°' };

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A measured value with its unit. */
function value(v, unit) {
  if (v === undefined || v === null) return '–';
  if (typeof v === 'number') return round(v, 3) + (unit && unit !== '1' ? ' ' + (UNITS[unit] || unit) : '');
  return v;
}

const KINDS = ['error', 'warning', 'info', 'undecided'];
/** `error`, `warning`, `info` or `undecided`: what a finding counts as. */
const kindOf = (f) => (f.verdict === 'undecided' ? 'undecided' : f.severity === 'gate' ? 'error' : f.severity);

const CLASS_KEYS = {
  IfcWall: 'wall', IfcWallStandardCase: 'wall', IfcCurtainWall: 'wall', IfcColumn: 'column', IfcDoor: 'door',
  IfcWindow: 'window', IfcSpace: 'room', IfcGrid: 'axis', IfcGridAxis: 'axis', IfcStair: 'stair',
  IfcBuildingStorey: 'storey', IfcOpeningElement: 'opening', IfcBeam: 'beam', IfcSlab: 'slab', IfcRoof: 'roof',
  IfcRailing: 'railing', IfcCovering: 'covering', IfcFooting: 'footing', IfcMember: 'member', IfcPlate: 'plate',
  IfcRamp: 'ramp', IfcStairFlight: 'flight', IfcBuildingElementProxy: 'proxy', IfcProject: 'project',
  IfcBuilding: 'building', IfcSite: 'site', drawing: 'drawing',
};
/** What a class is filtered and grouped by: several of IFC's are one thing to a reader. */
const classKey = (c) => CLASS_KEYS[c] || c;
const className = (key) => (DATA.words['kind.' + key] ? word('kind.' + key) : key);

// findings with their number, what they count as, and where they show
const FINDINGS = REPORT.findings.map((f, i) => {
  const where = DATA.shown[i];
  return { ...f, n: i + 1, kind: kindOf(f), overlay: where ? where[0] : -1, at: where ? [where[1], where[2]] : null };
});
const BY_ID = new Map(FINDINGS.map((f) => [f.id, f]));
const REPLIES = new Map((REPORT.replies || []).map((r) => [r.id, r]));
const RULES = new Map(REPORT.rules.map((r) => [r.id, r]));
