"""Mail and newsletters: ``.eml`` with one message per file, and mailboxes."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from dedup.errors import InputError
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import gather_rows
from dedup.reading.records import Records
from dedup.reading.streams import read_bytes, read_whole

_MOST = 64 << 20


def read_mail(file: InputFile, how: HowToRead) -> Row:
    """Read a message: its plain text, or its HTML without one; the sender's name is the source."""
    return _row(read_whole(file, how.source, most=_MOST), file)


def read_mailbox(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a mailbox, in which each message begins with a line ``From …``."""
    yield from gather_rows(_messages(file, how), file)


def _messages(file: InputFile, how: HowToRead) -> Iterator[tuple[int, Row]]:
    lines: list[bytes] = []
    size, first, number, found = 0, 1, 0, 0
    rest = b""
    for chunk in itertools.chain(read_bytes(file, how.source), [None]):
        *whole, rest = (rest + (chunk or b"")).split(b"\n")
        for line in [*whole, *([rest, b"From "] if chunk is None else [])]:
            number += 1
            if line.startswith(b"From ") and (not lines or not lines[-1].strip()):
                with contextlib.suppress(InputError):  # a message without a text
                    if lines:
                        yield first, _row(b"\n".join(lines), file)
                        found += 1
                lines, size, first = [], 0, number
                continue
            lines.append(line[1:] if line.startswith(b">From ") else line)
            size += len(line)
            if size > _MOST:
                raise InputError(f"a message holds more than {_MOST >> 20} MiB", file=file.name, line=first)
    if not found:
        raise InputError("no articles in it: no message holds text", file=file.name)


def _row(data: bytes, file: InputFile) -> Row:
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    try:
        body = message.get_body(preferencelist=("plain", "html"))
        text = body.get_content() if body is not None else None
    except (LookupError, ValueError, KeyError, AttributeError) as error:
        raise InputError(f"its text cannot be decoded: {error}", file=file.name) from error
    if not isinstance(text, str) or not text.strip():
        raise InputError("holds no text", file=file.name)
    name, address = parseaddr(_header(message, "From") or "")
    return {
        "id": _header(message, "Message-ID"),
        "text": text.replace("\r\n", "\n").strip(),
        "title": _header(message, "Subject"),
        "source": name or address.partition("@")[2] or None,
        "published": _header(message, "Date"),
        "language": _header(message, "Content-Language"),
    }


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError):  # the standard library fails on some headers
        return None
    return None if value is None else " ".join(str(value).split()) or None
