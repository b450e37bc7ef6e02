// What the service adds to the report's own scripts: outlines that come as they are looked at, the chosen finding in a
// column of its own with what people say of it, earlier rounds beside this one, and an address that holds what is shown.
const SERVICE = DATA.service;
const ROUND = `/api/v1/rounds/${SERVICE.round}`;
for (const o of DATA.overlays) { o.sides = { model: {}, drawn: {} }; o.asked = false; }

// the page has its own bar
function renderBar() { /* drawn on the server */ }
// answers, waivers and earlier rounds go on after the report was written: they are told from what the service has now
function tags() { return []; }
REPLIES.clear();

/** Runs of one overlay: side, class, length, polylines; as the service describes them. */
function unpacked(bytes, o) {
  const cell = Math.max(o.bounds[1][0] - o.bounds[0][0], o.bounds[1][1] - o.bounds[0][1], 1) / GRID_CELLS;
  const sides = { model: {}, drawn: {} };
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 6 <= bytes.length;) {
    const side = bytes[at] ? 'drawn' : 'model', n = bytes[at + 1];
    const name = new TextDecoder().decode(bytes.subarray(at + 2, at + 2 + n));
    const length = view.getUint32(at + 2 + n, true);
    at += 6 + n;
    sides[side][name] = buckets(bytes.subarray(at, at + length), o.origin, cell);
    at += length;
  }
  return sides;
}
async function fetchOutlines(index) {
  const o = DATA.overlays[index];
  if (!o || o.asked) return;
  o.asked = true;
  const answer = await fetch(`${ROUND}/overlays/${index}`).catch(() => null);
  if (!answer || !answer.ok) { o.asked = false; return; }
  o.sides = unpacked(new Uint8Array(await answer.arrayBuffer()), o);
  document.body.dataset.outlines = String(index);
  if (view.overlay === index) redraw();
}
const plainShowOverlay = showOverlay;
showOverlay = function (index) { plainShowOverlay(index); fetchOutlines(index); };

// formats that are still being written become links one by one
async function watchFormats() {
  const box = document.querySelector('.downloads');
  if (!box || box.dataset.writing !== 'true') return;
  const told = await tumoCall('GET', `${ROUND}/formats`).catch(() => null);
  if (told) {
    const here = new Set(told.formats.filter((f) => f.bytes !== null && (!f.lang || f.lang === lang)).map((f) => f.format));
    if (!told.writing) here.add('handover');
    for (const a of box.querySelectorAll('a[data-format]')) {
      if (here.has(a.dataset.format)) { a.href = a.dataset.at; a.removeAttribute('aria-disabled'); }
    }
    const note = box.querySelector('[role=status]');
    note.textContent = told.writing ? note.textContent : told.unwritten ? word('round.unwritten', { why: told.unwritten }) : '';
    box.dataset.writing = String(told.writing);
  }
  setTimeout(watchFormats, 1500);
}
watchFormats();

// what is shown, in the address
const KEPT = ['storey', 'cls', 'rule', 'text', 'group'];
function toAddress() {
  const q = new URLSearchParams();
  for (const k of KEPT) if (state[k] && !(k === 'group' && state[k] === 'storey')) q.set(k, state[k]);
  if (state.kinds.size < KINDS.length) q.set('kinds', [...state.kinds].join(','));
  if (state.since) q.set('since', state.since);
  if (state.against && state.against !== SERVICE.previous) q.set('with', state.against);
  const text = q.toString();
  history.replaceState(null, '', (text ? '?' + text : location.pathname) + (state.open ? '#' + state.open : ''));
}
state.since = '';
state.against = SERVICE.previous || '';
{
  const q = new URLSearchParams(location.search);
  for (const k of KEPT) if (q.has(k)) state[k] = q.get(k);
  if (q.has('kinds')) state.kinds = new Set(q.get('kinds').split(',').filter((k) => KINDS.includes(k)));
  if (q.has('since')) state.since = q.get('since');
  if (q.has('with')) state.against = q.get('with');
}

// earlier rounds
const compared = { fixed: [], gone: [], status: new Map(), ready: false };
for (const f of FINDINGS) if (f.status) compared.status.set(f.id, f.status);
async function compareWith(id) {
  state.against = id;
  compared.status.clear(); compared.fixed = []; compared.gone = []; compared.ready = false;
  if (id) {
    const found = await tumoCall('GET', `${ROUND}/compare?with=${id}`).catch(() => null);
    if (found) {
      for (const n of found.new) compared.status.set(n, 'new');
      for (const [, later] of found.open) compared.status.set(later, 'open');
      compared.fixed = found.fixed; compared.gone = found.not_rechecked; compared.ready = true;
    }
  } else state.since = '';
  renderCompare(); refresh();
}
const plainVisible = visibleFindings;
visibleFindings = function () {
  const list = plainVisible();
  return state.since === 'new' || state.since === 'open' ? list.filter((f) => compared.status.get(f.id) === state.since) : list;
};
const plainRefresh = refresh;
refresh = function () { plainRefresh(); toAddress(); };

function renderCompare() {
  const host = byId('compare');
  if (!SERVICE.others.length) { host.replaceChildren(); host.hidden = true; return; }
  const n = (s) => [...compared.status.values()].filter((v) => v === s).length;
  const chip = (key, count, label) => make('button', {
    type: 'button', className: `chip ${key || 'all'}`, 'aria-pressed': String(state.since === key),
    onclick: () => { state.since = key; renderCompare(); refresh(); renderGone(); },
  }, label, count === null ? '' : ` ${count}`);
  host.hidden = false;
  host.replaceChildren(
    make('label', {}, word('compare.with'), ' ', make('select', { id: 'against', onchange: (e) => compareWith(e.target.value) },
      make('option', { value: '' }, word('compare.nothing')),
      SERVICE.others.map((r) => make('option', { value: r.id, selected: r.id === state.against }, word('round.round', { n: r.number }))))),
    ...(state.against ? [chip('', null, word('compare.all')), chip('new', n('new'), word('compare.new')), chip('open', n('open'), word('compare.open')),
      chip('fixed', compared.fixed.length, word('compare.fixed')), chip('gone', compared.gone.length, word('compare.not-rechecked'))] : []),
    make('span', { className: 'spacer' }),
    make('button', { type: 'button', className: 'link', onclick: (e) => { toAddress(); navigator.clipboard && navigator.clipboard.writeText(location.href); e.target.textContent = word('compare.copied'); } }, word('compare.link')));
}
/** Findings of the earlier round that are gone, in place of the list. */
function renderGone() {
  const list = state.since === 'fixed' ? compared.fixed : state.since === 'gone' ? compared.gone : null;
  if (!list) return renderList();
  fill('list', list.map((f) => make('article', { className: `finding ${kindOf(f)} gone` },
    make('div', { className: 'head' }, make('span', { className: 'num ' + state.since }, state.since === 'fixed' ? '✓' : '?'),
      make('span', { className: 'what' }, make('span', { className: 'message' }, say(f.message)),
        make('span', { className: 'meta' }, f.rule, f.storey ? ' · ' + storeyKey(f) : ''))))));
  byId('shown').textContent = String(list.length);
}
const plainList = renderList;
renderList = function () {
  if (state.since === 'fixed' || state.since === 'gone') return renderGone();
  plainList();
  for (const node of byId('list').querySelectorAll('.finding')) {
    const meta = node.querySelector('.meta'), id = node.dataset.id;
    const status = compared.status.get(id), answer = lastAnswer(id);
    if (status === 'new') meta.append(make('span', { className: 'tag new' }, word('compare.new')));
    if (waiverOf(id)) meta.append(make('span', { className: 'tag' }, word('review.waive')));
    if (answer) meta.append(make('span', { className: 'tag' }, word('review.' + answer.answer)));
  }
  renderDetail();
};

// what people say
const answersOf = (id) => SERVICE.replies.filter((r) => r.finding === id);
const lastAnswer = (id) => answersOf(id).filter((r) => r.answer !== 'comment').pop();
const waiverOf = (id) => SERVICE.waivers.find((w) => w.finding === id && !w.withdrawn && w.until > SERVICE.now);
const day = (at) => new Date(at).toLocaleDateString(document.documentElement.lang);
const nameOf = (id) => SERVICE.names[id] || '–';

function renderDetail() {
  const f = BY_ID.get(state.open);
  if (!f) return fill('detail', make('p', { className: 'empty' }, word('review.choose')));
  fill('detail',
    make('div', { className: 'chosen ' + f.kind },
      make('h2', {}, make('span', { className: `num ${f.kind}` }, f.n), make('span', {}, say(f.message))),
      make('p', { className: 'meta' }, f.rule, ' · ', word('severity.' + f.kind), f.storey ? ' · ' + storeyKey(f) : '', f.mark ? ' · ' + f.mark : ''),
      detail(f)),
    review(f));
}
function review(f) {
  const said = answersOf(f.id), waived = waiverOf(f.id);
  const why = make('textarea', { rows: 2, placeholder: word('review.reason'), 'aria-label': word('review.reason') });
  const wrong = make('p', { className: 'wrong', role: 'alert' });
  const reasoned = ['rejected', 'dismissed', 'comment'];
  const post = (answer) => async () => {
    if (reasoned.includes(answer) && !why.value.trim()) { wrong.textContent = word('review.say-why'); why.focus(); return; }
    try {
      const reply = await tumoCall('POST', `${ROUND}/findings/${f.id}/replies`, { answer, remark: why.value });
      SERVICE.replies.push(reply);
      SERVICE.names[reply.user] = SERVICE.names[reply.user] || document.querySelector('.me').textContent;
      renderList();
    } catch (error) { wrong.textContent = error.message; }
  };
  const waive = async () => {
    if (!why.value.trim()) { wrong.textContent = word('review.say-why'); why.focus(); return; }
    try {
      SERVICE.waivers.push(await tumoCall('POST', `/api/v1/submissions/${SERVICE.submission}/waivers`, { finding: f.id, rule: f.rule, reason: why.value, days: 365 }));
      renderList();
    } catch (error) { wrong.textContent = error.message; }
  };
  const button = (key, act, cls) => make('button', { type: 'button', className: cls || '', onclick: act }, word(key));
  return make('section', { className: 'review' },
    make('h3', {}, word('review.answer')),
    waived && make('p', { className: 'waived' }, word('review.waived', { until: day(waived.until), reason: waived.reason })),
    said.length ? make('ol', {}, said.map((r) => make('li', {}, make('b', {}, word('review.' + r.answer)), r.remark ? ' ' + r.remark : '',
      make('small', {}, ` ${nameOf(r.user)} · ${day(r.at)}`)))) : make('p', { className: 'empty' }, word('review.none')),
    SERVICE.may_answer && [why, make('div', { className: 'buttons' },
      button('review.accept', post(SERVICE.firm ? 'accepted' : 'confirmed'), 'accept'),
      button('review.reject', post(SERVICE.firm ? 'rejected' : 'dismissed'), 'reject'),
      button('review.comment', post('comment')),
      SERVICE.may_waive && button('review.waive', waive)), wrong]);
}

// the workbook, filled in and sent back
const workbook = byId('answered');
if (workbook) workbook.addEventListener('change', async () => {
  const told = byId('taken');
  told.hidden = false; told.className = 'soft';
  try {
    const answer = await fetch(`${ROUND}/replies`, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: workbook.files[0], credentials: 'same-origin' });
    const taken = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(taken.detail || `${answer.status} ${answer.statusText}`);
    for (const reply of taken.added) { SERVICE.replies.push(reply); SERVICE.names[reply.user] = SERVICE.names[reply.user] || document.querySelector('.me').textContent; }
    const left = [taken.unknown.length, taken.unreasoned.length, taken.told.length];
    told.textContent = word('review.taken', { added: taken.added.length, same: taken.same })
      + (left.some((n) => n) ? ' ' + word('review.not-taken', { unknown: left[0], unreasoned: left[1], told: left[2] }) : '');
    renderList();
  } catch (error) { told.className = 'wrong'; told.textContent = error.message; }
  workbook.value = '';
  workbook.closest('details').open = false;
});

const plainOpen = open;
open = function (id, how) { plainOpen(id, how); toAddress(); };

renderCompare();
if (state.against && SERVICE.others.some((r) => r.id === state.against)) compareWith(state.against);
// every plan is on paper: their outlines are asked for before the reader prints
addEventListener('load', () => setTimeout(() => DATA.overlays.forEach((o, i) => fetchOutlines(i)), 1500));
