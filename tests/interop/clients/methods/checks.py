"""What the checks of each client's methods share.

A check calls one public method against the sandbox and tells whether it had its effect. The
clients are not changed: the proxy's environment variables send them to the sandbox.
"""

import asyncio
import inspect
import json
import os
import socket
import sys
import threading
import time
import traceback
import urllib.request
from urllib.parse import urlsplit

SANDBOX = os.environ["SANDBOX"]
CHECKS = []
LEFT_OUT = {}


def check(*methods, differs="", bug="", note=""):
    """Register a check of one method or several.

    :param differs: how the sandbox differs from the site here, and why.
    :param bug: the client's own mistake: the check is expected to fail.
    :param note: what is worth knowing of a method that passes.
    """
    result = "own mistake" if bug else "differs" if differs else "passes"

    def add(function):
        CHECKS.append((methods, result, bug or differs or note, function))
        return function

    return add


def leave_out(why, *methods):
    """Name methods that talk to no living endpoint of Scratch."""
    LEFT_OUT.update(dict.fromkeys(methods, why))


def site(host, path, **headers):
    """Ask the sandbox as somebody who has nothing to do with the client, and return JSON."""
    return json.loads(page(host, path, **headers))


def api(path, **headers):
    """Ask the sandbox's API."""
    return site("api.scratch.mit.edu", path, **headers)


def page(host, path, **headers):
    """Ask the sandbox and return the text of its answer."""
    return raw(host, path, **headers).decode()


def picture(name):
    """Return a picture of the site."""
    return raw("cdn2.scratch.mit.edu", f"/get_image/{name}")


def raw(host, path, **headers):
    """Ask the sandbox and return the bytes of its answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{SANDBOX}{path}", headers={"Host": host, **named})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request) as answer:
        return answer.read()


def act(**what):
    """Do something in the sandbox as somebody else."""
    request = urllib.request.Request(
        f"{SANDBOX}/sandbox/act",
        data=json.dumps(what).encode(),
        headers={"Content-Type": "application/json", "Origin": SANDBOX},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request) as answer:
        said = json.loads(answer.read())["message"]
    assert not said, said


def wait_until(condition):
    """Wait until a condition holds, for some seconds at most."""
    for _ in range(100):
        if condition():
            return True
        time.sleep(0.1)
    return False


def relay(host):
    """Pass the bytes of a local port on to a host of Scratch through the proxy."""
    proxy = urlsplit(os.environ["HTTPS_PROXY"])
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            client, _ = server.accept()
            inner = socket.create_connection((proxy.hostname, proxy.port))
            inner.sendall(f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode())
            assert b" 200 " in inner.recv(1000)
            for source, target in ((client, inner), (inner, client)):
                threading.Thread(target=pump, args=(source, target), daemon=True).start()

    def pump(source, target):
        while data := source.recv(65536):
            target.sendall(data)
        target.close()

    threading.Thread(target=serve, daemon=True).start()
    return f"127.0.0.1:{server.getsockname()[1]}"


def public_methods(*classes):
    """Return the public methods of classes, as ``Class.method``."""
    return {
        f"{one.__name__}.{name}"
        for one in classes
        for name, member in vars(one).items()
        if not name.startswith("_")
        and (inspect.isfunction(member) or isinstance(member, staticmethod | classmethod))
    }


async def run(there, *arguments):
    """Run all checks in their order and print what each came to."""
    named = {method for methods, *_ in CHECKS for method in methods} | set(LEFT_OUT)
    for method in sorted(there - named):
        tell(method, "unchecked", "")
    for methods, result, note, function in CHECKS:
        failure = await attempt(function, arguments)
        mistaken = result == "own mistake"
        for method in methods:
            if failure and not mistaken:
                tell(method, "fails", failure)
            elif mistaken and not failure:
                tell(method, "fails", "passes, though it was taken for a mistake of the client")
            else:
                tell(method, result, note)
    for method, why in LEFT_OUT.items():
        tell(method, "left out", why)


async def attempt(function, arguments):
    """Run a check; return what went wrong, or nothing."""
    try:
        found = function(*arguments)
        if inspect.isawaitable(found):
            found = await asyncio.wait_for(found, 20)
    except Exception as error:
        if "-v" in sys.argv:
            traceback.print_exc()
        return f"{type(error).__name__}: {error}"[:300]
    return "" if found is None or found else f"it gave {found!r}"


def tell(method, result, note):
    """Print one line of the table."""
    print(json.dumps({"method": method, "result": result, "note": note}), flush=True)
