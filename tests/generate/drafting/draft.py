"""Draws a storey's plan: walls, openings, columns, rooms, axes, dimensions, furniture, title and frame."""

import math

from shapely.geometry import LineString, Polygon, box
from shapely.ops import unary_union

from . import styles


class Sheet:
    """One plan in one style. `numbers`: storeys that it stands for."""

    def __init__(self, canvas, style, s, numbers, rng, crop=None, variant=0):
        self.c, self.st, self.s, self.numbers, self.rng, self.crop = canvas, style, s, numbers, rng, crop
        self.lang = style["lang"]
        self.k = canvas.frame.scale / 1000  # a millimetre on paper, in model metres
        self.variant = variant  # of wordings: one for the whole set
        self.box = s.box()
        if crop:
            self.box = crop.bounds

    def layer(self, key):
        layers = self.st["layers"]
        if not layers:
            return "0"
        name = layers.get(key) or layers.get({"wall_in": "wall", "tag_window": "tag", "hatch": "wall"}.get(key, "title"))
        return self.st.get("prefix", "") + name

    def inside(self, p):
        from shapely.geometry import Point
        return self.crop is None or self.crop.contains(Point(p))

    def draw(self, title=None, only=None):
        if only == "furniture":
            self.furniture()
            return
        self.walls()
        self.columns()
        self.openings()
        if self.st.get("texts", True):
            self.rooms()
            self.axes()
            self.dimensions()
            self.level()
            self.title(title)
        self.stairs()
        if self.st.get("furniture"):
            self.furniture()
        if self.st.get("over"):
            self.structure()

    def solids(self):
        holes = [o for o in self.s.openings if not o.high]
        for w in self.s.walls:
            p = w.outline
            for o in holes:
                if o.host == w.guid:
                    p = p.difference(o.box(0.01))
            if self.crop:
                p = p.intersection(self.crop)
            for part in getattr(p, "geoms", [p]):
                if part.geom_type == "Polygon" and part.area > 1e-4:
                    yield w, part

    def outline(self, layer, p, split):
        for ring in [p.exterior, *p.interiors]:
            pts = list(ring.coords)
            if split:
                for a, b in zip(pts, pts[1:]):
                    if math.dist(a, b) > 1e-3:
                        self.c.line(layer, a, b)
            else:
                self.c.poly(layer, pts)

    def walls(self):
        mode = self.st["walls"]
        parts = list(self.solids())
        curved = [w for w, _ in parts if w.arc]
        straight = [(w, p) for w, p in parts if not w.arc]
        for w in {id(w): w for w in curved}.values():
            (c, r, a0, a1), t = w.arc, w.t / 2
            for q in (r - t, r + t):
                self.c.arc(self.layer("wall"), c, q, a0, a1)
            for a in (a0, a1):
                self.c.line(self.layer("wall"), *((c[0] + q * math.cos(a), c[1] + q * math.sin(a)) for q in (r - t, r + t)))
        groups = {}
        for w, p in straight:
            bearing = w.t >= 0.17
            groups.setdefault(self.layer("wall" if bearing else "wall_in"), []).append(p)
        if mode in ("each", "fill"):
            for w, p in straight:
                layer = self.layer("wall" if w.t >= 0.17 else "wall_in")
                if mode == "fill":
                    self.c.fill(layer, p, self.st["pattern"])
                self.outline(layer, p, False)
            return
        for layer, shapes in groups.items():
            whole = unary_union([p.buffer(0.0005, join_style=2) for p in shapes]).buffer(-0.0005, join_style=2).simplify(0.0004)
            for p in getattr(whole, "geoms", [whole]):
                self.outline(layer, p, mode in ("union", "finish"))
                if mode == "hatched":
                    self.c.fill(self.layer("hatch"), p, self.st["pattern"])
                if mode == "finish":
                    thick = p.buffer(0.02, join_style=2)
                    for q in getattr(thick, "geoms", [thick]):
                        self.outline(self.layer("fin"), q, True)

    def columns(self):
        mode = self.st["columns"]
        for col in self.s.columns:
            p = col.shape()
            if self.crop and not self.crop.contains(p):
                continue
            layer = self.layer("column")
            if col.round:
                self.c.circle(layer, col.c, col.b[0] / 2)
            else:
                self.c.poly(layer, list(p.exterior.coords))
            c = list(p.exterior.coords)
            if mode == "solid":
                self.c.fill(layer, p)
            elif mode == "hatch":
                self.c.fill(layer, p, "ANSI31")
            elif mode == "crossed" and len(c) == 5 and not col.round:
                self.c.line(layer, c[0], c[2])
                self.c.line(layer, c[1], c[3])

    def openings(self):
        for o in self.s.openings:
            if o.high or not self.inside(o.c):
                continue
            door = o.cls == "IfcDoor"
            (self.door if door else self.window)(o)
            if not self.st.get("texts", True) or not o.mark:
                continue
            side = o.opens if not door else (-o.opens[0], -o.opens[1])
            gap = o.t / 2 + 2.4 * self.k
            at = (o.c[0] + side[0] * gap, o.c[1] + side[1] * gap)
            layer = self.layer("tag" if door else "tag_window")
            turn = math.atan2(o.dir[1], o.dir[0])
            turn = turn if -math.pi / 2 + 0.01 < turn <= math.pi / 2 + 0.01 else turn + math.pi
            if self.st.get("tag_block"):
                r = 2.6 * self.k
                self.c.block(layer, f"M_Door Tag {self.c.frame.scale}" if door else f"M_Window Tag {self.c.frame.scale}", lambda b: b.circle((0, 0), r) if door else b.poly([(r * math.cos(a), r * math.sin(a)) for a in (i * math.pi / 3 for i in range(6))]), at, (1, 0), (0, 1), {"MARK": (o.mark, at, 2.2)})
            else:
                self.c.text(layer, at, o.mark, 2.2, turn)

    def door(self, o):
        layer, kind, w = self.layer("door"), self.st["doors"], o.w
        n = o.opens
        d = (o.dir[0] * -o.hinge, o.dir[1] * -o.hinge)  # from the hinge to the other jamb
        jamb = (o.c[0] - d[0] * w / 2, o.c[1] - d[1] * w / 2)
        t = o.t
        if kind == "sill" or self.st.get("sills"):
            for k in (-t / 2, t / 2):
                a = (jamb[0] + n[0] * k, jamb[1] + n[1] * k)
                self.c.line(layer, a, (a[0] + d[0] * w, a[1] + d[1] * w), "DASHED")
        if "SLID" in o.op:
            def build(b):
                b.poly([(0, -0.04), (w * 0.55, -0.04), (w * 0.55, 0), (0, 0)])
                b.poly([(w * 0.45, 0), (w, 0), (w, 0.04), (w * 0.45, 0.04)])
            return self.c.block(layer, f"SlidingDoor_{round(w * 1000)}", build, jamb, d, n)
        if o.op and not o.op.startswith(("SINGLE", "DOUBLE")):
            return self.c.line(layer, jamb, (jamb[0] + d[0] * w, jamb[1] + d[1] * w))
        double = o.op.startswith("DOUBLE")
        face = (jamb[0] + n[0] * t / 2 * self.st.get("leaf_at", 0), jamb[1] + n[1] * t / 2 * self.st.get("leaf_at", 0))

        def leaf(b, x, r, way):
            h, q = 0.04, math.pi / 2
            if kind == "open":  # half open
                a = math.pi / 4
                b.line((x, 0), (x + way * r * math.cos(a), r * math.sin(a)))
                b.arc((x, 0), r, *((0, a) if way > 0 else (math.pi - a, math.pi)))
                return
            if kind in ("rectleaf", "frame"):
                b.poly([(x, 0), (x + way * h, 0), (x + way * h, r), (x, r)])
            elif kind == "double-line":
                b.line((x, 0), (x, r))
                b.line((x + way * h, 0), (x + way * h, r))
                b.line((x, r), (x + way * h, r))
            else:
                b.line((x, 0), (x, r))
            b.arc((x, 0), r, *((0, q) if way > 0 else (q, math.pi)))

        def build(b):
            edge = 0.05 if kind == "frame" else 0.0
            if edge:
                for x in (0, w - edge):
                    b.poly([(x, -t / 2), (x + edge, -t / 2), (x + edge, t / 2), (x, t / 2)])
            if double:
                leaf(b, edge, w / 2 - edge, 1)
                leaf(b, w - edge, w / 2 - edge, -1)
            else:
                leaf(b, edge, w - 2 * edge, 1)

        name = {"zh": "$DorLib2D$", "en": "Single-Flush-", "de": "TUER_", "fr": "PORTE_"}[self.lang] + f"{round(w * 1000):04}" + ("D" if double else "") + f"_{round(t * 1000)}"
        self.c.block(layer, name, build, face, d, n)

    def window(self, o):
        layer, n_lines, w, t = self.layer("window"), self.st["windows"], o.w, o.t
        n = (-o.dir[1], o.dir[0])
        start = (o.c[0] - o.dir[0] * w / 2, o.c[1] - o.dir[1] * w / 2)

        def build(b):
            if n_lines == "frame":
                b.poly([(0, -0.04), (w, -0.04), (w, 0.04), (0, 0.04)])
                b.line((0, 0), (w, 0))
                b.line((0, -t / 2), (w, -t / 2))
                b.line((0, t / 2), (w, t / 2))
                return
            at = {2: (-0.03, 0.03), 3: (-t / 2, 0, t / 2), 4: (-t / 2, -t / 6, t / 6, t / 2)}[n_lines]
            for y in at:
                b.line((0, y), (w, y))
            if n_lines == 2:
                for x in (0, w):
                    b.line((x, -0.03), (x, 0.03))

        self.c.block(layer, f"WIN_{round(w * 1000):04}_{round(t * 1000)}", build, start, o.dir, n)

    def rooms(self):
        for r in self.s.rooms:
            if not self.inside(r.at):
                continue
            x0, y0, x1, y1 = r.poly.bounds
            mm = 3.0 if min(x1 - x0, y1 - y0) > 16 * self.k else 2.0
            number = [r.number] if r.number and self.lang != "zh" else []
            lines = number + [r.name or r.number, styles.area(self.lang, r.area, 1 if self.st.get("encoding") == "gbk" else self.variant)]
            self.c.text(self.layer("room"), (r.at[0], r.at[1] + mm * self.k), "\n".join(lines), mm, multi=self.st.get("multi", False))

    def axes(self):
        if not self.s.axes:
            return
        reach, r = self.st["reach"], 4.0 * self.k
        for a in self.s.axes:
            u = math.dist(a.p0, a.p1)
            d = ((a.p1[0] - a.p0[0]) / u, (a.p1[1] - a.p0[1]) / u)
            if not self.crosses(a):
                continue
            k = [(p[0] - a.p0[0]) * d[0] + (p[1] - a.p0[1]) * d[1] for p in self.hull()]
            lo, hi = min(k) - reach, max(k) + reach
            p, q = ((a.p0[0] + d[0] * v, a.p0[1] + d[1] * v) for v in (lo, hi))
            self.c.line(self.layer("axis"), p, q, "CENTER")
            ends = [(p, -1)] + ([(q, 1)] if self.st["bubbles"] == "both" else [])
            for end, way in ends:
                c = (end[0] + d[0] * r * way, end[1] + d[1] * r * way)
                if self.st.get("bubble_block"):
                    self.c.block(self.layer("bubble"), f"_AXISO_{self.c.frame.scale}", lambda b: b.circle((0, 0), r), c, (1, 0), (0, 1), {"N": (a.label, c, 4.0)})
                else:
                    self.c.circle(self.layer("bubble"), c, r)
                    self.c.text(self.layer("bubble"), c, a.label, 4.0)

    def crosses(self, a):
        """The axis runs through what this sheet shows."""
        if not self.crop:
            return True
        u = math.dist(a.p0, a.p1)
        n = (-(a.p1[1] - a.p0[1]) / u, (a.p1[0] - a.p0[0]) / u)
        off = [(x - a.p0[0]) * n[0] + (y - a.p0[1]) * n[1] for x in self.box[::2] for y in self.box[1::2]]
        return min(off) <= 0.05 and max(off) >= -0.05

    def hull(self):
        x0, y0, x1, y1 = self.box
        if self.crop:
            return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        return [p for w in self.s.walls for p in w.outline.exterior.coords] + [p for c in self.s.columns for p in c.shape().exterior.coords]

    def dimensions(self):
        """A chain between the axes of each direction, outside of the building."""
        for family in ("U", "V"):
            axes = [a for a in self.s.axes if a.family == family]
            if len(axes) < 2:
                continue
            u = math.dist(axes[0].p0, axes[0].p1)
            d = ((axes[0].p1[0] - axes[0].p0[0]) / u, (axes[0].p1[1] - axes[0].p0[1]) / u)
            n = (d[1], -d[0])
            hull = self.hull()
            low = min((p[0] - axes[0].p0[0]) * d[0] + (p[1] - axes[0].p0[1]) * d[1] for p in hull)
            spots = sorted((a.p0[0] * n[0] + a.p0[1] * n[1], a) for a in axes)
            lows = [p[0] * n[0] + p[1] * n[1] for p in hull]
            spots = [v for v in spots if min(lows) - 0.1 <= v[0] <= max(lows) + 0.1]
            o = axes[0].p0
            base_k = low - min(self.st["reach"] - 0.5, 16 * self.k)
            at = lambda k, v: (o[0] + d[0] * k + n[0] * (v - (o[0] * n[0] + o[1] * n[1])), o[1] + d[1] * k + n[1] * (v - (o[0] * n[0] + o[1] * n[1])))
            turn = math.atan2(n[1], n[0])
            for (v, _), (w, _) in zip(spots, spots[1:]):
                if w - v > 0.3:
                    self.c.dimension(self.layer("dim"), at(low - 6 * self.k, v), at(low - 6 * self.k, w), at(base_k, v), turn, self.st["dims"] == "real", str(round((w - v) * 1000)))

    def level(self):
        rooms = [r for r in self.s.rooms if self.inside(r.at)]
        at = (max(rooms, key=lambda r: r.area).at if rooms else ((self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2))
        k, layer = self.k, self.layer("level")
        p = (at[0] + 2 * k, at[1] - 14 * k)
        if self.st["level"] == "triangle":
            self.c.poly(layer, [p, (p[0] - 3 * k, p[1] + 3 * k), (p[0] + 3 * k, p[1] + 3 * k)])
            self.c.line(layer, (p[0] - 3 * k, p[1] + 3 * k), (p[0] + 14 * k, p[1] + 3 * k))
        else:
            self.c.circle(layer, p, 1.5 * k)
            self.c.line(layer, (p[0] - 3 * k, p[1]), (p[0] + 3 * k, p[1]))
            self.c.line(layer, (p[0], p[1] - 3 * k), (p[0], p[1] + 3 * k))
        texts = [styles.level(self.lang, e) for e in (self.levels or [self.s.elev])]
        self.c.text(layer, (p[0] + 8 * k, p[1] + 5 * k), "\n".join(reversed(texts)) if len(texts) > 1 else texts[0], 2.5)

    levels = None

    def title(self, text=None):
        x0, y0, x1, y1 = self.box
        k = self.k
        turn = -self.c.frame.turn if self.st.get("upright") else 0.0
        at = ((x0 + x1) / 2, y0 - self.st["reach"] - 18 * k)
        text = text or styles.title(self.lang, self.numbers, self.variant, self.c.frame.scale)
        self.said = text
        if self.lang == "zh" and self.variant in (1, 2):
            name, scale = text.split("  ")
            self.c.text(self.layer("title"), at, name, 7.0, turn)
            self.c.text(self.layer("title"), (at[0] + len(name) * 4.2 * k + 6 * k, at[1] - 0.8 * k), scale, 5.0, turn)
        else:
            self.c.text(self.layer("title"), at, text, 6.0, turn)
        self.c.line(self.layer("title"), (at[0] - 34 * k, at[1] - 6 * k), (at[0] + 34 * k, at[1] - 6 * k))
        self.c.line(self.layer("title"), (at[0] - 34 * k, at[1] - 7 * k), (at[0] + 34 * k, at[1] - 7 * k))

    def frame_box(self):
        x0, y0, x1, y1 = self.box
        k, reach = self.k, self.st["reach"]
        return x0 - reach - 35 * k, y0 - reach - 40 * k, x1 + reach + 75 * k, y1 + reach + 30 * k

    def frame(self, number):
        x0, y0, x1, y1 = self.frame_box()
        k, layer = self.k, self.layer("frame")
        for e in (0, 5 * k):
            self.c.poly(layer, [(x0 + e, y0 + e), (x1 - e, y0 + e), (x1 - e, y1 - e), (x0 + e, y1 - e)])
        b = x1 - 45 * k
        self.c.line(layer, (b, y0 + 5 * k), (b, y1 - 5 * k))
        for i, text in enumerate([f"建施-{number:02}", "图  号", "设  计", "校  对", "某某建筑设计院", "1:%d" % self.c.frame.scale]):
            y = y0 + (10 + i * 12) * k
            self.c.line(layer, (b, y + 6 * k), (x1 - 5 * k, y + 6 * k))
            self.c.text(layer, (b + 20 * k, y), text, 3.0)

    def stairs(self):
        for _, lines in self.s.stairs:
            for a, b in lines:
                self.c.line(self.layer("stair"), a, b)

    def furniture(self):
        """Desks, chairs, beds and basins: noise that is no part of the building."""
        layer = self.layer("furn")
        for r in self.s.rooms:
            if r.area < 2.5 or not self.inside(r.at):
                continue
            rect = r.poly.minimum_rotated_rectangle
            c = list(rect.exterior.coords)
            u = (c[1][0] - c[0][0], c[1][1] - c[0][1])
            lu = math.hypot(*u) or 1
            u = (u[0] / lu, u[1] / lu)
            v = (-u[1], u[0])
            for _ in range(2 if r.area > 8 else 1):
                at = (r.at[0] + self.rng.uniform(-0.8, 0.8), r.at[1] + self.rng.uniform(-0.8, 0.8))
                spot = Polygon([(at[0] + u[0] * a + v[0] * b, at[1] + u[1] * a + v[1] * b) for a, b in ((-0.1, -0.1), (1.7, -0.1), (1.7, 1.6), (-0.1, 1.6))])
                if not r.poly.contains(spot) or any(c.shape().intersects(spot) for c in self.s.columns):
                    continue
                kind = self.rng.randrange(4)

                def build(b):
                    if kind == 0:
                        b.poly([(0, 0), (1.4, 0), (1.4, 0.7), (0, 0.7)])
                        b.circle((0.7, 1.0), 0.25)
                        b.arc((0.7, 1.0), 0.3, 0.2, math.pi - 0.2)
                    elif kind == 1:
                        b.poly([(0, 0), (1.5, 0), (1.5, 1.5), (0, 1.5)])
                        for i in range(1, 5):
                            b.line((0, 0.3 * i), (1.5, 0.3 * i))
                    elif kind == 2:
                        b.poly([(0, 0), (0.4, 0), (0.4, 0.7), (0, 0.7)])
                        b.arc((0.2, 0.45), 0.18, 0, math.pi)
                        b.line((0.02, 0.2), (0.38, 0.2))
                    else:
                        b.poly([(0, 0), (1.2, 0), (1.2, 0.2), (0, 0.2)])
                        b.poly([(0, 0.9), (1.2, 0.9), (1.2, 1.0), (0, 1.0)])
                self.c.block(layer, f"FURN_{kind}", build, at, u, v)

    def structure(self):
        """The structural sheet underneath: beams beside the axes, columns again, tags of members."""
        layer = "XREF-STRU$0$S-BEAM"
        for a in self.s.axes:
            n = (-(a.p1[1] - a.p0[1]), a.p1[0] - a.p0[0])
            u = math.hypot(*n)
            n = (n[0] / u, n[1] / u)
            hull = box(*self.box)
            cut = LineString([a.p0, a.p1]).intersection(hull)
            if cut.is_empty or cut.geom_type != "LineString":
                continue
            p, q = cut.coords[0], cut.coords[-1]
            for e in (-0.125, 0.125):
                self.c.line(layer, (p[0] + n[0] * e, p[1] + n[1] * e), (q[0] + n[0] * e, q[1] + n[1] * e), "DASHED")
        for i, col in enumerate(self.s.columns):
            p = col.shape()
            if not col.round:
                self.c.poly("XREF-STRU$0$S-COLU", list(p.exterior.coords))
            self.c.text("XREF-STRU$0$S-TEXT", (col.c[0] + 0.6, col.c[1] + 0.6), f"KZ{1 + i % 4}", 2.0)


def schedule(canvas, style, rows, at):
    """A table of doors and windows; `rows`: mark, width, height, count."""
    k = canvas.frame.scale / 1000
    layer = style.get("prefix", "") + (style["layers"].get("schedule") or "0")
    head, columns = styles.SCHEDULE[style["lang"]]
    widths = [24, 32, 18, 36]
    x = [at[0]]
    for w in widths:
        x.append(x[-1] + w * k)
    h = 8 * k
    y = at[1]
    canvas.text(layer, ((x[0] + x[-1]) / 2, y + 6 * k), head, 5.0)
    table = [columns] + [[r[0], f"{round(r[1] * 1000)}×{round(r[2] * 1000)}" if style["lang"] == "zh" else f"{round(r[1] * 1000)} x {round(r[2] * 1000)}", str(r[3]), ""] for r in rows]
    for i in range(len(table) + 1):
        canvas.line(layer, (x[0], y - i * h), (x[-1], y - i * h))
    for v in x:
        canvas.line(layer, (v, y), (v, y - len(table) * h))
    for i, row in enumerate(table):
        for a, b, text in zip(x, x[1:], row):
            if text:
                canvas.text(layer, ((a + b) / 2, y - (i + 0.5) * h), text, 2.8)
    return y - len(table) * h
