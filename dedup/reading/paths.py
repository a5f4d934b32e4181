"""Paths to a value inside a record, such as ``source.name`` or ``contents[type=body].content``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dedup.errors import SettingsError

_PART = re.compile(r"([^.\[\]]*)((?:\[[^\]]*\])*)(?:\.|$)")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
#: Leads from a record to the document or the envelope that contains it.
PARENT = "^"


def canonical(name: str) -> str:
    """Return a name without the case of ASCII letters, underscores, hyphens and spaces.

    Examples
    --------
    >>> canonical("Published_At") == canonical("publishedAt")
    True
    """
    return name.translate(_CANONICAL)


# Letters beyond ASCII stay, so that a kernel can do the same on bytes.
_CANONICAL: dict[int, int | None] = {
    **{letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)},
    **dict.fromkeys(map(ord, "_- ")),
}


@dataclass(frozen=True, slots=True)
class Path:
    """One way to a value: the text as it was written, and its steps (a name and its brackets)."""

    text: str
    steps: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_flat(self) -> bool:
        """Whether it names a field of the record itself."""
        return len(self.steps) == 1 and not self.steps[0][1] and self.text != PARENT


@lru_cache(maxsize=1000)
def parse_paths(text: str) -> tuple[Path, ...]:
    """Parse paths that are separated by ``|``; the first that leads to a value counts.

    A path consists of names separated by dots. Brackets after a name say which elements of an array count:
    ``[]`` all, ``[0]`` the first, ``[type=body]`` those whose field `type` is ``body``.

    Raises
    ------
    SettingsError
        A path is empty or has an unbalanced bracket.

    Examples
    --------
    >>> [path.steps for path in parse_paths("bodies[role=text].value|body")]
    [(('bodies', ('role=text',)), ('value', ())), (('body', ()),)]
    """
    return tuple(_path(one.strip(), text) for one in text.split("|"))


def _path(one: str, whole: str) -> Path:
    steps: list[tuple[str, tuple[str, ...]]] = []
    at = 0
    while at < len(one):
        match = _PART.match(one, at)
        if match is None or match.end() == at or not (match[1] or match[2]):
            break
        steps.append((match[1], tuple(_BRACKETS.findall(match[2]))))
        at = match.end()
    if at < len(one) or not steps or one.endswith("."):
        raise SettingsError(
            f"{whole!r} is not a valid path to a field; write it like source.name, body[].text or "
            "contents[type=body].content"
        )
    return Path(one, tuple(steps))


def values_at(record: Any, path: Path, parent: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """Yield the values that a path leads to: none, one, or several if it passes through an array.

    A key that is spelled exactly like the whole path comes first. Names are compared exactly, and if there is
    no such key, without case, underscores and hyphens.

    Examples
    --------
    >>> record = {"body": {"sections": [{"lines": ["a", "b"]}, {"lines": ["c"]}]}}
    >>> [list(values_at(record, path)) for path in parse_paths("body.sections[].lines[]")]
    [['a', 'b', 'c']]
    """
    if isinstance(record, dict) and path.text in record:
        yield record[path.text]
        return
    steps = path.steps
    if steps[0][0] == PARENT:
        if parent is not None:
            yield from _walk(parent, steps[1:])
        return
    yield from _walk(record, steps)


def _walk(value: Any, steps: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    if isinstance(value, list):
        for element in value:
            yield from _walk(element, steps)
        return
    (name, brackets), rest = steps[0], steps[1:]
    if name:
        if not isinstance(value, dict):
            return
        key = key_of(value, name)
        if key is None:
            return
        value = value[key]
    for chosen in _bracketed(value, brackets):
        yield from _walk(chosen, rest)


def key_of(record: Mapping[str, Any], name: str) -> str | None:
    """Return the key that is spelled like `name`, exactly or else without case, underscores and hyphens."""
    if name in record:
        return name
    wanted = canonical(name)
    return next((key for key in record if isinstance(key, str) and canonical(key) == wanted), None)


def _bracketed(value: Any, brackets: tuple[str, ...]) -> Iterator[Any]:
    if not brackets:
        yield value
        return
    elements = value if isinstance(value, list) else [value]
    condition = brackets[0]
    if condition.isdecimal():
        elements = elements[int(condition) : int(condition) + 1]
    elif "=" in condition:
        key, _, wanted = condition.partition("=")
        elements = [one for one in elements if isinstance(one, dict) and str(one.get(key)) == wanted]
    for element in elements:
        yield from _bracketed(element, brackets[1:])
