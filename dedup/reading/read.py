"""Reading as one call: articles in batches, or one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from dedup.article import Article
from dedup.reading.batches import to_articles
from dedup.reading.options import ReaderOptions
from dedup.reading.run import OnError, Progress, Reading


def read_batches(
    inputs: Sequence[str | Path],
    *,
    fields: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    on_error: OnError = "stop",
    rejects: Path | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    options: ReaderOptions | None = None,
) -> Reading:
    """Read articles in batches.

    Parameters
    ----------
    inputs : sequence of str or Path
        Files of any format in `dedup.reading.formats` (also compressed or in archives), folders, patterns, or
        ``"-"`` for JSON lines on standard input. The content determines the format of a file.
    fields : mapping of str to str, optional
        Which field of the records holds a field of the article, as ``{"text": "body"}``; paths lead into
        objects, as ``source.name``. Other fields are guessed by common names, whatever their case.
    encoding : str
        The encoding of all inputs except Parquet.
    on_error : {"stop", "skip"}
        Raise the first error, or leave out what is invalid and continue.
    rejects : Path, optional
        Where to write what is left out, as JSON lines with the keys file, line, reason and record.
    stdin : binary file, optional
        The stream that ``"-"`` reads.
    progress : callable, optional
        Called with the bytes read so far and the bytes of all inputs (None if standard input is one).
    options : ReaderOptions, optional
        The form of the inputs, where their content does not show it.

    Returns
    -------
    Reading

    Raises
    ------
    SettingsError
        An argument is invalid; raised at once.
    InputError, FieldError, DuplicateIdError
        Raised during iteration for an input or a record that cannot be read; with "skip" it is counted
        instead.
    OutputError
        The rejects cannot be written.

    Examples
    --------
    >>> import io
    >>> reading = read_batches(["-"], stdin=io.BytesIO(b'{"id": "a", "body": "Putin met Khan."}'))
    >>> [batch.column("text").to_pylist() for batch in reading]
    [['Putin met Khan.']]
    >>> reading.notes
    ['neither source nor url is named for 1 articles: each counts as a source of its own']
    """
    return Reading(
        inputs,
        fields=fields,
        encoding=encoding,
        on_error=on_error,
        rejects=rejects,
        stdin=stdin,
        progress=progress,
        options=options,
    )


def read_articles(
    inputs: Sequence[str | Path],
    *,
    fields: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    on_error: OnError = "stop",
    rejects: Path | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    options: ReaderOptions | None = None,
) -> Iterator[Article]:
    """Read articles one by one; the parameters and errors are those of `read_batches`.

    Examples
    --------
    >>> import io
    >>> [article.id for article in read_articles(["-"], stdin=io.BytesIO(b'{"text": "Putin met Khan."}'))]
    ['stdin:1']
    """
    reading = read_batches(
        inputs,
        fields=fields,
        encoding=encoding,
        on_error=on_error,
        rejects=rejects,
        stdin=stdin,
        progress=progress,
        options=options,
    )
    return itertools.chain.from_iterable(map(to_articles, reading))
