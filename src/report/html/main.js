// Puts the page together, and takes keys.
function renderTabs() {
  const many = DATA.overlays.length > 1;
  fill('tabs', DATA.overlays.map((o, i) => make('button', {
    type: 'button', role: 'tab', 'data-i': i, 'aria-selected': String(i === view.overlay), title: o.drawing,
    onclick: () => showOverlay(i),
  }, make('b', {}, o.plan), ' ', o.storey ? o.storey.name || o.storey.guid : word('page.not-laid'), many || !o.title ? '' : ' · ' + o.title)));
}
function renderTools() {
  fill('tools',
    make('button', { type: 'button', title: '+', 'aria-label': word('page.zoom-in'), onclick: () => zoom(1.5) }, '+'),
    make('button', { type: 'button', title: '−', 'aria-label': word('page.zoom-out'), onclick: () => zoom(1 / 1.5) }, '−'),
    make('button', { type: 'button', title: '0', 'aria-label': word('page.fit'), onclick: fit }, '⤢'));
  fill('legend',
    make('span', {}, make('i', { className: 'key model' }), word('page.model')),
    make('input', { type: 'range', min: 0, max: 100, value: view.mix, 'aria-label': word('page.mix'), title: word('page.mix'), oninput: (e) => { view.mix = Number(e.target.value); moved(); } }),
    make('span', {}, make('i', { className: 'key drawn' }), word('page.drawing')),
    make('span', {}, make('i', { className: 'key both' }), word('page.equal')),
    make('label', {}, make('input', { type: 'checkbox', checked: view.raw, onchange: (e) => { view.raw = e.target.checked; redraw(); } }), word('page.other-lines')));
}
function renderAll() {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  document.title = word('page.title') + ' · ' + REPORT.inputs.slice(0, 3).map((i) => i.name).join(', ');
  cache = null;
  renderBar(); renderSummary(); renderFilters(); renderTabs(); renderTools(); renderList(); renderTables();
  placeMarkers();
}

/** For paper: every plan with its markers, and every finding in full. */
function preparePrint() {
  const pictures = DATA.overlays.map((o, i) => {
    const [[x0, y0], [x1, y1]] = o.bounds;
    const w = 1500, h = Math.max(500, Math.min(1000, Math.round((w * (y1 - y0 + 4)) / (x1 - x0 + 4))));
    const sheet = make('canvas', { width: w, height: h });
    const scale = Math.min((w - 90) / Math.max(x1 - x0, 0.5), (h - 90) / Math.max(y1 - y0, 0.5));
    const g = sheet.getContext('2d'), win = windowOf(w, h, (x0 + x1) / 2, (y0 + y1) / 2, scale);
    const over = make('canvas', { width: w, height: h }).getContext('2d');
    for (const step of paint(g, over, o, win, 50, view.raw)) void step;
    g.font = '600 15px ' + getComputedStyle(document.body).fontFamily;
    g.textAlign = 'center'; g.textBaseline = 'middle';
    for (const f of visibleFindings()) {
      if (f.overlay !== i || !f.at) continue;
      const x = (f.at[0] - win.cx) * scale + w / 2, y = h / 2 - (f.at[1] - win.cy) * scale;
      g.beginPath(); g.arc(x, y, 13, 0, 7);
      g.fillStyle = f.kind === 'undecided' ? '#fff' : f.kind === 'error' ? '#1d2329' : '#5c6670'; g.fill();
      g.lineWidth = 2; g.strokeStyle = f.kind === 'undecided' ? '#1d2329' : '#fff'; g.stroke();
      g.fillStyle = f.kind === 'undecided' ? '#1d2329' : '#fff'; g.fillText(f.n, x, y + 1);
    }
    return make('figure', {}, make('figcaption', {}, make('b', {}, o.plan), ` ${o.title || ''} → ${o.storey ? o.storey.name : word('page.not-laid')}`),
      make('img', { src: sheet.toDataURL('image/png'), alt: '' }));
  });
  fill('print', pictures, make('h2', {}, word('page.nav.findings')),
    groupsOf(visibleFindings()).map((g) => [make('h3', {}, g.title), g.list.map((f) => make('article', { className: 'finding open ' + f.kind },
      make('div', { className: 'head' }, make('span', { className: 'num ' + f.kind }, f.n), make('span', { className: 'what' }, make('span', { className: 'message' }, say(f.message)), make('span', { className: 'meta' }, `${f.rule} · ${word('severity.' + f.kind)}`))), detail(f)))]));
}

setUpStage();
renderAll();
window.addEventListener('beforeprint', preparePrint);
window.addEventListener('afterprint', () => fill('print'));
document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const typing = e.target.closest && e.target.closest('input,select,textarea');
  if (e.key === 'Escape') { if (typing) e.target.blur(); else open(''); return; }
  if (typing) return;
  const inList = e.target.closest && e.target.closest('#list');
  if (e.key === '/') { e.preventDefault(); byId('search').focus(); }
  else if (e.key === 'j' || (inList && e.key === 'ArrowDown')) { e.preventDefault(); step(1); }
  else if (e.key === 'k' || (inList && e.key === 'ArrowUp')) { e.preventDefault(); step(-1); }
  else if (e.key === '+' || e.key === '=') zoom(1.5);
  else if (e.key === '-') zoom(1 / 1.5);
  else if (e.key === '0') fit();
});
const asked = decodeURIComponent(location.hash.slice(1));
showOverlay(Math.max(0, DATA.overlays.findIndex((o) => o.storey)));
if (BY_ID.has(asked)) { open(asked); byId('work').scrollIntoView(); }
