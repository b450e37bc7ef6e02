"""Headless Chromium, driven over a pipe with nothing but Python's own library."""
import base64
import json
import os
import shutil
import subprocess
import time

PATIENCE_S = 240


def installed():
    """Chromium's program, where there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """Chromium at the other end of a pipe: JSON objects, each ended by a zero byte."""

    def __init__(self, program, folder, shots):
        self.shots = shots
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
        self.number, self.session, self.loader = 0, None, None
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
        if message.get("method") == "Page.frameNavigated" and "parentId" not in message["params"]["frame"]:
            self.loader = message["params"]["frame"]["loaderId"]
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(message["params"]["exceptionDetails"])[:600])
        if message.get("method") == "Runtime.consoleAPICalled" and message["params"]["type"] in ("error", "assert"):
            self.complaints.append(json.dumps(message["params"]["args"])[:600])
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
        """Goes to a page and waits until it, and not the one before it, is there."""
        loader = self.call("Page.navigate", url=url).get("loaderId")
        begun = time.time()
        while loader not in (None, self.loader):
            assert time.time() - begun < PATIENCE_S, f"{url} did not come"
            self.wait("true", url)
        self.wait("document.readyState === 'complete' && document.body !== null && location.href !== 'about:blank'", url)

    def choose(self, selector, files):
        document = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=files, nodeId=node)

    def shot(self, name):
        picture = self.call("Page.captureScreenshot", format="png")
        with open(os.path.join(self.shots, name + ".png"), "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def end(self):
        self.process.kill()
        self.process.wait()
