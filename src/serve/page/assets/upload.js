'use strict';
// Sends files by tus 1.0: in pieces, each with its checksum; a connection that is cut is taken up where it was, also after
// the page was closed.
(() => {
  const GIVEN = JSON.parse(document.getElementById('data').textContent);
  const ROUND = `/api/v1/rounds/${GIVEN.round}`;
  const PIECE = 4 << 20;
  const AT_ONCE = 3;
  const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];
  const say = (key) => (GIVEN.words[key] || ['⟨?⟩', '⟨?⟩'])[GIVEN.lang === 'zh' ? 1 : 0];
  const body = document.querySelector('#files tbody');
  const check = document.getElementById('check');
  const fault = document.getElementById('fault');
  let files = GIVEN.files;
  const sending = new Map();

  const make = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children.filter((c) => c !== null && c !== undefined));
    return node;
  };
  const size = (n) => (n >= 1e6 ? (n / 1e6).toFixed(1) + ' MB' : Math.max(1, Math.round(n / 1e3)) + ' kB');
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const base64 = (bytes) => { let text = ''; for (const b of bytes) text += String.fromCharCode(b); return btoa(text); };
  const coded = (text) => base64(new TextEncoder().encode(text));

  const ROLES = { ifc: 'model', ifczip: 'model', dxf: 'drawing', dwg: 'drawing', pdf: 'drawing', svg: 'drawing', ids: 'ids', manifest: 'manifest' };
  const select = (value, options, change) => {
    const node = make('select', { disabled: !GIVEN.may });
    for (const [v, text] of options) node.append(make('option', { value: v, selected: v === value }, text));
    node.addEventListener('change', () => change(node.value));
    return node;
  };
  const correct = async (file, change) => {
    try { Object.assign(file, await tumoCall('PATCH', `${ROUND}/files/${file.id}`, change)); } catch (error) { show(error); }
    render();
  };
  const show = (error) => { fault.hidden = !error; fault.textContent = error ? error.message : ''; };

  function row(file) {
    const role = ROLES[file.kind] || 'ignored';
    const roles = [...new Set([role, 'ignored'])].map((r) => [r, say('role.' + r)]);
    const drawing = file.role === 'drawing';
    const by = (given) => ({ className: given ? 'given' : 'guessed', title: say(given ? 'upload.given' : 'upload.guessed') });
    const storey = make('input', { value: file.storey, disabled: !GIVEN.may, size: 12, placeholder: '2F · B1..1F', ...by(file.storey_given) });
    storey.setAttribute('aria-label', say('upload.storey'));
    storey.addEventListener('change', () => correct(file, { storey: storey.value }));
    const remove = make('button', { type: 'button', className: 'link' }, say('upload.remove'));
    remove.addEventListener('click', async () => {
      try { await tumoCall('DELETE', `${ROUND}/files/${file.id}`); files = files.filter((f) => f !== file); } catch (error) { show(error); }
      render();
    });
    return make('tr', { className: file.role === 'ignored' ? 'ignored' : '' },
      make('td', {}, file.name), make('td', {}, file.kind.toUpperCase()),
      make('td', {}, select(file.role, roles, (v) => correct(file, { role: v }))),
      make('td', {}, drawing ? Object.assign(select(file.discipline, ['', 'architecture', 'structure', 'mep'].map((d) => [d, say('discipline.' + (d || 'none'))]), (v) => correct(file, { discipline: v })), by(file.discipline_given)) : ''),
      make('td', {}, drawing ? storey : ''),
      make('td', { className: 'n' }, size(file.bytes)), make('td', {}, GIVEN.may ? remove : ''));
  }
  function sendingRow(s) {
    const bar = make('progress', { max: s.file.size, value: s.sent });
    s.bar = bar;
    s.note = make('small', { className: 'soft' }, s.error || say('upload.sending'));
    const cancel = make('button', { type: 'button', className: 'link' }, say('upload.cancel'));
    cancel.addEventListener('click', () => s.stop());
    return make('tr', { className: 'sending' }, make('td', {}, s.file.name), make('td', { colSpan: 4 }, bar, ' ', s.note),
      make('td', { className: 'n' }, size(s.file.size)), make('td', {}, cancel));
  }
  function render() {
    files.sort((a, b) => (a.name < b.name ? -1 : 1));
    body.replaceChildren(...[...sending.values()].map(sendingRow), ...files.map(row));
    const has = (role) => files.some((f) => f.role === role);
    const missing = document.getElementById('missing');
    missing.textContent = sending.size || !files.length ? '' : !has('model') ? say('upload.need-model') : !has('drawing') ? say('upload.need-drawing') : '';
    if (check) check.disabled = sending.size > 0 || !has('model');
  }

  const key = (file) => `tumo:${GIVEN.round}:${file.name}:${file.size}:${file.lastModified}`;
  const remembered = (k) => { try { return localStorage.getItem(k); } catch { return null; } };
  const remember = (k, v) => { try { if (v) localStorage.setItem(k, v); else localStorage.removeItem(k); } catch { /* private window */ } };

  async function told(answer) {
    const text = await answer.text().catch(() => '');
    try { return JSON.parse(text).detail; } catch { return `${answer.status} ${answer.statusText}`; }
  }
  const TUS = { 'tus-resumable': '1.0.0' };

  /** Where the upload lies, and how much of it is stored. */
  async function begin(s) {
    const before = remembered(key(s.file));
    if (before) {
      const answer = await fetch(before, { method: 'HEAD', headers: TUS });
      if (answer.ok) return [before, Number(answer.headers.get('upload-offset'))];
      remember(key(s.file), null);
    }
    const answer = await fetch(`${ROUND}/uploads`, {
      method: 'POST', headers: { ...TUS, 'upload-length': String(s.file.size), 'upload-metadata': 'filename ' + coded(s.file.name) },
    });
    if (!answer.ok) throw Object.assign(new Error(await told(answer)), { final: answer.status < 500 && answer.status !== 429 });
    const where = answer.headers.get('location');
    remember(key(s.file), where);
    return [where, 0];
  }
  async function send(s) {
    let tries = 0, where = null, offset = 0;
    while (!s.stopped) {
      try {
        if (!where) [where, offset] = await begin(s);
        if (offset >= s.file.size) break;
        const piece = await s.file.slice(offset, offset + PIECE).arrayBuffer();
        const headers = { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
        // only where the page came over TLS or from this machine does the browser know SHA
        if (window.crypto && crypto.subtle) headers['upload-checksum'] = 'sha256 ' + base64(new Uint8Array(await crypto.subtle.digest('SHA-256', piece)));
        s.abort = new AbortController();
        const answer = await fetch(where, { method: 'PATCH', headers, body: piece, signal: s.abort.signal });
        if (answer.status === 409 || answer.status === 460 || answer.status === 404 || answer.status === 410) { where = null; if (answer.status === 404 || answer.status === 410) remember(key(s.file), null); throw new Error(await told(answer)); }
        if (!answer.ok) throw Object.assign(new Error(await told(answer)), { final: answer.status < 500 && answer.status !== 423 && answer.status !== 429 });
        offset = Number(answer.headers.get('upload-offset'));
        s.sent = offset; tries = 0; s.error = '';
        if (s.bar) { s.bar.value = offset; s.note.textContent = say('upload.sending'); }
      } catch (error) {
        if (s.stopped) break;
        if (error.final || tries >= PAUSES.length * 4) throw error;
        where = null;
        s.error = `${say('upload.retry')} (${error.message})`;
        if (s.note) s.note.textContent = s.error;
        await wait(PAUSES[Math.min(tries, PAUSES.length - 1)]);
        tries += 1;
      }
    }
    if (s.stopped && where) await fetch(where, { method: 'DELETE', headers: TUS }).catch(() => null);
    remember(key(s.file), null);
  }

  const waiting = [];
  let running = 0;
  function add(list) {
    show(null);
    for (const file of list) {
      if (!file.size || sending.has(file.name)) continue;
      const s = { file, sent: 0, stopped: false, error: '', stop() { this.stopped = true; if (this.abort) this.abort.abort(); } };
      sending.set(file.name, s);
      waiting.push(s);
    }
    render();
    next();
  }
  async function next() {
    if (running >= AT_ONCE || !waiting.length) return;
    const s = waiting.shift();
    running += 1;
    next();
    try { if (!s.stopped) await send(s); } catch (error) { show(new Error(`${s.file.name}: ${error.message}`)); }
    running -= 1;
    sending.delete(s.file.name);
    try { files = await tumoCall('GET', `${ROUND}/files`); } catch (error) { show(error); }
    render();
    next();
  }

  const drop = document.getElementById('drop');
  if (drop) {
    const choose = document.getElementById('choose');
    choose.addEventListener('change', () => { add(choose.files); choose.value = ''; });
    drop.addEventListener('keydown', (e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); choose.click(); } });
    for (const kind of ['dragover', 'dragenter']) document.addEventListener(kind, (e) => { e.preventDefault(); drop.classList.add('over'); });
    document.addEventListener('dragleave', (e) => { if (!e.relatedTarget) drop.classList.remove('over'); });
    document.addEventListener('drop', (e) => { e.preventDefault(); drop.classList.remove('over'); add(e.dataTransfer.files); });
  }
  if (check) check.addEventListener('click', async () => {
    check.disabled = true;
    try { await tumoCall('POST', `${ROUND}/check`); location.reload(); } catch (error) { show(error); render(); }
  });
  window.addEventListener('beforeunload', (e) => { if (sending.size) e.preventDefault(); });
  render();
})();
