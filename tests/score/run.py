#!/usr/bin/env python3
"""Runs tumo over seeded pairs and scores what it says.

    tests/score/run.py --data DIR [--style tarch,aia] [--pairs d07,d08] [--markdown FILE] [--binary PATH] [--keep DIR]
                       [--scorer FILE]

DIR holds `seeded/` with a folder per pair: drawings, truth.json and, where the model was changed, model.ifc; and the
program score_pairs.py, which compares a report with truth.json (or --scorer names it). Without --data the variable
TUMO_DATA is taken. tests/generate/pairs.py makes more such folders: other models, styles and seeds.
Prints recall per kind of seeded inconsistency, false findings per plan and style, and the registration error; with
--markdown the tables that the README quotes are written, too. Needs nothing but Python's own library.
"""
import argparse
import importlib.util
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DRAWINGS = {".dxf", ".dwg", ".pdf", ".svg"}


def build():
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return pathlib.Path(target) / "release" / "tumo"


def scorer(file):
    spec = importlib.util.spec_from_file_location("score_pairs", file)
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


def check(binary, folder, truth, out, profile):
    model = (folder / truth["model"]["file"]).resolve()
    drawings = sorted(p for p in folder.iterdir() if p.suffix.lower() in DRAWINGS)
    command = [binary, "check", model, "--drawing", *drawings, "--profile", profile, "--quiet", "--format", "json", "-o", out]
    begun = time.monotonic()
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=600)
    return done.returncode, time.monotonic() - begun, done.stderr.strip()


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--data", default=os.environ.get("TUMO_DATA"))
    args.add_argument("--style", default="")
    args.add_argument("--pairs", default="")
    args.add_argument("--profile", default="general")
    args.add_argument("--markdown")
    args.add_argument("--binary")
    args.add_argument("--keep", help="folder for the reports")
    args.add_argument("--scorer", help="score_pairs.py, where DIR/seeded has none")
    args = args.parse_args()
    if not args.data:
        sys.exit("score: give the folder with --data, or in TUMO_DATA")
    seeded = pathlib.Path(args.data).resolve() / "seeded"
    score_pairs = scorer(args.scorer or seeded / "score_pairs.py")
    binary = args.binary or build()
    keep = args.keep or tempfile.mkdtemp(prefix="tumo-score-")
    pathlib.Path(keep).mkdir(parents=True, exist_ok=True)

    rows = []
    for truth_file in sorted(seeded.glob("*/truth.json")):
        folder = truth_file.parent
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
        if args.style and truth["style"] not in args.style.split(","):
            continue
        if args.pairs and not any(folder.name.startswith(p) for p in args.pairs.split(",")):
            continue
        out = pathlib.Path(keep) / (folder.name + ".json")
        out.unlink(missing_ok=True)
        code, seconds, said = check(binary, folder, truth, out, args.profile)
        report = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {"schema": 1}
        report["findings"] = told(report.get("findings", []))
        row = score_pairs.score(truth, report)
        row.update(pair=folder.name, code=code, seconds=seconds, plans=len(truth["plans"]), said=said)
        row["wrong"] = wrong(truth, report)
        row["control"] = truth.get("control")
        row["undecided"] = sum(f["verdict"] == "undecided" for f in report["findings"])
        row["open"], row["asked"] = comparisons(report)
        row["far"] = far(truth, report, row)
        rows.append(row)
        errors = [r["error_mm"] for r in row["registration"] if r["error_mm"] is not None]
        print(
            f"{folder.name:24} {row['style']:10} exit {code}  {seconds:5.2f} s  found {row['found']:2}/{row['seeded']:2}"
            f"  false {row['false']:3} ({row['false_per_plan']}/plan)  undecided or info {row['undecided_or_info']:3}"
            f"  laid {len(errors)}/{row['plans']}  worst {max(errors) if errors else '-'} mm"
            f"{'  WRONGLY LAID ' + ', '.join(row['wrong']) if row['wrong'] else ''}",
            flush=True,
        )
        if not out.exists():
            print("    " + (said.splitlines() or ["no report"])[0])
        for miss in row["detail"]:
            if not miss["found"]:
                print(f"    not found: {miss['kind']} {miss['id']}{' (something is said there)' if miss['located'] else ''}")
        for place in row["far"]:
            print(f"    told elsewhere: {place}")
        for false in row["false_examples"]:
            print(f"    false: {false['kind']} {false['message']}")
    if not rows:
        sys.exit("score: no pair was run")
    text = tables(rows)
    print("\n" + text)
    if args.markdown:
        pathlib.Path(args.markdown).write_text(text, encoding="utf-8")


WRONG_MM = 50.0
# rules that compare single elements, and how near to the place of the change their finding is (metres)
COMPARED = {f"DM{n:02}" for n in (6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30, 31, 33, 46)}
NEAR_M = 0.1


def told(findings):
    """Findings without those that another one tells over all storeys of a sheet."""
    by_id = {f["id"]: f for f in findings}
    drawn = lambda f: {(d.get("handle"), *d["at"]) for d in f.get("drawn") or []}
    same = lambda f, p: p and p["rule"] == f["rule"] and drawn(p) == drawn(f) and f.get("side") == p.get("side") and "storeys" in p["message"]["en"]
    return [f for f in findings if not same(f, by_id.get(f.get("parent")))]


def comparisons(report):
    """How many comparisons of single elements stay open, and how many were made."""
    rules = [r for r in report.get("rules", []) if r["id"] in COMPARED]
    undecided = sum(r["undecided"] for r in rules)
    return undecided, undecided + sum(r["passed"] + r["failed"] for r in rules)


def far(truth, report, row):
    """Changes of walls, columns, doors and windows that were found and told farther than NEAR_M from where they are."""
    out = []
    for m, d in zip(truth["inconsistencies"], row["detail"]):
        if not d["found"] or m["class"] not in ("IfcWall", "IfcColumn", "IfcDoor", "IfcWindow") or not m.get("xy_m"):
            continue
        places = [p for p in (m.get("xy_m"), m.get("xy_after_m"), m.get("xy2_m")) if p]
        mine = [f for f in report["findings"] if (f["message"].get("en") if isinstance(f["message"], dict) else f["message"]) in d["by"] and f.get("point_m")]
        gap = min((math.dist(f["point_m"][:2], p) for f in mine for p in places), default=0.0)
        if m.get("p0_m"):  # any point along a wall
            gap = min([gap] + [beside(f["point_m"][:2], m["p0_m"], m["p1_m"]) - (m.get("magnitude_mm") or 0) / 1000 for f in mine])
        if gap > NEAR_M:
            out.append(f"{m['id']} {m['kind']} {gap:.2f} m")
    return out


def beside(p, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    k = max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / max(dx * dx + dy * dy, 1e-9)))
    return math.dist(p, (a[0] + k * dx, a[1] + k * dy))


def wrong(truth, report):
    """Plans that were laid where they do not belong: on another storey, or elsewhere on theirs."""
    out = []
    for plan in report.get("plans", []):
        t = plan.get("transform") or {}
        if not t.get("m") or t.get("method") == "none":
            continue
        a, b, c, d, e, f = t["m"]
        names = {s.get("guid") for s in plan.get("storeys") or []}
        right = False
        # half a hall without a word may lie where it belongs; other controls nowhere
        for p in truth["plans"] or (truth["claimed"] if truth.get("control") == "half" else []):
            if p["file"] != os.path.basename(plan["drawing"]) or not names & set(p.get("storeys") or [p["storey"]["guid"]]):
                continue
            m, worst = p["model_to_drawing"]["matrix"], 0.0
            for x, y in p["building_corners_m"]:
                u, v = (r[0] * x + r[1] * y + r[2] for r in m)
                worst = max(worst, 1000 * abs(complex(a * u + c * v + e - x, b * u + d * v + f - y)))
            right = right or worst < WRONG_MM
        if not right:
            out.append(f"{plan['plan']} on {'/'.join(s['name'] for s in plan.get('storeys') or [])}")
    return out


def tables(rows):
    """Markdown tables: by style, by kind of inconsistency, and of controls where there are some."""
    controls = [r for r in rows if r["control"]]
    rows = [r for r in rows if not r["control"]]
    head = ["style", "pairs", "plans laid", "worst error, mm", "found", "false per clean plan", "false per changed plan", "comparisons left open"]
    out = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    styles = sorted({r["style"] for r in rows})
    for style in [*styles, "all"]:
        mine = [r for r in rows if style in ("all", r["style"])]
        errors = [e["error_mm"] for r in mine for e in r["registration"] if e["error_mm"] is not None]
        plans = sum(r["plans"] for r in mine)
        clean = [r for r in mine if not r["seeded"]]
        changed = [r for r in mine if r["seeded"]]
        per_plan = lambda some: f"{sum(r['false'] for r in some) / sum(r['plans'] for r in some):.2f}" if some else "–"
        found = f"{sum(r['found'] for r in changed)}/{sum(r['seeded'] for r in changed)}" if changed else "–"
        worst = f"{max(errors):.1f}" if errors else "–"
        left = f"{100 * sum(r['open'] for r in mine) / max(1, sum(r['asked'] for r in mine)):.1f} %"
        out.append(f"| {style} | {len(mine)} | {len(errors)}/{plans} | {worst} | {found} | {per_plan(clean)} | {per_plan(changed)} | {left} |")
    kinds = {}
    for row in rows:
        for kind, v in row["per_kind"].items():
            k = kinds.setdefault(kind, [0, 0])
            k[0] += v["found"]
            k[1] += v["n"]
    if kinds:
        out += ["", "| inconsistency | found |", "|---|---|"]
        out += [f"| {kind.replace('_', ' ')} | {found}/{n} |" for kind, (found, n) in sorted(kinds.items())]
    if controls:
        out += ["", "| control | pairs | with plans laid all the same |", "|---|---|---|"]
        for name in sorted({r["control"] for r in controls}):
            mine = [r for r in controls if r["control"] == name]
            out.append(f"| {name} | {len(mine)} | {sum(bool(r['wrong']) for r in mine)} |")
    said = sum(r["found"] + r["false"] for r in rows if r["seeded"])
    precision = f" Of what is said of changed pairs {100 * sum(r['found'] for r in rows) / said:.1f} % is right." if said else ""
    out += ["", f"Plans on a wrong storey or place: {sum(len(r['wrong']) for r in rows)}. Undecided findings: {sum(r['undecided'] for r in rows)}.{precision} Told farther than {1000 * NEAR_M:.0f} mm from the change: {sum(len(r['far']) for r in rows)}."]
    seconds = sorted(r["seconds"] for r in rows)
    out += ["", f"Time per pair, files to report: median {seconds[len(seconds) // 2]:.2f} s, longest {seconds[-1]:.2f} s."]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main()
