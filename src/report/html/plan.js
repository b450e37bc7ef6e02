// The plan: model and drawing laid over each other on a canvas, numbered markers above it.
const MODEL = '#0072b2', DRAWN = '#d55e00', INK = '#1d2329';
const GRID_CELLS = 48;          // buckets along the longer side, for culling
const MARKERS_SHOWN = 400;      // in one view; those that would cover each other are one anyway
const STROKE_AT = 3000;         // coordinates gathered before a stroke
const DRAG_PX = 4;              // a hand that clicks moves less
const SLICE_MS = 24;            // of a frame is given to drawing; what is not done by then goes on in the next one

const view = { overlay: -1, x: 0, y: 0, scale: 20, mix: 50, raw: true, drawnAt: null, markedAt: null, painting: null, frame: 0 };
const canvas = byId('lines');
// rasterised where it is drawn: a picture that is only recorded would cost its time after the frame was measured
const pen = canvas.getContext('2d', { willReadFrequently: true });
const backs = [0, 1].map(() => document.createElement('canvas').getContext('2d', { willReadFrequently: true }));

/** Decodes an overlay when it is first shown: polylines per side and class, in buckets. */
function decoded(o) {
  if (o.sides) return o.sides;
  o.sides = {};
  const size = Math.max(o.bounds[1][0] - o.bounds[0][0], o.bounds[1][1] - o.bounds[0][1], 1);
  for (const side of ['model', 'drawn']) {
    o.sides[side] = {};
    for (const [name, coded] of Object.entries(o[side])) {
      const text = atob(coded);
      const bytes = new Uint8Array(text.length);
      for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
      o.sides[side][name] = buckets(bytes, o.origin, size / GRID_CELLS);
      o[side][name] = '';
    }
  }
  return o.sides;
}
function buckets(bytes, origin, cell) {
  const out = new Map();
  let at = 0, lastX = 0, lastY = 0;
  const number = () => {
    let n = 0, place = 1, byte;
    do { byte = bytes[at++]; n += (byte & 127) * place; place *= 128; } while (byte & 128);
    return n;
  };
  const way = () => { const n = number(); return n % 2 ? -(n + 1) / 2 : n / 2; };
  while (at < bytes.length) {
    const head = number(), n = Math.floor(head / 2), closed = head % 2;
    const points = new Float64Array(2 * n);
    let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
    for (let i = 0; i < n; i++) {
      lastX += way(); lastY += way();
      const x = lastX / 1000 + origin[0], y = lastY / 1000 + origin[1];
      points[2 * i] = x; points[2 * i + 1] = y;
      x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y);
    }
    const key = Math.floor((x0 + x1) / 2 / cell) + ':' + Math.floor((y0 + y1) / 2 / cell);
    let b = out.get(key);
    if (!b) out.set(key, (b = { x0, y0, x1, y1, lines: [] }));
    b.x0 = Math.min(b.x0, x0); b.x1 = Math.max(b.x1, x1); b.y0 = Math.min(b.y0, y0); b.y1 = Math.max(b.y1, y1);
    b.lines.push({ points, closed, size: Math.max(x1 - x0, y1 - y0) });
  }
  return [...out.values()];
}

/** Strokes (or fills) one class of one side onto a pen that looks at a window of the world, piece by piece. */
function* trace(g, win, list, look) {
  if (!list || !list.length) return;
  g.globalAlpha = look.alpha;
  g.fillStyle = look.fill || '#000';
  g.strokeStyle = look.stroke || '#000';
  g.lineWidth = look.width || 1;
  g.setLineDash(look.dash || []);
  let open = 0;
  // many short paths are stroked much faster than a long one
  const put = () => { if (look.fill) g.fill('evenodd'); else g.stroke(); g.beginPath(); open = 0; };
  g.beginPath();
  for (const b of list) {
    if (b.x1 < win.x0 || b.x0 > win.x1 || b.y1 < win.y0 || b.y0 > win.y1) continue;
    for (const line of b.lines) {
      if (line.size * win.scale < 0.35) continue;
      const p = line.points;
      g.moveTo((p[0] - win.cx) * win.scale + win.w / 2, win.h / 2 - (p[1] - win.cy) * win.scale);
      for (let i = 2; i < p.length; i += 2) {
        g.lineTo((p[i] - win.cx) * win.scale + win.w / 2, win.h / 2 - (p[i + 1] - win.cy) * win.scale);
      }
      if (line.closed) g.closePath();
      open += p.length;
      if (open > STROKE_AT) { put(); yield; }
    }
  }
  put();
  g.setLineDash([]);
  yield;
}

/** Paints a picture in steps: model wide and filled, drawing thin; equal lines multiply to near black. `over` is a second
 *  pen of the same size, on which the drawing is laid before the two are multiplied, once. */
function* paint(g, over, o, win, mix, raw) {
  const sides = decoded(o);
  const m = Math.min(1, (100 - mix) / 50), d = Math.min(1, mix / 50);
  const fat = win.scale > 60 ? 3.4 : win.scale > 25 ? 2.6 : 1.9, thin = win.scale > 25 ? 1.2 : 0.9;
  for (const pen of [g, over]) {
    pen.globalAlpha = 1; pen.globalCompositeOperation = 'source-over'; pen.lineJoin = 'round';
    pen.fillStyle = '#fff'; pen.fillRect(0, 0, win.w, win.h);
  }
  if (m > 0) {
    yield* trace(g, win, sides.model.room, { alpha: 0.5 * m, stroke: '#9cc3da', width: 0.8 });
    yield* trace(g, win, sides.model.axis, { alpha: 0.55 * m, stroke: MODEL, width: 1, dash: [14, 3, 3, 3] });
    yield* trace(g, win, sides.model.other, { alpha: 0.35 * m, stroke: MODEL, width: 0.9 });
    yield* trace(g, win, sides.model.wall, { alpha: 0.16 * m, fill: MODEL });
    yield* trace(g, win, sides.model.column, { alpha: 0.28 * m, fill: MODEL });
    for (const c of ['wall', 'column', 'door', 'window']) yield* trace(g, win, sides.model[c], { alpha: 0.72 * m, stroke: MODEL, width: fat });
  }
  if (d > 0) {
    if (raw) {
      yield* trace(over, win, sides.drawn.raw, { alpha: 0.34 * d, stroke: DRAWN, width: 0.8 });
      yield* trace(over, win, sides.drawn.other, { alpha: 0.5 * d, stroke: DRAWN, width: 0.8 });
    }
    yield* trace(over, win, sides.drawn.axis, { alpha: 0.6 * d, stroke: DRAWN, width: 0.8, dash: [10, 4, 2, 4] });
    for (const c of ['room', 'window', 'door', 'wall', 'column']) yield* trace(over, win, sides.drawn[c], { alpha: d, stroke: DRAWN, width: thin });
  }
  g.globalAlpha = 1; g.globalCompositeOperation = 'multiply';
  g.drawImage(over.canvas, 0, 0, win.w, win.h);
  g.globalCompositeOperation = 'source-over';
  labels(g, o, win);
  scaleBar(g, win);
}

/** Grid labels in their bubbles. */
function labels(g, o, win) {
  g.save();
  g.font = '600 11px ' + getComputedStyle(document.body).fontFamily;
  g.textAlign = 'center'; g.textBaseline = 'middle';
  for (const [text, x, y] of o.labels) {
    const px = Math.max(14, Math.min(win.w - 14, (x - win.cx) * win.scale + win.w / 2));
    const py = Math.max(14, Math.min(win.h - 14, win.h / 2 - (y - win.cy) * win.scale));
    if (x < win.x0 && y < win.y0) continue;
    const r = Math.max(10, g.measureText(text).width / 2 + 5);
    g.beginPath(); g.arc(px, py, r, 0, 7);
    g.fillStyle = 'rgba(255,255,255,.92)'; g.fill();
    g.strokeStyle = '#7b8794'; g.lineWidth = 1; g.stroke();
    g.fillStyle = INK; g.fillText(text, px, py + 0.5);
  }
  g.restore();
}
function scaleBar(g, win) {
  const wanted = 130 / win.scale, power = Math.pow(10, Math.floor(Math.log10(wanted)));
  const length = [5, 2, 1].map((k) => k * power).find((l) => l <= wanted) || power;
  const px = length * win.scale, x = 16, y = win.h - 18;
  g.save();
  g.fillStyle = 'rgba(255,255,255,.9)'; g.fillRect(x - 8, y - 18, px + 16, 28);
  g.fillStyle = INK; g.fillRect(x, y, px / 2, 4);
  g.strokeStyle = INK; g.lineWidth = 1; g.strokeRect(x + 0.5, y + 0.5, px - 1, 3);
  g.font = '11px ' + getComputedStyle(document.body).fontFamily;
  g.textAlign = 'left'; g.fillText(length >= 1 ? round(length, 0) + ' m' : round(length * 1000, 0) + ' mm', x, y - 5);
  g.restore();
}

function windowOf(w, h, cx, cy, scale) {
  return { w, h, cx, cy, scale, x0: cx - w / 2 / scale, x1: cx + w / 2 / scale, y0: cy - h / 2 / scale, y1: cy + h / 2 / scale };
}
const stageSize = () => [byId('stage').clientWidth, byId('stage').clientHeight];

/** Something shows differently: what is being drawn is given up, and the picture begun anew. */
function redraw() {
  view.painting = view.markedAt = null;
  begin();
  proceed();
}
/** The view has changed: the picture is moved as it is, and drawn for the new view a slice per frame. */
function moved() {
  if (!view.frame) view.frame = requestAnimationFrame(proceed);
}
/** Begins a picture of the view as it is now. */
function begin() {
  const o = DATA.overlays[view.overlay];
  const [w, h] = stageSize();
  if (!o || !w || !h) return;
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  for (const { canvas: c } of backs) { c.width = Math.round(w * ratio); c.height = Math.round(h * ratio); }
  for (const g of backs) g.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { overlay, x, y, scale, mix, raw } = view;
  const steps = paint(backs[0], backs[1], o, windowOf(w, h, x, y, scale), mix, raw);
  view.painting = { overlay, x, y, scale, mix, raw, w, h, steps };
}
const sameView = (a) => a && ['overlay', 'x', 'y', 'scale', 'mix', 'raw'].every((k) => a[k] === view[k]);
/** One frame: goes on with the picture that is being drawn, shows it when it is done, and begins the next where the view
 *  has gone on. */
function proceed() {
  cancelAnimationFrame(view.frame);
  view.frame = 0;
  if (!view.painting && !sameView(view.drawnAt)) begin();
  const until = performance.now() + SLICE_MS;
  const picture = view.painting;
  while (picture && performance.now() < until) {
    if (picture.steps.next().done) {
      show(picture);
      break;
    }
    // what was drawn is rasterised now, so that the clock sees it
    backs[1].getImageData(0, 0, 1, 1); backs[0].getImageData(0, 0, 1, 1);
  }
  follow();
  if (view.painting || (view.drawnAt && !sameView(view.drawnAt))) moved();
}
/** Puts a finished picture on the stage. */
function show(picture) {
  const back = backs[0].canvas;
  if (canvas.width !== back.width || canvas.height !== back.height) { canvas.width = back.width; canvas.height = back.height; }
  pen.drawImage(back, 0, 0);
  view.painting = null;
  view.drawnAt = picture;
}
/** Moves the picture and the markers that are there to where the view is now; markers are set anew when the picture is, and
 *  where they no longer keep their distances. */
function follow() {
  const of = (at) => `translate(${(at.x - view.x) * view.scale}px,${(view.y - at.y) * view.scale}px)`;
  const at = view.drawnAt;
  canvas.hidden = !at || at.overlay !== view.overlay;
  if (at) canvas.style.transform = sameView(at) ? '' : `${of(at)} scale(${view.scale / at.scale})`;
  const marks = view.markedAt;
  if (!marks || marks.overlay !== view.overlay || marks.scale !== view.scale || sameView(at)) {
    if (!marks || !['overlay', 'x', 'y', 'scale'].every((k) => marks[k] === view[k])) placeMarkers();
  } else byId('markers').style.transform = of(marks);
}
function fit() {
  const o = DATA.overlays[view.overlay];
  const [w, h] = stageSize();
  if (!o || !w) return;
  const [[x0, y0], [x1, y1]] = o.bounds;
  view.x = (x0 + x1) / 2; view.y = (y0 + y1) / 2;
  view.scale = Math.min((w - 70) / Math.max(x1 - x0, 0.5), (h - 70) / Math.max(y1 - y0, 0.5));
  view.scale = Math.max(0.05, Math.min(view.scale, 400));
  redraw();
}
function zoom(factor, px, py) {
  const [w, h] = stageSize();
  const ax = px === undefined ? 0 : px - w / 2, ay = py === undefined ? 0 : h / 2 - py;
  const scale = Math.max(0.05, Math.min(view.scale * factor, 4000));
  view.x += ax / view.scale - ax / scale;
  view.y += ay / view.scale - ay / scale;
  view.scale = scale;
  moved();
}
function showOverlay(index) {
  if (index < 0 || index >= DATA.overlays.length) return;
  const change = index !== view.overlay;
  view.overlay = index;
  for (const tab of byId('tabs').children) tab.setAttribute('aria-selected', String(Number(tab.dataset.i) === index));
  if (change) fit();
}
/** Brings a finding into the middle, close enough to see it. */
function look(f) {
  if (f.overlay < 0) return;
  showOverlay(f.overlay);
  if (!f.at) return placeMarkers();
  view.x = f.at[0]; view.y = f.at[1];
  const [w, h] = stageSize();
  view.scale = Math.max(view.scale, Math.min(w, h) / 9);
  view.scale = Math.min(view.scale, Math.min(w, h) / 4);
  redraw();
}

/** Markers of what the filters let through; those that would cover each other become one with a count. */
function placeMarkers() {
  const host = byId('markers');
  const [w, h] = stageSize();
  const here = visibleFindings().filter((f) => f.overlay === view.overlay && f.at);
  const groups = [], cells = new Map();
  const cell = (x, y) => Math.floor(x / 30) + ':' + Math.floor(y / 23);
  for (const f of here) {
    const x = (f.at[0] - view.x) * view.scale + w / 2, y = h / 2 - (f.at[1] - view.y) * view.scale;
    if (x < -12 || y < -12 || x > w + 12 || y > h + 12) continue;
    const chosen = f.id === state.open;
    let near = null;
    for (let k = 0; k < 9 && !chosen && !near; k++) {
      const around = cells.get(cell(x + 30 * (k % 3 - 1), y + 23 * (Math.floor(k / 3) - 1)));
      near = around && around.find((g) => Math.abs(g.x - x) < 30 && Math.abs(g.y - y) < 23);
    }
    if (near) { near.list.push(f); continue; }
    const group = { x, y, list: [f] };
    groups.push(group);
    if (chosen) continue;
    const key = cell(x, y);
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(group);
  }
  const nodes = [];
  for (const { x, y, list } of groups.slice(0, MARKERS_SHOWN)) {
    const first = list.reduce((a, b) => (KINDS.indexOf(b.kind) < KINDS.indexOf(a.kind) ? b : a));
    const many = list.length > 1;
    nodes.push(make('button', {
      type: 'button', className: `marker ${first.kind}${many ? ' many' : ''}${first.id === state.open ? ' open' : ''}`,
      style: `left:${x.toFixed(1)}px;top:${y.toFixed(1)}px`, tabIndex: -1, 'data-id': first.id,
      title: many ? list.slice(0, 6).map((f) => `${f.n} ${say(f.message)}`).join('\n') : `${first.n} ${say(first.message)}`,
      onclick: () => {
        if (many && view.scale < 250) { view.x = first.at[0]; view.y = first.at[1]; zoom(2.2); } else open(first.id, { keepView: true });
      },
    }, many ? `${list.length}×` : first.n));
  }
  host.replaceChildren(...nodes);
  host.style.transform = '';
  view.markedAt = { overlay: view.overlay, x: view.x, y: view.y, scale: view.scale };
}

function setUpStage() {
  const stage = byId('stage');
  let drag = null;
  stage.addEventListener('pointerdown', (e) => {
    if (e.button !== 0 || e.target.closest('#tools,#legend')) return;
    // a marker is clicked, or the plan is dragged by it: the first pixels tell
    drag = { x: e.clientX, y: e.clientY, going: false };
  });
  stage.addEventListener('pointermove', (e) => {
    const box = stage.getBoundingClientRect(), [w, h] = stageSize();
    const wx = view.x + (e.clientX - box.left - w / 2) / view.scale, wy = view.y - (e.clientY - box.top - h / 2) / view.scale;
    byId('hover').textContent = `x ${wx.toFixed(3)}  y ${wy.toFixed(3)} m`;
    if (!drag || (!drag.going && Math.hypot(e.clientX - drag.x, e.clientY - drag.y) < DRAG_PX)) return;
    if (!drag.going) { stage.setPointerCapture(e.pointerId); stage.classList.add('dragging'); }
    view.x -= (e.clientX - drag.x) / view.scale;
    view.y += (e.clientY - drag.y) / view.scale;
    drag = { x: e.clientX, y: e.clientY, going: true };
    moved();
  });
  for (const end of ['pointerup', 'pointercancel']) {
    stage.addEventListener(end, () => { drag = null; stage.classList.remove('dragging'); });
  }
  stage.addEventListener('wheel', (e) => {
    e.preventDefault();
    const box = stage.getBoundingClientRect();
    zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0016)), e.clientX - box.left, e.clientY - box.top);
  }, { passive: false });
  new ResizeObserver(() => (view.drawnAt || view.painting ? redraw() : fit())).observe(stage);
}
