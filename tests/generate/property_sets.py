#!/usr/bin/env python3
"""Write src/ifc/sets/*.txt: the standard property and quantity sets of each edition, from the templates that
buildingSMART publishes (read through IfcOpenShell, which carries them).

    python3 tests/generate/property_sets.py

A line is `Name|IfcClass,IfcClass/PREDEFINED|Property=Type;Property=Type/Type;…|where`: the classes that the set is for,
and of each property its type; a table has two; in braces the values to choose from; at the end `T` where it stands at
types only, `O` at occurrences only, `P` at performance histories, nothing where it may stand at both. Lines stand by name,
properties in the order of the template.
"""
import pathlib
import re

import ifcopenshell
import ifcopenshell.util

SOURCES = {"IFC2X3": "Pset_IFC2X3.ifc", "IFC4": "Pset_IFC4_ADD2.ifc", "IFC4X3": "Pset_IFC4X3.ifc"}
QUANTITIES = {
    "Q_LENGTH": "IfcLengthMeasure", "Q_AREA": "IfcAreaMeasure", "Q_VOLUME": "IfcVolumeMeasure",
    "Q_COUNT": "IfcCountMeasure", "Q_WEIGHT": "IfcMassMeasure", "Q_TIME": "IfcTimeMeasure",
    "Q_NUMBER": "IfcNumericMeasure",
}
# The technical corrigendum of IFC4 ADD2 gives these sets one property more than the templates have.
CORRIGENDUM = {"IFC4": {s: "LoadBearing=IfcBoolean" for s in ("Pset_RampCommon", "Pset_RoofCommon", "Pset_StairCommon")}}
WHERE = {"PSET_TYPEDRIVENONLY": "T", "QTO_TYPEDRIVENONLY": "T", "PSET_OCCURRENCEDRIVEN": "O", "QTO_OCCURRENCEDRIVEN": "O",
         "PSET_PERFORMANCEDRIVEN": "P"}
here = pathlib.Path(__file__).resolve().parents[2] / "src/ifc/sets"
here.mkdir(exist_ok=True)
folder = pathlib.Path(ifcopenshell.util.__file__).parent / "schema"


def types(template):
    if not template.is_a("IfcSimplePropertyTemplate"):
        return "*"
    kind = template.TemplateType
    if kind in QUANTITIES:
        return QUANTITIES[kind]
    if kind == "P_REFERENCEVALUE":
        return "*"
    first = template.PrimaryMeasureType or ("IfcLabel" if kind == "P_ENUMERATEDVALUE" else "*")
    if not first.startswith("Ifc"):
        first = "IfcLabel" if kind == "P_ENUMERATEDVALUE" else "*"
    second = template.SecondaryMeasureType if kind == "P_TABLEVALUE" else None
    items = [str(v.wrappedValue).strip() for v in template.Enumerators.EnumerationValues] if template.Enumerators else []
    listed = "{" + ",".join(items) + "}" if items and not any(set(",;|/{}") & set(i) for i in items) else ""
    return "/".join(t for t in (first, second) if t) + listed


for edition, source in SOURCES.items():
    lines = {}
    for s in ifcopenshell.open(str(folder / source)).by_type("IfcPropertySetTemplate"):
        named = (re.sub(r"^IFC[A-Z]+/", "", c.strip()) for c in re.split(r"[,;\s]+", s.ApplicableEntity or ""))
        classes = ",".join(c for c in named if c.startswith("Ifc"))
        properties = ";".join(f"{p.Name}={types(p)}" for p in s.HasPropertyTemplates or ())
        properties = ";".join(filter(None, (properties, CORRIGENDUM.get(edition, {}).get(s.Name))))
        lines[s.Name] = f"{s.Name}|{classes}|{properties}|{WHERE.get(s.TemplateType, '')}"
    (here / f"{edition}.txt").write_text("\n".join(lines[k] for k in sorted(lines)) + "\n", encoding="utf-8")
    print(edition, len(lines))
