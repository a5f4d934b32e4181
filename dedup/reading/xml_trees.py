"""Untrusted XML: parsed without its own entities, external files or unbounded depth."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Defused

from dedup.errors import InputError
from dedup.reading.encodings import decode_declared
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.streams import read_bytes, read_whole

#: Maximum size of a document with one article.
MOST_BYTES = 64 << 20
_DEEPEST = 200
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_OF_XML = {"amp", "lt", "gt", "quot", "apos"}
# Characters that XML 1.0 forbids.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NUMBERED = re.compile(r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[1-24-9]|2\d|3[01]));", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_BREAKING = {
    "p",
    "div",
    "br",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hl1",
    "hl2",
    "blockquote",
    "head",
    "item",
}
_WITHOUT_TEXT = {"script", "style", "figure", "figcaption", "media", "noscript"}


def parse_file(file: InputFile, how: HowToRead) -> Element:
    """Return the root of a file's tree. Raises `InputError` if it is not valid XML, too large or too deep."""
    return parse(
        decode_declared(read_whole(file, how.source, most=MOST_BYTES), encoding=how.source.encoding),
        file.name,
    )


def parse(text: str, name: str) -> Element:
    """Return the root of a document's tree.

    Named HTML entities, which many feeds use without declaring them, are understood.

    Raises
    ------
    InputError

    Examples
    --------
    >>> parse("<a>caf&eacute;</a>", "a.xml").text
    'café'
    """
    try:
        root: Element = Defused.fromstring(_cleaned(text), forbid_dtd=False, forbid_entities=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise not_sound(error, name) from error
    _check_depth(root, name)
    return root


def items(file: InputFile, how: HowToRead, names: set[str]) -> Iterator[tuple[Element, list[Element]]]:
    """Yield the elements with these local names, each with those that contain it (outermost first).

    The contents of an element are dropped when the next one is requested, so a file of any size is read in
    little memory.
    """
    source = _Cleaned(file, how)
    around: list[Element] = []
    try:
        for event, element in Defused.iterparse(
            source, events=("start", "end"), forbid_dtd=False, forbid_entities=True
        ):
            if event == "start":
                around.append(element)
                if len(around) > _DEEPEST:
                    raise InputError(f"its elements are nested more than {_DEEPEST} deep", file=file.name)
                continue
            around.pop()
            if local(element) in names:
                yield element, around
                element.clear()
                if around:
                    around[-1].remove(element)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise not_sound(error, file.name) from error


class _Cleaned(io.RawIOBase):
    """A file's bytes as UTF-8 that an XML parser accepts."""

    def __init__(self, file: InputFile, how: HowToRead) -> None:
        self._chunks = read_bytes(file, how.source)
        self._encoding = how.source.encoding
        self._decode: Any = None
        self._rest = ""
        self._ready = b""

    def read(self, size: int = -1) -> bytes:
        while not self._ready:
            chunk = next(self._chunks, None)
            if chunk is None and not self._rest:
                return b""
            if self._decode is None:
                self._decode = decode_declared_in_parts(chunk or b"", self._encoding)
            text = self._rest + self._decode(chunk or b"", chunk is None)
            # An entity may be cut at the end of a chunk.
            cut = text.rfind("&", max(0, len(text) - 40)) if chunk is not None else -1
            self._rest = text[cut:] if cut >= 0 else ""
            self._ready = _cleaned(text[:cut] if cut >= 0 else text).encode("utf-8", "replace")
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


def decode_declared_in_parts(head: bytes, encoding: str) -> Any:
    """Return a function that decodes chunk by chunk, in the encoding that the first chunk declares."""
    import codecs

    from dedup.reading.encodings import declared_encoding

    decoder = codecs.getincrementaldecoder(declared_encoding(head) or encoding)("replace")
    first = True

    def decode(data: bytes, final: bool) -> str:
        nonlocal first
        text = decoder.decode(data, final)
        if first and text:
            first = False
            text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
        return text

    return decode


def _cleaned(text: str) -> str:
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    text = _FORBIDDEN.sub("", text)
    if "&" not in text:
        return text
    return _NUMBERED.sub("", _NAMED.sub(_number, text))


def _number(match: re.Match[str]) -> str:
    """Replace a named HTML entity by its number, which means the same in XML and in HTML within CDATA."""
    if match[1] in _OF_XML:
        return match[0]
    letters = html.unescape(match[0])
    return match[0] if letters == match[0] else "".join(f"&#{ord(letter)};" for letter in letters)


def _check_depth(root: Element, name: str) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise InputError(f"its elements are nested more than {_DEEPEST} deep", file=name)
        level = [child for element in level for child in element]


def not_sound(error: Exception, name: str) -> InputError:
    """Say why a document was refused."""
    if isinstance(error, DefusedXmlException):
        return InputError(
            "declares entities of its own, which is how XML is made to explode; take them out", file=name
        )
    line = error.position[0] if isinstance(error, ParseError) else None
    return InputError(f"is not valid XML ({error}); get the file again", file=name, line=line)


def local(element: Element) -> str:
    """Return an element's name without its namespace; "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def find(element: Element, *names: str) -> Element | None:
    """Return the first element of the first of these local names that occurs anywhere below."""
    return next((one for name in names for one in element.iter() if local(one) == name), None)


def find_all(element: Element, name: str) -> list[Element]:
    """Return all elements with a local name below."""
    return [one for one in element.iter() if local(one) == name]


def child(element: Element, name: str) -> Element | None:
    """Return the first child with a local name."""
    return next((one for one in element if local(one) == name), None)


def words_of(element: Element | None) -> str | None:
    """Return the text of an element on one line; None if it has none."""
    return None if element is None else " ".join("".join(element.itertext()).split()) or None


def paragraphs(element: Element, without: frozenset[str] = frozenset()) -> str:
    """Return the text of an element, with a blank line between its paragraphs.

    Examples
    --------
    >>> paragraphs(parse("<body><p>One <b>two</b>.</p><p>Three.</p></body>", "a.xml"))
    'One two.\\n\\nThree.'
    """
    parts: list[str] = []
    _gather(element, parts, _WITHOUT_TEXT | without)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\0"))
    return "\n\n".join(line for line in lines if line)


def _gather(element: Element, parts: list[str], without: frozenset[str] | set[str]) -> None:
    name = local(element).lower()
    if name in without or not name:
        return
    if name in _BREAKING:
        parts.append("\0")
    parts.append(element.text or "")
    for one in element:
        _gather(one, parts, without)
        parts.append(one.tail or "")
    if name in _BREAKING:
        parts.append("\0")
