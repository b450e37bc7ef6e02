"""Where plans are drawn: model metres in, a DXF or an SVG out. Sizes on paper are millimetres times the scale."""

import math
from xml.sax.saxutils import escape

import ezdxf


class Frame:
    """Model metres -> drawing units: turned, scaled, moved; y turned over for SVG."""

    def __init__(self, unit, turn=0.0, at=(0.0, 0.0), down=False, scale=100):
        self.unit, self.turn, self.down, self.scale = unit, turn, down, scale
        c, s, k = math.cos(turn) * unit, math.sin(turn) * unit, -1 if down else 1
        self.m = [[c, -s, at[0]], [s * k, c * k, at[1]]]

    def __call__(self, p):
        return tuple(r[0] * p[0] + r[1] * p[1] + r[2] for r in self.m)

    def paper(self, mm):
        """Millimetres on paper, in drawing units."""
        return mm * self.scale / 1000 * self.unit


class Dxf:
    def __init__(self, style):
        self.style = style
        self.doc = ezdxf.new(style.get("version", "R2010"), setup=True)
        self.doc.encoding = style.get("encoding", "utf8")
        if style.get("insunits") is not None:
            self.doc.header["$INSUNITS"] = style["insunits"]
        self.space = self.doc.modelspace()
        self.frame = None
        self.known = set()
        self.r12 = style.get("version") == "R12"
        face = style.get("font")
        if face:
            self.doc.styles.add("ARCH", font=face)

    def layer(self, name, color=None):
        if name not in self.doc.layers:
            self.doc.layers.add(name, color=color or 1 + len(self.known) % 7)
            self.known.add(name)
        return name

    def attribs(self, layer, **more):
        return dict(layer=self.layer(layer), **more)

    def line(self, layer, a, b, dash=None):
        f = self.frame
        more = {}
        if dash and not self.r12:
            more["linetype"] = dash
        self.space.add_line(f(a), f(b), dxfattribs=self.attribs(layer, **more))

    def poly(self, layer, points, closed=True):
        pts = [self.frame(p) for p in points]
        if closed and len(pts) > 1 and math.dist(pts[0], pts[-1]) < 1e-9:
            pts.pop()
        add = self.space.add_polyline2d if self.r12 else self.space.add_lwpolyline
        add(pts, close=closed, dxfattribs=self.attribs(layer))

    def arc(self, layer, c, r, a0, a1):
        t = math.degrees(self.frame.turn)
        self.space.add_arc(self.frame(c), r * self.frame.unit, math.degrees(a0) + t, math.degrees(a1) + t, dxfattribs=self.attribs(layer))

    def circle(self, layer, c, r):
        self.space.add_circle(self.frame(c), r * self.frame.unit, dxfattribs=self.attribs(layer))

    def text(self, layer, at, text, mm=3.0, turn=0.0, multi=False, upright=False):
        f = self.frame
        angle = math.degrees(turn + (0 if upright else f.turn))
        if multi and not self.r12:
            m = self.space.add_mtext(text.replace("\n", "\\P"), dxfattribs=self.attribs(layer, char_height=f.paper(mm), rotation=angle))
            m.set_location(f(at), attachment_point=5)
            return
        for i, line in enumerate(text.split("\n")):
            p = f(at)
            q = (p[0] + math.sin(math.radians(angle)) * i * f.paper(mm) * 1.6, p[1] - math.cos(math.radians(angle)) * i * f.paper(mm) * 1.6)
            t = self.space.add_text(line, dxfattribs=self.attribs(layer, height=f.paper(mm), rotation=angle))
            t.set_placement(q, align=ezdxf.enums.TextEntityAlignment.MIDDLE_CENTER)

    def fill(self, layer, polygon, pattern="SOLID"):
        if self.r12:
            return
        h = self.space.add_hatch(color=8, dxfattribs=self.attribs(layer))
        if pattern != "SOLID":
            h.set_pattern_fill(pattern, scale=self.frame.paper(0.8))
        h.paths.add_polyline_path([self.frame(p) for p in list(polygon.exterior.coords)[:-1]], is_closed=True, flags=1)
        for hole in polygon.interiors:
            h.paths.add_polyline_path([self.frame(p) for p in list(hole.coords)[:-1]], is_closed=True, flags=16)

    def block(self, layer, name, build, at, x, y, values=None):
        """A block whose own axes run along the model vectors x and y (mirrored where they are left-handed)."""
        turn = math.atan2(x[1], x[0])
        flip = x[0] * y[1] - x[1] * y[0] < 0
        f = self.frame
        if self.style.get("explode"):
            place = lambda p: (at[0] + x[0] * p[0] + y[0] * p[1], at[1] + x[1] * p[0] + y[1] * p[1])
            return build(Placed(self, layer, place, turn, flip))
        name = f"{name}_{round(f.unit, 3)}" if f.unit not in (1000.0,) else name
        if name not in self.doc.blocks:
            block = self.doc.blocks.new(name)
            outer, frame = self.space, self.frame
            self.space, self.frame = block, Frame(f.unit, scale=f.scale)
            inner = self.style.get("block_layer") or layer
            build(Placed(self, inner, lambda p: p, 0.0, False))
            self.space, self.frame = outer, frame
        ref = self.space.add_blockref(name, f(at), dxfattribs=self.attribs(layer, yscale=-1 if flip else 1, xscale=1, rotation=math.degrees(turn + f.turn)))
        for tag, (value, p, mm) in (values or {}).items():
            a = ref.add_attrib(tag, value, dxfattribs=self.attribs(layer, height=f.paper(mm), rotation=math.degrees(f.turn)))
            a.set_placement(f(p), align=ezdxf.enums.TextEntityAlignment.MIDDLE_CENTER)

    def dimension(self, layer, a, b, base, turn, real, text):
        f = self.frame
        if real and not self.r12:
            size = f.paper(2.5)
            over = {"dimtxt": size, "dimasz": size / 2, "dimexe": size / 2, "dimexo": size / 2, "dimtad": 1, "dimlfac": 1000.0 / f.unit, "dimdec": 0, "dimrnd": 1, "dimgap": size / 3}
            d = self.space.add_linear_dim(base=f(base), p1=f(a), p2=f(b), angle=math.degrees(turn + f.turn), override=over, dxfattribs=self.attribs(layer))
            d.render()
            return
        u = (math.cos(turn), math.sin(turn))
        k = lambda p: (p[0] - base[0]) * u[0] + (p[1] - base[1]) * u[1]
        p, q = ((base[0] + u[0] * k(v), base[1] + u[1] * k(v)) for v in (a, b))
        for v, w in ((p, q), (a, p), (b, q)):
            self.line(layer, v, w)
        t = f.scale / 1000
        for v in (p, q):
            self.line(layer, (v[0] - t * (u[0] - u[1]), v[1] - t * (u[1] + u[0])), (v[0] + t * (u[0] - u[1]), v[1] + t * (u[1] + u[0])))
        n = (-u[1] * 2.2 * t, u[0] * 2.2 * t)
        self.text(layer, ((p[0] + q[0]) / 2 + n[0], (p[1] + q[1]) / 2 + n[1]), text, 2.5, turn)

    def save(self, path):
        self.doc.header["$TDCREATE"] = self.doc.header["$TDUPDATE"] = 2451545.0
        self.doc.saveas(path)


class Svg:
    """Another maker's SVG: pixels, nested transforms, symbols by use, styles as attributes or classes."""

    def __init__(self, style):
        self.style, self.frame, self.parts, self.symbols, self.box = style, None, {}, {}, [1e9, 1e9, -1e9, -1e9]
        self.inner = None

    def put(self, layer, xml):
        (self.inner if self.inner is not None else self.parts.setdefault(layer, [])).append(xml)

    def at(self, p):
        x, y = self.frame(p)
        if self.inner is None:
            b = self.box
            self.box = [min(b[0], x), min(b[1], y), max(b[2], x), max(b[3], y)]
        return f"{x:.4f}", f"{y:.4f}"

    def line(self, layer, a, b, dash=None):
        (x, y), (u, v) = self.at(a), self.at(b)
        self.put(layer, f'<line x1="{x}" y1="{y}" x2="{u}" y2="{v}"' + (' stroke-dasharray="8 3 1 3"' if dash else "") + "/>")

    def poly(self, layer, points, closed=True):
        d = " L".join(",".join(self.at(p)) for p in points)
        self.put(layer, f'<path d="M{d}{" Z" if closed else ""}"/>')

    def arc(self, layer, c, r, a0, a1):
        p, q = ((c[0] + r * math.cos(a), c[1] + r * math.sin(a)) for a in (a0, a1))
        (x, y), (u, v) = self.at(p), self.at(q)
        k = r * self.frame.unit
        sweep = 0 if self.frame.down else 1
        self.put(layer, f'<path d="M{x} {y}A{k:.4f} {k:.4f} 0 {int((a1 - a0) % (2 * math.pi) > math.pi)} {sweep} {u} {v}"/>')

    def circle(self, layer, c, r):
        x, y = self.at(c)
        self.put(layer, f'<circle cx="{x}" cy="{y}" r="{r * self.frame.unit:.4f}"/>')

    def text(self, layer, at, text, mm=3.0, turn=0.0, multi=False, upright=False):
        x, y = self.at(at)
        size = self.frame.paper(mm)
        angle = -math.degrees(turn + (0 if upright else self.frame.turn))
        lines = text.split("\n")
        spin = f' transform="rotate({angle:.3f} {x} {y})"' if abs(angle) > 1e-6 else ""
        if len(lines) > 1:
            body = "".join(f'<tspan x="{x}" dy="{0 if i == 0 else size * 1.6:.3f}">{escape(t)}</tspan>' for i, t in enumerate(lines))
        else:
            body = escape(text)
        self.put(layer, f'<text x="{x}" y="{y}" font-size="{size:.3f}" text-anchor="middle" dominant-baseline="middle" stroke="none" fill="#000"{spin}>{body}</text>')

    def fill(self, layer, polygon, pattern="SOLID"):
        d = " ".join("M" + " L".join(",".join(self.at(p)) for p in ring.coords) + " Z" for ring in [polygon.exterior, *polygon.interiors])
        self.put(layer, f'<path d="{d}" fill="#bbb" fill-rule="evenodd" stroke="none"/>')

    def block(self, layer, name, build, at, x, y, values=None):
        if name not in self.symbols:
            self.inner, frame = [], self.frame
            self.frame = Frame(frame.unit, scale=frame.scale)
            build(Placed(self, layer, lambda p: p, 0.0, False))
            self.symbols[name], self.inner, self.frame = self.inner, None, frame
        o, p, q = (self.frame(v) for v in (at, (at[0] + x[0], at[1] + x[1]), (at[0] + y[0], at[1] + y[1])))
        self.at(at)
        k = self.frame.unit
        m = [(p[0] - o[0]) / k, (p[1] - o[1]) / k, (q[0] - o[0]) / k, (q[1] - o[1]) / k, o[0], o[1]]
        self.put(layer, f'<use xlink:href="#{name}" transform="matrix({" ".join(f"{v:.6f}" for v in m)})"/>')
        for value, p, mm in (values or {}).values():
            self.text(layer, p, value, mm)

    dimension = Dxf.dimension
    r12 = True

    def save(self, path):
        x0, y0, x1, y1 = self.box
        pad = 20
        w, h = x1 - x0 + 2 * pad, y1 - y0 + 2 * pad
        unit = self.style.get("svg_unit", "px")
        out = ['<?xml version="1.0" encoding="UTF-8"?>', f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="{w:.3f}{unit}" height="{h:.3f}{unit}" viewBox="{x0 - pad:.3f} {y0 - pad:.3f} {w:.3f} {h:.3f}">', "<style>.s{fill:none;stroke:#000;stroke-width:0.5}</style>", "<defs>"]
        out += [f'<symbol id="{n}" overflow="visible"><g>{"".join(b)}</g></symbol>' if self.style.get("symbols") else f'<g id="{n}">{"".join(b)}</g>' for n, b in self.symbols.items()]
        out.append("</defs>")
        # the whole drawing stands in a group that is moved and moved back: transforms must be followed
        out.append('<g class="s" transform="translate(100,50)"><g transform="translate(-100,-50)">')
        for layer, items in self.parts.items():
            name = escape(layer, {'"': "&quot;"})
            head = f'inkscape:groupmode="layer" inkscape:label="{name}" id="layer{list(self.parts).index(layer) + 1}"' if self.style.get("inkscape") else f'id="{name}"'
            out.append(f"<g {head}>{''.join(items)}</g>")
        out += ["</g></g>", "</svg>"]
        open(path, "w", encoding="utf-8").write("\n".join(out))


class Placed:
    """Draws a symbol's parts in its own coordinates, where a block is not used."""

    def __init__(self, canvas, layer, place, turn, flip):
        self.canvas, self.layer, self.place, self.turn, self.flip = canvas, layer, place, turn, flip

    def line(self, a, b):
        self.canvas.line(self.layer, self.place(a), self.place(b))

    def poly(self, points, closed=True):
        self.canvas.poly(self.layer, [self.place(p) for p in points], closed)

    def arc(self, c, r, a0, a1):
        t = self.turn
        self.canvas.arc(self.layer, self.place(c), r, *((t - a1, t - a0) if self.flip else (t + a0, t + a1)))

    def circle(self, c, r):
        self.canvas.circle(self.layer, self.place(c), r)
