"""Which addresses a webhook may have: those of the public internet."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp.connector import AddrInfoType

_NAT64 = IPv6Network("64:ff9b::/96")
_GIVEN_OUT = IPv6Network("2000::/3")
"""All newer addresses that anybody was given; the others are reserved or stand for something."""
_PROTOCOLS = IPv4Network("192.0.0.0/24")
"""Reserved; some versions of Python do not know all of it."""


class PrivateAddressError(OSError):
    """A connection to an address that is not public was refused."""


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet.

    :raises ValueError: if it is none.
    """
    parsed = ip_address(address.partition("%")[0])
    inner = _inner(parsed) if isinstance(parsed, IPv6Address) else None
    if inner is None and isinstance(parsed, IPv6Address) and parsed not in _GIVEN_OUT:
        return False
    public = inner or parsed
    return public.is_global and not public.is_multicast and public not in _PROTOCOLS


def open_public_socket(info: AddrInfoType) -> socket.socket:
    """Return a socket for an address that a name stands for, or that was written as one.

    Looking at this place, and not at the name, leaves no time to change what the name stands for.

    :raises PrivateAddressError: if the address is not public.
    """
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise PrivateAddressError("the address is not public")
    return socket.socket(family=family, type=kind, proto=protocol)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the older address that a newer one stands for, if it does."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
