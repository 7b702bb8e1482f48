"""Hubs on the local network, found by multicast DNS (RFC 6762, 6763) with the library `zeroconf`.

A convenience for typing no address, and nothing to be trusted: a hub shows who it is by knowing the one-time code.
Nothing is asked or announced unless somebody says so.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from elearn.ports import Neighbour

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

log = logging.getLogger("elearn")

SERVICE = "_elearn-hub._tcp.local."
MOST = 20
LONGEST_NAME_BYTES = 60
_ANSWER_MS = 1500


class LanNeighbours:
    """Fulfils ports.Neighbours. interfaces: addresses to speak on, None = all of the machine."""

    def __init__(self, interfaces: Sequence[str] | None = None) -> None:
        self._interfaces = interfaces
        self._announced: Zeroconf | None = None

    def find(self, seconds: float) -> list[Neighbour]:
        """Return the hubs that answered within that time, by name, at most MOST. [] where there is no network."""
        from zeroconf import ServiceBrowser  # a tenth of a second and 10 MB, for a page that is opened once

        names: set[str] = set()
        enough = threading.Event()

        def heard(name: str, **_: object) -> None:
            names.add(name)
            if len(names) >= MOST:
                enough.set()

        zeroconf = self._open()
        if zeroconf is None:
            return []
        try:
            browser = ServiceBrowser(zeroconf, SERVICE, handlers=[lambda **said: heard(said["name"])])
            enough.wait(seconds)
            browser.cancel()
            until = time.monotonic() + seconds
            found: set[Neighbour] = set()
            for name in sorted(names)[:MOST]:
                left_ms = int((until - time.monotonic()) * 1000)
                info = zeroconf.get_service_info(SERVICE, name, timeout=max(1, min(_ANSWER_MS, left_ms)))
                found |= set(_neighbours(info)) if info else set()
            return sorted(found, key=lambda one: (one.name, one.url))[:MOST]
        finally:
            zeroconf.close()

    def announce(self, name: str, node: str, port: int) -> bool:
        """Let posts on this network find a hub, until ``close``. Return False where there is no network for it."""
        from zeroconf import Error, ServiceInfo

        self.close()
        zeroconf = self._open()
        if zeroconf is None:
            return False
        info = ServiceInfo(
            SERVICE,
            # The node's id, so that two hubs of one name stay two; the name itself travels as a property.
            f"{node}.{SERVICE}",
            port=port,
            properties={"name": name.encode()[:LONGEST_NAME_BYTES]},
            server=f"elearn-{node}.local.",
            parsed_addresses=self._addresses(),
        )
        try:
            zeroconf.register_service(info, allow_name_change=True)
        except (Error, OSError) as error:
            log.warning("the hub cannot be announced on this network: %s", error)
            zeroconf.close()
            return False
        self._announced = zeroconf
        return True

    def close(self) -> None:
        """Take back what was announced."""
        if self._announced is not None:
            self._announced.unregister_all_services()
            self._announced.close()
            self._announced = None

    def _open(self) -> Zeroconf | None:
        from zeroconf import InterfaceChoice, Zeroconf

        try:
            return Zeroconf(interfaces=list(self._interfaces) if self._interfaces else InterfaceChoice.All)
        except (OSError, RuntimeError) as error:  # no network card that speaks multicast
            log.info("no local network to look at: %s", error)
            return None

    def _addresses(self) -> list[str]:
        import ifaddr  # comes with zeroconf

        if self._interfaces:
            return list(self._interfaces)
        known = [str(ip.ip) for card in ifaddr.get_adapters() for ip in card.ips if ip.is_IPv4]
        return [one for one in known if not ipaddress.ip_address(one).is_loopback] or ["127.0.0.1"]


def _neighbours(info: ServiceInfo) -> list[Neighbour]:
    """Return a hub under each of its addresses; what it says of itself is a stranger's word, bounded and printable."""
    raw = (info.properties or {}).get(b"name") or b""
    name = "".join(sign for sign in raw[:LONGEST_NAME_BYTES].decode("utf-8", "ignore") if sign.isprintable())
    urls = [f"http://{address}:{info.port}" for address in info.parsed_addresses() if ":" not in address]
    return [Neighbour(name or "?", url) for url in urls if info.port]
