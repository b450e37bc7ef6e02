"""Writes tests/suite/ifc/counts.tsv: what IfcOpenShell finds in the models under a folder.

Run: python3 tests/generate/ifc_counts.py $TUMO_DATA   (needs the `ifcopenshell` package)
"""

import os
import sys

import ifcopenshell
import ifcopenshell.util.element as element

HERE = os.path.dirname(os.path.abspath(__file__))


def storey(e):
    seen = set()
    while e and e.id() not in seen:
        seen.add(e.id())
        if e.is_a("IfcBuildingStorey"):
            return e
        up = [r.RelatingStructure for r in getattr(e, "ContainedInStructure", ())]
        up += [r.RelatingObject for r in getattr(e, "Decomposes", ()) if hasattr(r, "RelatingObject")]
        up += [r.RelatingObject for r in getattr(e, "Nests", ())]
        up += [r.RelatingOpeningElement for r in getattr(e, "FillsVoids", ())]
        up += [r.RelatingBuildingElement for r in getattr(e, "VoidsElements", ())]
        e = up[0] if up else None


def counts(path):
    f = ifcopenshell.open(path)
    elements = set(f.by_type("IfcElement")) | set(f.by_type("IfcSpace"))
    axes = sum(len(g.UAxes or ()) + len(g.VAxes or ()) + len(g.WAxes or ()) for g in f.by_type("IfcGrid"))
    widths = sum((getattr(e, "OverallWidth", None) or 0) > 0 for e in elements)
    sets = sum(len(element.get_psets(e)) for e in elements)
    placed = sum(storey(e) is not None for e in elements)
    return [len(elements), len(f.by_type("IfcBuildingStorey")), placed, axes, widths, sets]


root = sys.argv[1]
rows = []
for folder, _, files in os.walk(root):
    if "conformance" in folder:
        continue
    for name in files:
        path = os.path.join(folder, name)
        if not name.lower().endswith(".ifc"):
            continue
        try:
            rows.append("\t".join([os.path.relpath(path, root)] + [str(n) for n in counts(path)]))
        except Exception as error:  # a schema that it does not read
            print(path, error, file=sys.stderr)
with open(os.path.join(HERE, "..", "suite", "ifc", "counts.tsv"), "w", encoding="utf-8", newline="\n") as out:
    out.write("\n".join(sorted(rows)) + "\n")
print(len(rows), "models")
