#!/usr/bin/env python3
"""Makes pairs of a model and drawings of it, as offices of several countries draw, with recorded truth.

    tests/generate/pairs.py --model bar --style tz-mixed --seed 1 --out DIR [--side drawing|model] [--control NAME]
    tests/generate/pairs.py --suite OUT [--seeds 1,2] [--models bar,hall] [--styles flat] [--real DIR]

A model is one of the made ones (`drafting/made.py`) or the path of an IFC file. A pair is a folder with the drawings,
model.ifc and truth.json, in the format that tests/score/run.py reads. Without --side nothing is changed: the pair is
consistent. A control is a drawing that must not be taken for the plan it claims to be: `other` (another building),
`neighbour` (the storey above, under this one's title), `mirror`, `bays` (columns from the middle of a regular grid, without
a word), `furniture` (no building at all). `half` (half a hall without a word) may be laid where it belongs, and nowhere else.

Needs the packages ezdxf, ifcopenshell and shapely. The same arguments give the same drawings.
"""
import argparse
import copy
import hashlib
import json
import math
import os
import pathlib
import random
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
try:
    from shapely.geometry import LineString, box

    from drafting import change, draft, extract, made, model, styles
    from drafting.building import moved
    from drafting.canvas import Dxf, Frame, Svg
except ImportError as missing:
    sys.exit(f"pairs: {missing}; the packages ezdxf, ifcopenshell and shapely are needed")

CONTROLS = ["other", "neighbour", "mirror", "half", "bays", "furniture"]


def source(name, seed, lang):
    """Storeys, and how the model comes to lie beside the drawings: an IFC file or options of the writer."""
    if name in made.MADE:
        storeys, options = made.make(name, seed)
        return storeys, options, None
    storeys, has_grid, schema, unit = extract.read(name, lang)
    return storeys, dict(schema=schema, grid=has_grid, unit="m" if unit == 1.0 else "mm"), pathlib.Path(name)


def plan_groups(name, storeys):
    """Which storeys share a plan."""
    if name != "typical":
        return [[s] for s in storeys]
    return [[s] for s in storeys if s.number not in (3, 4, 5)][:2] + [[s for s in storeys if s.number in (3, 4, 5)]] + [[s] for s in storeys if s.number > 5]


def frame_for(style, s, scale, index, cursor, rng):
    if style.get("svg"):
        unit = style["dpi"] / 25.4 * 1000 / scale
        x0, y0, x1, y1 = s.box()
        return Frame(unit, at=(-x0 * unit + 150.0, y1 * unit + 150.0), down=True, scale=scale)
    turn = math.radians(style.get("turn", 0.0))
    if not style.get("one_file"):
        dx, dy = style.get("at", (rng.uniform(-90, 90), rng.uniform(-90, 90)))
        return Frame(style["unit"], turn, (dx, dy), scale=scale)
    return Frame(style["unit"], 0.0, (cursor * style["unit"], 12.5 * style["unit"]), scale=scale)


def build(name, style_name, seed, out, side=None, control=None):
    style = styles.STYLES[style_name]
    rng = random.Random(f"{name}/{style_name}/{seed}")
    lang = style["lang"]
    storeys, options, path = source(name, seed, lang)
    if control in ("half", "bays"):
        style = dict(style, crop=0.5, texts=False)
    out = pathlib.Path(out)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    has_grid = bool(storeys[0].axes) and options.get("grid", True)
    turned = (352.4, -118.7) if name == "turned" else None
    if turned:  # drawn square to the sheet, though the building stands at an angle
        back = math.radians(-37)
        storeys = moved(storeys, lambda p: spin((p[0] - turned[0], p[1] - turned[1]), back))
    world = (lambda p: tuple(a + b for a, b in zip(spin(p, math.radians(37)), turned))) if turned else (lambda p: p)

    drawn, modelled = storeys, copy.deepcopy(storeys)
    groups = plan_groups(name, drawn)
    seeded = []
    seeder = None
    if side:
        changed = drawn if side == "drawing" else modelled
        seeder = change.Seeder(changed, rng, side, lang, has_grid)
        only = {g[0].guid for g in groups if len(g) == 1} if side == "model" else {g[0].guid for g in groups}
        texts = bool(style.get("texts", True))
        kinds = [k for k in change.KINDS if k != "schedule_count" or style.get("schedule")]
        seeded = seeder.run([s for s in changed if s.guid in only and len(s.walls) + len(s.columns) > 3], kinds if texts else [])
    write_model(modelled, name, seed, control, options, path, out, turned)

    counts = tally(groups, modelled if side != "model" else drawn, seeder)
    plans, files = drawings(name, style, style_name, groups, rng, out, control, counts)
    truth(out, name, style_name, style, seed, side, control, options, path, modelled, plans, files, seeded, counts, world, has_grid, turned)


def spin(p, a):
    c, s = math.cos(a), math.sin(a)
    return (c * p[0] - s * p[1], s * p[0] + c * p[1])


def write_model(storeys, name, seed, control, options, path, out, turned):
    target = out / "model.ifc"
    if path:
        if control == "other":
            storeys, opts = made.make("bar", seed)
            model.write(storeys, target, ("other", seed), **opts)
        else:
            shutil.copyfile(path, target)
        return
    if control == "other":
        storeys = source(name, seed + 1000, "zh")[0]
    elif turned:
        storeys = made.turned(copy.deepcopy(storeys), 37, turned)
    model.write(storeys, target, (name, seed), **options)


def tally(groups, storeys, seeder):
    """Rows of the schedule: what is modelled on drawn storeys, and what was seeded into it."""
    shown = {s.guid for g in groups for s in g}
    rows = {}
    for s in storeys:
        if s.guid not in shown:
            continue
        for o in s.openings:
            said = getattr(o, "said", (o.w, o.h))
            rows.setdefault((o.cls, o.mark), [o.mark, said[0], said[1], 0])[3] += 1
    if seeder:
        for row in rows.values():
            if row[0] in seeder.counts:
                note = next(m for m in seeder.said if m["kind"] == "schedule_count" and m["mark"] == row[0])
                note["before"] = str(row[3])
                row[3] = max(0, row[3] + seeder.counts[row[0]])
                note["after"] = str(row[3])
    return [rows[k] for k in sorted(rows)]


def drawings(name, style, style_name, groups, rng, out, control, counts):
    scales = style.get("scales", [100])
    plans, files, canvas, cursor = [], [], None, 0.0
    make_canvas = lambda: (Svg if style.get("svg") else Dxf)(style)
    ext = "svg" if style.get("svg") else "dxf"
    low, variant = 0.0, rng.randrange(4)
    for i, group in enumerate(groups):
        s = group[0]
        shown = s
        numbers = [x.number for x in group]
        scale = scales[i % len(scales)]
        title = None
        if control == "neighbour":
            if i + 1 >= len(groups):
                continue
            shown = copy.copy(groups[i + 1][0])
            shown.elev = s.elev
        if control == "mirror":
            x0, _, x1, _ = s.box()
            shown = moved([copy.deepcopy(s)], lambda p: (x0 + x1 - p[0], p[1]), mirrored=True)[0]
        crop = None
        if style.get("crop"):
            x0, y0, x1, y1 = shown.box()
            crop = box(x0 - 1, y0 - 1, x0 + (x1 - x0) * style["crop"], y1 + 1)
            if control == "bays":  # columns of a middle part, which fit in several places
                crop, shown = box(x0 + 4, y0 + 4, x0 + (x1 - x0) * 0.6, y0 + (y1 - y0) * 0.7), copy.copy(shown)
                shown.walls, shown.openings, shown.rooms = [], [], []
        if canvas is None or not style.get("one_file"):
            canvas = make_canvas()
        canvas.frame = frame_for(style, shown, scale, i, cursor, rng)
        sheet = draft.Sheet(canvas, style, shown, numbers, rng, crop, variant)
        if len(group) > 1:
            sheet.levels = [x.elev for x in group]
        if style.get("one_file"):  # sheets stand side by side: their frames decide
            f = sheet.frame_box()
            canvas.frame = frame_for(style, shown, scale, i, cursor - f[0], rng)
            cursor += f[2] - f[0] + 6.0
            low = f[1]
        sheet.draw(title, "furniture" if control == "furniture" else None)
        if style.get("frames") and control != "furniture":
            sheet.frame(i + 1)
        file = f"{name.split('/')[-1].split('.')[0]}-all.{ext}" if style.get("one_file") else f"{name.split('/')[-1].split('.')[0]}-{i + 1}.{ext}"
        plans.append((sheet, group, canvas.frame, file, crop, shown))
        if not style.get("one_file"):
            canvas.save(out / file)
            files.append(file)
    if style.get("schedule") and counts and control != "furniture":
        if not style.get("one_file"):
            canvas = make_canvas()
            canvas.frame = Frame(style["dpi"] / 25.4 * 10 if style.get("svg") else style["unit"], at=(0, 0), down=bool(style.get("svg")), scale=100)
            draft.schedule(canvas, style, counts, (0.0, 0.0))
            files.append(f"schedule.{ext}")
            canvas.save(out / files[-1])
        else:
            canvas.frame = Frame(style["unit"], 0.0, (cursor * style["unit"], 12.5 * style["unit"]), scale=100)
            draft.schedule(canvas, style, counts, (0.0, low + 40.0))
    if style.get("one_file"):
        files.append(plans[0][3])
        canvas.save(out / files[-1])
    return plans, files


def truth(out, name, style_name, style, seed, side, control, options, path, modelled, plans, files, seeded, counts, world, has_grid, turned):
    sha = hashlib.sha256((out / "model.ifc").read_bytes()).hexdigest()
    place = lambda p: [round(float(v), 5) for v in world(p)]
    entries, shown = [], set()
    for i, (sheet, group, frame, file, crop, drawn) in enumerate(plans):
        x0, y0, x1, y1 = drawn.box()
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        matrix = frame.m
        if turned:  # model -> local -> drawing
            a = math.radians(-37)
            c, s = math.cos(a), math.sin(a)
            m = frame.m
            r = [[c, -s, -(c * turned[0] - s * turned[1])], [s, c, -(s * turned[0] + c * turned[1])]]
            matrix = [[m[k][0] * r[0][j] + m[k][1] * r[1][j] + (m[k][2] if j == 2 else 0) for j in range(3)] for k in (0, 1)]
        for s in group:
            inside = lambda e, at: crop is None or sheet.inside(at)
            shown |= {e.guid for e in s.walls if inside(e, e.mid)} | {e.guid for e in s.openings if not e.high and inside(e, e.c)} | {e.guid for e in s.columns if inside(e, e.c)} | {e.guid for e in s.rooms if inside(e, e.at)}
        own = group[0]
        odd = [dict(kind="room_area", guid=r.guid, note="declared and geometry differ") for r in own.rooms if abs(r.area - r.poly.area) > 0.01 * r.area]
        odd += [dict(kind="size", guid=o.guid, note="width and hole differ") for o in own.openings if abs(getattr(o, "said", (o.w,))[0] - o.w) > 0.004]
        entries.append(dict(
            id=f"P{i + 1}", storey=dict(guid=own.guid, name=own.name, elevation_m=own.elev, number=own.number), storeys=[s.guid for s in group], title=getattr(sheet, "said", ""), scale=frame.scale,
            model_to_drawing=dict(matrix=matrix, scale_units_per_m=frame.unit, rotation_deg=math.degrees(frame.turn), mirrored=frame.down),
            building_corners_m=[place(p) for p in corners], file=file, inherent=odd,
            shows=shows(sheet, drawn, place, turned, bool(style.get("texts", True))), **said(sheet, drawn, style, place, turned)))
    seeded = [] if control else visible(seeded, plans)
    for m in seeded:
        for key in ("xy_m", "xy_after_m", "xy2_m", "p0_m", "p1_m"):
            if m.get(key):
                m[key] = place(m[key])
    hidden = [dict(guid=g, **{"class": c}, why="not shown") for g, c in everything(out / "model.ifc") if g not in shown]
    if path:  # rooms without a section are modelled and not drawn
        drawn = {r.guid for _, group, *_ in plans for s in group for r in s.rooms}
        entries[0]["inherent"] += [dict(kind="room_missing", guid=g["guid"], note="without a section") for g in hidden if g["class"] == "IfcSpace" and g["guid"] not in drawn]
    data = dict(
        format="seeded pair truth 1", generator="tests/generate/pairs.py",
        model=dict(file="model.ifc", source=pathlib.Path(name).name, sha256=sha, schema=options.get("schema"), has_grid=has_grid, grid="IfcGrid" if has_grid else "none", changed=side == "model"),
        style=style_name, lang=style["lang"], seed=seed, side=side or "-", control=control, drawings=[dict(file=f) for f in files],
        plans=[] if control else entries, claimed=entries if control else [], schedule=dict(rows=counts), text_readable=True, not_shown=hidden, inconsistencies=seeded)
    (out / "truth.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")


def way(v, turned):
    """A direction of the building, in the model."""
    return [round(float(c), 6) for c in (spin(v, math.radians(37)) if turned else v)]


def shows(sheet, s, place, turned, texts):
    """What is drawn, in model metres: what tests/score_recognition.py holds recognition against."""
    out = dict(walls=[], openings=[], columns=[], rooms=[])
    for w in s.walls:
        p0, p1 = w.p0, w.p1
        if sheet.crop:
            part = LineString([p0, p1]).intersection(sheet.crop)
            if part.geom_type != "LineString" or part.length < 0.01:
                continue
            p0, p1 = part.coords[0], part.coords[-1]
        out["walls"].append(dict(guid=w.guid, p0_m=place(p0), p1_m=place(p1), thickness_mm=round(w.t * 1000, 2), straight=w.straight and w.arc is None))
    for o in s.openings:
        if sheet.inside(o.c):
            out["openings"].append(dict(guid=o.guid, **{"class": o.cls}, centre_m=place(o.c), width_mm=round(o.w * 1000, 2), wall_mm=round(o.t * 1000, 2), mark=o.mark if texts else "", host=o.host, high=o.high, operation=o.op, operation_known=o.op_known, dir=way(o.dir, turned), opens_to=way(o.opens, turned)))
    for c in s.columns:
        ring = c.shape()
        if sheet.crop is None or sheet.crop.contains(ring):
            xs, ys = zip(*(place(p) for p in ring.exterior.coords))
            out["columns"].append(dict(guid=c.guid, centre_m=place(c.c), box_mm=[round((max(v) - min(v)) * 1000, 2) for v in (xs, ys)]))
    if texts:
        out["rooms"] = [dict(guid=r.guid, name=r.name or r.number, number=r.number, area_m2=round(r.area, 2), at_m=place(r.at)) for r in s.rooms if sheet.inside(r.at)]
    return out


def said(sheet, s, style, place, turned):
    """Axes and level of a plan, as drawn."""
    if not style.get("texts", True):
        return {}
    axes = [dict(label=a.label, p0_m=place(a.p0), p1_m=place(a.p1)) for a in s.axes if sheet.crosses(a)]
    return dict(grid=dict(source="drawn", axes=axes), level=dict(text=styles.level(style["lang"], s.elev)))


def visible(seeded, plans):
    """What a cropped plan does not show can be found by nobody."""
    keep = []
    for m in seeded:
        sheet = next((p for p in plans if any(s.guid == m["storey_guid"] for s in p[1])), None)
        if sheet and sheet[4] is not None and m["kind"] not in ("level", "schedule_count"):
            at = m.get("xy_m")
            if m["kind"] == "swap" and at and not sheet[0].inside(at) and m.get("xy2_m"):
                at = m["xy2_m"]  # one half of it shows
            if m["kind"].startswith("grid"):
                if not sheet[4].buffer(0.2).contains(box(*(min(m["p0_m"][0], m["p1_m"][0]), sheet[5].box()[1], max(m["p0_m"][0], m["p1_m"][0]), sheet[5].box()[3])).centroid):
                    continue
            elif at and not sheet[0].inside(at):
                continue
        keep.append(m)
    return keep


def everything(path):
    import ifcopenshell

    f = ifcopenshell.open(str(path))
    return [(e.GlobalId, cls) for cls in ("IfcWall", "IfcDoor", "IfcWindow", "IfcColumn", "IfcSpace", "IfcCurtainWall", "IfcStair") for e in f.by_type(cls)]


REAL = ["ifc/nibs-office/Office_A_20110811.ifc", "pairs/sample-house/Ifc4_SampleHouse.ifc", "pairs/nl-clt-school/Eindmodel_Gebouwdeel.ifc"]


def suite(args):
    """Pairs of a matrix that visits every model with every style over the seeds, clean and changed by turns."""
    names = args.models.split(",") if args.models else made.MADE + ([str(pathlib.Path(args.real) / p) for p in REAL] if args.real else [])
    chosen = args.styles.split(",") if args.styles else list(styles.STYLES)
    out = pathlib.Path(args.suite) / "seeded"
    for seed in (int(s) for s in args.seeds.split(",")):
        for i, name in enumerate(names):
            for j, style in enumerate(chosen):
                if not args.full and (i + j + seed) % 3:
                    continue
                side = [None, "drawing", "model"][(i + 2 * j + seed // 3) % 3]
                if side == "model" and name not in made.MADE:
                    side = "drawing"
                label = pathlib.Path(name).stem.split("_")[0].lower()
                yield name, style, seed, out / f"{label}-{style}-{seed}{'' if not side else '-' + side[0]}", side, None
        if args.styles or args.models:
            continue
        for i, control in enumerate(CONTROLS):
            for name in ("hall",) if control in ("half", "bays") else ("bar", "lshape", "plain"):
                style = ["tz-mixed", "revit-feet", "cn-site", "de-cm", "svg-px"][(i + seed) % 5]
                yield name, style, seed, out / f"zz-{control}-{name}-{style}-{seed}", None, control


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--model")
    args.add_argument("--style", choices=sorted(styles.STYLES))
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--side", choices=["drawing", "model"])
    args.add_argument("--control", choices=CONTROLS)
    args.add_argument("--out")
    args.add_argument("--suite")
    args.add_argument("--seeds", default="1")
    args.add_argument("--models")
    args.add_argument("--styles")
    args.add_argument("--full", action="store_true", help="every model with every style")
    args.add_argument("--real", help="folder that holds the public models")
    args = args.parse_args()
    if args.suite:
        for name, style, seed, out, side, control in suite(args):
            build(name, style, seed, out, side, control)
            print(out.name, flush=True)
    elif args.model and args.style and args.out:
        build(args.model, args.style, args.seed, args.out, args.side, args.control)
    else:
        sys.exit("pairs: give --model, --style and --out, or --suite")


if __name__ == "__main__":
    main()
