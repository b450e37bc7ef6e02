"""Drafting styles: layers, walls, openings, texts, units and sheets, as offices of several countries have them."""

STYLES = {
    # 天正, of another office: other colours and line types, scales mixed on one sheet, all storeys in one file
    "tz-mixed": dict(
        lang="zh", version="R2000", encoding="gbk", unit=1000.0, insunits=4, one_file=True, frames=True, scales=[100, 150, 100, 150],
        walls="union", doors="arcleaf", windows=4, columns="solid", bubbles="both", reach=3.0, bubble_block=True, dims="real", schedule=True, furniture=True, level="triangle",
        layers=dict(wall="WALL", column="COLUMN", door="WINDOW", window="WINDOW", axis="DOTE", bubble="AXIS", dim="PUB_DIM", room="SPACE", tag="WINDOW_TEXT", title="PUB_TEXT", frame="PUB_TITLE", furn="LVTRY", stair="STAIR", level="DIM_ELEV", schedule="TAB", fin="WALL-LINE")),
    # Chinese layers of a design institute, metres, the plan turned 37 degrees on the site
    "cn-site": dict(
        lang="zh", version="R2010", unit=1.0, insunits=6, one_file=False, turn=37.0, at=(402315.25, 3561240.5), walls="unionpoly", doors="rectleaf", windows=3, columns="hatch", bubbles="one", reach=6.0,
        dims="exploded", schedule=True, furniture=True, level="triangle", upright=False,
        layers=dict(wall="A-墙体", column="S-柱", door="A-门", window="A-窗", axis="A-轴线", bubble="A-轴号", dim="A-尺寸标注", room="A-房间名称", tag="A-门窗编号", title="A-图名", frame="A-图框", furn="A-家具", stair="A-楼梯", level="A-标高", schedule="A-门窗表", fin="A-粉刷线")),
    # ArchiCAD: fills as walls, exploded dimensions, layers of its template
    "archicad": dict(
        lang="en", version="R2013", unit=1000.0, insunits=4, one_file=False, walls="fill", pattern="ANSI31", doors="frame", windows="frame", columns="hatch", bubbles="one", reach=2.5, explode=True, dims="exploded",
        schedule=True, furniture=True, level="cross", at=(-8400.0, 12750.0),
        layers=dict(wall="Structural - Bearing", column="Structural - Column", door="Model Unit - Opening", window="Model Unit - Opening", axis="Grid - Lines", bubble="Grid - Marker", dim="Dimensioning", room="Zone Stamp - Interior", tag="Marker - Opening", title="Drawing Title", frame="Master Layout", furn="Model Unit - Furniture", stair="Circulation - Stair", level="Dimensioning", schedule="Schedules", fin="Finish")),
    # Revit: each wall a polyline of its own, feet, tags and grid heads as blocks with attributes
    "revit-feet": dict(
        lang="en", version="R2018", unit=1 / 0.3048, insunits=2, one_file=False, walls="each", doors="arcleaf", windows="frame", columns="crossed", bubbles="both", reach=4.0, bubble_block=True, dims="real",
        schedule=True, furniture=True, level="triangle", multi=True, tag_block=True, at=(1311.7, -402.4),
        layers=dict(wall="A-WALL-FULL", column="S-COLS", door="A-DOOR", window="A-GLAZ", axis="S-GRID", bubble="S-GRID-IDEN", dim="A-ANNO-DIMS", room="A-AREA-IDEN", tag="A-DOOR-IDEN", tag_window="A-GLAZ-IDEN", title="A-ANNO-TTLB", frame="A-ANNO-TTLB", furn="I-FURN", stair="A-FLOR-STRS", level="A-ANNO-LEVL", schedule="A-ANNO-SCHD", fin="A-WALL-FNSH")),
    "revit-inch": dict(
        lang="en", version="R2007", unit=1 / 0.0254, insunits=1, one_file=False, walls="union", doors="sill", windows=2, columns="open", bubbles="one", reach=8.0, dims="exploded", paper=True,
        schedule=True, furniture=True, level="cross", turn=-90.0, at=(250.0, 5400.0),
        layers=dict(wall="A-WALL", column="A-COLS", door="A-DOOR-FULL", window="A-GLAZ-FULL", axis="A-GRID", bubble="A-GRID-IDEN", dim="A-DIMS", room="A-ROOM-NAME", tag="A-TAG", title="G-ANNO-TITL", frame="G-ANNO-TTLB", furn="0", stair="A-STRS", level="A-LEVL", schedule="G-ANNO-SCHD", fin="A-DETL")),
    # German office: centimetres, 1:50, room stamps, hatched walls
    "de-cm": dict(
        lang="de", version="R2004", encoding="cp1252", unit=100.0, insunits=5, one_file=False, walls="hatched", pattern="ANSI31", doors="rectleaf", windows=3, columns="hatch", bubbles="both", reach=2.5, dims="exploded", scales=[50],
        schedule=False, furniture=True, level="triangle", sills=True,
        layers=dict(wall="A_WAND_TRAGEND", wall_in="A_WAND_NICHTTRAGEND", column="A_STÜTZEN", door="A_TÜREN", window="A_FENSTER", axis="A_ACHSEN", bubble="A_ACHSEN", dim="A_BEMASSUNG", room="A_RAUMSTEMPEL", tag="A_TÜREN_TEXT", title="A_PLANTITEL", frame="A_PLANRAHMEN", furn="A_MÖBLIERUNG", stair="A_TREPPEN", level="A_HÖHENKOTEN", schedule="A_LISTEN", fin="A_PUTZ", hatch="A_SCHRAFFUR")),
    # French office: metres, all plans in one file, double lines for facings
    "fr-m": dict(
        lang="fr", version="R2010", unit=1.0, insunits=0, one_file=True, walls="finish", doors="open", windows=2, columns="crossed", bubbles="one", reach=3.5, dims="real", schedule=False, furniture=True, level="cross",
        layers=dict(wall="MURS", wall_in="CLOISONS", column="POTEAUX", door="PORTES", window="FENETRES", axis="AXES", bubble="AXES_TEXTE", dim="COTATION", room="TEXTE_PIECES", tag="REPERES_MENUISERIES", title="TITRES", frame="CARTOUCHE", furn="MOBILIER", stair="ESCALIERS", level="NIVEAUX", schedule="NOMENCLATURE", fin="DOUBLAGES")),
    # walls with finish lines, architecture and structure over each other in one file
    "xref-finish": dict(
        lang="zh", version="R2007", unit=1000.0, insunits=4, one_file=True, frames=True, walls="finish", doors="double-line", windows=4, columns="crossed", bubbles="one", reach=5.0, bubble_block=True, dims="real", over=True,
        schedule=True, furniture=True, level="triangle", prefix="XREF-ARCH$0$",
        layers=dict(wall="墙", column="柱", door="门窗", window="门窗", axis="轴线", bubble="轴线标注", dim="尺寸", room="房间", tag="门窗编号", title="文字", frame="图框", furn="洁具", stair="楼梯", level="标高", schedule="表格", fin="面层")),
    # no layers worth the name, but all that is drawn
    "flat": dict(
        lang="en", version="R12", unit=1000.0, insunits=None, one_file=False, walls="union", doors="arcleaf", windows=3, columns="open", bubbles="one", reach=2.5, dims="exploded", schedule=False, furniture=True, level="cross", explode=True,
        layers={}),
    # another maker's SVG: pixels, symbols, names of layers
    "svg-px": dict(
        lang="en", svg=True, svg_unit="px", dpi=96, one_file=False, walls="union", doors="arcleaf", windows=3, columns="solid", bubbles="one", reach=2.5, dims="exploded", scales=[100], symbols=True, schedule=True, furniture=True, level="triangle",
        layers=dict(wall="Walls", column="Columns", door="Doors", window="Windows", axis="Grids", bubble="Grid Heads", dim="Dimensions", room="Room Tags", tag="Door Tags", tag_window="Window Tags", title="Titles", frame="Title Block", furn="Furniture", stair="Stairs", level="Levels", schedule="Schedule", fin="Finishes")),
    "svg-ink": dict(
        lang="zh", svg=True, svg_unit="mm", dpi=25.4, one_file=False, inkscape=True, walls="unionpoly", doors="rectleaf", windows=4, columns="hatch", bubbles="both", reach=4.0, dims="exploded", scales=[150], schedule=False, furniture=True, level="triangle",
        layers=dict(wall="墙体", column="柱", door="门", window="窗", axis="轴线", bubble="轴号", dim="尺寸", room="房间名", tag="门窗编号", title="图名", frame="图框", furn="家具", stair="楼梯", level="标高", schedule="门窗表", fin="面层")),
    # half of each storey on its sheet, with break lines
    "crop": dict(
        lang="zh", version="R2010", unit=1000.0, insunits=4, one_file=False, crop=0.62, walls="union", doors="arcleaf", windows=4, columns="solid", bubbles="both", reach=3.0, bubble_block=True, dims="real", schedule=False, furniture=False, level="triangle",
        layers=dict(wall="WALL", column="COLUMN", door="WINDOW", window="WINDOW", axis="DOTE", bubble="AXIS", dim="PUB_DIM", room="SPACE", tag="WINDOW_TEXT", title="PUB_TEXT", frame="PUB_TITLE", furn="FURN", stair="STAIR", level="DIM_ELEV", schedule="TAB", fin="WALL-LINE")),
}

ZH = "零一二三四五六七八九十"


def zh(n):
    if n <= 10:
        return ZH[n]
    return ("" if n < 20 else ZH[n // 10]) + "十" + (ZH[n % 10] if n % 10 else "")


def title(lang, numbers, variant, scale):
    """The title of the plan of the storeys with these numbers (1 is the ground floor, -1 the first below)."""
    n = numbers[0]
    if lang == "zh":
        if len(numbers) > 1:
            name = f"{zh(n)}{'~' if variant % 2 else '～'}{zh(numbers[-1])}层平面图"
        elif n < 0:
            name = f"地下{zh(-n)}层平面图"
        else:
            name = ("首层" if n == 1 and variant % 2 else f"{zh(n)}层") + "平面图"
        return f"{name}  1:{scale}"
    if lang == "en":
        if len(numbers) > 1:
            return f"LEVELS {n}-{numbers[-1]} FLOOR PLAN  1:{scale}"
        words = ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH"]
        name = f"BASEMENT {-n} PLAN" if n < 0 else (f"LEVEL {n} - FLOOR PLAN" if variant % 2 else f"{words[n - 1]} FLOOR PLAN")
        return f"{name}  SCALE 1:{scale}"
    if lang == "de":
        if len(numbers) > 1:
            return f"GRUNDRISS {n - 1}. - {numbers[-1] - 1}. OBERGESCHOSS  M 1:{scale}"
        name = "UNTERGESCHOSS" if n < 0 else ("ERDGESCHOSS" if n == 1 else f"{n - 1}. OBERGESCHOSS")
        short = "UG" if n < 0 else ("EG" if n == 1 else f"{n - 1}. OG")
        return f"GRUNDRISS {name if variant % 2 else short}  M 1:{scale}"
    name = "SOUS-SOL" if n < 0 else ("REZ-DE-CHAUSSÉE" if n == 1 else ("1ER ÉTAGE" if n == 2 else f"{n - 1}ÈME ÉTAGE"))
    return f"PLAN {'DU' if n <= 2 else 'DU'} {name}  ÉCH. 1:{scale}"


def level(lang, metres):
    sign = "±" if abs(metres) < 0.0005 else ("+" if metres > 0 else "-")
    text = f"{abs(metres):.3f}"
    if lang == "zh":
        return text if sign == "+" else sign + text
    if lang == "en":
        return f"FFL {sign}{text}"
    return f"{'OKFF' if lang == 'de' else 'NGF'} {sign}{abs(metres):.2f}".replace(".", ",")


def area(lang, square_metres, variant):
    if lang == "zh":
        return f"{square_metres:.2f}{'㎡' if variant % 2 else 'm²'}"
    if lang == "en":
        return f"{square_metres:.2f} m²"
    number = f"{square_metres:.2f}".replace(".", ",")
    return f"NF: {number} m²" if lang == "de" else f"S = {number} m²"


SCHEDULE = {
    "zh": ("门窗表", ["设计编号", "洞口尺寸(mm)", "数量", "备注"]),
    "en": ("DOOR AND WINDOW SCHEDULE", ["MARK", "SIZE", "QTY", "REMARKS"]),
    "de": ("TÜR- UND FENSTERLISTE", ["POS.", "GRÖSSE", "ANZAHL", "BEMERKUNG"]),
    "fr": ("NOMENCLATURE DES MENUISERIES", ["REPÈRE", "DIMENSIONS", "NOMBRE", "OBSERVATIONS"]),
}
