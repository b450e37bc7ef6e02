"""Writes made storeys as IFC: extruded bodies, voids and fillings, spaces, grid, types, quantities."""

import math

import ifcopenshell

from .building import guid


class Writer:
    def __init__(self, key, schema, unit):
        self.f = ifcopenshell.file(schema=schema)
        self.key, self.schema, self.k = key, schema, 1000.0 if unit == "mm" else 1.0
        f = self.f
        self.owner = None
        if schema == "IFC2X3":
            who = f.createIfcPersonAndOrganization(f.createIfcPerson(None, "tumo"), f.createIfcOrganization(None, "tumo"))
            app = f.createIfcApplication(who.TheOrganization, "1", "pairs", "pairs")
            self.owner = f.createIfcOwnerHistory(who, app, None, "ADDED", None, None, None, 0)
        units = [f.createIfcSIUnit(None, "LENGTHUNIT", "MILLI" if unit == "mm" else None, "METRE"), f.createIfcSIUnit(None, "AREAUNIT", None, "SQUARE_METRE"), f.createIfcSIUnit(None, "PLANEANGLEUNIT", None, "RADIAN")]
        self.context = f.createIfcGeometricRepresentationContext(None, "Model", 3, 1e-5, f.createIfcAxis2Placement3D(self.point(0, 0, 0)))
        self.project = f.createIfcProject(guid(key, "project"), self.owner, "P", None, None, None, None, [self.context], f.createIfcUnitAssignment(units))
        self.site = f.createIfcSite(guid(key, "site"), self.owner, "Site", None, None, self.place(None), None, None, "ELEMENT")
        self.building = f.createIfcBuilding(guid(key, "building"), self.owner, "Building", None, None, self.place(self.site.ObjectPlacement), None, None, "ELEMENT")
        self.whole(self.project, [self.site])
        self.whole(self.site, [self.building])
        self.types = {}

    def point(self, *c):
        return self.f.createIfcCartesianPoint([round(float(v) * self.k, 6) for v in c])

    def direction(self, *c):
        return self.f.createIfcDirection([float(v) for v in c])

    def place(self, parent, at=(0, 0, 0), x=(1, 0)):
        f = self.f
        axes = f.createIfcAxis2Placement3D(self.point(*at), self.direction(0, 0, 1), self.direction(x[0], x[1], 0))
        return f.createIfcLocalPlacement(parent, axes)

    def whole(self, of, parts):
        self.f.createIfcRelAggregates(guid(self.key, "whole", of.GlobalId), self.owner, None, None, of, parts)

    def body(self, profile, depth, z=0.0):
        f = self.f
        solid = f.createIfcExtrudedAreaSolid(profile, f.createIfcAxis2Placement3D(self.point(0, 0, z)), self.direction(0, 0, 1), float(depth) * self.k)
        return f.createIfcProductDefinitionShape(None, None, [f.createIfcShapeRepresentation(self.context, "Body", "SweptSolid", [solid])])

    def outline(self, points):
        f = self.f
        return f.createIfcArbitraryClosedProfileDef("AREA", None, f.createIfcPolyline([self.point(*p) for p in [*points, points[0]]]))

    def rectangle(self, cx, cy, w, d):
        f = self.f
        return f.createIfcRectangleProfileDef("AREA", None, f.createIfcAxis2Placement2D(self.point(cx, cy), self.direction(1, 0)), w * self.k, d * self.k)

    def wall(self, w, s, placement):
        f = self.f
        cls = "IfcWallStandardCase" if self.schema == "IFC2X3" and w.straight else "IfcWall"
        if w.straight:
            at = self.place(placement, (*w.p0, 0), w.dir)
            shape = self.body(self.rectangle(w.length / 2, 0, w.length, w.t), s.height)
            line = f.createIfcShapeRepresentation(self.context, "Axis", "Curve2D", [f.createIfcPolyline([self.point(0, 0), self.point(w.length, 0)])])
            shape.Representations = [line, *shape.Representations]
        else:
            at = self.place(placement)
            shape = self.body(self.outline([p for p in w.outline.exterior.coords][:-1]), s.height)
        e = f.create_entity(cls, w.guid, self.owner, w.name, None, None, at, shape)
        layer = f.createIfcMaterialLayer(f.createIfcMaterial("brick"), w.t * self.k)
        use = f.createIfcMaterialLayerSetUsage(f.createIfcMaterialLayerSet([layer], w.name), "AXIS2", "POSITIVE", -w.t / 2 * self.k)
        f.createIfcRelAssociatesMaterial(guid(self.key, "material", w.guid), self.owner, None, None, [e], use)
        return e

    def opening(self, o, host, placement, marks):
        """The door looks along its local y; x begins at the left jamb."""
        f = self.f
        nx, ny = o.opens
        x = (ny, -nx)  # x turned a quarter to the left is y
        start = (o.c[0] - x[0] * o.w / 2, o.c[1] - x[1] * o.w / 2, o.sill)
        void = f.create_entity("IfcOpeningElement", guid(self.key, "void", o.guid), self.owner, None, None, None, self.place(placement, start, x), self.body(self.rectangle(o.w / 2, 0, o.w, o.t + 0.2), o.h))
        f.createIfcRelVoidsElement(guid(self.key, "voids", o.guid), self.owner, None, None, host, void)
        at = self.place(void.ObjectPlacement)
        shape = self.body(self.rectangle(o.w / 2, 0, o.w, 0.06), o.h)
        name = o.mark if marks == "Name" else ("门" if o.cls == "IfcDoor" else "窗")
        tag = o.mark if marks == "Tag" else None
        e = f.create_entity(o.cls, o.guid, self.owner, name, None, None, at, shape, tag)
        e.OverallHeight, e.OverallWidth = o.h * self.k, o.w * self.k
        f.createIfcRelFillsElement(guid(self.key, "fills", o.guid), self.owner, None, None, void, e)
        self.typed(o, e)
        if marks in ("Mark", "Reference"):
            self.property(e, "Pset_Identity" if marks == "Mark" else f"Pset_{o.cls[3:]}Common", marks, o.mark)
        return e

    def property(self, e, of, name, value):
        f = self.f
        kind = f.create_entity("IfcLabel" if name == "Mark" else "IfcIdentifier", value)
        one = f.createIfcPropertySingleValue(name, None, kind, None)
        group = f.createIfcPropertySet(guid(self.key, of, e.GlobalId), self.owner, of, None, [one])
        f.createIfcRelDefinesByProperties(guid(self.key, "defines", of, e.GlobalId), self.owner, None, None, [e], group)

    def typed(self, o, e):
        f = self.f
        key = (o.cls, o.op, o.w, o.h)
        if key not in self.types:
            t = guid(self.key, "type", *key)
            label = f"{'Door' if o.cls == 'IfcDoor' else 'Window'} {round(o.w * 1000)}x{round(o.h * 1000)}"
            if self.schema == "IFC2X3":
                style = f.create_entity(f"{o.cls}Style", t, self.owner, label)
                style.OperationType = o.op if o.cls == "IfcDoor" else "SINGLE_PANEL"
                style.ConstructionType, style.ParameterTakesPrecedence, style.Sizeable = "NOTDEFINED", False, False
            else:
                style = f.create_entity(f"{o.cls}Type", t, self.owner, label)
                style.PredefinedType = "DOOR" if o.cls == "IfcDoor" else "WINDOW"
                if o.cls == "IfcDoor":
                    style.OperationType = o.op
                else:
                    style.PartitioningType = "SINGLE_PANEL"
            self.types[key] = (style, [])
        self.types[key][1].append(e)

    def room(self, r, s, placement):
        f = self.f
        shape = self.body(self.outline([p for p in r.poly.exterior.coords][:-1]), s.height - 0.3)
        e = f.create_entity("IfcSpace", r.guid, self.owner, r.number, None, None, self.place(placement), shape, r.name, "ELEMENT")
        if self.schema == "IFC2X3":
            e.InteriorOrExteriorSpace = "INTERNAL"
        q = f.createIfcQuantityArea("NetFloorArea", None, None, r.area)
        group = f.createIfcElementQuantity(guid(self.key, "quantity", r.guid), self.owner, "Qto_SpaceBaseQuantities", None, None, [q])
        f.createIfcRelDefinesByProperties(guid(self.key, "measures", r.guid), self.owner, None, None, [e], group)
        return e

    def grid(self, axes):
        f = self.f
        lines = {"U": [], "V": []}
        for a in axes:
            lines[a.family].append(f.createIfcGridAxis(a.label, f.createIfcPolyline([self.point(*a.p0), self.point(*a.p1)]), True))
        if not lines["U"] or not lines["V"]:
            return None
        curves = [x.AxisCurve for v in lines.values() for x in v]
        shape = f.createIfcProductDefinitionShape(None, None, [f.createIfcShapeRepresentation(self.context, "FootPrint", "GeometricCurveSet", [f.createIfcGeometricCurveSet(curves)])])
        return f.create_entity("IfcGrid", guid(self.key, "grid"), self.owner, "Grid", None, None, self.place(self.building.ObjectPlacement), shape, lines["U"], lines["V"], None)


def write(storeys, path, key, schema="IFC4", lang="zh", mark="Tag", unit="mm", grid=True):
    w = Writer(key, schema, unit)
    f = w.f
    floors = []
    for s in storeys:
        placement = w.place(w.building.ObjectPlacement, (0, 0, s.elev))
        e = f.create_entity("IfcBuildingStorey", s.guid, w.owner, s.name, None, None, placement, None, None, "ELEMENT", s.elev * w.k)
        floors.append(e)
        walls = {x.guid: w.wall(x, s, placement) for x in s.walls}
        inside = list(walls.values())
        inside += [w.opening(o, walls[o.host], placement, mark) for o in s.openings if o.host in walls]
        for c in s.columns:
            if c.round:
                profile = f.createIfcCircleProfileDef("AREA", None, f.createIfcAxis2Placement2D(w.point(0, 0), w.direction(1, 0)), c.b[0] / 2 * w.k)
            else:
                profile = w.rectangle(0, 0, *c.b)
            at = w.place(placement, (*c.c, 0), (math.cos(c.angle), math.sin(c.angle)))
            inside.append(f.create_entity("IfcColumn", c.guid, w.owner, None, None, None, at, w.body(profile, s.height)))
        x0, y0, x1, y1 = s.box()
        slab = w.body(w.outline([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]), 0.12, -0.12)
        inside.append(f.create_entity("IfcSlab", guid(key, "slab", s.guid), w.owner, None, None, None, w.place(placement), slab, None, "FLOOR"))
        f.createIfcRelContainedInSpatialStructure(guid(key, "inside", s.guid), w.owner, None, None, inside, e)
        rooms = [w.room(r, s, placement) for r in s.rooms]
        if rooms:
            w.whole(e, rooms)
    w.whole(w.building, floors)
    if grid:
        g = w.grid(storeys[0].axes)
        if g:
            f.createIfcRelContainedInSpatialStructure(guid(key, "gridded"), w.owner, None, None, [g], w.building if schema != "IFC2X3" else floors[0])
    for style, of in w.types.values():
        f.createIfcRelDefinesByType(guid(key, "typed", style.GlobalId), w.owner, None, None, of, style)
    f.header.file_name.time_stamp = "2000-01-01T00:00:00"  # the same bytes each time
    f.write(str(path))
