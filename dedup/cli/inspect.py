"""``dedup inspect``: what would be read, before anything is compared."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from dedup.cli.inputs import open_inputs
from dedup.cli.options import Paths, SpeechOptions
from dedup.cli.progress import progress_bar
from dedup.cli.reading_options import ReadingOptions
from dedup.reporting.printable import printable

if TYPE_CHECKING:
    from rich.text import Text

    from dedup.article import Article
    from dedup.reading.inspection import Inspection

# Number of characters of an example's text that are shown.
_BEGINNING = 160


def inspect(
    paths: Paths,
    reading: ReadingOptions,
    speech: SpeechOptions,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "json"] | None,
        typer.Option(show_default="table on a terminal, json elsewhere", help="Format of the output."),
    ] = None,
) -> None:
    """Show what would be read from the inputs: fields, sources, dates, three articles, and what looks wrong.

    Examples:

    \b
    $ dedup inspect seeds
    $ dedup inspect news.jsonl --field text=body --on-error skip
    """
    from dedup.reading.inspection import inspect as look

    with progress_bar(quiet=speech.quiet) as progress:
        found = look(open_inputs(paths, reading, progress))
    if (format or ("table" if sys.stdout.isatty() else "json")) == "json":
        print(json.dumps(_record(found), ensure_ascii=False, indent=2))
    else:
        _show(found)


def _record(found: Inspection) -> dict[str, Any]:
    """Return the inspection as JSON values; an example has the beginning of its text."""

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat().replace("+00:00", "Z")
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        return [plain(each) for each in value] if isinstance(value, list | tuple) else value

    record: dict[str, Any] = plain(asdict(found))
    for example in record["examples"]:
        example["text"] = _beginning(example["text"])
    return record


def _show(found: Inspection) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, emoji=False, markup=False)
    for name, value in _facts(found):
        console.print(Text(f"{name:<12}", "bold") + Text(value), soft_wrap=False)
    for article in found.examples:
        console.print()
        console.print(_example(article))
    for heading, lines in (("Notes", found.notes), ("Left out", found.left_out)):
        if lines:
            console.print(Text(f"\n{heading}", "bold"))
            for line in lines:
                console.print(Text(f"- {printable(line)}"))


def _facts(found: Inspection) -> list[tuple[str, str]]:
    average = found.characters // max(1, found.articles)
    articles = f"{found.articles:,}, {average:,} characters on average"
    if found.empty:
        articles += f", {found.empty:,} empty"
    if found.skipped:
        articles += f"; {found.skipped:,} left out"
    largest = ", ".join(
        f"{printable(name)} ({count:,})" for name, count in list(found.largest_sources.items())[:5]
    )
    sources = f"{found.sources:,}: {largest}{', …' if found.sources > 5 else ''}"
    if found.without_source:
        sources += f"; {found.without_source:,} articles name none"
    dates = "none"
    if found.first_published and found.last_published:
        exact = ", ".join(f"{count:,} to the {name}" for name, count in found.precisions.items())
        dates = f"{found.first_published:%Y-%m-%d} to {found.last_published:%Y-%m-%d} (UTC); {exact}"
        if found.dated < found.articles:
            dates += f"; {found.articles - found.dated:,} articles have none"
    languages = _counted(found.languages, 8) or "not given"
    if found.languages_found:
        looked_at = sum(found.languages_found.values())
        languages += f"; {looked_at:,} texts without one look like {_counted(found.languages_found, 8)}"
    kinds = [
        (
            "Files" if not place else "",
            f"{kind.files:,} {kind.format}"
            + (f", {kind.preset}" if kind.preset else "")
            + (f": {printable(kind.mapping)}" if kind.mapping else ""),
        )
        for place, kind in enumerate(found.files)
    ]
    return [
        *kinds,
        ("Articles", articles),
        ("Sources", sources),
        ("Dates", dates),
        ("Languages", languages),
    ]


def _counted(numbers: Mapping[str, int], most: int) -> str:
    return ", ".join(f"{printable(name)} ({count:,})" for name, count in list(numbers.items())[:most])


def _example(article: Article) -> Text:
    """Return an article in a few lines: its metadata, its title, the beginning of its text."""
    from rich.text import Text

    day = "no date"
    if article.published is not None:
        day = _moment(article.published, article.published_precision)
    shown = Text(printable(article.id), "bold")
    shown.append(f"  {printable(article.source)}, {day}\n", "not bold")
    if article.title:
        shown.append(f"{printable(article.title)}\n", "not bold italic")
    return shown.append(printable(_beginning(article.text)), "not bold dim")


def _moment(moment: datetime, precision: str | None) -> str:
    length = {"year": 4, "month": 7, "day": 10, "hour": 13}.get(precision or "", 16)
    return f"{moment:%Y-%m-%d %H:%M}"[:length]


def _beginning(text: str) -> str:
    line = " ".join(text[: 2 * _BEGINNING].split())
    return line if len(line) <= _BEGINNING else line[:_BEGINNING] + "…"
