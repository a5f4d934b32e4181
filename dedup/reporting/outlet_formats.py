"""Figures of outlets, as a table, CSV, JSON lines or a picture."""

from __future__ import annotations

import csv
from collections.abc import Callable
from html import escape
from typing import Any, Literal, TextIO

import msgspec

from dedup.reporting.cells import guarded
from dedup.reporting.outlets import Matrix, OutletRow, outlet_matrix, outlet_rows
from dedup.reporting.printable import printable
from dedup.reporting.wording import gap, percent
from dedup.results import Report

OutletFormat = Literal["table", "csv", "jsonl", "svg"]
_NAMES = ("source", "articles", "agency", "others", "own", "not_credited", "median_delay_seconds")


def write_outlets(report: Report, form: OutletFormat, stream: TextIO) -> None:
    """Write the figures of each outlet, and how much of its copy also ran elsewhere.

    The table and the JSON lines contain both. CSV has one row per outlet, and the picture (SVG) shows the
    matrix.

    Parameters
    ----------
    report : Report
    form : {"table", "csv", "jsonl", "svg"}
    stream : text file
    """
    writers: dict[OutletFormat, Callable[[list[OutletRow], Matrix, TextIO], None]] = {
        "table": _table,
        "csv": _csv,
        "jsonl": _json_lines,
        "svg": _svg,
    }
    writers[form](outlet_rows(report), outlet_matrix(report), stream)


def _table(rows: list[OutletRow], matrix: Matrix, stream: TextIO) -> None:
    heads = ("Outlet", "Articles", "Agency", "Others", "Own", "No credit found", "Median delay")
    cells = [
        (
            printable(each.source),
            f"{each.articles:,}",
            *(percent(share) for share in (each.agency, each.others, each.own)),
            f"{each.not_credited:,}",
            "-" if each.delay is None else gap(each.delay),
        )
        for each in rows
    ]
    _print([heads, *cells], stream)
    sources, shares = matrix
    if not sources:
        return
    stream.write(
        "\nShare of an outlet's shared words (row) that also ran at another (column); > the row was first\n"
    )
    names = [f"{number}" for number in range(1, len(sources) + 1)]
    _print(
        [
            ("", "Outlet", *names),
            *(
                (name, printable(source), *(_cell(cell) for cell in row))
                for name, source, row in zip(names, sources, shares, strict=True)
            ),
        ],
        stream,
    )


def _cell(cell: Any) -> str:
    return "" if cell is None else f"{round(100 * cell.share)}{'>' if cell.first else ''}"


def _print(rows: list[tuple[str, ...]], stream: TextIO) -> None:
    sizes = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    text_columns = {at for at, name in enumerate(rows[0]) if name in ("Outlet", "")}
    for row in rows:
        cells = [
            cell.ljust(size) if at in text_columns else cell.rjust(size)
            for at, (cell, size) in enumerate(zip(row, sizes, strict=True))
        ]
        stream.write("  ".join(cells).rstrip() + "\n")


def _csv(rows: list[OutletRow], matrix: Matrix, stream: TextIO) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_NAMES)
    for each in rows:
        shares = [round(share, 4) for share in (each.agency, each.others, each.own)]
        delay = "" if each.delay is None else each.delay
        writer.writerow([guarded(each.source), each.articles, *shares, each.not_credited, delay])


def _json_lines(rows: list[OutletRow], matrix: Matrix, stream: TextIO) -> None:
    def write(record: dict[str, Any]) -> None:
        stream.write(msgspec.json.encode(record).decode() + "\n")

    for each in rows:
        shares = {name: round(getattr(each, name), 4) for name in ("agency", "others", "own")}
        counts = {"not_credited": each.not_credited, "median_delay_seconds": each.delay}
        write({"kind": "outlet", "source": each.source, "articles": each.articles, **shares, **counts})
    for source, row in zip(*matrix, strict=True):
        for other, cell in zip(matrix[0], row, strict=True):
            if cell is not None:
                share = {"share": round(cell.share, 4), "first": cell.first}
                write({"kind": "shared", "source": source, "other": other, **share})


def _svg(rows: list[OutletRow], matrix: Matrix, stream: TextIO) -> None:
    """Draw the matrix: the darker a cell, the larger the share, which is also printed in it."""
    sources, shares = matrix
    size, left, top = 34, 190, 150
    width, height = left + size * len(sources) + 20, top + size * len(sources) + 20
    stream.write(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12" role="img">\n'
        "<title>Share of an outlet's shared words (row) that also ran at another (column)</title>\n"
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
    )
    for number, source in enumerate(sources):
        name, at = escape(printable(source)[:26]), number * size
        stream.write(f'<text x="{left - 8}" y="{top + at + 21}" text-anchor="end">{name}</text>\n')
        x = left + at + 21
        stream.write(f'<text x="{x}" y="{top - 8}" transform="rotate(-60 {x} {top - 8})">{name}</text>\n')
    for line, row in enumerate(shares):
        for column, cell in enumerate(row):
            x, y = left + column * size, top + line * size
            square = f'<rect x="{x}" y="{y}" width="{size - 1}" height="{size - 1}"'
            if cell is None:
                stream.write(f'{square} fill="#f1ece0"/>\n')
                continue
            ink = "#fff" if cell.share > 0.55 else "#111"
            stream.write(
                f'{square} fill="#17457a" fill-opacity="{0.1 + 0.9 * cell.share:.2f}"/>'
                f'<text x="{x + size / 2}" y="{y + 21}" text-anchor="middle" fill="{ink}">'
                f"{round(100 * cell.share)}{'›' if cell.first else ''}</text>\n"
            )
    stream.write("</svg>\n")
