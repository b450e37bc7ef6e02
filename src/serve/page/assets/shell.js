'use strict';
// What every page has: signing out, times in the reader's own zone, and a few buttons of the lists.
(() => {
  const call = async (method, path, body) => {
    const answer = await fetch(path, {
      method, headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body), credentials: 'same-origin',
    });
    const text = await answer.text();
    let value = null;
    try { value = text ? JSON.parse(text) : null; } catch { value = null; }
    if (!answer.ok) throw new Error((value && value.detail) || `${answer.status} ${answer.statusText}`);
    return value;
  };
  window.tumoCall = call;

  const out = document.getElementById('sign-out');
  if (out) out.addEventListener('click', async () => { await call('POST', '/api/v1/sign-out').catch(() => null); location.href = '/sign-in'; });

  for (const time of document.querySelectorAll('time[data-at]')) {
    const at = new Date(Number(time.dataset.at));
    time.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: 'short', timeStyle: 'short' });
  }

  const wrongBeside = (node) => node.parentElement.querySelector('.wrong') || node.querySelector('.wrong');
  const tell = (node, error) => { const p = wrongBeside(node); if (p) { p.hidden = false; p.textContent = error.message; } };

  const form = document.getElementById('new-submission');
  if (form) form.addEventListener('submit', async (e) => {
    e.preventDefault();
    const body = Object.fromEntries(new FormData(form).entries());
    try {
      const submission = await call('POST', '/api/v1/submissions', body);
      const round = await call('POST', `/api/v1/submissions/${submission.id}/rounds`, {});
      location.href = `/rounds/${round.id}`;
    } catch (error) { tell(form, error); }
  });

  const again = document.getElementById('new-round');
  if (again) again.addEventListener('click', async () => {
    try {
      const round = await call('POST', `/api/v1/submissions/${again.dataset.submission}/rounds`, {});
      location.href = `/rounds/${round.id}`;
    } catch (error) { tell(again, error); }
  });

  const recheck = document.getElementById('again');
  if (recheck) recheck.addEventListener('click', async () => {
    try { await call('POST', `/api/v1/rounds/${recheck.dataset.round}/check`); location.reload(); } catch (error) { tell(recheck, error); }
  });

  const find = document.getElementById('find');
  if (find) find.addEventListener('input', () => {
    const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll('#submissions tbody tr')) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((w) => text.includes(w));
    }
  });
})();
