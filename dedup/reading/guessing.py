"""Finds the fields of an article in a record with unknown field names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dedup.reading.guesses import ADDRESSES, CONTAINERS, FIELDS, GUESSES, NOT_THE_TEXT, WRAPPERS, is_address
from dedup.reading.paths import canonical
from dedup.reading.values import field_value, opened

_DEEPEST = 3
_MOST_SHAPES = 1000
_LEAST_WORDS = 40
_LEAST_CHARACTERS = 150
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_NOT_THE_TEXT = frozenset(NOT_THE_TEXT)
# Search engines append the type to the names of fields.
_OF_SOLR = re.compile(r"(.+?)_(?:s|ss|str|strs|t|txt|txts|txt_[a-z]{2}|text|text_[a-z]{2}|dt|dts|pdt|tdt)")

Keys = tuple[str, ...]


class _Shape(NamedTuple):
    """What the keys of a record may mean."""

    fields: dict[str, Keys]
    addresses: Keys
    containers: Keys
    wrappers: Keys


class Guesser:
    """Finds fields by their names; the meaning of equal sets of keys is determined once.

    Attributes
    ----------
    by_content : dict
        Where a text was found by its length because no name identified it: from a record's keys to the path.
    """

    def __init__(self) -> None:
        self._shapes: dict[tuple[Any, ...], _Shape] = {}
        self.by_content: dict[tuple[Any, ...], Keys] = {}

    def shape(self, record: Mapping[str, Any]) -> _Shape:
        """Return what the record's keys may mean."""
        keys = tuple(record)
        shape = self._shapes.get(keys)
        if shape is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            shape = self._shapes[keys] = _shape([key for key in keys if isinstance(key, str)])
        return shape

    def told(self) -> str:
        """Say which key was tried first for each field of the article, in the first record's shape."""
        for shape in self._shapes.values():
            names = {field: keys[0] for field, keys in shape.fields.items() if keys}
            for path in list(self.by_content.values())[:1]:
                names["text"] = ".".join(path)
            return ", ".join(f"{field}={names[field]}" for field in FIELDS if field in names)
        return ""

    def candidates(self, record: Mapping[str, Any], field: str, depth: int = 0) -> Iterator[tuple[Keys, Any]]:
        """Yield the places, as tuples of keys, that may hold a field, best first, with their values."""
        shape = self.shape(record)
        for key in shape.fields[field]:
            yield (key,), record[key]
        if field == "url":
            for key in shape.addresses:
                if is_address(record[key]):
                    yield (key,), record[key]
        if depth == _DEEPEST or field == "id" or (depth and field == "text"):
            return
        for key in self._containers(record, shape):
            inner = record[key]
            if isinstance(inner, dict):
                for path, value in self.candidates(inner, field, depth + 1):
                    yield (key, *path), value

    def text(self, record: Mapping[str, Any]) -> str | None:
        """Return the text by its name; without one, the one top-level value that is as long as an article."""
        return self.text_and_holder(record)[0]

    def text_and_holder(self, record: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any] | None]:
        """Return the text, and the object inside the record that holds it, unless it is at the top level."""
        for path, value in self.candidates(record, "text"):
            # The text of the best name counts even if it is empty.
            found = field_value("text", value, key=path[-1])
            if found is not None and not (is_address(found) and " " not in found) and not opened(found):
                holder = record[path[0]] if len(path) > 1 else value
                return found, holder if isinstance(holder, dict) else None
        keys = tuple(record)
        place = self.by_content.get(keys) or self._longest(record)
        if place is None or len(place) > 1:
            return None, None
        if len(self.by_content) < _MOST_SHAPES:
            self.by_content[keys] = place
        return field_value("text", record[place[0]]), None

    def unwrapped(self, record: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
        """Return the actual record, and the objects that contain it, the nearest first."""
        outer: list[Mapping[str, Any]] = []
        while len(outer) <= _DEEPEST and self.text(record) is None:
            inner = self._inner(record, _DEEPEST)
            if inner is None:
                break
            outer.insert(0, record)
            record = inner
        return (record, outer) if self.text(record) is not None or not outer else (outer[-1], [])

    def around_longest(self, record: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
        """Return the object with the one value as long as an article, and the objects that contain it."""
        outer: list[Mapping[str, Any]] = []
        for key in (self._longest(record) or ())[:-1]:
            outer.insert(0, record)
            record = record[key]
        return record, outer

    def _inner(self, record: Mapping[str, Any], depth: int) -> Mapping[str, Any] | None:
        """Return the object within a wrapper that holds a text, however deep."""
        if depth == 0:
            return None
        for key in self.shape(record).wrappers:
            inner = opened(record[key])
            if inner is not None and (
                self.text(inner) is not None or self._inner(inner, depth - 1) is not None
            ):
                return inner
        return None

    def _containers(self, record: Mapping[str, Any], shape: _Shape) -> Iterator[str]:
        yield from shape.containers
        for key in shape.fields["text"]:
            if key not in shape.containers and isinstance(record[key], dict):
                yield key

    @staticmethod
    def _longest(record: Mapping[str, Any]) -> Keys | None:
        """Return the path to the one value that is as long as an article."""
        longest = max(_long_texts(record, 0), key=lambda found: found[0], default=None)
        return None if longest is None else longest[1]


def _shape(keys: list[str]) -> _Shape:
    by_name: dict[str, list[str]] = {}
    for key in keys:
        by_name.setdefault(canonical(key), []).append(key)
    for name, same in by_name.items():
        same.sort(key=lambda key: key != name)
    for key in keys:
        if (typed := _OF_SOLR.fullmatch(key)) is not None:
            by_name.setdefault(canonical(typed[1]), []).append(key)

    def of(names: tuple[str, ...]) -> Keys:
        return tuple(key for name in names for key in by_name.get(name, ()))

    return _Shape(
        fields={field: of(GUESSES[field]) for field in FIELDS},
        addresses=of(ADDRESSES),
        containers=of(CONTAINERS),
        wrappers=of(WRAPPERS),
    )


def _long_texts(record: Mapping[str, Any], depth: int) -> Iterator[tuple[int, Keys]]:
    for key, value in record.items():
        if not isinstance(key, str) or canonical(key) in _NOT_THE_TEXT:
            continue
        if isinstance(value, str) and _is_long(value):
            yield len(value), (key,)
        elif isinstance(value, dict) and depth < _DEEPEST - 1:
            for length, path in _long_texts(value, depth + 1):
                yield length, (key, *path)


def _is_long(value: str) -> bool:
    if len(value) < _LEAST_CHARACTERS or value[0] in "{[":
        return False
    head = value[:2000]
    return len(head.split()) >= _LEAST_WORDS or len(_SPACELESS.findall(head)) >= _LEAST_CHARACTERS
