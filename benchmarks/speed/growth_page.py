"""The page of growth.py: plots of time, memory and disk against size, and the tables behind them."""

from __future__ import annotations

import html
import io
from typing import Any

#: What is plotted: the key of a row, the title, what a unit is divided by, whether both axes are logarithmic.
PLOTS = (
    ("wall", "Wall time, seconds", 1.0, True),
    ("articles_per_second", "Articles a second", 1.0, False),
    ("peak", "Peak resident memory, MiB", 2.0**20, True),
    ("scratch", "Scratch on disk at the most, MiB", 2.0**20, True),
)
COLUMNS = (
    ("kind", "corpus", "{}", 1.0),
    ("articles", "articles", "{:,}", 1.0),
    ("threads", "threads", "{}", 1.0),
    ("wall", "wall s", "{:.2f}", 1.0),
    ("cpu", "processor s", "{:.2f}", 1.0),
    ("articles_per_second", "articles/s", "{:,.0f}", 1.0),
    ("peak", "peak MiB", "{:,.0f}", 2.0**20),
    ("scratch", "scratch MiB", "{:,.0f}", 2.0**20),
)
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }
figure { display: inline-block; margin: 0; width: 32rem; max-width: 100%; }
figure svg { width: 100%; height: auto; }
table { border-collapse: collapse; } td, th { padding: .15rem .7rem; text-align: right; }
td:first-child, th:first-child { text-align: left; } tr:nth-child(even) { background: #f3f3f3; }
"""


def page(record: dict[str, Any]) -> str:
    """One HTML page that needs nothing else, from what growth.py measured."""
    machine = record["machine"]
    facts = [f"{key}: {value}" for key, value in {**machine, **record["versions"]}.items()]
    rows = record["rows"]
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>How a scan grows</title>",
        f"<style>{STYLE}</style><h1>How a scan grows</h1>",
        f"<p>{html.escape('; '.join(facts))}</p><p><code>{html.escape(record['command'])}</code>, "
        f"medians of {record['runs']} runs.</p>",
        *(f"<figure>{plot(rows, *what)}</figure>" for what in PLOTS if any(row[what[0]] for row in rows)),
        "<h2>Exponents</h2><p>e of <i>time ~ articles<sup>e</sup></i>; 1 is time in proportion.</p>",
        _table(
            ["corpus", "threads", "articles", "wall", "processor"],
            [
                [
                    fit["kind"],
                    str(fit["threads"]),
                    f"{min(fit['sizes']):,} to {max(fit['sizes']):,}",
                    *(_slope(fit[name]) for name in ("wall_exponent", "cpu_exponent")),
                ]
                for fit in record["fits"]
            ],
        ),
        "<h2>Measures</h2>",
        _table(
            [title for _, title, _, _ in COLUMNS],
            [
                [form.format(row[key] / unit if unit != 1 else row[key]) for key, _, form, unit in COLUMNS]
                for row in rows
            ],
        ),
    ]
    return "\n".join(parts) + "\n</html>\n"


def plot(rows: list[dict[str, Any]], key: str, title: str, unit: float, logarithmic: bool) -> str:
    """One plot as an SVG element: a line for each kind of corpus and number of threads."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": key}):
        figure = Figure(figsize=(6, 4), layout="constrained")
        axes = figure.subplots()
        for kind, threads in dict.fromkeys((row["kind"], row["threads"]) for row in rows):
            chosen = [row for row in rows if (row["kind"], row["threads"]) == (kind, threads)]
            axes.plot(
                [row["articles"] for row in chosen],
                [row[key] / unit for row in chosen],
                "o-" if kind == "news" else "s--",
                label=f"{kind}, {threads} thread{'s' * (threads > 1)}",
            )
        axes.set(title=title, xlabel="articles", xscale="log")
        if logarithmic:
            axes.set_yscale("log")
        else:
            axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    drawn = out.getvalue()
    return drawn[drawn.index("<svg") :]


def _slope(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _table(titles: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{html.escape(title)}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
