"""Seeds inconsistencies: each changes the storeys in one place and says what was changed."""

import math

from shapely.geometry import LineString, Point, box
from shapely.ops import unary_union

from .building import OTHER_HAND, Column, Opening, Wall, guid, strip

APART = 1.2  # metres between two changes


class Seeder:
    def __init__(self, storeys, rng, side, lang, has_grid, readable=True):
        self.storeys, self.rng, self.side, self.lang, self.has_grid, self.readable = storeys, rng, side, lang, has_grid, readable
        self.taken, self.said, self.counts = [], [], {}
        self.axes_done = set()

    def note(self, kind, expect, s, cls, guids, xy, shape=None, **more):
        m = dict(kind=kind, expect=expect, side=self.side, **{"class": cls}, guids=guids, storey=s.name, storey_guid=s.guid, xy_m=[round(v, 4) for v in xy] if xy else None)
        for key, v in more.items():
            m[key] = [round(float(c), 4) for c in v] if isinstance(v, tuple) else v
        m["related"] = []
        if shape is not None:
            self.taken.append((s.guid, shape))
            near = shape.buffer(0.45)
            for w in s.walls:
                if near.intersects(w.outline):
                    m["related"].append(w.guid)
            m["related"] += [o.guid for o in s.openings if near.intersects(o.box()) or o.host in m["guids"]]
            m["related"] += [r.guid for r in s.rooms if near.intersects(r.poly)]
            m["related"] += [c.guid for c in s.columns if near.intersects(c.shape())]
            m["related"] = [g for g in m["related"] if g not in guids]
        m["id"] = f"M{len(self.said) + 1:02}"
        self.said.append(m)
        return True

    def free(self, s, shape):
        return all(g != s.guid or shape.distance(t) > APART for g, t in self.taken)

    def pick(self, items, good):
        items = [i for i in items if good(i)]
        return self.rng.choice(items) if items else None

    def plain_wall(self, s):
        """A straight inner wall without openings that nothing stands on, long enough to tell."""
        def good(w):
            if not w.straight or w.external or w.length < 1.5 or not w.own or any(o.host == w.guid for o in s.openings) or not self.free(s, w.outline):
                return False
            inner = strip(w.p0, w.p1, w.t * 3)
            return not any(v.straight and v is not w and any(inner.contains(Point(e)) for e in (v.p0, v.p1)) for v in s.walls) and not any(v is not w and v.outline.intersection(w.outline).area > 0.02 for v in s.walls) and not any(c.shape().intersects(w.outline) for c in s.columns) and w.t > 0.06
        return self.pick(s.walls, good)

    def merges(self, s, w):
        """Another wall lies along it: drawn as one, neither of its faces would show."""
        near = w.outline.buffer(0.02)
        return any(v is not w and near.intersection(v.outline).area > 1.5 * (w.t + 0.04) * (v.t + 0.04) for v in s.walls)

    def single(self, s, cls=None):
        return self.pick(s.openings, lambda o: not o.high and (cls is None or o.cls == cls) and self.free(s, o.box()))

    def missing(self):
        return ["missing_in_drawing"] if self.side == "drawing" else ["missing_in_model"]

    def surplus(self):
        return ["missing_in_model"] if self.side == "drawing" else ["missing_in_drawing"]

    def delete(self, s):
        what = self.rng.choice(["wall", "opening", "column"])
        if what == "wall" and (w := self.plain_wall(s)):
            s.walls.remove(w)
            return self.note("delete", self.missing(), s, w.cls.replace("StandardCase", ""), [w.guid], w.mid, w.outline, p0_m=w.p0, p1_m=w.p1, magnitude_mm=round(w.length * 1000))
        if what == "column" and (c := self.pick(s.columns, lambda c: self.free(s, c.shape()) and not any(w.outline.intersects(c.shape()) for w in s.walls))):
            s.columns.remove(c)
            return self.note("delete", self.missing(), s, "IfcColumn", [c.guid], c.c, c.shape(), magnitude_mm=round(c.b[0] * 1000))
        if o := self.single(s):
            s.openings.remove(o)
            return self.note("delete", self.missing(), s, o.cls, [o.guid], o.c, o.box(), magnitude_mm=round(o.w * 1000), consequences=[dict(kind="schedule_count", mark=o.mark)])

    def stretch(self, s, w, width):
        """A place for an opening of that width along the wall."""
        used = [o for o in s.openings if o.host == w.guid]
        for _ in range(20):
            a = self.rng.uniform(width / 2 + 0.5, max(width / 2 + 0.5, w.length - width / 2 - 0.5))
            c = (w.p0[0] + w.dir[0] * a, w.p0[1] + w.dir[1] * a)
            hole = Opening("", "IfcWindow", w.guid, c, w.dir, width + 0.7, 1.5, 0.9, w.t).box(0.3)
            if a + width / 2 + 0.4 > w.length or any(hole.intersects(o.box()) for o in used) or any(v is not w and hole.intersects(v.outline) for v in s.walls) or any(hole.intersects(x.shape()) for x in s.columns):
                continue
            if self.free(s, hole):
                return c
        return None

    def extra(self, s):
        what = self.rng.choice(["wall", "opening", "column"])
        key = ("extra", s.guid, len(self.said))
        if what == "column" and s.columns and not s.columns[0].outline and (r := self.pick(s.rooms, lambda r: r.area > 12 and self.free(s, Point(r.at).buffer(0.3)))):
            c = Column(guid(*key), (r.at[0] + 0.31, r.at[1] - 0.27), s.columns[0].b, s.columns[0].angle)
            if not any(c.shape().distance(w.outline) < 0.3 for w in s.walls) and all(math.dist(c.c, o.c) > 1.0 for o in s.columns):
                s.columns.append(c)
                return self.note("extra", self.surplus(), s, "IfcColumn", [c.guid] if self.side == "model" else [], c.c, c.shape(), magnitude_mm=round(c.b[0] * 1000))
        if what == "wall" and (r := self.pick(s.rooms, lambda r: r.area > 10 and r.poly.area > 0.97 * r.poly.minimum_rotated_rectangle.area and self.free(s, r.poly))):
            c = list(r.poly.minimum_rotated_rectangle.exterior.coords)
            a, b = (c[0], c[1]), (c[3], c[2])
            if math.dist(*a) < math.dist(c[1], c[2]):
                a, b = (c[1], c[2]), (c[0], c[3])
            k = self.rng.uniform(0.3, 0.45)
            p0, p1 = (tuple(u[i] + k * (v[i] - u[i]) for i in (0, 1)) for u, v in (a, b))
            t = min((w.t for w in s.walls if w.straight and not w.external), default=0.2)
            w = Wall(guid(*key), p0, p1, max(t, 0.08), strip(p0, p1, max(t, 0.08)), name="added")
            if not any(w.outline.distance(o.box(0.2)) < 0.25 for o in s.openings) and not any(w.outline.distance(x.shape()) < 0.2 for x in s.columns):
                s.walls.append(w)
                return self.note("extra", self.surplus(), s, "IfcWall", [w.guid] if self.side == "model" else [], w.mid, w.outline, p0_m=p0, p1_m=p1, magnitude_mm=round(w.length * 1000))
        like = self.single(s)
        w = like and self.pick(s.walls, lambda w: w.straight and w.length > like.w + 1.5 and (w.external or like.cls == "IfcDoor" or not s.walls[0].external))
        c = w and self.stretch(s, w, like.w)
        if c:
            n = (-w.dir[1], w.dir[0])
            o = Opening(guid(*key), like.cls, w.guid, c, w.dir, like.w, like.h, like.sill, w.t, like.mark, like.op, n, -1, False, like.op_known)
            o.said = getattr(like, "said", (like.w, like.h))
            if o.op.startswith("SINGLE"):
                from .building import hand
                o.op = hand(o)
            s.openings.append(o)
            return self.note("extra", self.surplus(), s, o.cls, [o.guid] if self.side == "model" else [], o.c, o.box(), magnitude_mm=round(o.w * 1000), consequences=[dict(kind="schedule_count", mark=o.mark)])

    def move(self, s):
        what = self.rng.choice(["wall", "opening", "column"])
        if what == "wall" and (w := self.plain_wall(s)):
            d = self.rng.choice([0.04, 0.06, 0.12, 0.25]) * self.rng.choice([-1, 1])
            n = (-w.dir[1] * d, w.dir[0] * d)
            go = lambda p: (p[0] + n[0], p[1] + n[1])
            old = w.mid
            w.p0, w.p1 = go(w.p0), go(w.p1)
            w.outline = strip(w.p0, w.p1, w.t)
            if any(w.outline.intersects(o.box()) for o in s.openings) or self.merges(s, w):
                w.p0, w.p1 = (tuple(a - b for a, b in zip(p, n)) for p in (w.p0, w.p1))
                w.outline = strip(w.p0, w.p1, w.t)
                return None
            self.wall_ends = (w.p0, w.p1)
            return self.note("move", ["moved"], s, w.cls.replace("StandardCase", ""), [w.guid], old, w.outline, magnitude_mm=round(abs(d) * 1000), xy_after_m=w.mid, p0_m=w.p0, p1_m=w.p1)
        if what == "column" and (c := self.pick(s.columns, lambda c: not c.outline and self.free(s, c.shape()) and not any(w.outline.distance(c.shape()) < 0.35 for w in s.walls))):
            d = self.rng.choice([0.05, 0.1, 0.25])
            old, c.c = c.c, (c.c[0] + d, c.c[1])
            return self.note("move", ["moved"], s, "IfcColumn", [c.guid], old, c.shape(), magnitude_mm=round(d * 1000), xy_after_m=c.c)
        for _ in range(20):
            o = self.single(s)
            if not o:
                return None
            d = self.rng.choice([0.06, 0.09, 0.12, 0.2, 0.34]) * self.rng.choice([-1, 1])
            old = o.c
            o.c = (o.c[0] + o.dir[0] * d, o.c[1] + o.dir[1] * d)
            w = next(w for w in s.walls if w.guid == o.host)
            hole = o.box(0.15)
            clear = not any(v is not w and v.outline.intersects(hole) for v in s.walls) and not any(p is not o and p.box(0.2).intersects(hole) for p in s.openings) and not any(c.shape().intersects(hole) for c in s.columns) and w.outline.buffer(0.02).contains(o.box(-0.02))
            if clear:
                return self.note("move", ["moved"], s, o.cls, [o.guid], old, o.box(), magnitude_mm=round(abs(d) * 1000), xy_after_m=o.c)
            o.c = old

    def resize(self, s):
        if self.rng.random() < 0.25 and (c := self.pick(s.columns, lambda c: not c.outline and not c.round and self.free(s, c.shape()) and not any(w.outline.distance(c.shape()) < 0.2 for w in s.walls))):
            d = self.rng.choice([0.05, 0.1, 0.2])
            c.b = (c.b[0] + d, c.b[1] + d)
            return self.note("resize", ["size"], s, "IfcColumn", [c.guid], c.c, c.shape(), magnitude_mm=round(d * 1000), delta_mm=round(d * 1000), dimension="side")
        for _ in range(20):
            o = self.single(s)
            if not o:
                return None
            d = self.rng.choice([-0.2, -0.15, -0.1, 0.1, 0.15, 0.2, 0.3])
            if o.w + d < 0.55:
                continue
            o.w += d
            hole = o.box(0.15)
            w = next(w for w in s.walls if w.guid == o.host)
            if not any(v is not w and v.outline.intersects(hole) for v in s.walls) and not any(p is not o and p.box(0.2).intersects(hole) for p in s.openings) and not any(c.shape().intersects(hole) for c in s.columns) and w.outline.buffer(0.02).contains(o.box(-0.02)):
                return self.note("resize", ["size"], s, o.cls, [o.guid], o.c, o.box(), magnitude_mm=round(abs(d) * 1000), delta_mm=round(d * 1000), dimension="width", consequences=[dict(kind="schedule_count", mark=o.mark)])
            o.w -= d

    def thickness(self, s):
        w = self.plain_wall(s) or self.pick(s.walls, lambda w: w.straight and not w.external and w.own and w.length > 2 and self.free(s, w.outline) and w.t > 0.06 and not any(v is not w and v.outline.intersection(w.outline).area > 0.02 for v in s.walls))
        if not w:
            return None
        d = self.rng.choice([v for v in (-0.1, -0.06, -0.04, 0.03, 0.04, 0.06, 0.1) if w.t + v > 0.07])
        old, w.t, w.outline = w.outline, w.t + d, strip(w.p0, w.p1, w.t + d)
        if self.merges(s, w):
            w.t, w.outline = w.t - d, old
            return None
        for o in s.openings:
            if o.host == w.guid:
                o.t = w.t
        return self.note("thickness", ["thickness", "size"], s, w.cls.replace("StandardCase", ""), [w.guid], w.mid, w.outline, magnitude_mm=round(abs(d) * 1000), delta_mm=round(d * 1000), p0_m=w.p0, p1_m=w.p1)

    def retag(self, s):
        o = self.single(s)
        other = o and self.pick(s.openings, lambda p: p.cls == o.cls and p.mark != o.mark and abs(p.w - o.w) > 0.04)
        if not other:
            return None
        old, o.mark = o.mark, other.mark
        return self.note("retag", ["type_mark", "size"], s, o.cls, [o.guid], o.c, o.box(), before=old, after=o.mark, consequences=[dict(kind="schedule_count", mark=m) for m in (old, o.mark)])

    def room_name(self, s):
        r = self.pick(s.rooms, lambda r: r.name and self.free(s, Point(r.at)))
        names = {x.name for t in self.storeys for x in t.rooms} - {r.name if r else ""}
        new = self.rng.choice(sorted(names) or [""]) if r else None
        if not new or new == r.name:
            return None
        old, r.name = r.name, new
        return self.note("room_name", ["room_name"], s, "IfcSpace", [r.guid], r.at, Point(r.at), before=old, after=new)

    def room_area(self, s):
        r = self.pick(s.rooms, lambda r: r.area > 3 and self.free(s, Point(r.at)))
        if not r:
            return None
        old = r.area
        r.area = round(r.area * self.rng.choice([0.8, 0.9, 0.95, 1.08, 1.2]), 3)
        return self.note("room_area", ["room_area"], s, "IfcSpace", [r.guid], r.at, Point(r.at), before=f"{old:.2f}", after=f"{r.area:.2f}", delta_m2=round(r.area - old, 3))

    def axis(self, s):
        ends = [a for a in s.axes if a.label and (s.guid, a.label) not in self.axes_done and "/" not in a.label]
        # never the first axis of a family: a plan whose origin is off is another matter
        return self.pick(ends, lambda a: a.label not in ("1", "A"))

    def grid_shift(self, s):
        s = self.storeys[0] if self.side == "model" else s
        a = self.has_grid and self.axis(s)
        if not a:
            return None
        d = self.rng.choice([0.03, 0.06, 0.13, 0.3]) * self.rng.choice([-1, 1])
        u = math.dist(a.p0, a.p1)
        n = (-(a.p1[1] - a.p0[1]) / u * d, (a.p1[0] - a.p0[0]) / u * d)
        a.p0, a.p1 = ((p[0] + n[0], p[1] + n[1]) for p in (a.p0, a.p1))
        self.axes_done.add((s.guid, a.label))
        more = dict(storeys="all") if self.side == "model" else {}
        return self.note("grid_shift", ["grid_spacing"], s, "IfcGridAxis", [a.guid], ((a.p0[0] + a.p1[0]) / 2, (a.p0[1] + a.p1[1]) / 2), axis=a.label, p0_m=a.p0, p1_m=a.p1, magnitude_mm=round(abs(d) * 1000), **more)

    def grid_label(self, s):
        s = self.storeys[0] if self.side == "model" else s
        a = self.has_grid and self.axis(s)
        if not a:
            return None
        labels = {x.label for x in s.axes}
        new = next(v for v in (["17", "18", "19"] if a.label.isdigit() else ["M", "N", "P"]) if v not in labels)
        old, a.label = a.label, new
        self.axes_done.add((s.guid, new))
        more = dict(storeys="all") if self.side == "model" else {}
        return self.note("grid_label", ["grid_label"], s, "IfcGridAxis", [a.guid], ((a.p0[0] + a.p1[0]) / 2, (a.p0[1] + a.p1[1]) / 2), axis=old, before=old, after=new, p0_m=a.p0, p1_m=a.p1, **more)

    def level(self, s):
        if any(m["kind"] == "level" for m in self.said):
            return None
        d = self.rng.choice([0.03, 0.05, 0.15, 0.3]) * self.rng.choice([-1, 1])
        s.elev = round(s.elev + d, 4)
        x0, y0, x1, y1 = s.box()
        return self.note("level", ["level"], s, "IfcBuildingStorey", [s.guid], ((x0 + x1) / 2, (y0 + y1) / 2), magnitude_mm=round(abs(d) * 1000), delta_mm=round(d * 1000))

    def swing(self, s):
        o = self.pick(s.openings, lambda o: o.cls == "IfcDoor" and o.op in OTHER_HAND and o.op_known and not o.high and self.free(s, o.box()))
        if not o:
            return None
        sub = self.rng.choice(["hand", "side"])
        old = o.op
        if sub == "hand":
            o.hinge, o.op = -o.hinge, OTHER_HAND[o.op]
        else:
            # seen from the other side the hinge changes hands, unless the leaf is hung at the other jamb
            o.opens, o.hinge = (-o.opens[0], -o.opens[1]), o.hinge
            o.op = OTHER_HAND[o.op]
        return self.note("swing", ["swing"], s, "IfcDoor", [o.guid], o.c, o.box(), sub=sub, before=old, after=o.op)

    def swap(self, s):
        sub = self.rng.choice(["marks", "rooms", "class"])
        if sub == "class" and self.side == "drawing" and (o := self.single(s)):
            other = self.pick([p for t in self.storeys for p in t.openings], lambda p: p.cls != o.cls)
            if other:
                was, o.cls = o.cls, other.cls
                consequences = [dict(kind="schedule_count", mark=m) for m in (o.mark, other.mark)]
                before, o.mark, o.op = o.mark, other.mark, "SINGLE_SWING_LEFT" if was == "IfcWindow" else ""
                return self.note("swap", ["class", "missing_in_drawing", "missing_in_model", "type_mark"], s, was, [o.guid], o.c, o.box(), sub="class", before=f"{was} {before}", after=f"{o.cls} {o.mark}", consequences=consequences)
        if sub == "rooms":
            r = self.pick(s.rooms, lambda r: r.name and self.free(s, Point(r.at)))
            q = r and self.pick(s.rooms, lambda q: q.name and q.name != r.name and math.dist(q.at, r.at) > 3 and self.free(s, Point(q.at)))
            if q:
                r.name, q.name = q.name, r.name
                self.taken.append((s.guid, Point(q.at)))
                return self.note("swap", ["room_name"], s, "IfcSpace", [r.guid, q.guid], r.at, Point(r.at), sub="rooms", xy2_m=q.at, before=[q.name, r.name], after=[r.name, q.name])
        o = self.single(s)
        p = o and self.pick(s.openings, lambda p: p.cls == o.cls and p.mark != o.mark and abs(p.w - o.w) > 0.04 and not p.high and math.dist(p.c, o.c) > 2 and self.free(s, p.box()))
        if p:
            o.mark, p.mark = p.mark, o.mark
            self.taken.append((s.guid, p.box()))
            return self.note("swap", ["type_mark", "size", "class", "missing_in_drawing", "missing_in_model", "room_name"], s, o.cls, [o.guid, p.guid], o.c, o.box(), sub="marks", xy2_m=p.c, before=[p.mark, o.mark], after=[o.mark, p.mark])

    def schedule_count(self, s):
        marks = sorted({(o.mark, o.cls) for t in self.storeys for o in t.openings if o.mark})
        used = {c.get("mark") for m in self.said for c in m.get("consequences", [])}
        marks = [m for m in marks if m[0] not in used and m[0] not in self.counts]
        if not marks or self.side == "model":
            return None
        mark, cls = self.rng.choice(marks)
        self.counts[mark] = self.rng.choice([-1, 1, 2])
        return self.note("schedule_count", ["schedule_count"], s, cls, [], None, mark=mark, delta=self.counts[mark])

    def run(self, drawn, kinds):
        """Seeds one of each kind on storeys that are drawn."""
        for kind in kinds:
            for _ in range(12):
                if getattr(self, kind)(self.rng.choice(drawn)):
                    break
        return self.said


KINDS = ["delete", "extra", "move", "resize", "thickness", "grid_shift", "grid_label", "level", "swing", "swap", "room_name", "room_area", "retag", "schedule_count"]
