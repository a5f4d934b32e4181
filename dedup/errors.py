"""The tree of errors that `dedup` raises for problems that its user can solve.

::

    DedupError
    ├── InputError          an input that cannot be read: says the file, the line, what was found, the mend
    │   ├── FieldError      a record lacks a field, or a field has the wrong type
    │   └── DuplicateIdError  two articles with one id
    ├── OutputError         an output that cannot be written
    ├── SettingsError       a setting out of its range, or an unknown one
    ├── BackgroundError     a background file that is damaged or was learned under other settings
    └── IndexStoreError     an index that cannot be opened, read or written, or that another process holds

The command line prints such an error in one line and exits with 1 (2 for `SettingsError`, which is wrong
usage). A traceback needs ``--debug``. Any other exception is a bug in the program.
"""

from __future__ import annotations


class DedupError(Exception):
    """A problem that the user of the program can solve; the message says how.

    Examples
    --------
    >>> import dedup
    >>> try:
    ...     dedup.find_overlaps([{"title": "No text"}])
    ... except dedup.DedupError as error:
    ...     print(type(error).__name__)
    FieldError
    """


class InputError(DedupError):
    """An input cannot be read.

    Parameters
    ----------
    reason : str
        What was found and what would be right.
    file : str, optional
        The input's name as the user gave it; ``"-"`` is standard input.
    line : int, optional
        The line (or row) in it, from 1.

    Examples
    --------
    >>> print(InputError("the text is empty", file="a.jsonl", line=3))
    a.jsonl:3: the text is empty
    """

    def __init__(self, reason: str, *, file: str | None = None, line: int | None = None) -> None:
        self.reason = reason
        self.file = file
        self.line = line
        place = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + reason)


class FieldError(InputError):
    """A record lacks a required field, or a field has the wrong type."""


class DuplicateIdError(InputError):
    """Two articles have the same id."""


class OutputError(DedupError):
    """An output cannot be written."""


class SettingsError(DedupError, ValueError):
    """A setting is unknown or out of its range."""


class BackgroundError(DedupError):
    """A background file is damaged, or was learned under other settings."""


class IndexStoreError(DedupError):
    """An index is damaged, of another version or settings, held by another process, or out of space."""
