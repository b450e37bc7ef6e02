#!/usr/bin/env python3
"""tumo and other readers of IFC, side by side in one run, as ratios.

    TUMO_BENCH=DIR benches/peers.py [CASE ...] [--files t10.ifc,t100.ifc] [--rounds 3] [--tumo PATH] [--slow]

DIR is the peers' benchmark: bench.py, its readers (venv, native, js) and data. CASE is G1 (index), G2 (everything
reachable), G3 (all property sets and quantities), G4 (a mesh of every element), G6 (IDS), G7 (clashes of walls and
columns with pipes and ducts), G8 (a plan of every storey), G12 (the whole review in one process: model, IDS, clashes, a
drawing of every storey) or G14 (growth with size, and with threads); without one, all of them. Each round runs each reader
once, so that what else the machine does hits all alike. Prints the tables of the README; readers that are not installed, or that fail, are named.

Seconds are counted inside the process, without what starting it costs; a ratio is the median over the rounds. CPU is
user and system time of the whole process, with its start. tumo's own seconds of G6, G7 and G12 are of the whole process.
G12 is held against the sum of the fastest others of G3, G6, G7 and G8 of the same run."""
import argparse, json, os, shlex, shutil, subprocess, sys, tempfile
from pathlib import Path

# case: (what, command of tumo, suite of bench.py, commands of that suite, slow ones)
CASES = {
    "G1": ("index", "inspect --stage index {f}", "parse", ["native:lite_scan", "slop:parse", "ios:parse", "webifc.mjs", "index_simd"], []),
    "G2": ("everything reachable", "inspect --stage reachable {f}", "parse", ["openbim:parse", "slop:parse", "ios:parse", "bimifc:parse", "lite_decode_all", "arena"], []),
    "G3": ("all property sets and quantities", "inspect --stage properties {f}", "data", ["ifx:data", "lite:data", "lite_data", "ifcfast:data", "ios:data", "openbim:data"], ["slop:data"]),
    "G4": ("a mesh of every element", "inspect --stage solids {f}", "geom", ["slop:geom", "lite_geom", "lite:geom", "ifcfast:geom", "webifc.mjs"], ["ios:geom"]),
    "G6": ("20 specifications of an IDS", "ids {f} {bench}/data/permit.ids --format json -o /dev/null", "ids", ["ifcfast:ids"], ["ifctester"]),
    "G7": ("walls and columns against pipes and ducts", "check {f} --profile {profile} --only MQ20 --format json -o /dev/null", "clash", ["lite_clash", "ifcfast:clash"], ["ifcclash"]),
    "G8": ("a plan of every storey", "inspect --stage sections {f}", "svg", ["ifcfast:section"], ["ios:svg", "ios:section"]),
}
# what G12 does in one process, by the cases that others do it in
WHOLE = ["G3", "G6", "G7", "G8"]
# the pairs of classes of G7
CLASHES = """name = "clashes"
title = { en = "Clashes", zh = "碰撞" }
extends = "general"
[params.MQ20]
pairs = [
  { a = "IfcWall", b = "IfcPipeSegment" }, { a = "IfcWall", b = "IfcDuctSegment" },
  { a = "IfcColumn", b = "IfcPipeSegment" }, { a = "IfcColumn", b = "IfcDuctSegment" },
]
"""
STAGES = ["index", "model", "inspect --stage reachable {f}", "inspect --stage properties {f}", "inspect --stage sections {f}", "solids"]
# readers by a part of their command: what they are called, and what must be there for them to run
NAMES = {
    "ios:": "IfcOpenShell", "slop:": "slopifc", "openbim:": "openbim-ifc", "ifcfast:": "ifcfast", "bimifc:": "bimifc",
    "ifx:": "ifx-core", "lite:": "ifc-lite (Python)", "lite_scan_par": "ifc-lite index, 2 threads", "lite_scan": "ifc-lite index, 1 thread",
    "lite_decode_all": "ifc-lite, decode all", "lite_data": "ifc-lite data model", "lite_clash": "ifc-lite clash", "ifctester": "ifctester", "ifcclash": "ifcclash", "lite_geom": "ifc-lite-geometry", "webifc.mjs": "web-ifc",
    "index_simd": "limit: scan for record starts, 1 thread", "arena": "limit: every value parsed, 1 thread"
}

# what readers say that they made
MADE = {"n": "", "meshes": " meshes", "segments": " segments", "left": " not made", "anonymous_mb": " MB without the file's pages"}


def name(command):
    if "/tumo " in command:
        return "**tumo**"
    return next((v for k, v in NAMES.items() if k in command), command)


def absent(bench):
    """Kinds of readers that are not installed, by what their commands have in common."""
    out = {}
    if not (bench / "venv/bin/python").exists():
        out["peers.py"] = "readers for Python (venv)"
    if not (bench / "native/target/release/native").exists():
        out["native/target"] = "ifc-lite and the limits (native)"
    if not shutil.which("node") or not (bench / "js/node_modules/web-ifc").exists():
        out["/js/"] = "web-ifc (js)"
    return out


def run(bench, suite, file, rounds, only, add, missing, timeout):
    """One suite of bench.py on one file; its records."""
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as out:
        command = [sys.executable, str(bench / "bench.py"), suite, "-n", str(rounds), "--files", file, "--out", out.name,
                   "--only", ",".join(only + ["/tumo "]), "--timeout", str(timeout), "--ref", "/tumo "]
        command += [part for one in add for part in ("--add", one)]
        if missing:
            command += ["--skip", ",".join(missing)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(f"bench.py {suite} on {file} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return [json.loads(line) for line in out]


def size(data, file):
    return os.path.getsize(data / file) / 1e6


def of_tumo(args, command, bench, folder):
    """The command of bench.py that runs tumo; findings are no failure."""
    profile = Path(folder) / "clashes.toml"
    profile.write_text(CLASHES, encoding="utf-8")
    filled = command.replace("{bench}", shlex.quote(str(bench))).replace("{profile}", shlex.quote(str(profile)))
    if command.startswith("inspect"):
        return f"{shlex.quote(args.tumo)} {filled}"
    return "sh -c " + shlex.quote(f"{shlex.quote(args.tumo)} --quiet {filled}; test $? -le 1")


def case_table(key, args, bench, data, missing, best):
    what, command, suite, quick, slow = CASES[key]
    only = [c.replace("native:", "") for c in quick + (slow if args.slow else [])]
    print(f"\n**{key}, {what}**\n")
    print("| file | reader | seconds, × tumo's | CPU, × tumo's | peak, MB | made |\n|---|---|---|---|---|---|")
    failed = []
    for file in args.files:
        with tempfile.TemporaryDirectory() as folder:
            rows = run(bench, suite, file, args.rounds, only, [of_tumo(args, command, bench, folder)], missing, args.timeout)
        us = next((r for r in rows if "/tumo " in r["cmd"]), None)
        if us is None or "failed" in us:
            sys.exit(f"tumo itself failed on {file}: {us}")
        others = [r["s"] for r in rows if r is not us and "failed" not in r and not name(r["cmd"]).startswith("limit")]
        best[key, file] = min(others, default=None)
        for r in sorted(rows, key=lambda r: r.get("ratio") or 0):
            if "failed" in r:
                failed.append(f"{name(r['cmd'])} on {file}: {(r['err'].strip().splitlines() or ['no answer in time'])[-1][:100]}")
                continue
            made = ", ".join(f"{v:,.0f}{word}" for k, word in MADE.items() if (v := r["note"].get(k)))
            mine = r is us
            times = f"{r['s']:.3f} s" if mine else f"{r['ratio']:.1f} ×"
            cpu = f"{us['cpu']:.2f} s" if mine else f"{r['cpu'] / max(us['cpu'], 0.005):.1f} ×"
            print(f"| {file} ({size(data, file):.0f} MB) | {name(r['cmd'])} | {times} | {cpu} | {r['peak_mb']:.0f} | {made} |", flush=True)
    return failed


def whole_table(args, bench, data, best):
    """G12: the model, its IDS, its clashes and a drawing of every storey, in one process."""
    print("\n**G12, the whole review in one process**\n")
    print("| file | drawings | seconds | CPU | peak, MB | the fastest others of G3, G6, G7 and G8 together |\n|---|---|---|---|---|---|")
    for file in args.files:
        layout = data / Path(file).with_suffix(".json")
        with tempfile.TemporaryDirectory() as folder:
            plans = []
            while not plans or plans[-1].exists():
                plans.append(Path(folder) / f"plan_{len(plans)}.dxf")
                made = [str(bench / "venv/bin/python"), str(bench / "gen_dxf.py"), "plan", str(layout), str(len(plans) - 1)]
                subprocess.run(made + [str(plans[-1]), str(Path(folder) / "truth.json")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            plans.pop()
            if not plans:
                print(f"| {file} | none could be made of {layout.name} | | | | |")
                continue
            drawings = " ".join(shlex.quote(str(p)) for p in plans)
            command = "check {f} --profile {profile} --drawing " + drawings + " --ids {bench}/data/permit.ids --format json -o /dev/null"
            us = run(bench, "parse", file, args.rounds, [], [of_tumo(args, command, bench, folder)], {}, args.timeout)[0]
        if "failed" in us:
            sys.exit(f"tumo itself failed on {file}: {us}")
        parts = [best.get((key, file)) for key in WHOLE]
        beside = f"{sum(parts) / us['s']:.1f} ×" if all(parts) else "not all of them were run"
        print(f"| {file} ({size(data, file):.0f} MB) | {len(plans)} | {us['s']:.2f} s | {us['cpu']:.2f} s | {us['peak_mb']:.0f} | {beside} |", flush=True)


def growth_table(args, bench, data):
    print("\n**G14, growth**: CPU seconds per 100 MB, peak as a share of the file, and seconds on 1 thread over seconds on 2\n")
    print("| stage | " + " | ".join(f"{f} ({size(data, f):.0f} MB)" for f in args.files) + " | per MB, last against first |")
    print("|---|" + "---|" * (len(args.files) + 1))
    tumo = shlex.quote(args.tumo)
    cells = {s: [] for s in STAGES}
    for file in args.files:
        add = [f"{tumo} --threads {n} inspect --stage {s} {{f}}" for s in STAGES for n in (1, 2)]
        rows = run(bench, "parse", file, args.rounds, [], add, {}, args.timeout)
        for stage in STAGES:
            found = {n: next((r for r in rows if f"--threads {n} inspect --stage {stage}" in r["cmd"]), {}) for n in (1, 2)}
            if any("s" not in r for r in found.values()):
                sys.exit(f"tumo itself failed on {file}, stage {stage}: {found}")
            cells[stage].append((found[1]["cpu"] / size(data, file), found[2]["peak_mb"] / size(data, file), found[1]["smin"] / found[2]["smin"]))
    for stage, row in cells.items():
        texts = [f"{cpu * 100:.2f} s, {peak:.2f}, {two:.2f} ×" for cpu, peak, two in row]
        print(f"| {stage} | " + " | ".join(texts) + f" | {row[-1][0] / row[0][0]:.2f} × |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help="G1, G2, G3, G4, G6, G7, G8, G12, G14")
    parser.add_argument("--files", default="t10.ifc,t100.ifc", type=lambda s: s.split(","))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--slow", action="store_true", help="also readers that take minutes")
    parser.add_argument("--tumo", default=str(Path(__file__).resolve().parent.parent / "target/release/tumo"))
    args = parser.parse_args()
    folder = os.environ.get("TUMO_BENCH")
    if not folder:
        sys.exit("set TUMO_BENCH to the folder of the peers' benchmark (bench.py and what its setup.sh installs)")
    bench, data = Path(folder).resolve(), Path(folder).resolve() / "data"
    if not (bench / "bench.py").exists():
        sys.exit(f"{bench} holds no bench.py")
    if not os.access(args.tumo, os.X_OK):
        sys.exit(f"{args.tumo}: there is no such program; cargo build --release")
    unknown = [c for c in args.cases if c not in CASES and c not in ("G12", "G14")]
    if unknown:
        sys.exit(f"no such case: {', '.join(unknown)}")
    gone = [f for f in args.files if not (data / f).exists()]
    args.files = [f for f in args.files if f not in gone]
    if not args.files:
        sys.exit(f"{data} holds none of {', '.join(gone)}; make them with gen_tower.py")
    missing = absent(bench)
    cases = sorted(args.cases or [*CASES, "G12", "G14"], key=lambda c: int(c[1:]))
    print("Made by `" + " ".join(["benches/peers.py", *sys.argv[1:]]) + f"`, {args.rounds} rounds, {os.cpu_count()} cores.")
    failed, best = [], {}
    for key in cases:
        if key == "G14":
            growth_table(args, bench, data)
        elif key == "G12":
            whole_table(args, bench, data, best)
        else:
            failed += case_table(key, args, bench, data, missing, best)
    print("\nNot there: " + ("; ".join([*missing.values(), *failed, *gone]) or "none; every reader ran") + ".")


main()
