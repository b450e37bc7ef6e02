#!/usr/bin/env python3
"""Measures recognition against recorded truth, per class and style.

    python3 tests/score_recognition.py --tumo target/release/tumo SUITE_DIR [PAIR …]

SUITE_DIR (…/seeded of the data, or of what tests/generate/pairs.py made) holds one folder per pair: drawings and truth.json (plans[].shows in model metres, plans[].model_to_drawing).
Every drawing of a pair is given to `tumo recognise --json`; each true plan takes the recognised plan of its file (and
page) whose region is nearest. Walls are compared by covered length (centre line within 10 mm, thickness within 5 mm),
everything else one to one; curved walls are left out. Changes seeded into the drawing are not in `shows`' favour: they cost a little on both sides.
"""
import argparse
import collections
import json
import math
import os
import subprocess
import sys

OFFSET, THICK = 0.010, 0.005
STEP = 0.05


def apply(m, p):
    (a, c, e), (b, d, f) = m[0], m[1]
    return (a * p[0] + c * p[1] + e, b * p[0] + d * p[1] + f)


def inverse(m):
    (a, c, e), (b, d, f) = m[0], m[1]
    det = a * d - b * c
    ia, ic, ib, id_ = d / det, -c / det, -b / det, a / det
    return [[ia, ic, -(ia * e + ic * f)], [ib, id_, -(ib * e + id_ * f)]]


def distance(p, q):
    return math.hypot(p[0] - q[0], p[1] - q[1])


def along_and_off(p, a, b):
    """Place along a segment and distance from its line, metres."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy) or 1e-9
    t = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length
    off = abs((p[0] - a[0]) * dy - (p[1] - a[1]) * dx) / length
    return t, off, length


class Tally:
    def __init__(self):
        self.true, self.found, self.seen, self.right = 0.0, 0.0, 0.0, 0.0
        self.misses, self.extras = [], []

    def add(self, other):
        self.true += other.true
        self.found += other.found
        self.seen += other.seen
        self.right += other.right

    def text(self):
        recall = self.found / self.true if self.true else float("nan")
        precision = self.right / self.seen if self.seen else float("nan")
        return f"R {recall:6.3f}  P {precision:6.3f}  ({self.found:.0f}/{self.true:.0f}, {self.right:.0f}/{self.seen:.0f})"


def samples(a, b):
    n = max(1, int(distance(a, b) / STEP))
    return [((a[0] + (b[0] - a[0]) * (i + 0.5) / n), (a[1] + (b[1] - a[1]) * (i + 0.5) / n)) for i in range(n)], distance(a, b) / n


def covered(p, walls, thick, direction):
    """A wall of the list runs here, in this direction, with this thickness."""
    for a, b, t in walls:
        s, off, length = along_and_off(p, a, b)
        if off > OFFSET or s < -0.02 or s > length + 0.02:
            continue
        d = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
        if abs(d[0] * direction[1] - d[1] * direction[0]) > 0.02:
            continue
        if thick is None or abs(t - thick) <= THICK:
            return True
    return False


def near_any(p, walls, slack):
    """Within a wall's body: ends of walls inside of others are conventions, not errors."""
    for a, b, t in walls:
        s, off, length = along_and_off(p, a, b)
        if off <= t / 2 + slack and -t / 2 - slack <= s <= length + t / 2 + slack:
            return True
    return False


def by_faces(p, walls, others, direction):
    """Walls that touch are drawn as one: a wall of the list runs here whose faces both are faces of the others."""
    normal = (-direction[1], direction[0])
    rho = lambda q: q[0] * normal[0] + q[1] * normal[1]

    def faces(a, b, t):
        s, off, length = along_and_off(p, a, b)
        d = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
        if abs(d[0] * direction[1] - d[1] * direction[0]) > 0.02 or s < -0.5 or s > length + 0.5:
            return None
        m = (rho(a) + rho(b)) / 2
        return (m - t / 2, m + t / 2)

    known = [f for w in others for f in faces(*w) or ()]
    for w in walls:
        f = faces(*w)
        s, _, length = along_and_off(p, w[0], w[1])
        if f and f[0] - 0.01 <= rho(p) <= f[1] + 0.01 and -0.02 <= s <= length + 0.02:
            if all(any(abs(x - k) <= THICK for k in known) for x in f):
                return True
    return False


def score_walls(shows, plan, to_model, tally):
    true = [(w["p0_m"], w["p1_m"], w["thickness_mm"] / 1000) for w in shows["walls"] if w.get("straight", True)]
    straight = [w for w in plan["walls"] if not w.get("arc")]
    drawn = [(apply(to_model, w["a"]), apply(to_model, w["b"]), w["thickness_m"]) for w in straight]
    columns = [(c["centre_m"], max(c["box_mm"]) / 1000) for c in shows.get("columns", [])]
    in_column = lambda p: any(distance(p, c) < s * 0.75 for c, s in columns)
    for w, (a, b, t) in zip([w for w in shows["walls"] if w.get("straight", True)], true):
        pts, step = samples(a, b)
        d = ((b[0] - a[0]) / (distance(a, b) or 1e-9), (b[1] - a[1]) / (distance(a, b) or 1e-9))
        others = [o for o in true if o[0] is not a]
        missed = 0.0
        for p in pts:
            hit = covered(p, drawn, t, d) or by_faces(p, drawn, true, d)
            if not hit and (in_column(p) or near_any(p, others, 0.01)):
                continue
            tally.true += step
            if hit:
                tally.found += step
            else:
                missed += step
        if missed > 0.3:
            tally.misses.append(f"wall {w['guid']} {a}-{b} t{t}: {missed:.2f} m not drawn")
    for w, (a, b, t) in zip(straight, drawn):
        pts, step = samples(a, b)
        d = ((b[0] - a[0]) / (distance(a, b) or 1e-9), (b[1] - a[1]) / (distance(a, b) or 1e-9))
        others = [o for o in drawn if o[0] is not a]
        wrong = 0.0
        for p in pts:
            hit = covered(p, true, t, d) or by_faces(p, [(a, b, t)], true, d)
            if not hit and (in_column(p) or near_any(p, true, 0.01) and near_any(p, others, 0.0)):
                continue
            tally.seen += step
            if hit:
                tally.right += step
            else:
                wrong += step
        if wrong > 0.3:
            tally.extras.append(f"drawn wall ({a[0]:.2f},{a[1]:.2f})-({b[0]:.2f},{b[1]:.2f}) t{t:.3f}: {wrong:.2f} m of none; {w['from']['handles'][:4]}")


def pairs(true, found, fits, tally, name):
    """One to one, nearest first."""
    candidates = sorted(
        (c, i, j) for i, t in enumerate(true) for j, f in enumerate(found) for c in [fits(t, f)] if c is not None
    )
    left, right, out = set(range(len(true))), set(range(len(found))), []
    for c, i, j in candidates:
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            out.append((true[i], found[j]))
    tally.true += len(true)
    tally.found += len(true) - len(left)
    tally.seen += len(found)
    tally.right += len(found) - len(right)
    tally.misses += [f"{name} missed {describe(true[i])}" for i in sorted(left)]
    tally.extras += [f"{name} extra {describe(found[j])}" for j in sorted(right)]
    return out


def describe(x):
    return json.dumps({k: v for k, v in x.items() if k not in ("from", "host")}, ensure_ascii=False)


def score_plan(truth, plan, tallies, pair):
    m = truth["model_to_drawing"]["matrix"]
    to_model = inverse(m)
    shows = truth["shows"]
    score_walls(shows, plan, to_model, tallies["walls"])
    here = lambda f: apply(to_model, f["at"])

    def column(t, f):
        d = distance(t["centre_m"], here(f))
        ring = [apply(to_model, q) for q in f["outline"]]
        box = [max(q[k] for q in ring) - min(q[k] for q in ring) for k in (0, 1)]
        same = all(abs(s / 1000 - g) < 0.006 for s, g in zip(t["box_mm"], box))
        return d if d < 0.01 and same else None

    def opening(t, f):
        d = distance(t["centre_m"], here(f))
        return d if d < 0.02 and abs(t["width_mm"] / 1000 - f["width_m"]) < 0.006 else None

    pairs(shows.get("columns", []), plan["columns"], column, tallies["columns"], "column")
    for name, cls, kind in (("doors", "IfcDoor", "door"), ("windows", "IfcWindow", "window")):
        true = [o for o in shows["openings"] if o["class"] == cls and not o.get("high")]
        hidden = [o for o in shows["openings"] if o["class"] == cls and o.get("high")]
        found = [o for o in plan["openings"] if o["kind"] == kind]
        matched = pairs(true, found, opening, tallies[name], name)
        # high windows may be drawn or not
        for h in hidden:
            for e in [e for e in tallies[name].extras if e.startswith(name)]:
                pass
        for t, f in matched:
            if t.get("mark") and truth.get("text", True):
                tallies["marks"].true += 1
                tallies["marks"].seen += f["mark"] is not None
                ok = f["mark"] == t["mark"]
                tallies["marks"].found += ok
                tallies["marks"].right += ok
                if not ok:
                    tallies["marks"].misses.append(f"mark {t['mark']} read as {f['mark']} at {t['centre_m']}")
            if name == "doors" and t.get("opens_to") and t.get("operation_known", True) and "SLIDING" not in t["operation"]:
                to = f.get("opens_to")
                tallies["swings"].true += 1
                if to:
                    o = apply([[to_model[0][0], to_model[0][1], 0], [to_model[1][0], to_model[1][1], 0]], to)
                    n = math.hypot(*o) or 1
                    ok = (o[0] * t["opens_to"][0] + o[1] * t["opens_to"][1]) / n > 0.9
                    tallies["swings"].seen += 1
                    tallies["swings"].found += ok
                    tallies["swings"].right += ok
                    if not ok:
                        tallies["swings"].misses.append(f"swing at {t['centre_m']} {t.get('operation')}: {o} for {t['opens_to']}")

    def axis(t, f):
        if t["label"] != f["label"] or not f.get("line"):
            return None
        a, b = (apply(to_model, p) for p in f["line"])
        offs = [along_and_off(p, t["p0_m"], t["p1_m"])[1] for p in (a, b)]
        return max(offs) if max(offs) < 0.005 else None

    pairs((truth.get("grid") or {}).get("axes", []), plan["axes"], axis, tallies["axes"], "axis")

    def room(t, f):
        d = distance(t["at_m"], here(f))
        # offices write names in capitals, and areas in whole square feet
        name_ok = not t.get("name") or (f["name"] or "").casefold() == t["name"].casefold()
        area_ok = f["area_m2"] is not None and t.get("area_m2") is not None and abs(f["area_m2"] - t["area_m2"]) < 0.05
        return d if d < 1.5 and name_ok and (area_ok or t.get("area_m2") is None) else None

    pairs(shows.get("rooms", []), plan["rooms"], room, tallies["rooms"], "room")
    if truth.get("level"):
        tallies["levels"].true += 1
        ok = any(l["text"].replace("%%p", "±") == truth["level"]["text"].replace("%%p", "±") for l in plan["levels"])
        tallies["levels"].found += ok
        tallies["levels"].seen += len(plan["levels"])
        tallies["levels"].right += ok


CLASSES = ["walls", "columns", "doors", "windows", "marks", "swings", "axes", "rooms", "levels", "titles", "scale", "unit"]


def score_pair(folder, tumo, verbose):
    truth = json.load(open(os.path.join(folder, "truth.json"), encoding="utf-8"))
    files = sorted({p["file"] for p in truth["plans"]} | {d["file"] for d in truth["drawings"]})
    paths = [os.path.join(folder, f) for f in files]
    if os.environ.get("TUMO_DUMPS"):
        paths = [os.path.join(os.environ["TUMO_DUMPS"], os.path.basename(folder), f + ".dump") for f in files]
    run = subprocess.run([tumo, "recognise", "--json", *paths], capture_output=True, text=True)
    try:
        out = json.loads(run.stdout)
    except json.JSONDecodeError:
        print(run.stderr[:500], file=sys.stderr)
        out = {"plans": []}
    tallies = {c: Tally() for c in CLASSES}
    readable = truth.get("text_readable", True)
    used = set()
    for t in truth["plans"]:
        best = None
        m = t["model_to_drawing"]["matrix"]
        corners = [apply(m, c) for c in t["building_corners_m"]]
        box = [min(c[0] for c in corners), min(c[1] for c in corners), max(c[0] for c in corners), max(c[1] for c in corners)]
        for i, p in enumerate(out["plans"]):
            if i in used or os.path.basename(p["drawing"]) != t["file"] or (t.get("page") and p["page"] != t["page"]):
                continue
            pts = [q for w in p["walls"] for q in (w["a"], w["b"])]
            inside = sum(box[0] - 1e-6 <= x <= box[2] + 1e-6 and box[1] - 1e-6 <= y <= box[3] + 1e-6 for x, y in pts)
            score = inside / max(1, len(pts)) if pts else -1
            if best is None or score > best[0]:
                best = (score, i)
        if best is None or best[0] < 0.5:
            print(f"   no plan found for {t['id']} {t['title']}")
            verbose = False
            plan = {k: [] for k in ("walls", "columns", "openings", "axes", "rooms", "levels")}
            plan.update(title=None, scale=None, unit_m=None)
        else:
            used.add(best[1])
            plan = out["plans"][best[1]]
        if not readable:
            t = dict(t, grid=None, level=None, text=False)
            t["shows"] = dict(t["shows"], rooms=[])
        score_plan(t, plan, tallies, folder)
        if readable:
            want = t["title"].rsplit("1:", 1)[0].strip().removesuffix("SCALE").removesuffix("ÉCH.").removesuffix(" M").strip()
            for c, ok in (("titles", plan["title"] is not None and plan["title"] in (want, t["title"])), ("scale", plan["scale"] == t["scale"])):
                tallies[c].true += 1
                tallies[c].seen += 1
                tallies[c].found += ok
                tallies[c].right += ok
                if not ok:
                    tallies[c].misses.append(f"{c}: {plan['title']!r} 1:{plan['scale']} for {t['title']!r}")
        unit = 1 / t["model_to_drawing"]["scale_units_per_m"]
        ok = plan["unit_m"] is not None and abs(plan["unit_m"] / unit - 1) < 1e-3
        for k in ("true", "seen"):
            setattr(tallies["unit"], k, getattr(tallies["unit"], k) + 1)
        tallies["unit"].found += ok
        tallies["unit"].right += ok
        if not ok:
            tallies["unit"].misses.append(f"unit {plan['unit_m']} for {unit}")
    extra = len(out["plans"]) - len(used)
    if extra:
        print(f"   {extra} plans too many: {[p['title'] for i, p in enumerate(out['plans']) if i not in used]}")
    if verbose:
        for c in CLASSES:
            for line in tallies[c].misses + tallies[c].extras:
                print("     ", line[:230])
    return truth["style"], tallies


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("suite")
    ap.add_argument("pairs", nargs="*")
    ap.add_argument("--tumo", default="target/release/tumo")
    ap.add_argument("-v", "--verbose", action="store_true")
    args = ap.parse_args()
    styles = collections.defaultdict(lambda: {c: Tally() for c in CLASSES})
    names = sorted(n for n in os.listdir(args.suite) if os.path.exists(os.path.join(args.suite, n, "truth.json")))
    for name in names:
        if args.pairs and not any(p in name for p in args.pairs):
            continue
        print(name)
        style, tallies = score_pair(os.path.join(args.suite, name), args.tumo, args.verbose)
        low = [f"{c} {t.text()}" for c, t in tallies.items() if t.true + t.seen and (t.found < 0.999 * t.true or t.right < 0.999 * t.seen)]
        for line in low:
            print("   ", line)
        for c in CLASSES:
            styles[style][c].add(tallies[c])
    for style, tallies in sorted(styles.items()):
        print(f"== {style}")
        for c in CLASSES:
            if tallies[c].true + tallies[c].seen:
                print(f"   {c:8} {tallies[c].text()}")


main()
