#!/usr/bin/env python3
"""From the drop to the first finding: a model and its sheets are sent, checked, and watched as the page does.

first.py PROGRAM MODEL SHEET...: tells the seconds from the first byte sent until the files are stored, until each stage
begins, until findings are told, until the report can be read, and until every format is written; and the processor time that
the checks took. Uses nothing but Python's own library.
"""
import json
import os
import resource
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from load import ask, call, people, start  # noqa: E402


def send(address, firm, round_id, path):
    """One file as a form."""
    line = "----tumo-first"
    with open(path, "rb") as file:
        content = file.read()
    head = f'--{line}\r\ncontent-disposition: form-data; name="f"; filename="{os.path.basename(path)}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{line}--\r\n".encode()
    headers = {**firm, "content-type": f"multipart/form-data; boundary={line}"}
    status, _, answer = call(address, "POST", f"/api/v1/rounds/{round_id}/files", body, headers)
    assert status == 201, answer


def main():
    program, files = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as data:
        process, address, folder = start(program, data)
        try:
            firm = people(address, folder)
            new = {"project_code": "P", "building_code": "B", "stage": "s"}
            submission = ask(address, "POST", "/api/v1/submissions", new, firm)["id"]
            round_id = ask(address, "POST", f"/api/v1/submissions/{submission}/rounds", {}, firm)["id"]
            begun = time.time()
            for path in files:
                send(address, firm, round_id, path)
            print(f"{time.time() - begun:6.1f} s  {len(files)} files stored")
            ask(address, "POST", f"/api/v1/rounds/{round_id}/check", {}, firm)
            seen, over, first = 0, False, None
            while not over:
                told = json.loads(call(address, "GET", f"/api/v1/rounds/{round_id}/progress?after={seen}", None, firm)[2])
                for step in told["steps"]:
                    seen = step["seq"]
                    name = step["data"].get("stage", step["kind"])
                    if step["kind"] == "findings":
                        first = time.time() - begun
                        name = f"{len(step['data']['first'])} findings told"
                    print(f"{time.time() - begun:6.1f} s  {name}")
                    over |= step["kind"] in ("done", "inconclusive", "cancelled")
                time.sleep(0.05)
            while json.loads(call(address, "GET", f"/api/v1/rounds/{round_id}/formats", None, firm)[2])["writing"]:
                time.sleep(0.1)
            print(f"{time.time() - begun:6.1f} s  every format written")
        finally:
            process.terminate()
            process.wait(60)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"processor time {used.ru_utime + used.ru_stime:.1f} s; first finding after {first:.1f} s")
    return 0


sys.exit(main())
