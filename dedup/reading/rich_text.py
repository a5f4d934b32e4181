"""Texts as trees of editors: Sanity, Contentful, Strapi, ProseMirror, Lexical, Slate, Editor.js."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_INNER = ("content", "children", "blocks")
_INLINE = {"text", "span", "link", "hyperlink", "hard_break", "hardbreak", "linebreak"}
_DEEPEST = 40


def rich_text(value: Any) -> str | None:
    """Return the text of a tree, with a blank line between its blocks; None if the value is not one.

    A tree is an object, or a list of objects, with a type. Blocks are in ``content``, ``children`` or
    ``blocks``, and the text is in ``text`` or ``value`` of the innermost objects.

    Examples
    --------
    >>> bold = {"_type": "span", "text": "two."}
    >>> rich_text([{"_type": "block", "children": [{"_type": "span", "text": "One "}, bold]}])
    'One two.'
    """
    if not _is_tree(value):
        return None
    blocks = ("".join(_letters(block, 0)).strip() for block in _blocks(value, 0))
    return "\n\n".join(block for block in blocks if block) or None


def _is_tree(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) and _type(one) and _under(one) for one in value[:5])
    if not isinstance(value, dict):
        return False
    root = value.get("root")
    if isinstance(root, dict) and len(value) <= 2:
        return _is_tree(root)
    inner = _under(value)
    return (
        isinstance(inner, list) and bool(inner) and all(isinstance(one, dict) and _type(one) for one in inner)
    )


def _type(node: dict[str, Any]) -> Any:
    return node.get("nodeType") or node.get("_type") or node.get("type")


def _under(node: dict[str, Any]) -> Any:
    return next((node[name] for name in _INNER if isinstance(node.get(name), list)), None) or node.get("data")


def _blocks(value: Any, depth: int) -> Iterator[Any]:
    """Yield the innermost nodes that contain text, or nodes of text, directly."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _blocks(one, depth + 1)
        return
    if not isinstance(value, dict):
        return
    if isinstance(value.get("root"), dict):
        value = value["root"]
    inner = _under(value)
    if isinstance(inner, list) and not any(_is_inline(one) for one in inner):
        yield from _blocks(inner, depth + 1)
    elif inner is not None:
        yield inner


def _is_inline(node: Any) -> bool:
    if not isinstance(node, dict):
        return False
    kind = str(_type(node) or "text").lower()
    return "text" in node or kind in (
        "text",
        "span",
        "link",
        "hyperlink",
        "hard_break",
        "linebreak",
        "inline",
    )


def _letters(node: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for one in node:
            yield from _letters(one, depth + 1)
    elif isinstance(node, dict):
        text = node.get("text", node.get("value"))
        if isinstance(text, str):
            yield text
        elif str(_type(node)).lower() in ("hard_break", "hardbreak", "linebreak"):
            yield "\n"
        else:
            yield from _letters(_under(node), depth + 1)
