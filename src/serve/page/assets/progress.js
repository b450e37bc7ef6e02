'use strict';
// Shows how far a check is: by events where they come, by asking where they do not.
(() => {
  const GIVEN = JSON.parse(document.getElementById('data').textContent);
  const ROUND = `/api/v1/rounds/${GIVEN.round}`;
  const say = (key, values) => {
    let text = (GIVEN.words[key] || ['⟨?⟩', '⟨?⟩'])[GIVEN.lang === 'zh' ? 1 : 0];
    for (const [k, v] of Object.entries(values || {})) text = text.replace(`{${k}}`, v);
    return text;
  };
  const skew = Date.now() - GIVEN.now;
  const items = new Map([...document.querySelectorAll('#stages li')].map((li) => [li.dataset.stage, li]));
  const state = document.getElementById('state');
  // what the heading says goes along
  const head = document.querySelector('.result');
  const named = (key) => { if (head) { head.className = `result ${key}`; head.textContent = say(`state.${key}`); } };
  const begun = new Map();
  let last = 0, current = null, over = false;

  function take(step) {
    if (step.seq <= last) return;
    last = step.seq;
    if (step.kind === 'queued') { named('queued'); clear(); state.textContent = say('progress.waiting'); }
    else if (step.kind === 'running') { named('running'); clear(); state.textContent = ''; }
    else if (step.kind === 'again') { clear(); state.textContent = say('progress.again', { reason: step.data.reason }); }
    else if (step.kind === 'stage') stage(step.data.stage, step.at);
    else if (step.kind === 'findings') findings(step.data);
    else if (['done', 'inconclusive', 'cancelled'].includes(step.kind)) end(step.at);
  }
  function clear() {
    current = null; begun.clear();
    for (const li of items.values()) { li.className = ''; li.querySelector('em').textContent = ''; }
  }
  function close(at) {
    if (!current || !items.has(current)) return;
    const li = items.get(current);
    li.className = 'done';
    li.querySelector('em').textContent = say('progress.seconds', { n: ((at - begun.get(current)) / 1000).toFixed(1) });
  }
  function stage(key, at) {
    close(at);
    named('running');
    current = key;
    begun.set(key, at);
    if (items.has(key)) items.get(key).className = 'now';
    state.textContent = '';
  }
  function findings(data) {
    const section = document.getElementById('first');
    section.hidden = !data.first.length;
    section.querySelector('ol').replaceChildren(...data.first.map((f) => {
      const li = document.createElement('li');
      li.className = f.verdict === 'undecided' ? 'undecided' : f.severity;
      const rule = document.createElement('b'), text = document.createElement('span'), where = document.createElement('em');
      rule.textContent = f.rule; text.textContent = f.message[GIVEN.lang] || f.message.en; where.textContent = f.storey || '';
      li.append(rule, text, where);
      return li;
    }));
  }
  function end(at) {
    if (over) return;
    over = true;
    close(at);
    setTimeout(() => location.reload(), 400);
  }

  for (const step of GIVEN.steps) take(step);
  setInterval(() => {
    if (!current || over || !items.has(current)) return;
    items.get(current).querySelector('em').textContent = say('progress.seconds', { n: ((Date.now() - skew - begun.get(current)) / 1000).toFixed(0) });
  }, 1000);

  let polling = 0;
  async function poll() {
    if (over) return;
    try {
      const told = await tumoCall('GET', `${ROUND}/progress?after=${last}`);
      told.steps.forEach(take);
      if (['done', 'inconclusive', 'cancelled'].includes(told.state)) end(told.now);
    } catch { /* asked again */ }
  }
  function ask() { if (!polling) polling = setInterval(poll, 2000); }
  if (window.EventSource) {
    const source = new EventSource(`${ROUND}/events?after=${last}`);
    for (const kind of ['queued', 'running', 'again', 'stage', 'findings', 'done', 'inconclusive', 'cancelled']) {
      source.addEventListener(kind, (e) => { clearInterval(polling); polling = 0; take(JSON.parse(e.data)); if (over) source.close(); });
    }
    source.addEventListener('error', ask);
  } else ask();

  const cancel = document.getElementById('cancel');
  if (cancel) cancel.addEventListener('click', async () => { cancel.disabled = true; await tumoCall('POST', `${ROUND}/cancel`).catch(() => null); poll(); });
})();
