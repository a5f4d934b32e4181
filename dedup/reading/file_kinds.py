"""What a file is, by its content and its name; and what the folders that it lies in say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from dedup.reading.archives import is_archive
from dedup.reading.compression import Compression, compression_of, head_of
from dedup.reading.formats import formats
from dedup.reading.sniffing import HEAD_BYTES, has_front_matter, sniff, zip_format

#: Behind the ending of the format.
ENDINGS_OF_COMPRESSION = (".gz", ".bz2", ".xz", ".zst", ".zip")


def is_mark(path: Path) -> bool:
    """Whether a file only describes the files beside it."""
    if path.name.startswith("_") or path.suffix == ".crc":
        return True
    of_a_dataset = path.name in ("state.json", "dataset_info.json", "dataset_dict.json")
    return of_a_dataset and (path.name == "dataset_dict.json" or any(path.parent.glob("*.arrow")))


def kind_of(path: Path, told: str | None, *, walked: bool = False) -> tuple[str, Compression | None] | None:
    """Return the format and compression of a file, by content and suffixes; None if it is not read."""
    if walked and is_mark(path):
        return None
    try:
        if not path.is_file():
            raise OSError  # a pipe can be read only once
        with path.open("rb") as stored:
            head, compression = head_and_compression(stored)
    except OSError:  # reading it will report the error
        head, compression = b"", _compression_told(path)
    name = plain_name(path, compression)
    if told is not None:
        return told, compression
    if is_archive(head) and (document := zip_format(head)) is None:
        return ARCHIVE, None
    format_ = document if is_archive(head) else sniff(head, name)
    format_ = format_ if format_ in formats() else None
    if format_ == "markdown" and walked and not has_front_matter(head):
        return None
    return None if format_ is None else (format_, compression)


#: The kind of a zip or tar archive.
ARCHIVE = "archive"


def head_and_compression(stored: IO[bytes]) -> tuple[bytes, Compression | None]:
    """Return the first bytes of a file, not compressed, and how it is compressed."""
    head = stored.read(HEAD_BYTES)
    compression = compression_of(head)
    if compression is None:
        return head, None
    stored.seek(0)
    return head_of(stored, compression, HEAD_BYTES), compression


def _compression_told(path: Path) -> Compression | None:
    told: dict[str, Compression] = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}
    return told.get(path.suffix.lower())


def plain_name(path: Path, compression: Compression | None) -> str:
    """Return the file's name without the suffix of its compression."""
    return path.stem if path.suffix.lower() in ENDINGS_OF_COMPRESSION else path.name


def partition_of(path: Path) -> dict[str, str]:
    """Return the fields given by folders named ``column=value``."""
    found = (_PARTITION.fullmatch(part) for part in path.parts[:-1])
    told = {match[1]: unquote(match[2]) for match in found if match}
    return {name: value for name, value in told.items() if value != "__HIVE_DEFAULT_PARTITION__"}


_PARTITION = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
