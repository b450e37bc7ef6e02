#!/usr/bin/env python3
"""Holds BCF files against the published XSDs and reads them with an independent reader. The suite runs it where TUMO_DATA has
the XSDs and the Python of TUMO_PYTHON (python3 without it) has what is needed; ends with 77 where it has not. By hand:

    pip install -r tests/formats/requirements.txt
    python3 tests/formats/check.py XSD_ROOT FILE.bcf...

XSD_ROOT holds xsd-2.1 and xsd-3.0 as released at https://github.com/buildingSMART/BCF-XML.
"""

import re
import sys
import zipfile
from pathlib import Path

try:
    import xmlschema
    from bcf.bcfxml import load
except ImportError as missing:
    print(missing)
    sys.exit(77)

SCHEMAS = {
    "2.1": {"bcf.version": "version", "project.bcfp": "project", "markup.bcf": "markup", ".bcfv": "visinfo"},
    "3.0": {
        "bcf.version": "version",
        "project.bcfp": "project",
        "markup.bcf": "markup",
        ".bcfv": "visinfo",
        "extensions.xml": "extensions",
        "documents.xml": "documents",
    },
}


def check(root: Path, path: Path) -> int:
    faults = 0
    with zipfile.ZipFile(path) as archive:
        version = re.search(rb'VersionId="([\d.]+)"', archive.read("bcf.version")).group(1).decode()
        schemas = {
            end: xmlschema.XMLSchema(str(root / f"xsd-{version}" / f"{name}.xsd"))
            for end, name in SCHEMAS[version].items()
        }
        documents = 0
        for name in archive.namelist():
            schema = next((s for end, s in schemas.items() if name.endswith(end)), None)
            if schema is None:
                continue
            documents += 1
            for error in schema.iter_errors(archive.read(name).decode()):
                print(f"{path}: {name}: {error.reason} at {error.path}")
                faults += 1
        names = set(archive.namelist())
        markups = [n for n in names if n.endswith("markup.bcf")]
    with load(path) as file:
        topics = file.topics
        if len(topics) != len(markups):
            print(f"{path}: bcf-client reads {len(topics)} topics of {len(markups)}")
            faults += 1
        views = sum(len(topic.viewpoints) for topic in topics.values())
    print(f"{path}: BCF {version}, {documents} documents, {len(markups)} topics, {views} viewpoints, {faults} faults")
    return faults


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(1 if sum(check(Path(sys.argv[1]), Path(p)) for p in sys.argv[2:]) else 0)
