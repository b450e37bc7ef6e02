"""Buildings made from parameters: wings of bays along a corridor, halls, curved fronts."""

import copy
import math
import random

from shapely.geometry import Polygon, box
from shapely.ops import unary_union

from .building import Axis, Column, Opening, Room, Storey, Wall, circle, guid, hand, moved, strip

ROOMS = {
    "zh": ["办公室", "会议室", "档案室", "资料室", "休息室", "打印室", "接待室", "培训室", "实验室", "值班室"],
    "en": ["Office", "Meeting", "Archive", "Library", "Lounge", "Print room", "Reception", "Training", "Laboratory", "Staff"],
    "de": ["Büro", "Besprechung", "Archiv", "Bibliothek", "Pausenraum", "Kopierraum", "Empfang", "Seminarraum", "Labor", "Personal"],
    "fr": ["Bureau", "Salle de réunion", "Archives", "Bibliothèque", "Salle de repos", "Reprographie", "Accueil", "Salle de cours", "Laboratoire", "Personnel"],
}
CORRIDOR = {"zh": "走廊", "en": "Corridor", "de": "Flur", "fr": "Couloir"}
WC = {"zh": "卫生间", "en": "WC", "de": "WC", "fr": "WC"}
HALL = {"zh": "大厅", "en": "Hall", "de": "Halle", "fr": "Hall"}
GARAGE = {"zh": "车库", "en": "Parking", "de": "Tiefgarage", "fr": "Parking"}


def mark(lang, door, w, h, kinds):
    if lang == "zh":
        return f"{'M' if door else 'C'}{round(w * 10):02}{round(h * 10):02}"
    lead = {"en": "DW", "de": "TF", "fr": "PF"}[lang][0 if door else 1]
    known = kinds.setdefault(lead, {})
    return known.setdefault((w, h), f"{lead}{len(known) + 1:02}")


class Wing:
    """One storey of a wing: rooms at both sides of a corridor that runs along x."""

    def __init__(self, key, storey, xs, ys, rng, lang, kinds, t_out, t_in, *, open_end=False, double=False, splits=None):
        self.key, self.s, self.xs, self.ys, self.rng, self.lang, self.kinds = key, storey, xs, ys, rng, lang, kinds
        self.to, self.ti, self.open_end, self.double = t_out, t_in, open_end, double
        self.n, self.r = 0, 0
        self.splits = splits
        self.build()

    def wall(self, p0, p1, t, external=False):
        self.n += 1
        w = Wall(guid(self.key, "wall", self.n), p0, p1, t, strip(p0, p1, t), external=external)
        w.name = {"zh": f"{'外墙' if external else '内墙'}-{round(t * 1000)}", "en": f"{'Exterior' if external else 'Interior'} {round(t * 1000)}"}.get(self.lang, f"W{round(t * 1000)}")
        self.s.walls.append(w)
        return w

    def opening(self, wall, at, w, h, sill, door, opens=None, hinge=-1):
        """`at` metres from the wall's start."""
        self.n += 1
        d = wall.dir
        c = (wall.p0[0] + d[0] * at, wall.p0[1] + d[1] * at)
        o = Opening(guid(self.key, "opening", self.n), "IfcDoor" if door else "IfcWindow", wall.guid, c, d, w, h, sill, wall.t, opens=opens or (-d[1], d[0]), hinge=hinge)
        o.mark = mark(self.lang, door, w, h, self.kinds)
        if door:
            o.op = "DOUBLE_DOOR_SINGLE_SWING" if w > 1.15 else hand(o)
        else:
            o.op = ""
        self.s.openings.append(o)

    def room(self, name, poly):
        self.r += 1
        number = f"{self.s.number * 100 + self.r if self.s.number > 0 else 'B' + str(self.r).zfill(2)}{self.key[1] if len(self.key) > 1 and self.key[1] else ''}"
        c = poly.representative_point() if not poly.contains(poly.centroid) else poly.centroid
        self.s.rooms.append(Room(guid(self.key, "room", self.r), name, number, round(poly.area, 3), (c.x, c.y), poly))

    def build(self):
        xs, ys, to, ti, rng = self.xs, self.ys, self.to, self.ti, self.rng
        x0, x1, y0, y3 = xs[0], xs[-1], ys[0], ys[-1]
        south = self.wall((x0 - to / 2, y0), (x1 + to / 2, y0), to, True)
        north = self.wall((x0 - to / 2, y3), (x1 + to / 2, y3), to, True)
        west = self.wall((x0, y0 + to / 2), (x0, y3 - to / 2), to, True)
        east = None if self.open_end else self.wall((x1, y0 + to / 2), (x1, y3 - to / 2), to, True)
        xe = x1 + to / 2 if self.open_end else x1 - to / 2
        low = self.wall((x0 + to / 2, ys[1]), (xe, ys[1]), ti)
        high = self.wall((x0 + to / 2, ys[2]), (xe, ys[2]), ti)
        mid = (ys[1] + ys[2]) / 2
        self.opening(west, mid - west.p0[1], min(1.5, ys[2] - ys[1] - ti - 0.2), 2.1 if self.s.number == 1 else 1.5, 0.0 if self.s.number == 1 else 0.9, self.s.number == 1, opens=(-1.0, 0.0))
        self.room(CORRIDOR[self.lang], box(x0 + to / 2, ys[1] + ti / 2, xe, ys[2] - ti / 2))
        for row, (wall, outer, a, b) in enumerate(((low, south, ys[0], ys[1]), (high, north, ys[2], ys[3]))):
            cuts = self.splits[row] if self.splits else sorted({i for i in range(1, len(xs) - 1) if rng.random() < 0.7})
            lo, hi = (a + to / 2, b - ti / 2) if row == 0 else (a + ti / 2, b - to / 2)
            edges = [x0 + to / 2]
            for i in cuts:
                x = xs[i]
                self.wall((x, lo), (x, hi), ti)
                edges += [x - ti / 2, x + ti / 2]
            edges.append(xe)
            for left, right in zip(edges[::2], edges[1::2]):
                into = (0.0, -1.0) if row == 0 else (0.0, 1.0)
                self.cell(left, right, lo, hi, wall, outer, into, row)

    def cell(self, left, right, lo, hi, wall, outer, into, row):
        rng, ti = self.rng, 0.1
        wide = right - left
        name = rng.choice(ROOMS[self.lang])
        main = box(left, lo, right, hi)
        offset = 0.3 if rng.random() < 0.5 else wide / 2 - 0.5
        start = wall.p0[0]
        w = rng.choice([0.9, 1.0, 1.2 if self.double else 1.0, 1.5 if self.double else 0.9])
        at = left + offset + w / 2
        if at + w / 2 > right - 0.25:
            at = (left + right) / 2
        if wide > 5.0 and rng.random() < 0.4:  # a WC in the corner
            wx, d = right - 2.0, 1.8
            a, b = (hi - d, hi) if row == 0 else (lo, lo + d)
            v = self.wall((wx, a - ti / 2), (wx, b), ti) if row == 0 else self.wall((wx, a), (wx, b + ti / 2), ti)
            y = hi - d if row == 0 else lo + d
            self.wall((wx + ti / 2, y), (right, y), ti)
            small = box(wx + ti / 2, a + (ti / 2 if row == 0 else 0), right, b - (0 if row == 0 else ti / 2))
            self.room(WC[self.lang], small)
            self.opening(v, v.length / 2, 0.7, 2.1, 0.0, True, opens=(1.0, 0.0), hinge=rng.choice([-1, 1]))
            main = main.difference(small.buffer(ti, join_style=2)).intersection(main)
            main = main if main.geom_type == "Polygon" else max(main.geoms, key=lambda g: g.area)
            at = min(at, wx - 0.2 - w / 2)
        self.room(name, main)
        self.opening(wall, at - start, w, 2.1, 0.0, True, opens=into, hinge=rng.choice([-1, 1]))
        ws = [v for v in (1.2, 1.5, 1.8, 2.1) if v < wide - 0.8] or [min(0.9, wide - 0.6)]
        n = 2 if wide > 6.5 else 1
        win = rng.choice(ws if n == 1 else [v for v in ws if v < wide / 2 - 0.6])
        for k in range(n):
            self.opening(outer, left + wide * (k + 0.5) / n - outer.p0[0], win, 1.5, 0.9, False)


def axes(key, xs, ys, reach=2.0, first=1, letters="ABCDEFGHJKLMNPQRSTUVWXYZ", sub=None):
    out = []
    for i, x in enumerate(xs):
        out.append(Axis(guid(key, "axis", "u", i), str(first + i), (x, ys[0] - reach), (x, ys[-1] + reach), "U"))
    for i, y in enumerate(ys):
        out.append(Axis(guid(key, "axis", "v", i), letters[i], (xs[0] - reach, y), (xs[-1] + reach, y), "V"))
    if sub is not None:
        i, x = sub
        out.append(Axis(guid(key, "axis", "sub", i), f"1/{i}", (x, ys[0] - reach), (x, ys[-1] + reach), "U"))
    return out


def posts(key, xs, ys, b, shift=0.0, skip=(), round_=False):
    return [Column(guid(key, "column", i, j), (x + shift, y + shift), b, round=round_) for i, x in enumerate(xs) for j, y in enumerate(ys) if (i, j) not in skip]


def steps(key, x, y, w, n, going=0.28):
    lines = [((x, y + going * i), (x + w, y + going * i)) for i in range(n + 1)] + [((x, y), (x, y + going * n)), ((x + w, y), (x + w, y + going * n))]
    return (guid(key, "stair"), lines)


def storey(key, number, elev, height, lang):
    name = {"zh": f"{number}F" if number > 0 else f"B{-number}", "en": f"Level {number}" if number > 0 else f"Basement {-number}", "de": "EG" if number == 1 else (f"{number - 1}. OG" if number > 1 else "UG"), "fr": "RDC" if number == 1 else (f"R+{number - 1}" if number > 1 else "SS")}[lang]
    return Storey(guid(key, "storey", number), name, elev, number, height)


def bays(rng, n, sizes):
    xs = [0.0]
    for _ in range(n):
        xs.append(round(xs[-1] + rng.choice(sizes), 3))
    return xs


def office(key, seed, lang, storeys=3, bays_=6, columns=True, sub=False, typical=None, basement=False):
    """A bar with a corridor. `typical`: storeys that repeat the first of them."""
    rng = random.Random(f"{key}{seed}")
    xs = bays(rng, bays_, [3.6, 3.9, 4.2, 5.4, 6.0])
    ys = [0.0, rng.choice([5.4, 6.0, 6.6])]
    ys += [round(ys[1] + rng.choice([2.1, 2.4]), 3)]
    ys += [round(ys[2] + rng.choice([4.8, 6.0, 7.2]), 3)]
    to, ti = rng.choice([(0.24, 0.2), (0.3, 0.2), (0.25, 0.15), (0.37, 0.24)])
    kinds, out, first = {}, [], None
    height = rng.choice([3.3, 3.6, 3.9])
    numbers = ([-1] if basement else []) + list(range(1, storeys + 1))
    for number in numbers:
        elev = (number - 1) * height if number > 0 else number * 3.9
        s = storey((key, seed), number, elev, height if number > 0 else 3.9, lang)
        if typical and number in typical and number != typical[0]:
            again(first, s, (key, seed, number))
            out.append(s)
            continue
        if number < 0:
            cellar((key, "", seed, number), s, xs, ys, to, lang, kinds, rng)
        else:
            Wing((key, "", seed, number), s, xs, ys, rng, lang, kinds, to, ti, double=True)
        if columns:
            s.columns = posts((key, seed, number), xs, ys, (0.5, 0.5) if number < 3 else (0.4, 0.4), skip={(rng.randrange(1, len(xs) - 1), 1)})
        s.axes = axes((key, seed), xs, ys, sub=(2, round(xs[1] + 1.8, 3)) if sub else None)
        if typical and number == typical[0]:
            first = s
        out.append(s)
    return out


def again(first, s, key):
    """The storey `s` as a copy of `first`, with identities of its own."""
    twin = copy.deepcopy(first)
    names = {}
    for group in (twin.walls, twin.openings, twin.columns, twin.rooms):
        for e in group:
            names[e.guid] = guid(key, e.guid)
            e.guid = names[e.guid]
    for o in twin.openings:
        o.host = names[o.host]
    for r in twin.rooms:
        r.number = str(s.number) + r.number[1:]
    s.walls, s.openings, s.columns, s.rooms, s.axes = twin.walls, twin.openings, twin.columns, twin.rooms, twin.axes


def cellar(key, s, xs, ys, t, lang, kinds, rng):
    w = Wing.__new__(Wing)
    w.key, w.s, w.lang, w.kinds, w.n, w.r, w.rng = key, s, lang, kinds, 0, 0, rng
    t = 0.3
    x0, x1, y0, y1 = xs[0], xs[-1], ys[0], ys[-1]
    for p, q in (((x0 - t / 2, y0), (x1 + t / 2, y0)), ((x0 - t / 2, y1), (x1 + t / 2, y1)), ((x0, y0 + t / 2), (x0, y1 - t / 2)), ((x1, y0 + t / 2), (x1, y1 - t / 2))):
        w.wall(p, q, t, True)
    v = w.wall((xs[2], y0 + t / 2), (xs[2], y1 - t / 2), 0.2)
    w.opening(v, 2.0, 1.2, 2.1, 0.0, True, opens=(1.0, 0.0))
    w.opening(v, v.length - 2.4, 1.0, 2.1, 0.0, True, opens=(-1.0, 0.0))
    w.room(GARAGE[lang], box(xs[2] + 0.1, y0 + t / 2, x1 - t / 2, y1 - t / 2))
    w.room(ROOMS[lang][3], box(x0 + t / 2, y0 + t / 2, xs[2] - 0.1, y1 - t / 2))


def lshape(key, seed, lang):
    """Two wings: the second stands on the first's east end, turned a quarter."""
    rng = random.Random(f"{key}{seed}")
    xs, ys = bays(rng, 5, [3.6, 4.2, 5.1]), [0.0, 5.7, 7.8, 13.2]
    xv = bays(rng, 3, [3.9, 4.5])
    to, ti, kinds, out = 0.3, 0.2, {}, []
    for number in (1, 2, 3):
        s = storey((key, seed), number, (number - 1) * 3.6, 3.6, lang)
        Wing((key, "", seed, number), s, xs, ys, rng, lang, kinds, to, ti)
        t = storey((key, seed, "b"), number, (number - 1) * 3.6, 3.6, lang)
        Wing((key, "N", seed, number), t, xv, ys, rng, lang, kinds, to, ti, open_end=False)
        # its own west end is the gable: turned so that its east end leans on the first wing's north wall
        gap = to + 0.1  # a movement joint
        moved([t], lambda p: (xs[-1] - ys[-1] + p[1], ys[-1] + gap + (xv[-1] - p[0])))
        for o in t.openings:
            o.op = o.op if not o.op.startswith("SINGLE") else hand(o)
        s.walls += t.walls
        s.openings += t.openings
        s.rooms += t.rooms
        s.axes = axes((key, seed), xs, ys + [round(ys[-1] + gap + x, 3) for x in xv[1:]], reach=2.5)
        out.append(s)
    return out


def hall(key, seed, lang):
    """A regular grid of columns, few walls."""
    rng = random.Random(f"{key}{seed}")
    n, m, d = rng.choice([(7, 4, 8.4), (6, 5, 9.0)])
    xs, ys = [round(i * d, 3) for i in range(n + 1)], [round(j * d, 3) for j in range(m + 1)]
    kinds, out = {}, []
    for number in (1, 2):
        s = storey((key, seed), number, (number - 1) * 5.4, 5.4, lang)
        w = Wing.__new__(Wing)
        w.key, w.s, w.lang, w.kinds, w.n, w.r, w.rng = (key, "", seed, number), s, lang, kinds, 0, 0, rng
        t, e = 0.25, 0.425
        x0, x1, y0, y1 = -e, xs[-1] + e, -e, ys[-1] + e
        sides = [w.wall((x0 - t / 2, y0), (x1 + t / 2, y0), t, True), w.wall((x0 - t / 2, y1), (x1 + t / 2, y1), t, True), w.wall((x0, y0 + t / 2), (x0, y1 - t / 2), t, True), w.wall((x1, y0 + t / 2), (x1, y1 - t / 2), t, True)]
        for i in range(n):
            door = number == 1 and i in (1, 4)
            w.opening(sides[0], xs[i] + d / 2 - sides[0].p0[0], 1.8 if door else 3.0, 2.4 if door else 1.8, 0 if door else 0.9, door, opens=(0.0, -1.0))
            w.opening(sides[1], xs[i] + d / 2 - sides[1].p0[0], 3.0, 1.8, 0.9, False)
        a = w.wall((xs[1], y0 + t / 2), (xs[1], ys[1]), 0.2)
        b = w.wall((xs[1] + 0.1, ys[1]), (x1 - t / 2 if number == 2 else xs[3], ys[1]), 0.2)
        w.opening(a, a.length / 2 + 0.4, 1.0, 2.1, 0.0, True, opens=(1.0, 0.0), hinge=rng.choice([-1, 1]))
        w.opening(b, 2.2, 1.2, 2.1, 0.0, True, opens=(0.0, 1.0))
        whole = box(x0 + t / 2, y0 + t / 2, x1 - t / 2, y1 - t / 2).difference(unary_union([a.outline, b.outline]))
        w.room(HALL[lang], whole if whole.geom_type == "Polygon" else max(whole.geoms, key=lambda g: g.area))
        s.columns = posts((key, seed, number), xs, ys, (0.6, 0.6), round_=False)
        s.axes = axes((key, seed), xs, ys, reach=3.0)
        out.append(s)
    return out


def wings(key, seed, lang):
    """A court of two wings, one the mirror image of the other, joined by nothing but the grid."""
    rng = random.Random(f"{key}{seed}")
    xs, ys = bays(rng, 4, [3.9, 4.2, 4.8]), [0.0, 5.4, 7.5, 12.6]
    kinds, out = {}, []
    span = xs[-1]
    for number in (1, 2):
        s = storey((key, seed), number, (number - 1) * 3.0, 3.0, lang)
        state = rng.getstate()
        Wing((key, "W", seed, number), s, xs, ys, rng, lang, kinds, 0.24, 0.2)
        rng.setstate(state)
        t = storey((key, seed, "e"), number, (number - 1) * 3.0, 3.0, lang)
        Wing((key, "E", seed, number), t, xs, ys, rng, lang, kinds, 0.24, 0.2)
        moved([t], lambda p: (2 * span + 6.0 - p[0], p[1]), mirrored=True)
        s.walls += t.walls
        s.openings += t.openings
        s.rooms += t.rooms
        s.axes = axes((key, seed), xs + [round(span + 6.0 + x, 3) for x in [span - v for v in reversed(xs)]], ys)
        out.append(s)
    return out


def curved(key, seed, lang):
    """A bar whose east end is half a ring, round columns in it."""
    out = office(key, seed, lang, storeys=2, bays_=4)
    for s in out:
        x1 = max(a.p0[0] for a in s.axes if a.family == "U")
        ys = sorted(a.p0[1] for a in s.axes if a.family == "V")
        c, r, t = (x1 + 0.15, (ys[0] + ys[-1]) / 2), (ys[-1] - ys[0]) / 2 - 0.1, 0.24
        a0, a1 = -math.pi / 2, math.pi / 2
        outer, inner = circle(c, r + t / 2, a0, a1), circle(c, r - t / 2, a0, a1)
        s.walls.append(Wall(guid(key, seed, s.number, "curved"), circle(c, r, a0, a1)[0], circle(c, r, a0, a1)[-1], t, Polygon(outer + inner[::-1]), straight=False, external=True, arc=(c, r, a0, a1)))
        s.columns += [Column(guid(key, seed, s.number, "round", i), (c[0] + (r - 1.2) * math.cos(a), c[1] + (r - 1.2) * math.sin(a)), (0.5, 0.5), round=True) for i, a in enumerate((-0.9, -0.3, 0.3, 0.9))]
    return out


def turned(storeys, degrees, at=(0.0, 0.0)):
    a = math.radians(degrees)
    c, s = math.cos(a), math.sin(a)
    return moved(storeys, lambda p: (c * p[0] - s * p[1] + at[0], s * p[0] + c * p[1] + at[1]))


def make(name, seed):
    """Storeys of a made model by name, and how its IFC is written."""
    if name == "bar":
        return office(name, seed, "zh", 3, columns=True, sub=True), dict(schema="IFC4", lang="zh", mark="Tag")
    if name == "plain":
        return office(name, seed, "en", 2, bays_=5, columns=False), dict(schema="IFC2X3", lang="en", mark="Mark", unit="m")
    if name == "haus":
        return office(name, seed, "de", 3, bays_=4, columns=False, basement=True), dict(schema="IFC4", lang="de", mark="Name")
    if name == "maison":
        return office(name, seed, "fr", 2, bays_=4, columns=True), dict(schema="IFC2X3", lang="fr", mark="Tag", unit="m")
    if name == "lshape":
        return lshape(name, seed, "zh"), dict(schema="IFC4", lang="zh", mark="Reference")
    if name == "turned":
        return turned(office(name, seed, "en", 3, columns=True), 37, (352.4, -118.7)), dict(schema="IFC4", lang="en", mark="Tag")
    if name == "hall":
        return hall(name, seed, "zh"), dict(schema="IFC2X3", lang="zh", mark="Tag")
    if name == "wings":
        return wings(name, seed, "zh"), dict(schema="IFC4", lang="zh", mark="Tag")
    if name == "typical":
        return office(name, seed, "zh", 6, bays_=5, typical=(3, 4, 5)), dict(schema="IFC4", lang="zh", mark="Tag")
    if name == "basement":
        return office(name, seed, "zh", 2, bays_=6, basement=True), dict(schema="IFC4", lang="zh", mark="Name")
    if name == "curved":
        return curved(name, seed, "en"), dict(schema="IFC4", lang="en", mark="Mark")
    if name == "two":
        a = office(name + "a", seed, "zh", 2, bays_=4)
        b = turned(office(name + "b", seed, "zh", 2, bays_=4, columns=False), 90, (60.0, 4.0))
        for s, t in zip(a, b):
            s.walls += t.walls
            s.openings += t.openings
            s.rooms += t.rooms
        return a, dict(schema="IFC4", lang="zh", mark="Tag")
    raise SystemExit(f"pairs: no made model is called {name}")


MADE = ["bar", "plain", "haus", "maison", "lshape", "turned", "hall", "wings", "typical", "basement", "curved", "two"]
