#!/usr/bin/env python3
"""Many resumable uploads at once, a third of them cut and resumed, while the interface is asked.

load.py PROGRAM [UPLOADS] [MB]: tells hash mismatches, the time of other requests (p50, p99), and the memory of the service.
Uses nothing but Python's own library.
"""
import base64
import hashlib
import http.client
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

TUS = {"tus-resumable": "1.0.0"}


def call(address, method, path, body=None, headers=None):
    """One request; status, headers and bytes of the answer."""
    connection = http.client.HTTPConnection(address, timeout=120)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    out = answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read()
    connection.close()
    return out


def ask(address, method, path, body, headers):
    """The same with JSON."""
    status, told, answer = call(address, method, path, json.dumps(body), {"content-type": "application/json", **headers})
    assert status < 300, (path, status, answer)
    return json.loads(answer) if answer else told


def start(program, data):
    """The service and its address."""
    config = os.path.join(data, "tumo.toml")
    with open(config, "w", encoding="ascii") as file:
        file.write("[limits]\nrequests_per_second = 10000\nrequest_burst = 10000\nfree_mb = 0\n")
    folder = os.path.join(data, "data")
    process = subprocess.Popen([program, "serve", "--config", config, "--data", folder, "--listen", "127.0.0.1:0"],
                               stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        told = json.loads(line)
        if told["event"] == "listening":
            break
    threading.Thread(target=lambda: [None for _ in process.stderr], daemon=True).start()
    return process, told["address"], folder


def people(address, folder):
    """Headers of somebody of a firm."""
    with open(os.path.join(folder, "first-password.txt"), encoding="ascii") as file:
        password = file.read().strip()
    signed = ask(address, "POST", "/api/v1/sign-in", {"name": "admin", "password": password}, {})
    admin = {"cookie": signed["set-cookie"].split(";")[0], "sec-fetch-site": "same-origin"}
    tenant = ask(address, "POST", "/api/v1/tenants", {"name": "one", "area": "a"}, admin)["id"]
    user = ask(address, "POST", "/api/v1/users", {"name": "u", "role": "firm", "tenant": tenant}, admin)["id"]
    new = {"name": "t", "scopes": ["read", "write"], "days": 1, "user": user}
    return {"authorization": "Bearer " + ask(address, "POST", "/api/v1/tokens", new, admin)["secret"]}


def upload(address, firm, round_id, number, size, sent):
    """Sends one file; one of three is cut in the middle of a piece."""
    dice = random.Random(number)
    content = b"  0\nSECTION\n" + dice.randbytes(size - 12)
    name = f"{number}.dxf"
    headers = {**firm, **TUS, "upload-length": str(size),
               "upload-metadata": "filename " + base64.b64encode(name.encode()).decode()}
    where = call(address, "POST", f"/api/v1/rounds/{round_id}/uploads", None, headers)[1]["location"]
    cut = number % 3 == 0
    while True:
        offset = int(call(address, "HEAD", where, None, {**firm, **TUS})[1]["upload-offset"])
        if offset >= size:
            break
        piece = content[offset:]
        headers = {**firm, **TUS, "upload-offset": str(offset), "content-type": "application/offset+octet-stream"}
        if cut:
            cut = False
            connection = http.client.HTTPConnection(address, timeout=120)
            connection.putrequest("PATCH", where)
            for key, value in {**headers, "content-length": str(len(piece))}.items():
                connection.putheader(key, value)
            connection.endheaders()
            connection.send(piece[: int(len(piece) * dice.random())])
            connection.close()
            continue
        try:
            status, _, answer = call(address, "PATCH", where, piece, headers)
        except ConnectionError:
            # it was answered before all of it was sent: the request that was cut is still being read
            status, answer = 423, b""
        assert status in (204, 409, 423), (status, answer)
        time.sleep(0 if status == 204 else 0.05)
    sent[name] = hashlib.sha256(content).hexdigest()


def watch(address, firm, pid, over, told):
    """Asks for the list again and again, in a process of its own; its times, sorted, and the service's memory in kB."""
    times, most = [], 0
    while not over.is_set():
        begun = time.time()
        assert call(address, "GET", "/api/v1/submissions", None, firm)[0] == 200
        times.append(time.time() - begun)
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            most = max([most] + [int(l.split()[1]) for l in file if l.startswith("VmRSS")])
        time.sleep(0.02)
    told.put((sorted(times), most))


def main():
    program = sys.argv[1]
    uploads = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    size = (int(sys.argv[3]) if len(sys.argv) > 3 else 20) << 20
    with tempfile.TemporaryDirectory() as data:
        process, address, folder = start(program, data)
        try:
            firm = people(address, folder)
            new = {"project_code": "P", "building_code": "B", "stage": "s"}
            submission = ask(address, "POST", "/api/v1/submissions", new, firm)["id"]
            round_id = ask(address, "POST", f"/api/v1/submissions/{submission}/rounds", {}, firm)["id"]
            sent, times = {}, multiprocessing.Queue()
            over = multiprocessing.Event()
            watcher = multiprocessing.Process(target=watch, args=(address, firm, process.pid, over, times))
            watcher.start()
            begun = time.time()
            threads = [threading.Thread(target=upload, args=(address, firm, round_id, n, size, sent)) for n in range(uploads)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            took = time.time() - begun
            over.set()
            times, most = times.get()
            watcher.join()
            files = json.loads(call(address, "GET", f"/api/v1/rounds/{round_id}/files", None, firm)[2])
            kept = {f["name"]: f["sha256"] for f in files}
            wrong = sum(kept.get(name) != digest for name, digest in sent.items()) + uploads - len(sent)
            print(f"{uploads} uploads of {size >> 20} MB in {took:.1f} s, {wrong} wrong; other requests: "
                  f"p50 {times[len(times) // 2] * 1e3:.0f} ms, p99 {times[int(len(times) * 0.99)] * 1e3:.0f} ms of {len(times)}; "
                  f"memory at most {most / 1024:.0f} MB")
            return 1 if wrong else 0
        finally:
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
