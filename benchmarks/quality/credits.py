"""How well credits are read on real pages, against labels made by reading them.

::

    python benchmarks/quality/credits.py FOLDER

FOLDER holds ``wire-dev.jsonl.gz`` and ``fnc1-bodies.jsonl.gz``, which are not part of the project. The labels
in ``credits.jsonl`` have ids, names, forms and places, and no text: one line an article, with its credits of
agencies and feeds, and with the names that are only mentioned. It prints how many of the labelled credits are
found, how many names are told as credits that are none, and how many credits are left where lines of a text
are joined by `` ### `` or by a space; it exits with 1 where more than 2 % are wrong.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path

from dedup.cleaning.credits import Credit, credits_of

LABELS = Path(__file__).with_name("credits.jsonl")
#: Of the labelled credits so much may be missed, and of those told so much may be none.
MOST_WRONG = 0.02


def main(folder: Path) -> int:
    """Compare, print, and say whether it is good enough."""
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    texts = {name: texts_of(folder / f"{name}.jsonl.gz") for name in {label["set"] for label in labels}}
    found = {" ### ": 0, " ": 0}
    labelled = told = missed = wrong = 0
    for label in labels:
        text = texts[label["set"]][label["id"]]
        expected = {(credit["name"], credit["form"]) for credit in label["credits"]}
        names = {name for name, _ in expected}
        given = {(each.name, each.form) for each in _credits(text)}
        labelled += len(names)
        told += len({name for name, _ in given})
        missed += len(names - {name for name, _ in given})
        wrong += len({name for name, _ in given} - names)
        for separator in found:
            flat = separator.join(line for line in text.split("\n") if line.strip())
            found[separator] += len(names & {each.name for each in _credits(flat)})
    print(f"{labelled} credits labelled, {missed} missed; {told} told, {wrong} of them none")
    for separator, count in found.items():
        print(f"lines joined by {separator!r}: {count} of {labelled} found")
    return int(missed > MOST_WRONG * labelled or wrong > MOST_WRONG * told)


def _credits(text: str) -> list[Credit]:
    return [each for each in credits_of(text) if each.state == "credited" and each.kind != "outlet"]


def credited_names(text: str) -> set[str | None]:
    """The agencies and feeds that a text credits."""
    return {each.name for each in _credits(text)}


def texts_of(path: Path) -> dict[str, str]:
    """The texts of a file of JSON lines by their ids."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {record["id"]: record["text"] for record in map(json.loads, lines)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    sys.exit(main(parser.parse_args().folder))
