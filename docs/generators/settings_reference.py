"""The page of the settings: each with its meaning, range and default, and what it trades."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from dedup.cli.configuration import ENVIRONMENT_PREFIX
from dedup.settings import Settings

_HEAD = """\
# Settings

A setting changes what a run finds. What does not change the result, such as threads and memory, is an
option of the run instead.

The first of these that gives a value decides: a flag of the command line; an environment variable; the file
that `--config` names, or else `dedup.toml` in the working directory, or else `[tool.dedup]` in its
`pyproject.toml`; the default. `dedup settings` shows each value and where it came from. From Python, pass
`Settings(bands=40)`.

Where recall is given in twos, the first figure is for pairs that share less than 15 % of an article and the
second for pairs that share 15 to 30 %, with up to 30 % of the words changed. A candidate is a pair of
articles that alignment has to look at. This page is generated: `make docs-reference`.
"""
_TRADE_OFFS = Path(__file__).with_name("trade_offs.toml")


def settings_page() -> str:
    """Return the page as Markdown. Raises `ValueError` if a setting has no trade-off, or the reverse."""
    trade_offs = tomllib.loads(_TRADE_OFFS.read_text(encoding="utf-8"))
    settings = {setting.name: setting for setting in fields(Settings)}
    if differing := trade_offs.keys() ^ settings.keys():
        raise ValueError(f"{_TRADE_OFFS.name} and Settings differ in {', '.join(sorted(differing))}")
    return "\n".join(
        [_HEAD, *(part for name in settings for part in _section(settings[name], trade_offs[name]))]
    )


def _section(setting: Field[Any], trade_off: str) -> Iterator[str]:
    meta = setting.metadata
    flag = setting.name.replace("_", "-")
    if "choices" in meta:
        allowed = " or ".join(f"`{str(choice).lower()}`" for choice in meta["choices"])
    else:
        unit = "" if meta["unit"] in ("", "share") else f" {meta['unit']}"
        allowed = f"{meta['low']:,} to {meta['high']:,}{unit}"
    sentence = meta["help"][0].upper() + meta["help"][1:].rstrip(".") + "."
    yield f"## {setting.name}\n\n{sentence}\n\n{trade_off.strip()}\n"
    yield (
        f"Default `{str(setting.default).lower()}`, allowed {allowed}. "
        f"`--{flag}`, `{ENVIRONMENT_PREFIX}{setting.name.upper()}`.\n"
    )
