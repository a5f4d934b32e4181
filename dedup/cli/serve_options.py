"""Options of ``dedup serve``: the address, access, and notifications."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from dedup.cli.options import Bundle
from dedup.cli.outlet_options import OUTLETS, OutletOptions, own_outlets
from dedup.errors import SettingsError
from dedup.outlets import Outlets

if TYPE_CHECKING:
    from dedup.web.options import WebhookTarget

ACCESS = "Access"


@dataclass(frozen=True)
class NewsroomOptions(Bundle):
    """The newsroom that the desk belongs to."""

    mine: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTLET",
            help="Name an outlet of the newsroom; may be repeated.",
            rich_help_panel=OUTLETS,
        ),
    ] = None
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Read the table of outlets from this TOML file, not from dedup.toml or pyproject.toml.",
            rich_help_panel=OUTLETS,
        ),
    ] = None

    def outlets(self, kinds: OutletOptions) -> Outlets:
        """Return what is known about the sources. Raises `SettingsError` for an empty name."""
        return own_outlets(kinds.table(self.config), self.mine)


@dataclass(frozen=True)
class PlaceOptions(Bundle):
    """The address of the desk, and what it shows."""

    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Listen at this address.")] = "127.0.0.1"
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Listen at this port.")] = 8321
    watch: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Add the articles of each file that arrives in this directory."),
    ] = None
    timezone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            show_default="the machine's",
            help="Show times in this time zone, such as Asia/Karachi.",
        ),
    ] = None

    def check(self) -> None:
        """Raise `SettingsError` if the folder to watch does not exist."""
        if self.watch is not None and not self.watch.is_dir():
            raise SettingsError(f"--watch is {self.watch}, which is not a directory")

    def zone(self) -> ZoneInfo:
        """Return the time zone, by default the machine's. Raises `SettingsError` for an unknown one."""
        if self.timezone is None:
            try:
                return ZoneInfo(os.environ.get("TZ") or _machine_zone())
            except (ValueError, OSError, KeyError):
                return ZoneInfo("UTC")
        try:
            return ZoneInfo(self.timezone)
        except (ValueError, OSError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
            raise SettingsError(
                f"--timezone is {self.timezone!r}; it must be a zone such as Asia/Karachi"
            ) from error


@dataclass(frozen=True)
class AccessOptions(Bundle):
    """Who may send requests."""

    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Demand the token in this file of every caller; needed at addresses that others reach.",
            rich_help_panel=ACCESS,
        ),
    ] = None
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Use this certificate.", rich_help_panel=ACCESS)
    ] = None
    tls_key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Use this key of the certificate.", rich_help_panel=ACCESS),
    ] = None
    behind_proxy: Annotated[
        bool,
        typer.Option(
            "--behind-proxy",
            help="Declare that a proxy in front of the desk provides TLS.",
            rich_help_panel=ACCESS,
        ),
    ] = False
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS",
            help="Trust the headers of the proxy at this address; may be repeated.",
            rich_help_panel=ACCESS,
        ),
    ] = None
    user_header: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Take the name of the user who decides from this header of a proxy.",
            rich_help_panel=ACCESS,
        ),
    ] = None
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Answer under this host name, too; may be repeated.", rich_help_panel=ACCESS
        ),
    ] = None
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Let pages of this origin, such as a CMS, use the interface; may be repeated.",
            rich_help_panel=ACCESS,
        ),
    ] = None
    webhooks: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Send signed events to the addresses in this TOML file.",
            rich_help_panel=ACCESS,
        ),
    ] = None
    rate: Annotated[
        float,
        typer.Option(
            metavar="N",
            min=1,
            help="Maximum number of requests per second from one address, on average.",
            rich_help_panel=ACCESS,
        ),
    ] = 200.0

    def check(self) -> None:
        """Raise `SettingsError` if options contradict each other."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise SettingsError("--tls-cert and --tls-key go together; give both or neither")
        if self.user_header and not self.proxy:
            raise SettingsError("--user-header is believed only of a proxy; name its address with --proxy")

    def token(self) -> str | None:
        """Return the token in the file. Raises `SettingsError` if the file has none."""
        if self.token_file is None:
            return None
        try:
            token = self.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"--token-file {self.token_file} cannot be read ({error})") from error
        if not token:
            raise SettingsError(
                f"--token-file {self.token_file} is empty; `openssl rand -hex 32` makes a token"
            )
        return token

    def targets(self) -> tuple[WebhookTarget, ...]:
        """Read the webhooks of the file: ``[[webhook]]`` with `url`, `secret` and `private`."""
        if self.webhooks is None:
            return ()
        import tomllib

        from dedup.web.options import WebhookTarget
        from dedup.web.webhooks import check_target

        try:
            record = tomllib.loads(self.webhooks.read_text(encoding="utf-8"))
            targets = tuple(WebhookTarget(**each) for each in record["webhook"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f"--webhooks {self.webhooks} cannot be read ({error}); it must hold [[webhook]] tables with "
                "url and secret"
            ) from error
        for each in targets:
            check_target(each)
        return targets


def _machine_zone() -> str:
    link = Path("/etc/localtime")
    parts = link.resolve().parts if link.is_symlink() else ()
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else "UTC"
