"""Markdown with front matter in YAML or TOML, as static sites and extractors write it."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.text_files import whole_text

_HEAD = re.compile(r"\s*---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML_HEAD = re.compile(r"\s*\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"([A-Za-z][\w -]*):[ \t]*(.*?)[ \t]*\r?")


def read_markdown(file: InputFile, how: HowToRead) -> Row:
    """Read one file; its front matter has the title, the source and so on, and is not part of the text."""
    text = whole_text(file, how.source)
    head, toml = _HEAD.match(text), _TOML_HEAD.match(text)
    facts = _of_toml(toml[1]) if toml else _fields(head[1] if head else "")
    head = toml or head
    record = {**facts, "text": text[head.end() :].lstrip("\r\n") if head else text}
    row = how.selector.select(record)
    return {**row, **file.given, "id": row["id"] or file.stem}


def _of_toml(head: str) -> dict[str, Any]:
    try:
        return tomllib.loads(head)
    except tomllib.TOMLDecodeError:
        return {}


def _fields(head: str) -> dict[str, str]:
    """Return the plain values of front matter; lists and blocks are skipped."""
    found = (_LINE.fullmatch(line) for line in head.split("\n"))
    return {match[1]: _unquoted(match[2]) for match in found if match and match[2]}


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].replace("''", "'") if value[0] == "'" else value[1:-1].replace('\\"', '"')
    return value
