"""The articles in a JSON value: a record, a list of records, or a response or export that wraps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dedup.errors import FieldError
from dedup.reading.fields import Selector, missing_text
from dedup.reading.paths import canonical, values_at
from dedup.reading.values import looks_like_an_article, opened

Record = Mapping[str, Any]

_OF_LISTS = """
    articles results docs items posts stories entries records documents news hits data rows pages value values
    list nodes edges @graph features contentelements response result feed rss channel item entry db content
    page payload body articleslist newsitems newslist associations elements objects collection hit doc root
    children
"""
#: Names under which responses and exports store their list of records, best first.
_LISTS = tuple(_OF_LISTS.split())
#: Names of lists whose objects are beside an article's text.
_BESIDE = frozenset(
    [
        *("comments", "replies", "tweets", "images", "media", "pictures"),
        *("related", "relatedarticles", "recommended", "links", "tags"),
    ]
)
_BULK_ACTIONS = {"index", "create", "update", "delete"}
_DEEPEST = 6


class Found(NamedTuple):
    """A record, the objects that contain only it, and those that contain others too; the nearest first."""

    record: Record
    parents: list[Record]
    shared: list[Record]


class Articles:
    """Finds the records in the values of one file.

    Parameters
    ----------
    selector : Selector
    one_each : bool
        Refuse values that hold several articles, and values that would be skipped.

    Attributes
    ----------
    passed_over : int
        Number of values that are not articles and were never meant to be, such as the actions of a bulk
        request.
    """

    def __init__(self, selector: Selector, *, one_each: bool = False) -> None:
        self.selector = selector
        self._one_each = one_each
        self._bulk_action: Record | None = None
        self.passed_over = 0

    def of(self, value: Any, *, whole: bool = False) -> Iterator[Found]:
        """Yield the records of one value: of a line, of an element of an array, or of a `whole` document.

        Raises
        ------
        FieldError
            The value does not hold an article.
        """
        if self.selector.mapping.records:
            yield from self._named(value)
            return
        if not isinstance(value, dict):
            raise FieldError("a record of the array must be an object in braces")
        if self.selector.has_text(value):
            yield self._found(value, [])
            return
        if not self._one_each and _is_beside_the_articles(value):
            action = next(iter(value.values()))
            self._bulk_action = action if isinstance(action, dict) else None
            self.passed_over += 1
            return
        record, outer = self.selector.guesser.unwrapped(value)
        if outer and self.selector.has_text(record):
            yield self._found(record, outer)
            return
        found = list(self._listed(value, whole=whole))
        if self._one_each and len(found) > 1:
            raise FieldError(f"the line holds {len(found):,} articles; give one a line")
        if found:
            yield from found
            return
        record, outer = self.selector.guesser.around_longest(value)
        if outer and self.selector.has_text(record):
            yield self._found(record, outer)
            return
        if whole and (found := self._anywhere(value)):
            yield from found
            return
        sample = _first_of_a_list(value)
        if sample is not None:
            raise FieldError(f"its list of records holds no text: {missing_text(sample)}")
        # Selecting it reports what it lacks.
        yield Found(value, [], [])

    def _found(self, record: Record, parents: list[Record]) -> Found:
        action, self._bulk_action = self._bulk_action, None
        return Found(record, [*parents, action] if action else parents, [])

    def _named(self, value: Any) -> Iterator[Found]:
        parents: list[Record] = [value] if isinstance(value, dict) else []
        named = False
        for path in self.selector.mapping.records:
            for found in values_at(value, path):
                named = True
                for one in found if isinstance(found, list) else [found]:
                    record = opened(one)
                    if record is None:
                        raise FieldError(
                            f"--records {path.text} leads to {type(one).__name__}, not to objects"
                        )
                    yield Found(record, [], parents)
            if named:
                return
        written = "|".join(path.text for path in self.selector.mapping.records)
        raise FieldError(f"no {written!r} in it; check --records")

    def _listed(self, value: Record, *, whole: bool) -> Iterator[Found]:
        for rows in (_by_column(value), _by_key(value) if whole else None):
            if rows and self.selector.has_text(rows[0]):
                yield from (Found(row, [], []) for row in rows)
                return
        yield from self._within(value, [], 0)

    def _within(self, value: Any, outer: list[Record], depth: int) -> Iterator[Found]:
        """Yield the records of the first list, in the order of likely names, that holds articles."""
        if depth > _DEEPEST or not isinstance(value, dict):
            return
        for key in sorted(value, key=_rank):
            if _rank(key) == len(_LISTS):
                break
            inner = value[key]
            found = []
            if isinstance(inner, list):
                found = list(self._elements(inner, [value, *outer], depth))
            elif isinstance(inner, dict):
                found = list(self._within(inner, [value, *outer], depth + 1))
                if not found and self._is_record(inner):
                    record, wrappers = self.selector.guesser.unwrapped(inner)
                    found = [Found(record, [*wrappers, value], outer)]
            if found:
                yield from found
                return

    def _elements(self, elements: list[Any], outer: list[Record], depth: int) -> Iterator[Found]:
        records = [one for one in elements if isinstance(one, dict)]
        sample = records[:20]
        if not any(self._is_record(one) for one in sample):
            for one in records:
                yield from self._within(one, outer, depth + 1)
            return
        for one in records:
            record, wrappers = self.selector.guesser.unwrapped(one)
            if _is_beside_the_articles(one):
                self.passed_over += 1
            elif self.selector.has_text(one):
                yield Found(one, [], outer)
            else:
                yield Found(record, wrappers, outer)

    def _anywhere(self, value: Record) -> list[Found]:
        """Return the records of the longest list, under any name, whose objects look like articles."""
        best: list[Found] = []
        level: list[tuple[Any, list[Record]]] = [(value, [])]
        for _ in range(_DEEPEST):
            deeper: list[tuple[Any, list[Record]]] = []
            for holder, outer in level:
                for key, inner in holder.items():
                    if not isinstance(key, str) or canonical(key) in _BESIDE:
                        continue
                    if isinstance(inner, dict):
                        deeper.append((inner, [holder, *outer]))
                    elif isinstance(inner, list) and len(inner) > len(best):
                        found = list(self._elements(inner, [holder, *outer], _DEEPEST))
                        best = found if found and looks_like_an_article(found[0].record) else best
            level = deeper
        return best

    def _is_record(self, value: Record) -> bool:
        if self.selector.has_text(value):
            return True
        return self.selector.has_text(self.selector.guesser.unwrapped(value)[0])


def _first_of_a_list(value: Record, depth: int = 0) -> Record | None:
    """Return the first record of a list that a document stores under a likely name."""
    for key in sorted(value, key=_rank):
        inner = value[key]
        if _rank(key) == len(_LISTS) or depth == _DEEPEST:
            break
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            return inner[0]
        if isinstance(inner, dict) and (found := _first_of_a_list(inner, depth + 1)) is not None:
            return found
    return None


def _rank(key: Any) -> int:
    name = canonical(key) if isinstance(key, str) else ""
    return _LISTS.index(name) if name in _LISTS else len(_LISTS)


def _is_beside_the_articles(value: Record) -> bool:
    """Whether it is an action of a bulk request, the header of a list of pages, or a deleted message."""
    if len(value) == 1:
        key = next(iter(value))
        return key in _BULK_ACTIONS and isinstance(value[key], dict)
    if str(value.get("format", "")).startswith("json-pages"):
        return True
    return "payload" in value and value["payload"] is None


def _by_column(value: Record) -> list[Record] | None:
    """Return the rows of a table that is written column by column, as data frames do."""
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list) and data and isinstance(data[0], list):
        return [dict(zip(map(str, columns), row, strict=False)) for row in data if isinstance(row, list)]
    parts = list(value.values())
    if len(parts) < 2:
        return None
    if all(isinstance(part, dict) and part for part in parts):
        keys = list(parts[0])
        if all(list(part) == keys for part in parts) and all(key.isdecimal() for key in keys):
            return [{name: part[key] for name, part in value.items()} for key in keys]
    if all(isinstance(part, list) for part in parts):
        length = len(parts[0])
        if length > 1 and all(len(part) == length for part in parts):
            return [{name: part[row] for name, part in value.items()} for row in range(length)]
    return None


def _by_key(value: Record) -> list[Record] | None:
    """Return the records of an object that has one under each id."""
    parts = list(value.values())
    if len(parts) < 2 or not all(isinstance(part, dict) for part in parts):
        return None
    return [part if "id" in part else {"id": key, **part} for key, part in value.items()]
