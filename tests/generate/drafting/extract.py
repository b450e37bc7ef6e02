"""Storeys of an IFC as plan data: bodies by OpenCASCADE, cut at 1.2 m above the floor."""

import copy
import math

import ifcopenshell
import ifcopenshell.geom
import ifcopenshell.util.element as element
import ifcopenshell.util.placement as placement
import ifcopenshell.util.unit as unit
import numpy as np
from shapely.geometry import LineString, MultiPoint, Polygon
from shapely.ops import polygonize, unary_union

from .building import Axis, Column, Opening, Room, Storey, Wall, guid

CUT = 1.2


def mesh(e, settings):
    try:
        shape = ifcopenshell.geom.create_shape(settings, e)
    except RuntimeError:
        return None
    v = np.array(shape.geometry.verts).reshape(-1, 3)
    f = np.array(shape.geometry.faces).reshape(-1, 3)
    return (v, f) if len(v) and len(f) else None


def section(m, z):
    """The largest outline of the mesh at height z, or None."""
    v, f = m
    cuts = []
    for t in v[f]:
        over = t[:, 2] > z
        if over.all() or not over.any():
            continue
        ends = []
        for i in range(3):
            a, b = t[i], t[(i + 1) % 3]
            if (a[2] > z) != (b[2] > z):
                k = (z - a[2]) / (b[2] - a[2])
                ends.append(tuple(np.round(a[:2] + k * (b[:2] - a[:2]), 5)))
        if len(ends) == 2 and ends[0] != ends[1]:
            cuts.append(LineString(ends))
    if not cuts:
        return None
    shapes = [p for p in polygonize(unary_union(cuts)) if p.area > 1e-4]
    if not shapes:
        return None
    whole = unary_union(shapes)
    parts = sorted(getattr(whole, "geoms", [whole]), key=lambda g: -g.area)
    return Polygon(parts[0].exterior).simplify(0.0005)


def centre_line(p):
    """Ends, thickness and whether the outline is a straight strip."""
    r = p.minimum_rotated_rectangle
    c = list(r.exterior.coords)
    a, b = math.dist(c[0], c[1]), math.dist(c[1], c[2])
    if a < b:
        c, a, b = c[1:] + [c[1]], b, a
    mid = lambda u, v: ((u[0] + v[0]) / 2, (u[1] + v[1]) / 2)
    return mid(c[0], c[3]) if len(c) > 3 else c[0], mid(c[1], c[2]), b, p.area > 0.93 * r.area


def own_mark(e, kind):
    tag = (e.Tag or "").strip() if hasattr(e, "Tag") else ""
    sets = element.get_psets(e)
    for name in ("Mark", "TypeMark", "Type Mark"):
        for s in sets.values():
            if isinstance(s.get(name), str) and s[name].strip():
                return s[name].strip()
    if tag and not (tag.isdigit() and len(tag) > 4) and len(tag) < 12:
        return tag
    return None


def operation(e):
    t = element.get_type(e)
    for o in (e, t):
        op = getattr(o, "OperationType", None) if o is not None else None
        if op and op not in ("NOTDEFINED", "USERDEFINED"):
            return op
    return None


def number_of(index, ground):
    return index - ground + 1 if index >= ground else index - ground


def read(path, lang):
    f = ifcopenshell.open(str(path))
    k = unit.calculate_unit_scale(f)
    solid = ifcopenshell.geom.settings()
    solid.set("use-world-coords", True)
    solid.set("disable-opening-subtractions", True)
    floors = sorted((s for s in f.by_type("IfcBuildingStorey")), key=lambda s: placement.get_local_placement(s.ObjectPlacement)[2][3])
    level = {s: float(placement.get_local_placement(s.ObjectPlacement)[2][3]) * k for s in floors}
    cache = {}

    def body(e):
        if e.id() not in cache:
            cache[e.id()] = mesh(e, solid)
        return cache[e.id()]

    held = {s: [e for e in element.get_decomposition(s) if e.is_a("IfcProduct")] for s in floors}
    out, known = [], {}
    full = [s for s in floors if sum(e.is_a("IfcWall") or e.is_a("IfcColumn") for e in held[s]) >= 4]
    ground = min(range(len(full)), key=lambda i: abs(level[full[i]])) if full else 0
    axes = grid(f, k)
    for i, s in enumerate(full):
        z = level[s] + CUT
        st = Storey(s.GlobalId, s.Name or "", level[s], number_of(i, ground), axes=copy.deepcopy(axes))
        for w in [e for o in floors for e in held[o] if e.is_a("IfcWall") and not e.is_a("IfcWallElementedCase")]:
            m = body(w)
            if m is None or not (m[0][:, 2].min() < z < m[0][:, 2].max()):
                continue
            p = section(m, z)
            if p is None or p.area < 0.01:
                continue
            p0, p1, t, straight = centre_line(p)
            st.walls.append(Wall(w.GlobalId, p0, p1, t, p, w.is_a(), straight, name=w.Name or "", own=w in held[s]))
        mine = {w.guid: w for w in st.walls}
        # a column is drawn wherever the plan cuts it, whichever storey holds it
        for c in held[s] + [c for o in floors if o is not s for c in held[o] if c.is_a("IfcColumn")]:
            if c.is_a("IfcColumn") and body(c) is not None:
                p = section(body(c), z)
                if p is not None:
                    x0, y0, x1, y1 = p.bounds
                    st.columns.append(Column(c.GlobalId, ((x0 + x1) / 2, (y0 + y1) / 2), (x1 - x0, y1 - y0), outline=p))
            elif c.is_a("IfcSpace"):
                r = room(c, body(c))
                if r:
                    st.rooms.append(r)
            elif c.is_a() in ("IfcDoor", "IfcWindow", "IfcDoorStandardCase", "IfcWindowStandardCase"):
                o = opening(c, mine, body, z, lang, known, k)
                if o:
                    st.openings.append(o)
        if len(st.walls) + len(st.columns) >= 4:
            out.append(st)
    return out, bool(axes), f.schema, k


def room(c, m):
    if m is None:
        return None
    p = section(m, (m[0][:, 2].min() + m[0][:, 2].max()) / 2)
    if p is None:
        return None
    area, src = round(p.area, 3), "geometry"
    for q in element.get_psets(c, qtos_only=True).values():
        for name in ("NetFloorArea", "GSA BIM Area", "GrossFloorArea"):
            if isinstance(q.get(name), (int, float)):
                area, src = float(q[name]), name
                break
        if src != "geometry":
            break
    at = p.centroid if p.contains(p.centroid) else p.representative_point()
    name = c.LongName or c.Name or ""
    number = (c.Name or "").replace(name, "").strip(" -") if c.LongName else ""
    return Room(c.GlobalId, name, number, area, (at.x, at.y), p, src)


def opening(e, walls, body, z, lang, known, k):
    rel = e.FillsVoids
    if not rel or not rel[0].RelatingOpeningElement.VoidsElements:
        return None
    void = rel[0].RelatingOpeningElement
    host = walls.get(void.VoidsElements[0].RelatingBuildingElement.GlobalId)
    if host is None or not host.straight:
        return None
    m = body(void)
    if m is None:
        m = body(e)
    if m is None:
        return None
    v = m[0]
    hung = body(e)
    if hung is not None and apart(v, hung[0]):
        return None  # it hangs elsewhere than the hole that it is said to fill
    high = v[:, 2].min() > z
    if v[:, 2].max() < z:
        return None
    d = host.dir
    along = v[:, :2] @ np.array(d)
    lo, hi = along.min(), along.max()
    n = (-d[1], d[0])
    across = host.mid[0] * n[0] + host.mid[1] * n[1]
    c = (d[0] * (lo + hi) / 2 + n[0] * across, d[1] * (lo + hi) / 2 + n[1] * across)
    w, h = hi - lo, v[:, 2].max() - v[:, 2].min()
    said = (float(e.OverallWidth or w / k) * k, float(e.OverallHeight or h / k) * k)
    door = e.is_a("IfcDoor")
    mark = own_mark(e, door)
    if mark is None:
        t = element.get_type(e)
        key = (door, t.id() if t else (round(said[0], 3), round(said[1], 3)))
        lead = ("M" if door else "C") if lang == "zh" else ("D" if door else "W")
        same = [x for x in known if x[0] == door]
        mark = known.setdefault(key, f"{lead}{len(same) + 1:02}")
    matrix = placement.get_local_placement(e.ObjectPlacement)
    x, y = matrix[:2, 0], matrix[:2, 1]
    op = operation(e)
    opens = (float(y[0]), float(y[1]))
    if abs(opens[0] * n[0] + opens[1] * n[1]) < 0.9:
        opens = n
    left = x[0] * d[0] + x[1] * d[1] < 0  # local x against the wall
    hinge = (1 if left else -1) * (-1 if op == "SINGLE_SWING_RIGHT" else 1)
    o = Opening(e.GlobalId, "IfcDoor" if door else "IfcWindow", host.guid, c, d, w, h, 0.0, host.t, mark, op or "", opens, hinge, bool(high), op is not None)
    o.said = said
    return o


def apart(a, b):
    """Boxes in plan that lie more than 0.3 m from each other."""
    return any(a[:, i].min() > b[:, i].max() + 0.3 or b[:, i].min() > a[:, i].max() + 0.3 for i in (0, 1))


def grid(f, k):
    out = []
    settings = ifcopenshell.geom.settings()
    for g in f.by_type("IfcGrid"):
        m = placement.get_local_placement(g.ObjectPlacement) if g.ObjectPlacement else np.eye(4)
        for family in ("UAxes", "VAxes", "WAxes"):
            for a in getattr(g, family) or ():
                try:
                    shape = ifcopenshell.geom.create_shape(settings, a.AxisCurve)
                    v = np.array(shape.verts).reshape(-1, 3) / (1.0 if k == 1.0 else 1.0)
                except (RuntimeError, AttributeError):
                    continue
                if len(v) < 2:
                    continue
                w = [(m[:3, :3] @ p + m[:3, 3] * k)[:2] for p in (v[0], v[-1])]
                if math.dist(*w) > 0.5:
                    out.append(Axis(guid(g.GlobalId, a.id()), a.AxisTag or "", tuple(map(float, w[0])), tuple(map(float, w[1])), family[0]))
    return out
