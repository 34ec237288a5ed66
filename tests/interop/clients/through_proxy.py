"""Runs a program whose own sockets heed no proxy: ``python through_proxy.py PROGRAM …``.

A connection to a host of Scratch goes to the sandbox's HTTPS proxy, and not a line of the program
or of its library is changed.
"""

import os
import runpy
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

proxy = urlsplit(os.environ["HTTPS_PROXY"])
connect, getaddrinfo, names = socket.socket.connect, socket.getaddrinfo, {}


def stands_for(host):
    """Return an address that stands for a host of Scratch; nobody has it."""
    for address, name in names.items():
        if name == host:
            return address
    address = f"192.0.2.{len(names) + 1}"
    names[address] = host
    return address


def is_scratch(host):
    return isinstance(host, str) and f".{host}".endswith(".scratch.mit.edu")


def look_up(host, *args, **kwargs):
    return getaddrinfo(stands_for(host) if is_scratch(host) else host, *args, **kwargs)


def connect_through(self, address):
    name = names.get(address[0]) if isinstance(address, tuple) else None
    if name is None:
        connect(self, address)
        return
    timeout = self.gettimeout()
    self.setblocking(True)
    connect(self, (proxy.hostname, proxy.port))
    os.write(self.fileno(), f"CONNECT {name}:{address[1]} HTTP/1.1\r\n\r\n".encode())
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        said += os.read(self.fileno(), 1)
    if b" 200 " not in said:
        raise OSError(f"the proxy said {said[:40]!r}")
    self.settimeout(timeout)


socket.socket.connect = connect_through
socket.getaddrinfo = look_up
socket.gethostbyname = lambda host: stands_for(host) if is_scratch(host) else "127.0.0.1"

sys.argv = sys.argv[1:]
sys.path[0] = str(Path(sys.argv[0]).parent)
runpy.run_path(sys.argv[0], run_name="__main__")
