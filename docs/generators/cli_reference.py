"""The page of the command line: every verb with its usage, options and examples, taken from its help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup, TyperOption
from typer.main import get_command

from dedup.cli.application import app
from dedup.cli.options import SETTINGS

_HEAD = """\
# Command line

Every verb, with what `--help` says. This page is generated: `make docs-reference`.

`dedup --version` prints the version. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 overlaps found where
`--fail-on-overlap` asks for it, 130 interrupted, 141 the reader of the output went away, 143 ended by
SIGTERM.
"""


def cli_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, *_commands(get_command(app), "dedup", None)])


def _commands(command: Any, path: str, parent: Any) -> Iterator[str]:
    context = typer.Context(command, info_name=path.rpartition(" ")[2], parent=parent)
    if not isinstance(command, TyperGroup):
        yield from _verb(command, path, context)
        return
    if parent is not None:
        yield f"## {path}\n\n{_prose(command.help or '')}\n"
    for name in command.list_commands(context):
        yield from _commands(command.get_command(context, name), f"{path} {name}", context)


def _verb(command: Any, path: str, context: Any) -> Iterator[str]:
    level = "##" if path.count(" ") == 1 else "###"
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    yield f"{level} {path}\n\n```text\n{usage}\n```\n\n{_prose(command.help or '')}\n"
    sections: dict[str, list[str]] = {}
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is None:
            continue
        usual = "Options" if isinstance(parameter, TyperOption) else "Arguments"
        heading = getattr(parameter, "rich_help_panel", None) or usual
        sections.setdefault(heading, []).append(f"| {_cell(record[0], code=True)} | {_cell(record[1])} |")
    for heading, rows in sections.items():
        if heading == SETTINGS:
            yield "**Settings**: an option for each of the [settings](settings.md), and `--config FILE`.\n"
            continue
        yield f"**{heading}**\n\n| | |\n| --- | --- |\n" + "\n".join(rows) + "\n"


def _prose(text: str) -> str:
    """Paragraphs of a help text; one after a `\\b` is a shell session and becomes a block of code."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text.strip().replace("\f", "")):
        if paragraph.lstrip().startswith("\b"):
            lines = [line.strip() for line in paragraph.replace("\b", "").strip().splitlines()]
            paragraphs.append("```console\n" + "\n".join(lines) + "\n```")
        else:
            paragraphs.append(" ".join(paragraph.split()))
    return "\n\n".join(paragraphs)


def _cell(text: str, code: bool = False) -> str:
    text = " ".join(text.split()).replace("|", "\\|")
    return f"`{text}`" if code else text.replace("<", "&lt;")
