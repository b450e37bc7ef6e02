#!/usr/bin/env python3
"""One plan against its storey: tumo beside the script that one would write with ifcopenshell, ezdxf and shapely.

    tests/score/beside_script.py [--binary PATH] [--rounds N] [--keep DIR] [--python PATH]

TUMO_BENCH names the folder of the peers' benchmark (user_script.py, gen_tower.py, gen_dxf.py). A 10 MB tower and the
plan of one of its storeys with seeded defects are made, both programs are run by turns as whole processes, and the
ratios of wall clock and of CPU time are printed with how many of the defects tumo tells. Exit code 1 where one is
missed. --python names the interpreter that has the script's packages (scipy besides those of the benchmark).
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
STOREY = 1
# an extra wall is told where its middle is, to this (metres)
NEAR_M = 0.2


def timed(command, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    done = subprocess.run([str(c) for c in command], cwd=folder, capture_output=True, text=True, timeout=600)
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def found(report, truth):
    """Names of the seeded defects, each with whether tumo tells it as an error."""
    said = [f for f in report["findings"] if f["verdict"] == "fail" and f["severity"] in ("error", "warning")]
    tags = {e.get("tag") for f in said for e in f["elements"]}
    places = [f["point_m"] for f in said if f["rule"] == "DM09" and f.get("point_m")]
    out = [(f"missing {kind} {tag}", tag in tags) for kind, tag in truth["missing"]]
    out += [(f"moved {kind} {tag}", tag in tags) for kind, tag, _ in truth["moved"]]
    for kind, x, y in truth["extra"]:
        middle = (x / 1000 + 1.2, y / 1000)
        near = any(abs(p[0] - middle[0]) < NEAR_M and abs(p[1] - middle[1]) < NEAR_M for p in places)
        out.append((f"extra {kind} at {middle[0]:.2f}, {middle[1]:.2f}", near))
    return out


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--binary", default=ROOT / "target" / "release" / "tumo")
    args.add_argument("--rounds", type=int, default=5)
    args.add_argument("--keep")
    args.add_argument("--python", default=sys.executable)
    args = args.parse_args()
    bench = os.environ.get("TUMO_BENCH")
    if not bench:
        sys.exit("beside_script: TUMO_BENCH names no folder; nothing was measured")
    bench = pathlib.Path(bench).resolve()
    folder = pathlib.Path(args.keep or tempfile.mkdtemp(prefix="tumo-beside-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    make = [
        [args.python, bench / "gen_tower.py", "t10.ifc", "--mb", "10", "--layout", "t10.json"],
        [args.python, bench / "gen_dxf.py", "plan", "t10.json", STOREY, "plan.dxf", "truth.json"],
    ]
    for command in make:
        subprocess.run([str(c) for c in command], cwd=folder, check=True, capture_output=True)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    binary = pathlib.Path(args.binary).resolve()
    tumo = [binary, "check", "t10.ifc", "--drawing", "plan.dxf", "--only", "consistency", "--quiet", "--format", "json", "-o", "report.json"]
    script = [args.python, bench / "user_script.py", "t10.ifc", STOREY, "plan.dxf", "truth.json"]
    ours, theirs = [], []
    for _ in range(max(1, args.rounds)):
        done, *times = timed(tumo, folder)
        if done.returncode not in (0, 1, 3):
            sys.exit(f"beside_script: tumo: {done.stderr.strip()}")
        ours.append(times)
        done, *times = timed(script, folder)
        if done.returncode:
            sys.exit(f"beside_script: the script failed: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        theirs.append(times)
    for k, name in enumerate(("wall clock", "CPU time")):
        a, b = (statistics.median(t[k] for t in times) for times in (ours, theirs))
        print(f"{name:10}  tumo {a:7.3f} s  script {b:7.3f} s  {b / max(a, 1e-9):6.1f} times")
    told = found(json.loads((folder / "report.json").read_text(encoding="utf-8")), truth)
    for name, seen in told:
        print(("found   " if seen else "MISSED  ") + name)
    print(f"{sum(seen for _, seen in told)} of {len(told)} defects")
    sys.exit(0 if all(seen for _, seen in told) else 1)


if __name__ == "__main__":
    main()
