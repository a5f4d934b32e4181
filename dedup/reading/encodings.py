"""The encoding of documents that declare it themselves: XML and web pages."""

from __future__ import annotations

import codecs
import re

from dedup.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OF_XML = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_OF_HTML = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
#: What browsers read where these are declared (WHATWG, Encoding), because files use the larger set's letters.
_LARGER = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-11": "cp874",
    "x-gbk": "gb18030",
    "utf8": "utf-8",
    "unicode": "utf-8",
}
_HEAD = 4096


def declared_encoding(data: bytes, told: str | None = None) -> str | None:
    """Return the encoding of a byte order mark, else the one that was `told`, else the one the head declares.

    Examples
    --------
    >>> declared_encoding(b'<?xml version="1.0" encoding="GB2312"?>')
    'gb18030'
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    found = [one.search(data[:_HEAD]) for one in (_OF_XML, _OF_HTML)]
    names = [told or "", *(match[1].decode() for match in found if match)]
    return next((known for known in map(_known, names) if known), None)


def _known(name: str) -> str | None:
    name = name.strip().strip("\"'").lower()
    if not name:
        return None
    name = _LARGER.get(name, name)
    if name.startswith(("utf-16", "utf-32")):
        # Without a mark such a declaration is never true: it could not have been read otherwise.
        return "utf-8"
    try:
        b"text".decode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError):
        return None


def decode_declared(data: bytes, *, encoding: str = "utf-8", told: str | None = None) -> str:
    """Decode a document as it declares, else as UTF-8 if it is valid, else as `encoding`.

    Bytes that do not fit the declared encoding become U+FFFD.

    Examples
    --------
    >>> decode_declared('<meta charset="windows-1251">Мэр'.encode("cp1251"))[-3:]
    'Мэр'
    """
    name = declared_encoding(data, told)
    if name is None or name == "cp1252":
        # Pages that declare latin-1 are often UTF-8; the opposite never fits by chance.
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            name = name or (encoding if encoding != "utf-8" else _guessed(data))
    return data.decode(name, "replace").removeprefix("\ufeff")


def _guessed(data: bytes) -> str:
    """Guess the most likely encoding of bytes that are not UTF-8 and declare nothing."""
    try:
        import charset_normalizer
    except ImportError:
        return "cp1252"
    best = charset_normalizer.from_bytes(data[: 64 << 10]).best()
    return best.encoding if best is not None else "cp1252"


def strict_decode(data: bytes, encoding: str, file: str) -> str:
    """Decode text in a known encoding. Raises `InputError` if a byte is invalid."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte 0x{data[error.start]:02X} at offset {error.start} is not {encoding}", file=file
        ) from error
