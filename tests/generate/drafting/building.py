"""What a plan is drawn from: storeys with walls, openings, columns, rooms and axes, in model metres."""

import hashlib
import math
import uuid
from dataclasses import dataclass, field

import ifcopenshell.guid
from shapely.geometry import Polygon


def guid(*key):
    """The same GlobalId for the same key, on every machine."""
    digest = hashlib.md5("/".join(str(k) for k in key).encode()).digest()
    return ifcopenshell.guid.compress(uuid.UUID(bytes=digest).hex)


@dataclass
class Wall:
    guid: str
    p0: tuple
    p1: tuple
    t: float
    outline: Polygon  # without its openings
    cls: str = "IfcWall"
    straight: bool = True
    external: bool = False
    name: str = ""
    arc: tuple = None  # centre, radius, first and last angle
    own: bool = True

    @property
    def mid(self):
        return ((self.p0[0] + self.p1[0]) / 2, (self.p0[1] + self.p1[1]) / 2)

    @property
    def length(self):
        return math.dist(self.p0, self.p1)

    @property
    def dir(self):
        d = self.length or 1.0
        return ((self.p1[0] - self.p0[0]) / d, (self.p1[1] - self.p0[1]) / d)


@dataclass
class Opening:
    guid: str
    cls: str  # IfcDoor, IfcWindow
    host: str
    c: tuple
    dir: tuple
    w: float
    h: float
    sill: float
    t: float
    mark: str = ""
    op: str = "SINGLE_SWING_LEFT"
    opens: tuple = (0.0, 1.0)
    hinge: int = -1  # which end along dir
    high: bool = False
    op_known: bool = True

    def box(self, grow=0.0):
        """The hole in the wall."""
        (x, y), (dx, dy), w, t = self.c, self.dir, self.w / 2, self.t / 2 + grow
        return Polygon([(x + dx * a - dy * b, y + dy * a + dx * b) for a, b in ((-w, -t), (w, -t), (w, t), (-w, t))])


@dataclass
class Column:
    guid: str
    c: tuple
    b: tuple
    angle: float = 0.0
    round: bool = False
    outline: Polygon = None

    def shape(self):
        if self.outline is not None:
            return self.outline
        if self.round:
            return Polygon(circle(self.c, self.b[0] / 2))
        u, v = (math.cos(self.angle), math.sin(self.angle)), (-math.sin(self.angle), math.cos(self.angle))
        bx, by = self.b[0] / 2, self.b[1] / 2
        return Polygon([(self.c[0] + u[0] * a + v[0] * b, self.c[1] + u[1] * a + v[1] * b) for a, b in ((-bx, -by), (bx, -by), (bx, by), (-bx, by))])


@dataclass
class Room:
    guid: str
    name: str
    number: str
    area: float
    at: tuple
    poly: Polygon
    area_from: str = "NetFloorArea"


@dataclass
class Axis:
    guid: str
    label: str
    p0: tuple
    p1: tuple
    family: str = "U"


@dataclass
class Storey:
    guid: str
    name: str
    elev: float
    number: int
    height: float = 3.6
    walls: list = field(default_factory=list)
    openings: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    rooms: list = field(default_factory=list)
    stairs: list = field(default_factory=list)  # (guid, [lines])
    axes: list = field(default_factory=list)

    def box(self):
        shapes = [w.outline for w in self.walls] + [c.shape() for c in self.columns]
        xs, ys = zip(*[(x, y) for s in shapes for x, y in s.exterior.coords])
        return min(xs), min(ys), max(xs), max(ys)


def circle(c, r, a0=0.0, a1=2 * math.pi, n=48):
    return [(c[0] + r * math.cos(a0 + (a1 - a0) * i / n), c[1] + r * math.sin(a0 + (a1 - a0) * i / n)) for i in range(n + (a1 - a0 < 2 * math.pi - 1e-9))]


def strip(p0, p1, t):
    """The outline of a straight wall."""
    d = math.dist(p0, p1)
    nx, ny = -(p1[1] - p0[1]) / d * t / 2, (p1[0] - p0[0]) / d * t / 2
    return Polygon([(p0[0] - nx, p0[1] - ny), (p1[0] - nx, p1[1] - ny), (p1[0] + nx, p1[1] + ny), (p0[0] + nx, p0[1] + ny)])


def moved(storeys, f, mirrored=False):
    """All storeys through the isometry f."""
    base = f((0.0, 0.0))
    unit = f((1.0, 0.0))
    turn = math.atan2(unit[1] - base[1], unit[0] - base[0])

    def vector(v):
        p = f(v)
        return (p[0] - base[0], p[1] - base[1])

    def area(p):
        return Polygon([f(c) for c in p.exterior.coords])

    for s in storeys:
        for w in s.walls:
            w.p0, w.p1, w.outline = f(w.p0), f(w.p1), area(w.outline)
            if w.arc:
                c, r, a0, a1 = w.arc
                w.arc = (f(c), r, turn - a1, turn - a0) if mirrored else (f(c), r, a0 + turn, a1 + turn)
        for o in s.openings:
            o.c, o.dir, o.opens = f(o.c), vector(o.dir), vector(o.opens)
            if mirrored and o.op in OTHER_HAND:
                o.op = OTHER_HAND[o.op]
        for c in s.columns:
            c.c, c.angle = f(c.c), c.angle + turn
        for r in s.rooms:
            r.at, r.poly = f(r.at), area(r.poly)
        s.stairs = [(g, [(f(a), f(b)) for a, b in lines]) for g, lines in s.stairs]
        for a in s.axes:
            a.p0, a.p1 = f(a.p0), f(a.p1)
    return storeys


OTHER_HAND = {"SINGLE_SWING_LEFT": "SINGLE_SWING_RIGHT", "SINGLE_SWING_RIGHT": "SINGLE_SWING_LEFT"}


def hand(o):
    """IFC: hinges on the left, seen in the direction in which the door opens, are SINGLE_SWING_LEFT."""
    hx, hy = o.dir[0] * o.hinge, o.dir[1] * o.hinge
    return "SINGLE_SWING_LEFT" if o.opens[0] * hy - o.opens[1] * hx > 0 else "SINGLE_SWING_RIGHT"
