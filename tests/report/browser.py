#!/usr/bin/env python3
"""The report's page in headless Chromium, opened from a file as from a mail.

browser.py PAGES SHOTS: PAGES holds small.html (two dozen findings), large.html (2,000 findings, 200,000 segments a plan),
hostile.html, and reports of samples as NAME-LANG.html. Screenshots at 1366x768 go to SHOTS. Ends with 77 where there is no
Chromium; otherwise the last line says what was tried and how long frames took.
"""
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from chromium import Browser, installed  # noqa: E402

# what a frame may take while the large plan is dragged, in software rendering
FRAME_MS = 100
# other work of the machine makes frames late, never early: the best of so many drags is what the page needs
LEAST_DRAGS, MOST_DRAGS = 3, 20
SETTLED = "!view.painting && !view.frame && view.drawnAt !== null"


def opened(browser, path):
    """Opens a page and waits for its plan."""
    browser.go("about:blank#away")
    browser.go("file://" + path)
    browser.wait("typeof FINDINGS !== 'undefined'", "the report")
    browser.wait(f"!DATA.overlays.length || ({SETTLED})", "the plan")


def key(browser, name, code=None, text=None):
    """Presses and releases a key."""
    about = {"key": name, "code": code or name}
    if text:
        about["text"] = text
    browser.call("Input.dispatchKeyEvent", type="keyDown", **about)
    browser.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=code or name)


def mouse(browser, kind, x, y, **more):
    browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)


def centre(browser, selector):
    """Middle of an element in the window; it must be what a click there hits."""
    at = browser.run(f"(() => {{ const n = document.querySelector({selector!r}); const b = n.getBoundingClientRect();"
                     "const x = b.x + b.width / 2, y = b.y + b.height / 2, hit = document.elementFromPoint(x, y);"
                     "return [x, y, n === hit || n.contains(hit)]; })()")
    assert at[2], f"{selector} is covered"
    return at[:2]


def click(browser, selector):
    x, y = centre(browser, selector)
    mouse(browser, "mousePressed", x, y, button="left", clickCount=1)
    mouse(browser, "mouseReleased", x, y, button="left", clickCount=1)


def linked(browser):
    """From the list to the marker and back; the address holds what is open."""
    browser.run("document.getElementById('work').scrollIntoView()")
    chosen = browser.run("FINDINGS.find((f) => f.at && f.overlay === view.overlay).id")
    click(browser, f'#list [data-id="{chosen}"] .head')
    browser.wait(f"document.querySelector('.marker.open[data-id=\"{chosen}\"]') !== null && ({SETTLED})", "its marker")
    off = browser.run("(() => { const m = document.querySelector('.marker.open').getBoundingClientRect(), "
                      "s = document.getElementById('stage').getBoundingClientRect(); return Math.hypot(m.x + m.width / 2 - "
                      "s.x - s.width / 2, m.y + m.height / 2 - s.y - s.height / 2) })()")
    assert off < 4, f"the marker lies {off} px off the middle"
    assert browser.run("location.hash") == "#" + chosen
    browser.run("open(''); fit()")
    browser.wait(SETTLED, "the whole plan")
    other = browser.run(f"[...document.querySelectorAll('.marker:not(.many)')].map((m) => m.dataset.id).find((i) => i !== {chosen!r})")
    click(browser, f'.marker[data-id="{other}"]')
    browser.wait(f"document.querySelector('#list .finding.open[data-id=\"{other}\"] .detail') !== null", "its entry in the list")
    seen = browser.run("(() => { const n = document.querySelector('.finding.open .head').getBoundingClientRect(), l = "
                       "document.getElementById('list').getBoundingClientRect(); return n.top >= l.top - 1 && n.bottom <= "
                       "l.bottom + 1 })()")
    assert seen, "the entry is not scrolled into view"
    # the link opens the same finding
    browser.run("location.reload()")
    time.sleep(0.3)
    browser.wait(f"typeof FINDINGS !== 'undefined' && state.open === {other!r} && document.querySelector('.marker.open') !== null",
                 "the finding that the address names")


def filtered(browser):
    """Kinds, search, storeys; the markers follow."""
    browser.run("open(''); fit(); document.getElementById('work').scrollIntoView()")
    browser.wait(SETTLED, "the plan")
    shown = "[...document.querySelectorAll('#list .finding')].map((n) => n.dataset.id)"
    click(browser, "#filters .chip.error")
    assert browser.run(f"({shown}).length") == browser.run("FINDINGS.filter((f) => f.kind !== 'error').length")
    assert browser.run("document.querySelectorAll('.marker.error').length") == 0, "markers of what is hidden"
    click(browser, "#filters .chip.error")
    browser.run("document.getElementById('search').focus()")
    browser.call("Input.insertText", text="M0921-4")
    found = browser.run(f"({shown}).map((i) => BY_ID.get(i).message.en)")
    assert found and all("M0921-4" in text for text in found), found
    browser.run("Object.assign(state, { text: '' }); renderFilters(); refresh()")
    storey = browser.run("(() => { const s = document.querySelector('.selects select'); s.selectedIndex = 2; "
                         "s.dispatchEvent(new Event('change')); return s.value })()")
    assert browser.run(f"({shown}).every((i) => BY_ID.get(i).storey.name === {storey!r})"), storey
    browser.run("Object.assign(state, { storey: '', text: 'nothing has this' }); renderFilters(); refresh()")
    assert browser.run("document.querySelector('#list .empty').textContent.length") > 3, "an empty list says so"
    browser.run("Object.assign(state, { text: '' }); renderFilters(); refresh()")


def answered(browser):
    """An answer stands in the list, in the finding and in the summary, as text."""
    ids = browser.run("[...REPLIES.keys()]")
    assert len(ids) == 1, ids
    browser.run(f"open({ids[0]!r})")
    tag = browser.run("document.querySelector('.finding.open .tag').textContent")
    said = browser.run("document.querySelector('.finding.open .reply').textContent")
    assert tag == "not a defect" and said.endswith("not a defect – <b>see sheet 7</b>"), f"{tag}: {said}"
    assert "1 of 24 findings answered: 1 not a defect" in browser.run("document.getElementById('summary').innerText")


def by_keyboard(browser):
    """Everything without a mouse: to the search, through the list, the zoom."""
    browser.run("open(''); document.activeElement.blur()")
    key(browser, "j", "KeyJ", "j")
    first = browser.run("state.open")
    assert first, "j opens the first finding"
    key(browser, "ArrowDown")
    second = browser.run("state.open")
    assert second and second != first, "the arrow goes on"
    assert browser.run("document.activeElement.closest('.finding').dataset.id") == second, "the focus goes along"
    key(browser, "k", "KeyK", "k")
    assert browser.run("state.open") == first, "k goes back"
    scale = browser.run("view.scale")
    key(browser, "+", "Equal", "+")
    assert browser.run("view.scale") > scale, "+ comes closer"
    key(browser, "0", "Digit0", "0")
    key(browser, "/", "Slash", "/")
    assert browser.run("document.activeElement.id") == "search", "/ goes to the search"
    key(browser, "Escape")
    key(browser, "Escape")
    assert browser.run("state.open") == "", "Escape closes"
    # by Tab to the first finding, Enter opens it
    browser.run("document.querySelector('#list .head').focus()")
    key(browser, "Enter", "Enter", "\r")
    assert browser.run("state.open") != "", "Enter opens"


def in_both_languages(browser):
    """The button changes every word; nothing is without one."""
    for lang, said in [("zh", "图纸"), ("en", "Drawing")]:
        if browser.run("lang") != lang:
            click(browser, "#bar button[lang]")
        text = browser.run("document.body.innerText")
        assert said.lower() in text.lower(), f"{said} is not on the page in {lang}"
        assert "⟨?⟩" not in text, "a word is missing"
        assert browser.run("document.documentElement.lang").startswith(lang)


def dragged(browser):
    """Frames of a drag across the plan, in milliseconds, in order of length."""
    box = browser.run("(() => { const b = document.getElementById('stage').getBoundingClientRect(); return [b.x, b.y, b.width, "
                      "b.height] })()")
    x, y = box[0] + box[2] * 0.5, box[1] + box[3] * 0.55
    browser.run("frames = []; timing = true; (function next(t) { frames.push(t); if (timing) requestAnimationFrame(next) })"
                "(performance.now())")
    mouse(browser, "mousePressed", x, y, button="left", clickCount=1, buttons=1)
    before = browser.run("[view.x, view.y]")
    for n in range(45):
        x, y = x + (4 if n < 25 else -6), y + (2 if n % 2 else -1)
        mouse(browser, "mouseMoved", x, y, button="left", buttons=1)
    mouse(browser, "mouseReleased", x, y, button="left", clickCount=1)
    assert browser.run("[view.x, view.y]") != before, "the plan was not dragged"
    stamps = browser.run("timing = false, frames")
    return sorted(b - a for a, b in zip(stamps[1:], stamps[2:]))


def large(browser, path):
    """The large report: opens, drags and zooms with frames that are short enough."""
    begun = time.time()
    opened(browser, path)
    took = time.time() - begun
    assert browser.run("FINDINGS.length") == 2000
    segments = browser.run("Object.values(decoded(DATA.overlays[view.overlay]).drawn).flat().reduce((n, b) => n + b.lines.reduce("
                           "(k, l) => k + l.points.length / 2 - 1 + l.closed, 0), 0)")
    assert segments > 90_000, f"only {segments} segments"
    browser.run("document.getElementById('work').scrollIntoView()")
    browser.run("var frames = [], timing = false")
    told = []
    for name, prepare in [("whole", "fit()"), ("close", "zoom(4)")]:
        browser.run(prepare)
        browser.wait(SETTLED, "the plan")
        rounds, near = [], []
        while len(rounds) < LEAST_DRAGS or (min(near) > FRAME_MS and len(rounds) < MOST_DRAGS):
            rounds.append(dragged(browser))
            # how long all but the longest twentieth of a drag's frames are
            near.append(rounds[-1][max(0, len(rounds[-1]) * 19 // 20 - 1)])
        best = min(near)
        told.append(f"{name}: 95 % of frames within {best:.0f} ms, longest {min(r[-1] for r in rounds):.0f} ms")
        browser.wait(SETTLED, "the plan after the drag")
        assert browser.run("sameView(view.drawnAt)"), "the plan is not drawn where it was left"
        browser.shot("large-" + name)
        assert best <= FRAME_MS, f"{name}: frames of {near} ms"
    return f"large page in {took:.1f} s, {segments} segments; " + "; ".join(told)


def hostile(browser, path):
    """Names that are markup stay names: nothing of theirs runs or becomes an element."""
    opened(browser, path)
    browser.run("FINDINGS.forEach((f) => open(f.id)); preparePrint()")
    assert browser.run("document.querySelectorAll('#list img, #list script, #tables img, #tables script, #summary img').length") == 0
    assert browser.run("typeof hacked") == "undefined"


def samples(browser, pages):
    """Reports of samples, looked at: summary, plan with an open finding, tables, a narrow window, paper."""
    for name in pages:
        stem = os.path.basename(name)[:-5]
        opened(browser, name)
        text = browser.run("document.body.innerText")
        assert "⟨?⟩" not in text and "undefined" not in text and "NaN" not in text, f"{stem}: a word is missing"
        wide = browser.run("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{stem}: {wide} px wider than the window"
        browser.shot(stem + "-1-summary")
        browser.run("document.getElementById('work').scrollIntoView(); const first = FINDINGS.find((f) => f.at && f.kind === "
                    "'error') || FINDINGS.find((f) => f.at) || FINDINGS[0]; if (first) open(first.id)")
        browser.wait(f"!DATA.overlays.length || ({SETTLED})", "the plan")
        browser.shot(stem + "-2-finding")
        browser.run("document.getElementById('tables').scrollIntoView()")
        browser.shot(stem + "-3-tables")


def main():
    pages = sys.argv[1]
    program = installed()
    if not program:
        print("Chromium is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(program, os.path.join(folder, "profile"), SHOTS)
        try:
            small = os.path.join(pages, "small.html")
            opened(browser, small)
            linked(browser)
            filtered(browser)
            answered(browser)
            by_keyboard(browser)
            in_both_languages(browser)
            browser.shot("small")
            hostile(browser, os.path.join(pages, "hostile.html"))
            made = sorted(n for n in os.listdir(pages) if n.endswith(("-en.html", "-zh.html")))
            samples(browser, [os.path.join(pages, n) for n in made])
            told = large(browser, os.path.join(pages, "large.html"))
            foreign = [r for r in browser.requests if not r.startswith(("file:", "data:", "blob:", "about:"))]
            assert not foreign, f"asked of others: {foreign}"
            assert not browser.complaints, "\n".join(browser.complaints)
        finally:
            browser.end()
    print(f"{len(made)} reports of samples; {told}")
    return 0


SHOTS = sys.argv[2]
os.makedirs(SHOTS, exist_ok=True)
sys.exit(main())
