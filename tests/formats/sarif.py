#!/usr/bin/env python3
"""Holds SARIF files against the published JSON Schema: sarif.py SCHEMA FILE...

SCHEMA is sarif-schema-2.1.0.json of https://github.com/oasis-tcs/sarif-spec. The suite runs this where TUMO_SARIF_SCHEMA names
the schema; ends with 77 where Python has no jsonschema.
"""

import json
import sys

try:
    from jsonschema import FormatChecker
    from jsonschema.validators import validator_for
except ImportError:
    print("jsonschema is not installed")
    sys.exit(77)


def check(validator, path: str) -> int:
    with open(path, encoding="utf-8") as file:
        log = json.load(file)
    faults = list(validator.iter_errors(log))
    for fault in faults[:20]:
        print(f"{path}: {fault.json_path}: {fault.message[:300]}")
    print(f"{path}: {len(log['runs'][0]['results'])} results, {len(faults)} faults")
    return len(faults)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    validator = validator_for(schema)(schema, format_checker=FormatChecker())
    sys.exit(1 if sum(check(validator, path) for path in sys.argv[2:]) else 0)
