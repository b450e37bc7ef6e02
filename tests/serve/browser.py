#!/usr/bin/env python3
"""The whole way in headless Chromium, driven over a pipe with nothing but Python's own library.

browser.py PROGRAM PROJECTS SHOTS: a firm signs in, hands in a pair that differs, watches the check, opens a finding on the
plan, rejects one, hands in the corrected pair and sees the finding fixed. Screenshots at 1366x768 go to SHOTS. Ends with 77
where there is no Chromium.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

PATIENCE_S = 240


class Browser:
    """Chromium at the other end of a pipe: JSON objects, each ended by a zero byte."""

    def __init__(self, program, folder):
        mine, its_out = os.pipe()
        its_in, to_it = os.pipe()
        # Chromium reads from 3 and writes to 4
        os.set_inheritable(its_in, True)
        os.set_inheritable(its_out, True)
        command = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   "--no-first-run", "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
                   "--window-size=1366,768", f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"]
        shell = ["/bin/sh", "-c", f'exec "$@" 3<&{its_in} 4>&{its_out}', "sh", *command]
        self.process = subprocess.Popen(shell, pass_fds=(its_in, its_out), stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(its_in)
        os.close(its_out)
        self.to_it, self.mine, self.rest = to_it, mine, b""
        self.number, self.session = 0, None
        self.requests, self.complaints = [], []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=1366, height=768, deviceScaleFactor=1, mobile=False)

    def read(self):
        while b"\0" not in self.rest:
            piece = os.read(self.mine, 1 << 16)
            if not piece:
                raise RuntimeError("Chromium has gone")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(message)
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(message["params"]["exceptionDetails"])[:600])
        if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
            entry = message["params"]["entry"]
            if "favicon" not in entry.get("url", ""):
                self.complaints.append(f'{entry["text"]} {entry.get("url", "")}')
        return message

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_it, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise RuntimeError(f'{method}: {answer["error"]}')
                return answer["result"]

    def run(self, script):
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f'{script}: {answer["exceptionDetails"]}')
        return answer["result"].get("value")

    def wait(self, script, what):
        begun = time.time()
        while time.time() - begun < PATIENCE_S:
            try:
                value = self.run(script)
                if value:
                    return value
            except RuntimeError as error:
                # the page is being left
                if "context" not in str(error) and "navigated" not in str(error):
                    raise
            time.sleep(0.1)
        raise AssertionError(f"{what} did not come; the page says: {self.run('document.body.innerText')[:1500]}")

    def go(self, url):
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'", url)

    def choose(self, selector, files):
        document = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=files, nodeId=node)

    def shot(self, name):
        picture = self.call("Page.captureScreenshot", format="png")
        with open(os.path.join(SHOTS, name + ".png"), "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def end(self):
        self.process.kill()
        self.process.wait()


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
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("Chromium is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        process, address = service(program, data)
        browser = None
        try:
            firm(address, data)
            browser = Browser(chromium, os.path.join(folder, "profile"))
            way(browser, f"http://{address}", projects)
        finally:
            if browser:
                browser.end()
            process.terminate()
            process.wait(30)
        assert process.returncode == 0, f"the service ended with {process.returncode}"
    return 0


def way(browser, site, projects):
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

    foreign = [r for r in browser.requests if not r.startswith((site, "data:", "blob:", "about:"))]
    assert not foreign, f"asked of others: {foreign}"
    assert not browser.complaints, "\n".join(browser.complaints)


SHOTS = sys.argv[3]
os.makedirs(SHOTS, exist_ok=True)
sys.exit(main())
