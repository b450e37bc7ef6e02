// The summary, and the tables: how plans were laid, what was compared, which rules were asked, what was read.
function renderBar() {
  fill('bar',
    make('span', { className: 'brand' }, make('b', {}, '图模'), ' tumo'),
    make('nav', { 'aria-label': word('page.title') },
      [['summary', 'page.nav.summary'], ['work', 'page.nav.findings'], ['laid', 'page.nav.laid'], ['covered', 'page.nav.covered'], ['rest', 'page.nav.rest']]
        .map(([to, key]) => make('a', { href: '#' + to, onclick: (e) => { e.preventDefault(); byId(to).scrollIntoView({ behavior: 'smooth' }); } }, word(key)))),
    make('span', { className: 'spacer' }),
    make('button', { type: 'button', onclick: () => window.print() }, word('page.print')),
    make('button', { type: 'button', lang: lang === 'zh' ? 'en' : 'zh', onclick: () => { lang = lang === 'zh' ? 'en' : 'zh'; renderAll(); } }, lang === 'zh' ? 'English' : '中文'));
}

function renderSummary() {
  const total = REPORT.scores.total || {};
  const number = (kind) => FINDINGS.filter((f) => f.kind === kind).length;
  const known = total.value !== null && total.value !== undefined;
  const laid = REPORT.plans.filter((p) => p.transform.m).length;
  const families = ['completeness', 'quality', 'consistency', 'compliance'].filter((f) => REPORT.scores[f] && REPORT.scores[f].value !== null);
  fill('summary',
    make('div', { className: 'verdict ' + REPORT.decision },
      make('p', { className: 'eyebrow' }, word('page.title')),
      make('h1', {}, capital(word('decision.' + REPORT.decision))),
      REPORT.reasons.length ? make('ul', { className: 'reasons' }, REPORT.reasons.map((r) => make('li', {}, capital(say(r))))) : null,
      make('p', { className: 'sentence' }, capital(comparedSentence())),
      REPORT.previous && make('p', { className: 'sentence' }, capital(word('status.summary', { fixed: count(REPORT.previous.fixed.length), new: count(REPORT.previous.new), open: count(REPORT.previous.open), skipped: count(REPORT.previous.not_rechecked.length) })) + word('page.stop')),
      REPLIES.size > 0 && make('p', { className: 'sentence' }, answeredSentence() + word('page.stop')),
      make('p', { className: 'files' }, REPORT.inputs.map((i) => i.name).join(' · '))),
    make('div', { className: 'score' },
      make('div', { className: 'figure' }, make('b', {}, known ? round(total.value, 1) : '–'), make('span', {}, '/ 100'), known && make('i', {}, total.grade)),
      make('p', {}, word('page.decided', { n: Math.floor((total.coverage || 0) * 100) })),
      make('ul', { className: 'families' }, families.map((f) => make('li', {}, make('span', {}, word('family.' + f)), make('b', {}, round(REPORT.scores[f].value, 1))))),
      wins()),
    make('div', { className: 'counts' },
      KINDS.map((kind) => make('button', { type: 'button', className: kind, onclick: () => only(kind) }, make('b', {}, count(number(kind))), make('span', {}, word('page.kind.' + kind)))),
      make('p', { className: 'plans' }, word('page.plans-laid', { n: laid, all: REPORT.plans.length }))),
    make('div', { className: 'first' }, make('h2', {}, word('page.fix-first')), fixFirst()));
}
// How the points were lost: the fixes that win most of them back.
function wins() {
  const worth = (REPORT.fixes || []).filter((f) => f.wins > 0);
  return worth.length ? make('details', { className: 'wins' }, make('summary', {}, capital(word('terminal.fixes').replace(/[:：]$/, ''))),
    make('ul', {}, worth.map((f) => make('li', { title: say(f.fix) },
      word('terminal.fix', { wins: round(f.wins, 1), rule: f.rule, title: say(f.title), failed: f.failed, decided: f.decided }))))) : null;
}
function only(kind) {
  Object.assign(state, { kinds: new Set([kind]), rule: '', storey: '', cls: '', text: '' });
  renderFilters(); refresh(); byId('work').scrollIntoView({ behavior: 'smooth' });
}

function comparedSentence() {
  const sum = {};
  let undecided = 0;
  for (const p of REPORT.plans) {
    for (const [c, v] of Object.entries(p.coverage)) { sum[c] = (sum[c] || 0) + v.compared; undecided += v.undecided; }
  }
  const parts = ['wall', 'column', 'door', 'window', 'room', 'axis'].filter((c) => sum[c])
    .map((c) => `${count(sum[c])} ${word((sum[c] === 1 ? 'class.' : 'classes.') + c)}`);
  return parts.length ? word('terminal.compared', { list: parts.join(word('terminal.list')), undecided: count(undecided) }) + word('page.stop') : word('page.nothing-compared');
}

/** How many findings are answered, and how. */
function answeredSentence() {
  const sum = new Map();
  for (const r of REPLIES.values()) { const key = r.answer ? 'answer.' + r.answer : 'reply.in-words'; sum.set(key, (sum.get(key) || 0) + 1); }
  const order = ['answer.accepted', 'answer.done', 'answer.rejected', 'answer.unclear', 'reply.in-words'];
  const parts = order.filter((k) => sum.has(k)).map((k) => word('reply.count', { n: count(sum.get(k)), answer: word(k) }));
  return word('reply.counted', { answered: count(REPLIES.size), findings: count(FINDINGS.length), list: parts.join(word('terminal.list')) });
}

/** Rules whose failures weigh most: causes before what follows from them. */
function fixFirst() {
  const weight = { error: 100, warning: 10, info: 1, undecided: 2 };
  const groups = new Map();
  for (const f of FINDINGS) {
    if (f.parent || f.kind === 'info') continue;
    const key = f.rule + f.kind;
    if (!groups.has(key)) groups.set(key, { rule: f.rule, kind: f.kind, list: [], children: 0 });
    groups.get(key).list.push(f);
  }
  for (const f of FINDINGS) {
    const p = f.parent && BY_ID.get(f.parent);
    if (p && groups.has(p.rule + p.kind)) groups.get(p.rule + p.kind).children += 1;
  }
  const list = [...groups.values()].sort((a, b) => weight[b.kind] - weight[a.kind] || b.children - a.children || b.list.length - a.list.length).slice(0, 5);
  if (!list.length) return make('p', { className: 'empty' }, word('page.none'));
  return make('ol', {}, list.map((g) => make('li', {}, make('button', {
    type: 'button', className: g.kind,
    onclick: () => { Object.assign(state, { kinds: new Set([g.kind]), rule: g.rule, storey: '', cls: '', text: '' }); renderFilters(); refresh(); open(g.list[0].id); byId('work').scrollIntoView({ behavior: 'smooth' }); },
  }, make('i', {}), make('span', {}, RULES.has(g.rule) ? say(RULES.get(g.rule).title) : say(g.list[0].message)),
  make('em', {}, word('page.cases', { n: count(g.list.length) }), g.kind === 'undecided' ? ' ' + word('page.kind.undecided') : '', g.children ? ', ' + word('page.consequences', { n: count(g.children) }) : '')))));
}

const table = (heads, rows, cls) => make('div', { className: 'scroll' }, make('table', { className: cls || '' },
  make('thead', {}, make('tr', {}, heads.map((h) => make('th', {}, capital(h))))), make('tbody', {}, rows)));
const cells = (list) => make('tr', {}, list.map((c) => make('td', typeof c === 'number' ? { className: 'n' } : {}, typeof c === 'number' ? count(c) : c)));

function renderTables() {
  const laidRows = REPORT.plans.map((p) => {
    const t = p.transform, yes = Boolean(t.m);
    return cells([make('b', {}, p.plan), [p.title || '–', make('small', {}, p.drawing + (p.page ? ` p.${p.page}` : ''))], yes ? p.storeys.map((s) => s.name || s.guid).join(', ') : make('em', { className: 'bad' }, word('page.not-laid')),
      yes ? word('method.' + t.method) : '–', yes ? t.inliers : '–', yes ? round(t.rms_mm, 1) : '–', yes ? round(t.p95_mm, 1) : '–', yes ? Math.round(t.trust * 100) + ' %' : '–', make('span', { className: 'story' }, say(p.story))]);
  });
  const covered = [];
  for (const p of REPORT.plans) {
    Object.entries(p.coverage).sort().forEach(([c, v], i) => {
      covered.push(cells([i ? '' : make('b', {}, p.plan), i ? '' : p.storeys.map((s) => s.name).join(', ') || p.title || '', word('kind.' + c), v.compared, v.agreed, v.differ, v.missing_in_model, v.missing_in_drawing, v.undecided, bar(v)]));
    });
  }
  const rules = REPORT.rules.filter((r) => r.passed + r.failed + r.undecided + r.blocked > 0);
  fill('tables',
    make('section', { id: 'laid' }, make('h2', {}, word('page.nav.laid')), make('p', { className: 'lead' }, word('page.laid-lead')),
      table(['page.plan', 'page.drawing', 'page.storey', 'page.method', 'page.anchors', 'page.rms', 'page.p95', 'page.trust', 'page.story'].map((k) => word(k)), laidRows)),
    make('section', { id: 'covered' }, make('h2', {}, word('page.nav.covered')), make('p', { className: 'lead' }, word('page.covered-lead')),
      covered.length ? table(['page.plan', 'page.storey', 'page.class', 'page.compared', 'page.agreed', 'page.differ', 'page.missing-in-model', 'page.missing-in-drawing', 'page.kind.undecided', ''].map((k) => (k ? word(k) : '')), covered) : make('p', { className: 'empty' }, word('page.nothing-compared'))),
    make('section', { id: 'rest' },
      make('h2', {}, word('page.nav.rest')),
      make('details', {}, make('summary', {}, word('page.rules-asked', { n: rules.length })),
        table(['page.rule', 'page.title-of-rule', 'page.passed', 'page.failed', 'page.kind.undecided', 'page.blocked'].map((k) => word(k)), rules.map((r) => cells([r.id, say(r.title), r.passed, r.failed, r.undecided, r.blocked])))),
      make('details', { open: REPORT.notices.length > 0 && REPORT.notices.length < 12 }, make('summary', {}, word('page.notices', { n: count(REPORT.notices.length) })),
        table(['page.code', 'page.place', 'page.note'].map((k) => word(k)), REPORT.notices.slice(0, 500).map((n) => cells([n.code, [n.place.file, n.place.line ? ':' + n.place.line : '', n.place.id ? ' #' + n.place.id : '', n.place.handle ? ' ' + n.place.handle : ''], say(n.message)])))),
      make('details', { open: true }, make('summary', {}, word('page.inputs', { n: REPORT.inputs.length })),
        table(['page.file', 'page.format', 'page.size', 'SHA-256', 'page.tool'].map((k) => (k.startsWith('page.') ? word(k) : k)), REPORT.inputs.map((i) => cells([i.name, [i.format.toUpperCase(), i.schema ? ' ' + i.schema : ''], i.bytes, make('code', {}, i.sha256), i.authoring_tool || '–'])))),
      make('p', { className: 'colophon' }, `${REPORT.engine} · ${word('page.profile')} ${REPORT.profile} · ${word('page.schema')} ${REPORT.schema}`)));
}
function bar(v) {
  const all = v.compared + v.undecided || 1;
  return make('span', { className: 'bar', title: '' }, [['agreed', v.agreed], ['differ', v.differ + v.missing_in_model + v.missing_in_drawing], ['open', v.undecided]]
    .map(([c, n]) => (n ? make('i', { className: c, style: `width:${(100 * n) / all}%` }) : null)));
}
