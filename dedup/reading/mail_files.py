"""Mail and newsletters: ``.eml``, one message a file."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from dedup.errors import InputError
from dedup.reading.fields import Row
from dedup.reading.formats import HowToRead
from dedup.reading.inputs import InputFile
from dedup.reading.streams import read_whole

_MOST = 64 << 20


def read_mail(file: InputFile, how: HowToRead) -> Row:
    """Read a message: its plain text, or its HTML where there is none; the sender's name is the source."""
    message = BytesParser(policy=policy.default).parsebytes(read_whole(file, how.source, most=_MOST))
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
    except (ValueError, IndexError, AttributeError):  # the standard library stumbles over some headers
        return None
    return None if value is None else " ".join(str(value).split()) or None
