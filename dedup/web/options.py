"""The options of the desk."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from dedup.errors import SettingsError
from dedup.outlets import NO_OUTLETS, Outlets


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one caller.

    Attributes
    ----------
    body : int
        Bytes of a request; larger ones get 413.
    words : int
        Words of a checked text; longer ones get 413.
    batch : int
        Texts per check; more get 413.
    files : int
        Files per drop.
    rate : float
        Requests per second from one address, averaged over ten seconds; more get 429.
    waiting : int
        Checks that wait for a free reader; further ones get 503.
    seconds : float
        Maximum time for the headers and the body of a request to arrive (408), and for a check to be answered
        (503).
    """

    body: int = 16_000_000
    words: int = 500_000
    batch: int = 100
    files: int = 50
    rate: float = 200.0
    waiting: int = 64
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """The address that events are sent to, and the secret that signs them."""

    url: str
    secret: str
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOptions:
    """What the desk serves, to whom, and within which limits.

    Attributes
    ----------
    index : Path
    outlets : Outlets
        What is known about the sources, including the newsroom's own.
    token : str, optional
        Required from every request except ``/healthz``.
    hosts : tuple of str
        Host names under which the desk answers, without ports; "" allows only addresses.
    proxies : tuple of str
        Addresses whose forwarded headers and `user_header` are trusted.
    user_header : str, optional
        The header in which a proxy names the user.
    secure : bool
        Whether the browser sees HTTPS.
    origins : tuple of str
        Other origins whose pages may send requests, such as a CMS (CORS).
    timezone : ZoneInfo
        The time zone in which the pages show times.
    """

    index: Path
    outlets: Outlets = NO_OUTLETS
    token: str | None = None
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "::1")
    proxies: tuple[str, ...] = ()
    user_header: str | None = None
    secure: bool = False
    origins: tuple[str, ...] = ()
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    watch: Path | None = None
    webhooks: tuple[WebhookTarget, ...] = ()
    limits: Limits = field(default_factory=Limits)
    readers: int = 2

    @property
    def mine(self) -> tuple[str, ...]:
        """The newsroom's own outlets."""
        return self.outlets.mine

    def is_mine(self, source: str) -> bool:
        """Whether an outlet is the newsroom's own."""
        found = self.outlets.named(source)
        return found is not None and found.mine


def is_loopback(host: str) -> bool:
    """Whether an address can be reached only from this machine.

    Examples
    --------
    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_exposure(host: str, token: str | None, *, tls: bool, behind_proxy: bool) -> None:
    """Refuse to serve an address reachable by others without a token and TLS.

    Raises
    ------
    SettingsError
        The token or TLS is missing.
    """
    if is_loopback(host):
        return
    if not token:
        raise SettingsError(
            f"--host {host} can be reached from other machines; give --token-file FILE, so that not "
            "everybody there reads the articles"
        )
    if len(token) < 16:
        raise SettingsError("the token has fewer than 16 characters; `openssl rand -hex 32` makes a good one")
    if not (tls or behind_proxy):
        raise SettingsError(
            f"--host {host} can be reached from other machines; give --tls-cert and --tls-key, or "
            "--behind-proxy where a proxy does TLS, so that the token is not sent in the clear"
        )
