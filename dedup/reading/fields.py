"""Which field of a record means what: the user's mapping, a preset, or else a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dedup.errors import FieldError, SettingsError
from dedup.reading.guesses import FIELDS, is_address
from dedup.reading.guessing import Guesser
from dedup.reading.paths import Path, canonical, parse_paths, values_at
from dedup.reading.presets import Preset, preset_of
from dedup.reading.values import field_value, wrong_kind

__all__ = ["FIELDS", "FieldMapping", "Row", "Selector", "missing_text"]

Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """What the user said about the records.

    Attributes
    ----------
    named : dict of str to tuple of Path
        Where each named field of an article is found; a named field is not guessed.
    records : tuple of Path
        Where the records are in a document; empty if that is guessed.
    preset : Preset or None
        The preset that was asked for; None if it is chosen by the content.
    """

    named: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    records: tuple[Path, ...] = ()
    preset: Preset | None = None

    @classmethod
    def of(
        cls,
        fields: Mapping[str, str] | None = None,
        *,
        records: str | None = None,
        preset: Preset | None = None,
    ) -> FieldMapping:
        """Check and parse the user's mapping.

        Raises
        ------
        SettingsError
            A key is not a field of an article, or a path is empty or malformed.

        Examples
        --------
        >>> FieldMapping.of({"text": "story.body|body"}).named["text"][1].text
        'body'
        """
        named: dict[str, tuple[Path, ...]] = {}
        for name, path in (fields or {}).items():
            if name not in FIELDS:
                raise SettingsError(f"field is {name!r}; it must be one of {', '.join(FIELDS)}")
            if not path:
                raise SettingsError(f"field {name} is mapped to an empty name; give it as {name}=NAME")
            named[name] = parse_paths(path)
        return cls(named, parse_paths(records) if records else (), preset)


class Selector:
    """Reads the fields of the records of one file.

    Parameters
    ----------
    mapping : FieldMapping
    constants : mapping of str to str, optional
        Values that hold for all records of the file, by the names of fields that they might have.

    Attributes
    ----------
    preset : Preset or None
        The preset in use, chosen from the first record that has a preset's keys.
    met : set of str
        Fields that the user named and some record had.
    """

    def __init__(self, mapping: FieldMapping, constants: Mapping[str, str] | None = None) -> None:
        self.mapping = mapping
        self.constants = dict(constants or {})
        self.preset = mapping.preset
        self.guesser = Guesser()
        self.met: set[str] = set()
        self._asked: set[tuple[Any, ...]] = set()

    def choose_preset(self, record: Mapping[str, Any]) -> None:
        """Choose the preset whose keys the record has, unless one is chosen already."""
        keys = tuple(record)
        if self.preset is None and keys not in self._asked:
            self._asked.add(keys)
            self.preset = preset_of(record)

    @property
    def joins_parts(self) -> bool:
        """Whether the text is composed of several fields."""
        return self.preset is not None and bool(self.preset.parts) and "text" not in self.mapping.named

    def select(
        self,
        record: Mapping[str, Any],
        parents: Sequence[Mapping[str, Any]] = (),
        shared: Sequence[Mapping[str, Any]] = (),
    ) -> Row:
        """Read one record's fields as strings; a number in `published` gets an ``@`` before it.

        Parameters
        ----------
        record : mapping
        parents : sequence of mapping
            The objects that contain only this record, the nearest first.
        shared : sequence of mapping
            Objects that contain other records too, as in a list: their dates and ids are not those of the
            article.

        Raises
        ------
        FieldError
            There is no text, or a field that the user named holds neither a string nor a number.
        """
        around = [*parents, *shared]
        self.choose_preset(record)
        row: Row = {}
        holder: Mapping[str, Any] | None = None
        for name in FIELDS:
            if name == "credit_lines":
                row[name] = self._credit_lines(record, around)
            elif name in self.mapping.named:
                row[name] = self._named(name, record, around)
            else:
                row[name] = self._preset(name, record, around)
                if row[name] is not None or (self.preset is not None and name in self.preset.withheld):
                    continue
                if name == "text":
                    row[name], holder = self.guesser.text_and_holder(record)
                    continue
                within = [holder] if holder is not None else []
                outer = around if name in _OF_ALL else parents
                row[name] = self._guessed(name, [*within, record, *outer])
        if row["text"] is None:
            raise FieldError(self._no_text(record))
        if row["url"] is None and is_address(row["source"]) and "url" not in self.mapping.named:
            row["url"] = row["source"]
        return row

    def _credit_lines(self, record: Mapping[str, Any], around: list[Mapping[str, Any]]) -> str | None:
        """Return all values that may name a supplier, one per line."""
        values = [value for _, value in self.guesser.candidates(record, "credit_lines")]
        if "credit_lines" in self.mapping.named:
            paths = self.mapping.named["credit_lines"]
            values = [
                one for path in paths for holder in (record, *around) for one in values_at(holder, path)
            ]
            self.met.update(["credit_lines"] if values else [])
        lines = [field_value("credit_lines", value) for value in values]
        return "\n".join(line for line in lines if line) or None

    def has_text(self, record: Mapping[str, Any]) -> bool:
        """Whether the record, as it is, holds an article's text."""
        self.choose_preset(record)
        if "text" in self.mapping.named:
            return any(True for path in self.mapping.named["text"] for _ in values_at(record, path))
        return self._preset("text", record, []) is not None or self.guesser.text(record) is not None

    def _named(self, name: str, record: Mapping[str, Any], around: list[Mapping[str, Any]]) -> str | None:
        for path in self.mapping.named[name]:
            for holder in (record, *around):
                found = list(values_at(holder, path, around[-1] if around else None))
                if not found:
                    continue
                self.met.add(name)
                value = found[0] if len(found) == 1 else found
                text = field_value(name, value, key=path.text)
                if text is None and value is not None and not isinstance(value, list):
                    raise wrong_kind(name, value)
                if text or (name == "text" and text is not None):
                    return text
        return None

    def _preset(self, name: str, record: Mapping[str, Any], around: list[Mapping[str, Any]]) -> str | None:
        if self.preset is None:
            return None
        if name == "text" and self.preset.parts:
            parts = [field_value(name, list(values_at(record, path))) for path in self.preset.parts]
            return "\n\n".join(part for part in parts if part) or None
        for path in self.preset.paths.get(name, ()):
            found = list(values_at(record, path, around[-1] if around else None))
            value = found[0] if len(found) == 1 else found
            text = field_value(name, value, key=path.steps[-1][0])
            if text:
                return text
        return None

    def _guessed(self, name: str, holders: Sequence[Mapping[str, Any]]) -> str | None:
        """Return the first value that may be the field's, in the order of the objects that may hold it."""
        address = None
        for holder in holders:
            for path, value in self.guesser.candidates(holder, name):
                found = field_value(name, value, key=path[-1])
                if not found or (name == "published" and isinstance(value, bool)):
                    continue
                # An address is the last choice for an outlet or an id.
                if (name == "source" and is_address(found)) or (
                    name == "id" and canonical(path[-1]) == "url"
                ):
                    address = address or found
                    continue
                return found
        return address

    def _no_text(self, record: Mapping[str, Any]) -> str:
        for holder in self.guesser.shape(record).fields["text"] if "text" not in self.mapping.named else ():
            value = record[holder]
            return (
                f"{holder} is null; the text must be a string (it may be empty)"
                if value is None
                else wrong_kind("text", value).reason
            )
        for path in self.mapping.named.get("text", ()):
            if any(value is None for value in values_at(record, path)):
                return f"{path.text} is null; the text must be a string (it may be empty)"
        strings = {name: value for name, value in record.items() if isinstance(value, str)}
        likely = max(strings, key=lambda name: len(strings[name]), default="NAME")
        named = [path.text for path in self.mapping.named.get("text", ())]
        return missing_text(record, named=named, likely=likely)


#: Fields that an envelope may state for all records in it.
_OF_ALL = ("source", "language")
_OF_LINKS = {"url", "link", "weburl", "permalink", "loc", "storyurl"}


def missing_text(found: Iterable[str], *, named: Iterable[str] = (), likely: str = "NAME") -> str:
    """Return a message that a record has no text, which fields it has, and how to name the right one."""
    wanted = " or ".join(map(repr, named)) or "'text' or 'body' or 'content' or 'article'"
    names = list(found)
    listed = ", ".join(map(repr, names)) or "none"
    links = _OF_LINKS & {canonical(name) for name in names} and not named
    what = "; they look like links, without the articles' text" if links else ""
    return (
        f"no field {wanted} (or a name like these); the fields found are {listed}{what}; "
        f"name the one that holds the text, for example --field text={likely}"
    )


def lone_surrogate(character: str) -> str:
    """Return a message about a lone surrogate, such as the escape ``\\ud800``."""
    return (
        f"\\u{ord(character):04x} is one half of a surrogate pair and no character; "
        "write the character itself or both halves"
    )
