"""One file to read, as it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dedup.reading.compression import Compression
from dedup.reading.formats import formats
from dedup.reading.remote import RemoteFile


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read.

    Attributes
    ----------
    name : str
        As the user gave it, for messages; ``"-"`` is standard input.
    path : Path or None
        None for standard input and for remote files.
    format : str
        A name in `dedup.reading.formats`.
    compression : {"gzip", "bzip2", "xz", "zstd"} or None
    member : str or None
        Its name in the archive at `path`.
    remote : RemoteFile or None
        The location of a remote file, for which `path` is None.
    stem : str
        The base of ids: the name without its suffixes, preceded by folders if several files of the run would
        otherwise have the same stem.
    given : mapping of str to str
        For a text file: what its manifest says about it, by the fields of an article; and `source`, the
        folder's name, if the run's text files are in several folders.
    partition : mapping of str to str
        Fields given by the names of the folders that contain it, as ``source=Dawn``.
    """

    name: str
    path: Path | None
    format: str
    compression: Compression | None = None
    member: str | None = None
    stem: str = ""
    given: dict[str, str] = field(default_factory=dict)
    partition: dict[str, str] = field(default_factory=dict)
    remote: RemoteFile | None = None

    @property
    def is_single(self) -> bool:
        """Whether the file holds one article."""
        return formats()[self.format].single
