"""Automatic choices made while a run was read: presets, and text fields found without a known name."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from dedup.errors import FieldError
from dedup.reading.fields import FieldMapping, Selector
from dedup.reading.input_file import InputFile


class ReadAs(NamedTuple):
    """How files were read.

    Attributes
    ----------
    format : str
    preset : str
        The description of the preset; "" if none was chosen.
    mapping : str
        Which of their fields was used for which field of an article, as ``text=body, source=site``.
    """

    format: str
    preset: str
    mapping: str


class Choices:
    """Collects how the files of a run were read, for notes and for named fields that no record had."""

    def __init__(self, mapping: FieldMapping) -> None:
        self._mapping = mapping
        self._files: dict[tuple[str, str], Counter[str]] = {}
        self._met: set[str] = set()
        self._read = 0
        self.read_as: dict[ReadAs, Counter[str]] = {}

    def take_single(self, file: InputFile) -> None:
        """Record a file that holds one article."""
        self._count(ReadAs(file.format, "", ""), file)

    def take(self, file: InputFile, selector: Selector) -> None:
        """Record how a file was read."""
        self._met |= selector.met
        self._read += 1
        preset = selector.preset
        mapping = selector.guesser.told() if preset is None else preset.told()
        self._count(ReadAs(file.format, "" if preset is None else preset.about, mapping), file)
        if selector.preset is not None and self._mapping.preset is None:
            self._add(f"read as {selector.preset.about}", selector.preset.told(), file)
        for path in {path for path in selector.guesser.by_content.values() if path}:
            self._add(
                "no field has a usual name for the text, so the longest was taken",
                f"text={'.'.join(path)}",
                file,
            )

    def notes(self) -> list[str]:
        """Return one line per choice, with the files to which it applies."""
        return [
            f"{_files(files)}: {what}{f' ({mapping})' if mapping else ''}"
            for (what, mapping), files in self._files.items()
        ]

    def check(self) -> None:
        """Raise `FieldError` if no record at all had a field that the user named."""
        for field, paths in self._mapping.named.items():
            if self._read and field not in self._met:
                name = "|".join(path.text for path in paths)
                raise FieldError(f"no record has the field {name!r} (--field {field}={name})")

    def _count(self, read_as: ReadAs, file: InputFile) -> None:
        self.read_as.setdefault(read_as, Counter())[file.name] += 1

    def _add(self, what: str, mapping: str, file: InputFile) -> None:
        self._files.setdefault((what, mapping), Counter())[file.name] += 1


def _files(files: Counter[str]) -> str:
    first = next(iter(files))
    more = len(files) - 1
    return f"{first} and {more:,} more file{'s' * (more > 1)}" if more else first
