"""``dedup serve``: the desk, pages and REST over an index."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from dedup.cli.options import SpeechOptions
from dedup.cli.outlet_options import OUTLETS, OutletOptions
from dedup.errors import DedupError, SettingsError
from dedup.outlets import Outlets

if TYPE_CHECKING:
    from dedup.web.options import WebhookTarget

ACCESS = "Access"


class MissingExtraError(DedupError):
    """The desk's libraries are not installed."""


def serve(
    index: Annotated[Path, typer.Option(metavar="DIR", help="Serve the articles of this index.")],
    kinds: OutletOptions,
    speech: SpeechOptions,
    mine: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTLET",
            help="Name an outlet of the newsroom; may be repeated.",
            rich_help_panel=OUTLETS,
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Read the table of outlets from this TOML file, not from dedup.toml or pyproject.toml.",
            rich_help_panel=OUTLETS,
        ),
    ] = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Listen at this address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Listen at this port.")] = 8321,
    watch: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Add the articles of each file that comes into this directory."),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            show_default="the machine's",
            help="Show times in this zone, such as Asia/Karachi.",
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Demand the token in this file of every caller; needed at addresses that others reach.",
            rich_help_panel=ACCESS,
        ),
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Use this certificate.", rich_help_panel=ACCESS)
    ] = None,
    tls_key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Use this key of the certificate.", rich_help_panel=ACCESS),
    ] = None,
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help="Say that a proxy in front does TLS.", rich_help_panel=ACCESS),
    ] = False,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS",
            help="Believe the headers of the proxy at this address; may be repeated.",
            rich_help_panel=ACCESS,
        ),
    ] = None,
    user_header: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Take the name of who decides from this header of a proxy.",
            rich_help_panel=ACCESS,
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Answer under this host name, too; may be repeated.", rich_help_panel=ACCESS
        ),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Let pages of this origin, such as a CMS, use the interface; may be repeated.",
            rich_help_panel=ACCESS,
        ),
    ] = None,
    webhooks: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Send signed events to the addresses in this TOML file.",
            rich_help_panel=ACCESS,
        ),
    ] = None,
    rate: Annotated[
        float,
        typer.Option(
            metavar="N", min=1, help="Requests a second of one address, on average.", rich_help_panel=ACCESS
        ),
    ] = 200.0,
) -> None:
    """Serve the desk: pages on which editors check and decide, and a REST interface.

    Example:

    \b
    $ dedup serve --index archive --mine "Harbour Post"
    """
    try:
        import python_multipart  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        from dedup.reading.extras import distribution

        raise MissingExtraError(
            f"the desk needs {error.name}, which is not installed; pip install '{distribution()}[web]'"
        ) from error
    from dedup.web.options import DeskOptions, Limits, check_exposure

    if (tls_cert is None) != (tls_key is None):
        raise SettingsError("--tls-cert and --tls-key go together; give both or neither")
    if user_header and not proxy:
        raise SettingsError("--user-header is believed only of a proxy; name its address with --proxy")
    if watch is not None and not watch.is_dir():
        raise SettingsError(f"--watch is {watch}, which is not a directory")
    token = _token(token_file)
    check_exposure(host, token, tls=tls_cert is not None, behind_proxy=behind_proxy)
    own = () if host in ("0.0.0.0", "::") else (host,)
    options = DeskOptions(
        index=index,
        outlets=_outlets(kinds, mine or (), config),
        token=token,
        proxies=tuple(proxy or ()),
        user_header=user_header,
        secure=tls_cert is not None or behind_proxy,
        origins=tuple(allow_origin or ()),
        timezone=_zone(timezone),
        watch=watch,
        webhooks=_targets(webhooks),
        limits=replace(Limits(), rate=rate),
    )
    options = replace(options, hosts=(*options.hosts, *own, *(allow_host or ())))
    from dedup.web.server import serve as serve_forever

    serve_forever(options, host=host, port=port, certificate=tls_cert, key=tls_key, quiet=speech.quiet)


def _outlets(kinds: OutletOptions, mine: Sequence[str], config: Path | None) -> Outlets:
    outlets = kinds.table(config)
    for name in mine:
        if not name.strip():
            raise SettingsError("--mine is empty; name an outlet")
        outlets = outlets.told(name.strip(), mine=True)
    return outlets


def _token(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--token-file {path} cannot be read ({error})") from error
    if not token:
        raise SettingsError(f"--token-file {path} is empty; `openssl rand -hex 32` makes a token")
    return token


def _zone(name: str | None) -> ZoneInfo:
    """The zone; of the machine where none is named."""
    if name is None:
        name = os.environ.get("TZ") or _machine_zone()
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            return ZoneInfo("UTC")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise SettingsError(f"--timezone is {name!r}; it must be a zone such as Asia/Karachi") from error


def _machine_zone() -> str:
    link = Path("/etc/localtime")
    parts = link.resolve().parts if link.is_symlink() else ()
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else "UTC"


def _targets(path: Path | None) -> tuple[WebhookTarget, ...]:
    """The webhooks of a file: ``[[webhook]]`` with `url`, `secret` and `private`."""
    if path is None:
        return ()
    import tomllib

    from dedup.web.options import WebhookTarget
    from dedup.web.webhooks import check_target

    try:
        record = tomllib.loads(path.read_text(encoding="utf-8"))
        targets = tuple(WebhookTarget(**each) for each in record["webhook"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"--webhooks {path} cannot be read ({error}); it must hold [[webhook]] tables with url and secret"
        ) from error
    for each in targets:
        check_target(each)
    return targets
