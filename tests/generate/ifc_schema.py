"""Writes src/ifc/schema/<SCHEMA>.txt: every declaration of an EXPRESS schema as one line.

Run: python3 tests/generate/ifc_schema.py   (needs the `ifcopenshell` package, whose compiled tables are made from
the EXPRESS schemas that buildingSMART publishes: IFC2X3 TC1, IFC4 ADD2 TC1, IFC4X3 ADD2).

    IfcDoor<IfcBuildingElement:OverallHeight?=IfcPositiveLengthMeasure,…^Inverse=S[0:1]IfcRel.Attribute,…~Derived,…
    *IfcRoot:…            an abstract entity
    IfcLengthMeasure=REAL a defined type
    IfcDoorTypeEnum{DOOR,GATE,…}
    IfcValue(IfcMeasureValue|IfcSimpleValue)

An aggregate is its first letter (A, B, L, S) and bounds before its member: `L[1:?]IfcCartesianPoint`.
"""

import os
import re

import ifcopenshell

W = ifcopenshell.ifcopenshell_wrapper
HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "..", "src", "ifc", "schema")
SCHEMAS = {"IFC2X3": "IFC2X3", "IFC4": "IFC4", "IFC4X3_ADD2": "IFC4X3"}
KINDS = {0: "A", 1: "B", 2: "L", 3: "S"}


def bound(n):
    return "?" if n == -1 else str(n)


def type_name(t):
    named = t.as_named_type()
    if named:
        return named.declared_type().name()
    aggregate = t.as_aggregation_type()
    if aggregate:
        kind = KINDS[aggregate.type_of_aggregation()]
        return f"{kind}[{bound(aggregate.bound1())}:{bound(aggregate.bound2())}]{type_name(aggregate.type_of_element())}"
    return str(t).strip("<>").upper()


def entity(e):
    out = ("*" if e.is_abstract() else "") + e.name()
    if e.supertype():
        out += "<" + e.supertype().name()
    attributes = [f"{a.name()}{'?' if a.optional() else ''}={type_name(a.type_of_attribute())}" for a in e.attributes()]
    if attributes:
        out += ":" + ",".join(attributes)
    inverse = []
    for i in e.inverse_attributes():
        kind = {"bag": "B", "set": "S"}.get(i.type_of_aggregation_string(), "")
        bounds = f"{kind}[{bound(i.bound1())}:{bound(i.bound2())}]" if kind else ""
        inverse.append(f"{i.name()}={bounds}{i.entity_reference().name()}.{i.attribute_reference().name()}")
    if inverse:
        out += "^" + ",".join(inverse)
    derived = [a.name() for a, d in zip(e.all_attributes(), e.derived()) if d]
    if derived:
        out += "~" + ",".join(derived)
    return out


def line(d):
    if d.as_entity():
        return entity(d.as_entity())
    if d.as_enumeration_type():
        return d.name() + "{" + ",".join(d.as_enumeration_type().enumeration_items()) + "}"
    if d.as_select_type():
        return d.name() + "(" + "|".join(sorted(s.name() for s in d.as_select_type().select_list())) + ")"
    return d.name() + "=" + type_name(d.as_type_declaration().declared_type())


for schema, name in SCHEMAS.items():
    lines = sorted(line(d) for d in W.schema_by_name(schema).declarations())
    lines.sort(key=lambda l: re.match(r"\*?(\w+)", l).group(1).upper())
    with open(os.path.join(OUT, name + ".txt"), "w", encoding="ascii", newline="\n") as f:
        f.write("\n".join(lines) + "\n")
    print(name, len(lines))
