#!/usr/bin/env python3
"""export_again.py IN.dxf OUT.dxf DX DY: the same drawing as another program would write it: another version, every handle
anew, other layers first, everything moved by DX, DY drawing units. Ends with 77 where ezdxf is missing.
"""
import sys

try:
    import ezdxf
    from ezdxf.addons import Importer
except ImportError as missing:
    print(missing)
    sys.exit(77)


def main():
    source, target, dx, dy = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    old = ezdxf.readfile(source)
    new = ezdxf.new("R2018", units=old.units)
    new.header["$INSUNITS"] = old.header.get("$INSUNITS", 0)
    # handles that were never in the old file
    for _ in range(5000):
        new.entitydb.next_handle()
    importer = Importer(old, new)
    importer.import_tables()
    importer.import_modelspace()
    importer.finalize()
    for entity in new.modelspace():
        entity.translate(dx, dy, 0)
        if entity.dxftype() == "DIMENSION":
            # its picture is a block of its own, in places of the sheet
            for part in entity.get_geometry_block() or ():
                part.translate(dx, dy, 0)
    new.saveas(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
