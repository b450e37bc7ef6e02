// The list of findings: filters, search, groups, and the one that is open.
const state = {
  kinds: new Set(KINDS), storey: '', cls: '', rule: '', text: '', group: 'storey', open: '', shut: new Set(), limit: 300,
};

/** What was answered to a finding, in both languages, and in words. */
const answerWords = (f) => {
  const r = REPLIES.get(f.id);
  return r ? [...((r.answer && DATA.words['answer.' + r.answer]) || []), r.remark] : [];
};
const haystack = (f) => f.hay || (f.hay = [
  f.n, f.rule, f.message.en, f.message.zh, f.mark, f.axis, f.id, f.storey && f.storey.name,
  ...f.elements.flatMap((e) => [e.guid, e.name, e.tag, '#' + e.step_id, e.class]),
  ...f.drawn.flatMap((d) => [d.drawing, d.handle, d.layer]), ...answerWords(f),
].filter(Boolean).join('\u0001').toLowerCase());

let cache = null;
/** Findings that the filters let through, in the report's order with what follows from another right after it. */
function visibleFindings() {
  if (cache) return cache;
  const needles = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  cache = FINDINGS.filter((f) => state.kinds.has(f.kind)
    && (!state.storey || storeyKey(f) === state.storey)
    && (!state.cls || classKey(f.class) === state.cls)
    && (!state.rule || f.rule === state.rule)
    && needles.every((n) => haystack(f).includes(n)));
  return cache;
}
/** A rule by its id and title. */
const titled = (rule) => `${rule} ${RULES.has(rule) ? say(RULES.get(rule).title) : ''}`.trim();
const storeyKey = (f) => (f.storey ? f.storey.name || f.storey.guid : '');

function groupsOf(findings) {
  const groups = new Map();
  for (const f of findings) {
    const parent = f.parent && BY_ID.get(f.parent);
    const lead = parent || f;
    let key, title;
    if (state.group === 'storey') { key = storeyKey(lead); title = key || word('page.no-storey'); }
    else if (state.group === 'class') { key = classKey(lead.class); title = className(key); }
    else { key = lead.rule; title = titled(key); }
    if (!groups.has(key)) groups.set(key, { key, title, list: [] });
    groups.get(key).list.push(f);
  }
  for (const g of groups.values()) {
    const order = (f) => { const p = f.parent && BY_ID.get(f.parent); return p ? p.n + f.n / 1e6 : f.n; };
    const rank = (f) => KINDS.indexOf((f.parent && BY_ID.get(f.parent) || f).kind);
    g.list.sort((a, b) => rank(a) - rank(b) || order(a) - order(b));
  }
  const list = [...groups.values()];
  if (state.group === 'storey') {
    const heights = new Map(REPORT.plans.flatMap((p) => p.storeys.map((s) => [s.name || s.guid, s.elevation_m])));
    list.sort((a, b) => (heights.get(a.key) ?? 1e9) - (heights.get(b.key) ?? 1e9));
  } else list.sort((a, b) => (a.key < b.key ? -1 : 1));
  return list;
}

function renderFilters() {
  const change = (name) => (e) => { state[name] = e.target.value; refresh(); };
  const options = (values, name, all) => [make('option', { value: '' }, all), ...values.map(([v, t]) => make('option', { value: v, selected: state[name] === v }, t))];
  const uniq = (get, label) => [...new Map(FINDINGS.map((f) => [get(f), label(f)])).entries()].filter(([v]) => v).sort((a, b) => (a[1] < b[1] ? -1 : 1));
  const chips = KINDS.map((kind) => {
    const n = FINDINGS.filter((f) => f.kind === kind).length;
    return make('button', {
      type: 'button', className: `chip ${kind}`, 'aria-pressed': String(state.kinds.has(kind)), disabled: !n,
      onclick: () => { state.kinds.has(kind) ? state.kinds.delete(kind) : state.kinds.add(kind); renderFilters(); refresh(); },
    }, make('i', {}), `${word('page.kind.' + kind)} ${count(n)}`);
  });
  fill('filters',
    make('div', { className: 'chips' }, chips),
    make('input', {
      type: 'search', id: 'search', value: state.text, placeholder: word('page.search'), 'aria-label': word('page.search'),
      oninput: (e) => { state.text = e.target.value; refresh(); },
    }),
    make('div', { className: 'selects' },
      make('select', { 'aria-label': word('page.storey'), onchange: change('storey') }, options(uniq(storeyKey, storeyKey), 'storey', word('page.all-storeys'))),
      make('select', { 'aria-label': word('page.class'), onchange: change('cls') }, options(uniq((f) => classKey(f.class), (f) => className(classKey(f.class))), 'cls', word('page.all-classes'))),
      make('select', { 'aria-label': word('page.rule'), onchange: change('rule') }, options(uniq((f) => f.rule, (f) => titled(f.rule)), 'rule', word('page.all-rules')))),
    make('div', { className: 'grouping' }, make('span', {}, word('page.group-by')),
      ['storey', 'class', 'rule'].map((g) => make('button', {
        type: 'button', className: 'link', 'aria-pressed': String(state.group === g),
        onclick: () => { state.group = g; renderFilters(); renderList(); },
      }, word('page.' + g))),
      make('output', { id: 'shown' })));
}

function refresh() {
  cache = null;
  state.limit = 300;
  renderList();
  placeMarkers();
}

function renderList() {
  const found = visibleFindings();
  byId('shown').textContent = word('page.shown', { n: count(found.length), all: count(FINDINGS.length) });
  const nodes = [];
  let left = state.limit;
  for (const g of groupsOf(found)) {
    const shut = state.shut.has(state.group + g.key);
    nodes.push(make('h3', {}, make('button', {
      type: 'button', 'aria-expanded': String(!shut),
      onclick: () => { const k = state.group + g.key; shut ? state.shut.delete(k) : state.shut.add(k); renderList(); },
    }, make('span', {}, g.title), make('b', {}, count(g.list.length)))));
    if (shut) continue;
    for (const f of g.list) {
      if (left <= 0 && f.id !== state.open) continue;
      left -= 1;
      nodes.push(row(f));
    }
  }
  if (!found.length) nodes.push(make('p', { className: 'empty' }, word(FINDINGS.length ? 'page.none-shown' : 'page.none')));
  if (left <= 0 && found.length > state.limit) {
    nodes.push(make('button', { type: 'button', className: 'more', onclick: () => { state.limit += 700; renderList(); } },
      word('page.more', { n: count(found.length - state.limit) })));
  }
  fill('list', nodes);
}

function row(f) {
  const isOpen = f.id === state.open;
  return make('article', { className: `finding ${f.kind}${f.parent ? ' child' : ''}${isOpen ? ' open' : ''}`, 'data-id': f.id },
    make('button', { type: 'button', className: 'head', 'aria-expanded': String(isOpen), onclick: () => open(isOpen ? '' : f.id) },
      make('span', { className: `num ${f.kind}` }, f.n),
      make('span', { className: 'what' },
        make('span', { className: 'message' }, say(f.message)),
        make('span', { className: 'meta' }, f.rule, ' · ', word('severity.' + f.kind), f.storey ? ' · ' + storeyKey(f) : '',
          f.mark && f.rule.startsWith('DM') ? ' · ' + f.mark : '', f.axis ? ' · ' + word('kind.axis') + ' ' + f.axis : '', tags(f)))),
    isOpen ? detail(f) : null);
}

/** What became of a finding since an earlier report, whether it is waived, what was answered. */
function tags(f) {
  const reply = REPLIES.get(f.id);
  return [f.status && word('status.' + f.status), f.waived && word('page.waived'), reply && (reply.answer ? word('answer.' + reply.answer) : word('reply.in-words'))]
    .filter(Boolean).map((text) => make('span', { className: 'tag' }, text));
}

/** Values side by side, both places, how to fix. */
function detail(f) {
  const compared = Boolean(f.side);
  const numbers = typeof f.measured === 'number' && typeof f.expected === 'number';
  const parent = f.parent && BY_ID.get(f.parent);
  const gone = (side) => make('em', {}, word('page.' + side));
  const there = (v, unit) => (v === undefined || v === null ? word('page.present') : value(v, unit));
  const inModel = compared ? (f.side === 'missing-in-model' ? gone('absent') : there(f.expected, f.unit)) : value(f.measured, f.unit);
  const inDrawing = compared ? (f.side === 'missing-in-drawing' ? gone('absent') : there(f.measured, f.unit)) : value(f.expected, f.unit);
  const reply = REPLIES.get(f.id);
  const hasValues = f.measured !== undefined || f.expected !== undefined || compared;
  return make('div', { className: 'detail' },
    hasValues && make('table', { className: 'sides' },
      make('thead', {}, make('tr', {},
        make('th', {}, compared && make('i', { className: 'swatch model' }), word(compared ? 'page.model' : 'value.measured')),
        make('th', {}, compared && make('i', { className: 'swatch drawn' }), word(compared ? 'page.drawing' : 'value.expected')),
        numbers && make('th', {}, word('page.difference')), f.limit !== undefined && make('th', {}, word('value.limit')))),
      make('tbody', {}, make('tr', {}, make('td', {}, inModel), make('td', {}, inDrawing),
        numbers && make('td', {}, (f.measured > f.expected ? '+' : '') + value(f.measured - f.expected, f.unit)),
        f.limit !== undefined && make('td', {}, value(f.limit, f.unit))))),
    reply && make('p', { className: 'reply' }, make('b', {}, word('table.answer')), [reply.answer && word('answer.' + reply.answer), reply.remark].filter(Boolean).join(' – ')),
    f.waived && make('p', { className: 'reply' }, word('terminal.waived', { reason: f.waived })),
    say(f.fix) && make('p', { className: 'fix' }, make('b', {}, word('page.fix')), say(f.fix)),
    parent && make('p', {}, make('button', { type: 'button', className: 'link', onclick: () => open(parent.id) }, word('page.follows', { n: parent.n }))),
    make('dl', {},
      f.elements.slice(0, 20).flatMap((e) => [make('dt', {}, word('page.model')), make('dd', {}, `${e.class} #${e.step_id}`, e.name ? ` “${e.name}”` : '', e.tag ? ` · ${e.tag}` : '', make('code', {}, e.guid))]),
      f.drawn.slice(0, 20).flatMap((d) => [make('dt', {}, word('page.drawing')), make('dd', {}, d.drawing, d.handle ? ` · ${word('page.handle')} ${d.handle}` : '', d.layer ? ` · ${d.layer}` : '', make('code', {}, d.at.map((x) => round(x, 2)).join(', ')))]),
      f.point_m ? [make('dt', {}, word('page.place')), make('dd', {}, make('code', {}, f.point_m.map((x) => x.toFixed(3)).join(', ') + ' m'))] : [],
      [make('dt', {}, word('page.rule')), make('dd', {}, f.rule, RULES.has(f.rule) ? ' ' + say(RULES.get(f.rule).title) : '')],
      [make('dt', {}, word('page.confidence')), make('dd', {}, Math.round(f.confidence * 100) + ' %', make('code', {}, f.id))]));
}

/** Opens a finding in the list and shows it on the plan. */
function open(id, how) {
  state.open = id;
  const f = BY_ID.get(id);
  history.replaceState(null, '', f ? '#' + id : '#');
  if (f && !visibleFindings().includes(f)) {
    Object.assign(state, { kinds: new Set(KINDS), storey: '', cls: '', rule: '', text: '' });
    cache = null;
    renderFilters();
  }
  if (f) state.shut.delete(state.group + (groupsOf([f])[0] || {}).key);
  renderList();
  if (f && !(how && how.keepView)) look(f); else placeMarkers();
  const list = byId('list'), node = list.querySelector('.finding.open');
  if (!node) return;
  // the list scrolls, the page does not
  const top = node.offsetTop - list.offsetTop - 30, end = top + node.offsetHeight + 30;
  if (top < list.scrollTop || node.offsetHeight > list.clientHeight) list.scrollTop = top;
  else if (end > list.scrollTop + list.clientHeight) list.scrollTop = end - list.clientHeight;
}

/** The next or previous finding of the list. */
function step(by) {
  const rows = [...byId('list').querySelectorAll('.finding')].map((n) => n.dataset.id);
  if (!rows.length) return;
  const at = rows.indexOf(state.open);
  open(rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))]);
  const head = byId('list').querySelector('.finding.open .head');
  if (head) head.focus({ preventScroll: true });
}
