"""The documents of Factiva, as its text exports write them."""

from __future__ import annotations

import itertools
import re

from dedup.reading.fields import Row
from dedup.reading.nexis_text import COPYRIGHT
from dedup.reading.sniffing import FACTIVA_MARK

_FACTIVA_TAG = re.compile(
    r"^(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPD|IPC|PUB|AN|SE|CLM|ART)\b[ \t]*(.*)$"
)
_WORD_COUNT = re.compile(r"^[\d,.]+ (?:words|Wörter|mots|palabras|parole|woorden|palavras)$")
_CLOCK = re.compile(r"^\d{1,2}:\d{2}$")


def factiva_parts(text: str) -> list[str]:
    """Return the parts up to and including each mark, which holds the article's number."""
    ends = [0, *(match.end() for match in FACTIVA_MARK.finditer(text))]
    return [text[start:end] for start, end in itertools.pairwise(ends)]


def factiva_row(part: str) -> Row | None:
    """Read one document: with tags at line starts, or in the order headline, count, date, outlet, text."""
    *lines, mark = part.strip("\n").split("\n")
    number = mark.split()[-1]
    if any(_FACTIVA_TAG.match(line) for line in lines):
        row = of_factiva_fields(_tagged(lines))
        return None if row is None else {**row, "id": number}
    plain_lines = [line.strip() for line in lines]
    counted = next((at for at, line in enumerate(plain_lines) if _WORD_COUNT.match(line)), None)
    if counted is None:
        return None
    head = [line for line in plain_lines[:counted] if line]
    rest = plain_lines[counted + 1 :]
    date = next((at for at, line in enumerate(rest) if line), None)
    if date is None:
        return None
    following = [at for at in range(date + 1, len(rest)) if rest[at] and not _CLOCK.match(rest[at])]
    source = rest[following[0]] if following else None
    begins = next(
        (at for at in following if COPYRIGHT.match(rest[at]) or rest[at] in ("English", "German", "French")),
        None,
    )
    text_from = max(
        [at for at in following if at <= (begins or 0) or COPYRIGHT.match(rest[at])] or following[:1]
    )
    paragraphs = re.split(r"\n\s*\n", "\n".join(rest[text_from + 1 :]))
    return {
        "id": number,
        "text": "\n\n".join(" ".join(one.split()) for one in paragraphs if one.strip()),
        "title": head[0] if head else None,
        "source": source,
        "published": rest[date],
    }


def _tagged(lines: list[str]) -> dict[str, str]:
    facts: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        match = _FACTIVA_TAG.match(line)
        if match:
            name = match[1]
            facts.setdefault(name, []).append(match[2])
        elif name:
            facts[name].append(line)
    return {key: "\n".join(value).strip() for key, value in facts.items()}


def of_factiva_fields(facts: dict[str, str]) -> Row | None:
    """Read a Factiva document from its fields: HD headline, PD date, SN outlet, LP and TD text."""
    text = "\n\n".join(filter(None, (facts.get("LP"), facts.get("TD"))))
    if not text.strip():
        return None
    day, clock = facts.get("PD"), facts.get("ET")
    return {
        "id": facts.get("AN") or None,
        "text": "\n\n".join(" ".join(one.split()) for one in re.split(r"\n\s*\n", text) if one.strip()),
        "title": " ".join((facts.get("HD") or facts.get("SE") or "").split()) or None,
        "source": facts.get("SN"),
        "published": f"{day} {clock}" if day and clock else day,
        "language": facts.get("LA"),
    }
