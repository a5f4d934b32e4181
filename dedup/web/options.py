"""What the desk is told when it starts."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from dedup.errors import SettingsError
from dedup.outlets import NO_OUTLETS, Outlets


@dataclass(frozen=True, slots=True)
class Limits:
    """What one caller may ask of the desk.

    Attributes
    ----------
    body : int
        Bytes of a request; more gets 413.
    words : int
        Words of a text that is checked; more gets 413.
    batch : int
        Texts of one check; more gets 413.
    files : int
        Files of one drop.
    rate : float
        Requests a second of one address, averaged over ten seconds; more gets 429.
    waiting : int
        Checks that wait for a free reader; more gets 503.
    seconds : float
        For the headers and the body of a request to arrive (408), and for a check to be answered (503).
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
    """Where events are sent, and the secret that signs them."""

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
        What is known of the sources, the newsroom's own among them.
    token : str, optional
        What every request must bring, but for ``/healthz``.
    hosts : tuple of str
        Names under which the desk may be asked for, without ports; "" allows none but addresses.
    proxies : tuple of str
        Addresses whose forwarded headers and `user_header` are believed.
    user_header : str, optional
        The header in which a proxy names the user.
    secure : bool
        Whether the browser sees HTTPS.
    origins : tuple of str
        Other origins whose pages may ask, such as a CMS (CORS).
    timezone : ZoneInfo
        In which the pages show times.
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
        """The outlets of the newsroom."""
        return self.outlets.mine

    def is_mine(self, source: str) -> bool:
        """Whether an outlet is the newsroom's own."""
        found = self.outlets.named(source)
        return found is not None and found.mine


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone.

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
    """Refuse to serve an address that others reach without a token and without TLS.

    Raises
    ------
    SettingsError
        One of the two is missing.
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
