#!/usr/bin/env python3
"""The whole way in headless Chromium.

browser.py PROGRAM PROJECTS SHOTS: a firm signs in, hands in a pair that differs, watches the check, opens a finding on the
plan, rejects one, hands in the corrected pair and sees the finding fixed. Screenshots at 1366x768 go to SHOTS. Ends with 77
where there is no Chromium.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from chromium import Browser, installed  # noqa: E402


def api(address, method, path, body=None, token=None, cookie=None):
    """Asks the service; the answer as JSON, and the cookie that it sets."""
    request = urllib.request.Request(f"http://{address}{path}", method=method)
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        request.add_header("content-type", "application/json")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    if cookie:
        request.add_header("cookie", cookie)
        request.add_header("sec-fetch-site", "same-origin")
    with urllib.request.urlopen(request, data) as answer:
        text = answer.read()
        return (json.loads(text) if text else None), (answer.headers.get("set-cookie") or "").split(";")[0]


def service(program, data):
    """Starts the service; the process and its address."""
    process = subprocess.Popen([program, "serve", "--data", data, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE,
                               text=True)
    for line in process.stderr:
        told = json.loads(line)
        if told["event"] == "listening":
            address = told["address"]
            break
    # its log is read on, so that it is never held up
    import threading
    threading.Thread(target=lambda: [None for _ in process.stderr], daemon=True).start()
    return process, address


def firm(address, data):
    """A firm and somebody of it, made by the first administrator."""
    with open(os.path.join(data, "first-password.txt"), encoding="ascii") as file:
        password = file.read().strip()
    _, cookie = api(address, "POST", "/api/v1/sign-in", {"name": "admin", "password": password})
    tenant, _ = api(address, "POST", "/api/v1/tenants", {"name": "某某设计院", "area": "天河区"}, cookie=cookie)
    user = {"name": "设计师", "role": "firm", "tenant": tenant["id"], "password": "a long enough one"}
    api(address, "POST", "/api/v1/users", user, cookie=cookie)


def hand_in(browser, files, shot):
    """On the page of a draft: chooses files, waits until they are sent, begins the check, waits for the report."""
    browser.wait("document.readyState === 'complete' && document.getElementById('choose') !== null", "the page to hand in on")
    browser.choose("#choose", files)
    browser.wait(f"document.querySelectorAll('#files tbody tr:not(.sending)').length === {len(files)}", "the files")
    browser.wait("!document.getElementById('check').disabled", "the button to check")
    # what is said of the sheet is told from what was guessed, and known again in the next round
    sheet = "document.querySelector('#files tbody input[aria-label]')"
    if shot == "3":
        assert browser.run(f"{sheet}.className") == "guessed"
        browser.run(f"{sheet}.value = '1F..3F'; {sheet}.dispatchEvent(new Event('change'))")
        browser.wait(f"{sheet}.className === 'given'", "what was said of the sheet")
    assert browser.run(f"{sheet}.value") == "1F..3F", "what was said of the sheet is lost"
    browser.shot(shot + "-files")
    browser.run("document.getElementById('check').click()")
    browser.wait("document.getElementById('stages') !== null || document.getElementById('lines') !== null", "progress")
    seen = browser.run("document.querySelectorAll('#stages li').length")
    browser.wait("document.querySelector('#stages li.done') !== null || document.getElementById('lines') !== null", "a stage")
    browser.shot(shot + "-progress")
    browser.wait("document.getElementById('lines') !== null && document.body.dataset.outlines !== undefined", "the plan")
    return seen


def main():
    program, projects = sys.argv[1], sys.argv[2]
    chromium = installed()
    if not chromium:
        print("Chromium is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        process, address = service(program, data)
        browser = None
        try:
            firm(address, data)
            browser = Browser(chromium, os.path.join(folder, "profile"), SHOTS)
            way(browser, f"http://{address}", projects, data)
        finally:
            if browser:
                browser.end()
            process.terminate()
            process.wait(30)
        assert process.returncode == 0, f"the service ended with {process.returncode}"
    return 0


def way(browser, site, projects, data):
    """The whole way."""
    browser.go(site + "/?lang=zh")
    browser.wait("document.querySelector('form input[name=password]') !== null", "the page to sign in on")
    browser.shot("1-sign-in")
    browser.run("document.querySelector('[name=name]').value = '设计师'; document.querySelector('[name=password]').value "
                "= 'a long enough one'; document.querySelector('form').submit()")
    browser.wait("document.getElementById('new-submission') !== null", "the list")
    browser.run("document.querySelector('details.new').open = true; const f = document.getElementById('new-submission');"
                "f.project_code.value = 'GZ-2026-001'; f.building_code.value = 'A1'; f.title.value = '办公楼';")
    browser.shot("2-new")
    browser.run("document.getElementById('new-submission').requestSubmit()")

    wrong = os.path.join(projects, "fail_office-tarch")
    right = os.path.join(projects, "pass_office-tarch")
    pair = ["OfficeA.ifc", "arch_plans.dxf"]
    hand_in(browser, [os.path.join(wrong, f) for f in pair], "3")
    time.sleep(0.5)
    browser.shot("4-report")
    # formats become links one by one
    browser.run("document.querySelector('.downloads').open = true")
    browser.shot("4-downloads")
    browser.run("document.querySelector('.downloads').open = false")
    total = browser.run("FINDINGS.length")
    assert total > 10, f"only {total} findings"

    # a finding is opened from its marker's number and lies in the middle of the plan
    chosen = browser.run("FINDINGS.find((f) => f.kind === 'error' && f.at).id")
    browser.run("location.hash; document.getElementById('work').scrollIntoView(); "
                f"document.querySelector('[data-id=\"{chosen}\"] .head').click()")
    browser.wait("document.querySelector('.marker.open') !== null", "its marker")
    middle = browser.run("(() => { const m = document.querySelector('.marker.open').getBoundingClientRect(), "
                         "s = document.getElementById('stage').getBoundingClientRect(); return [Math.abs(m.x + m.width / 2 "
                         "- s.x - s.width / 2), Math.abs(m.y + m.height / 2 - s.y - s.height / 2)] })()")
    assert max(middle) < 4, f"the marker lies {middle} px off the middle"
    inked = browser.run("(() => { const c = document.getElementById('lines'), d = c.getContext('2d').getImageData(0, 0, "
                        "c.width, c.height).data; let n = 0; for (let i = 0; i < d.length; i += 4) if (d[i] < 230) n++; "
                        "return n })()")
    assert inked > 2000, f"the plan is empty: {inked} pixels"
    assert chosen in browser.run("location.href"), "the address does not hold the finding"
    detail = browser.run("document.getElementById('detail').innerText")
    assert "修改建议" in detail, detail
    browser.shot("5-finding")

    # rejected with a reason; without one it is not taken
    browser.run("document.querySelector('.review .reject').click()")
    browser.wait("document.querySelector('.review .wrong').textContent !== ''", "the question for a reason")
    browser.run("document.querySelector('.review textarea').value = '以图纸为准'; document.querySelector('.review .reject').click()")
    browser.wait("document.querySelector('.review li') !== null", "the answer")
    browser.shot("6-answered")

    # a link to it opens the same finding, with the answer
    link = browser.run("location.href")
    browser.go("about:blank#x")
    browser.go(link)
    browser.wait("document.querySelector('.review li') !== null && document.querySelector('.marker.open') !== null", "the link")

    # the corrected pair
    browser.run("location.href = document.querySelector('.eyebrow a:nth-of-type(2)').href")
    browser.wait("document.getElementById('new-round') !== null", "the submission")
    browser.shot("7-submission")
    browser.run("document.getElementById('new-round').click()")
    hand_in(browser, [os.path.join(right, f) for f in pair], "8")
    browser.wait("document.querySelector('#compare .chip.fixed') !== null && compared.ready", "the comparison")
    browser.run("document.querySelector('#compare .chip.fixed').click(); document.getElementById('compare').scrollIntoView()")
    browser.wait("document.querySelectorAll('#list .finding.gone').length > 0", "what is fixed")
    fixed = browser.run("compared.fixed.map((f) => f.id)")
    assert chosen in fixed, "the finding is not told as fixed"
    browser.shot("9-fixed")
    left = browser.run("FINDINGS.filter((f) => f.kind === 'error').length")
    assert left == 0, f"{left} errors are left after the correction"
    browser.run("document.querySelector('.eyebrow a:nth-of-type(2)').click()")
    browser.wait("document.querySelector('figure.history') !== null", "the history")
    browser.shot("10-history")
    browser.go(site + "/docs?lang=en")
    browser.shot("11-docs")
    administer(browser, site, data)

    foreign = [r for r in browser.requests if not r.startswith((site, "data:", "blob:", "about:"))]
    assert not foreign, f"asked of others: {foreign}"
    assert not browser.complaints, "\n".join(browser.complaints)


def signed_in(browser, site, name, password):
    """On the page to sign in on, after whoever is signed in has gone: whether name and password are taken."""
    browser.go(site + "/?lang=zh")
    browser.wait("document.readyState === 'complete'", "a page")
    if browser.run("document.querySelector('a[href=\"/people\"]') !== null"):
        # the page may leave for the page to sign in on as soon as it hears that the session has ended
        browser.run("void tumoCall('POST', '/api/v1/sign-out').then(() => { document.body.dataset.out = '1' })")
        browser.wait("location.pathname === '/sign-in' || (document.body !== null && document.body.dataset.out === '1')",
                     "the end of the session")
    browser.go(site + "/sign-in?lang=zh")
    browser.wait("document.querySelector('form input[name=password]') !== null", "the page to sign in on")
    browser.run(f"document.querySelector('[name=name]').value = {json.dumps(name)}; document.querySelector('[name=password]')"
                f".value = {json.dumps(password)}; document.querySelector('form').submit()")
    browser.wait("document.readyState === 'complete' && (document.querySelector('a[href=\"/people\"]') !== null || "
                 "document.querySelector('.wrong:not([hidden])') !== null)", "an answer")
    return browser.run("document.querySelector('a[href=\"/people\"]') !== null")


def administer(browser, site, data):
    """The administrator adds a firm and somebody of it, gives a new password, shuts out and lets in again."""
    with open(os.path.join(data, "first-password.txt"), encoding="ascii") as file:
        first = file.read().strip()
    assert signed_in(browser, site, "admin", first)
    browser.go(site + "/people")
    # a form is sent by the page's script, which is there once the page is complete
    complete = "document.readyState === 'complete' && "
    fill = "document.querySelector('#{0} [name={1}]').value = '{2}';"
    browser.run(fill.format("add-tenant", "name", "第二设计院") + fill.format("add-tenant", "area", "越秀区")
                + "document.getElementById('add-tenant').requestSubmit()")
    browser.wait(complete + "document.body.innerText.includes('第二设计院') && document.querySelector('#add-user option[value]') !== null",
                 "the firm")
    browser.run(fill.format("add-user", "name", "李工") + fill.format("add-user", "password", "the first password")
                + "{ const s = document.querySelector('#add-user [name=tenant]'); "
                "s.value = [...s.options].find((o) => o.textContent === '第二设计院').value; }"
                + "document.getElementById('add-user').requestSubmit()")
    row = "[...document.querySelectorAll('tr')].find((r) => r.innerText.includes('李工'))"
    browser.wait(f"{complete}{row} !== undefined", "the user")
    browser.run(f"{row}.querySelector('[data-password]').click()")
    browser.run(f"{row}.querySelector('form input').value = 'another password'")
    browser.shot("12-people")
    browser.run(f"{row}.querySelector('form').requestSubmit()")
    browser.wait(f"{complete}{row} !== undefined && {row}.querySelector('[data-password]') !== null", "the new password")
    # the only administrator is not shut out
    browser.run("[...document.querySelectorAll('tr')].find((r) => r.cells[0].innerText === 'admin').querySelector('[data-user]').click()")
    browser.wait("!document.getElementById('fault').hidden", "the refusal")
    assert not signed_in(browser, site, "李工", "the first password")
    assert signed_in(browser, site, "李工", "another password")
    browser.complaints[:] = [c for c in browser.complaints if "409" not in c and "401" not in c]


SHOTS = sys.argv[3]
os.makedirs(SHOTS, exist_ok=True)
sys.exit(main())
