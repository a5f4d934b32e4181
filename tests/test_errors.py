"""The tree of errors: the docstring shows the actual classes."""

from __future__ import annotations

import inspect

import pytest

from dedup import errors
from dedup.errors import DedupError, FieldError, InputError


def tree(root: type[DedupError]) -> set[str]:
    return {root.__name__}.union(*(tree(each) for each in root.__subclasses__()))


def test_the_tree_is_drawn_whole() -> None:
    defined = {
        name for name, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, DedupError)
    }
    assert defined <= tree(DedupError)
    assert all(name in str(errors.__doc__) for name in defined)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "the text is empty"),
        ({"file": "a.jsonl"}, "a.jsonl: the text is empty"),
        ({"file": "-", "line": 3}, "-:3: the text is empty"),
    ],
)
def test_an_input_error_says_where(place: dict[str, object], message: str) -> None:
    error = FieldError("the text is empty", **place)  # type: ignore[arg-type]
    assert str(error) == message
    assert isinstance(error, InputError)
    assert (error.reason, error.file, error.line) == (
        "the text is empty",
        place.get("file"),
        place.get("line"),
    )
