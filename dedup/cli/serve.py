"""``dedup serve``: the desk, with pages and a REST interface over an index."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dedup.cli.options import SpeechOptions
from dedup.cli.outlet_options import OutletOptions
from dedup.cli.serve_options import AccessOptions, NewsroomOptions, PlaceOptions
from dedup.errors import DedupError


class MissingExtraError(DedupError):
    """The desk's libraries are not installed."""


def serve(
    index: Annotated[Path, typer.Option(metavar="DIR", help="Serve the articles of this index.")],
    kinds: OutletOptions,
    speech: SpeechOptions,
    newsroom: NewsroomOptions,
    place: PlaceOptions,
    access: AccessOptions,
) -> None:
    """Serve the desk: pages on which editors check and decide, and a REST interface.

    Example:

    \b
    $ dedup serve --index archive --mine "Harbour Post"
    """
    _need_libraries()
    from dedup.web.options import DeskOptions, Limits, check_exposure
    from dedup.web.server import serve as serve_forever

    access.check()
    place.check()
    token = access.token()
    check_exposure(place.host, token, tls=access.tls_cert is not None, behind_proxy=access.behind_proxy)
    options = DeskOptions(
        index=index,
        outlets=newsroom.outlets(kinds),
        token=token,
        proxies=tuple(access.proxy or ()),
        user_header=access.user_header,
        secure=access.tls_cert is not None or access.behind_proxy,
        origins=tuple(access.allow_origin or ()),
        timezone=place.zone(),
        watch=place.watch,
        webhooks=access.targets(),
        limits=replace(Limits(), rate=access.rate),
    )
    own = () if place.host in ("0.0.0.0", "::") else (place.host,)
    options = replace(options, hosts=(*options.hosts, *own, *(access.allow_host or ())))
    serve_forever(
        options,
        host=place.host,
        port=place.port,
        certificate=access.tls_cert,
        key=access.tls_key,
        quiet=speech.quiet,
    )


def _need_libraries() -> None:
    try:
        import python_multipart  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        from dedup.reading.extras import distribution

        raise MissingExtraError(
            f"the desk needs {error.name}, which is not installed; pip install '{distribution()}[web]'"
        ) from error
