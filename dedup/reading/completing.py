"""From records to articles: rows are checked, ids and sources completed, dates read; all in columns."""

from __future__ import annotations

import html
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.errors import DuplicateIdError, FieldError, InputError
from dedup.outlets import Outlets
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.reading.dates.deciding import OPEN_COLUMNS, OPEN_FIELDS
from dedup.reading.dates.moments import DateReader
from dedup.reading.ids import IdLedger, string_buffers
from dedup.reading.records import Column, Fault, Records

_STRINGS = ("text", "id", "source", "title", "url", "language", "credit_lines")
_WWW = r"^[Ww]{3}\.([\w-]+(?:\.[\w-]+)+)$"
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(?:[Ww]{3}\.)?(?P<host>[^/?#:@]+)"

#: `ARTICLE_SCHEMA`, and the open readings of dates.
OPEN_SCHEMA = pa.schema([*ARTICLE_SCHEMA, *OPEN_FIELDS])


class Completion:
    """Converts one run's records to batches of articles; knows the ids of all earlier articles."""

    def __init__(self, dates: DateReader | None = None, outlets: Outlets | None = None) -> None:
        self.dates = dates or DateReader()
        self.outlets = outlets or Outlets()
        #: The rows of the last records that became articles, and those whose id is taken.
        self.kept = self.repeated = np.zeros(0, np.int64)
        self._ids = IdLedger()
        self._counts: Counter[str] = Counter()

    def notes(self) -> list[str]:
        """Say how sources were found where the records name none."""
        said = {
            "host": "no source is named for {} articles: the host of the url counts as the source",
            "own": "neither source nor url is named for {} articles: each counts as a source of its own",
        }
        sources = [said[key].format(f"{self._counts[key]:,}") for key in said if self._counts[key]]
        return [*sources, *self.dates.notes()]

    def complete(self, records: Records) -> tuple[pa.RecordBatch, list[Fault]]:
        """Return the articles of the valid rows, and a fault for each of the other rows.

        Returns
        -------
        articles : pyarrow.RecordBatch
            With `ARTICLE_SCHEMA`, and with `OPEN_COLUMNS` if a date can be read in several ways.
        faults : list of Fault
            The records' own faults and the new ones, in the order of their lines.
        """
        rows = len(records)
        columns = {name: _strings(records.columns.get(name), rows) for name in _STRINGS}
        errors = _nulls_and_nuls(columns, rows)
        columns["id"] = _filled_ids(columns["id"], records)
        errors.update(self._duplicates(columns["id"], records, errors))
        faults = sorted(
            [*records.faults, *(self._fault(records, row, errors[row]) for row in errors)],
            key=lambda fault: fault.error.line or 0,
        )
        columns["title"] = _without_entities(columns["title"])
        keep = np.ones(rows, np.bool_)
        keep[list(errors)] = False
        taken = [row for row, error in errors.items() if isinstance(error, DuplicateIdError)]
        self.kept, self.repeated = np.flatnonzero(keep), np.array(sorted(taken), np.int64)
        columns["source"] = self._renamed(self._filled_sources(columns, keep, told=records.without_sources))
        published = _strings(records.columns.get("published"), rows)
        columns |= self.dates.read(published, columns["source"], lambda row: _place(*records.place(row)))
        is_open = OPEN_COLUMNS[0] in columns
        schema = OPEN_SCHEMA if is_open else ARTICLE_SCHEMA
        batch = pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)
        return batch.filter(pa.array(keep)) if errors else batch, faults

    def _duplicates(
        self, ids: Column, records: Records, errors: dict[int, InputError]
    ) -> dict[int, InputError]:
        """Enter the ids of the rows that are valid so far, and return an error for each id that is taken."""
        sound = np.setdiff1d(np.arange(len(ids)), list(errors)) if errors else None
        files, lines = records.files, records.lines
        if sound is not None:
            ids = ids.take(pa.array(sound))
            files = [files[row] for row in sound] if len(files) > 1 else files
            lines = None if lines is None else lines[sound]
        earlier = self._ids.enter(ids, files, lines)
        taken: dict[int, InputError] = {}
        for place in np.flatnonzero(earlier >= 0).tolist():
            file, line = self._ids.place(int(earlier[place]))
            taken[place if sound is None else int(sound[place])] = DuplicateIdError(
                f"the id {ids[place].as_py()!r} is taken by {_place(file, line)}; every article needs "
                "an id of its own (--field id=NAME names the field that holds it)"
            )
        return taken

    def _filled_sources(self, columns: dict[str, Column], keep: NDArray[np.bool_], *, told: bool) -> Column:
        """Return the source as named, else the host of the url, else the id."""
        source, columns["url"] = _hosts_of_addresses(columns["source"], columns["url"])
        if not source.null_count:
            return source
        missing = source.is_null()
        hosts = pc.utf8_lower(pc.struct_field(pc.extract_regex(columns["url"], _HOST), [0]))
        asked = pc.and_(missing, pa.array(keep))
        by_host = int(pc.sum(pc.and_(asked, hosts.is_valid())).as_py() or 0)
        self._counts["host"] += by_host
        # For such files the list of inputs has said so already, once for all of them.
        self._counts["own"] += 0 if told else int(pc.sum(asked).as_py() or 0) - by_host
        return pc.coalesce(source, hosts, columns["id"])

    def _renamed(self, sources: Column) -> Column:
        """Replace sources that are given by an alias or a host of an outlet by the outlet's name."""
        if not self.outlets:
            return sources
        coded = sources.dictionary_encode()
        names = [name and self.outlets.name_of(name) for name in coded.dictionary.to_pylist()]
        return pa.array(names, pa.string()).take(coded.indices)

    def _fault(self, records: Records, row: int, error: InputError) -> Fault:
        file, line = records.place(row)
        return Fault(type(error)(error.reason, file=file, line=line), records.record(row))


def _strings(column: Column | None, rows: int) -> Column:
    return pa.nulls(rows, pa.string()) if column is None else column


def _hosts_of_addresses(source: Column, url: Column) -> tuple[Column, Column]:
    """Replace sources that are addresses by their hosts, and use the addresses as urls where there are none.

    A host loses its ``www.``, like a host taken from a url.
    """
    if len(source) and pc.any(pc.starts_with(source, "http", ignore_case=True)).as_py():
        hosts = pc.utf8_lower(pc.struct_field(pc.extract_regex(source, _HOST), [0]))
        url = pc.coalesce(url, pc.if_else(hosts.is_valid(), source, pa.scalar(None, pa.string())))
        source = pc.coalesce(hosts, source)
    if len(source) and pc.any(pc.starts_with(source, "www.", ignore_case=True)).as_py():
        source = pc.replace_substring_regex(source, _WWW, r"\1")
    return source, url


def _without_entities(titles: Column) -> Column:
    """Replace HTML entities in titles by their characters, because many interfaces leave them encoded."""
    _, letters = string_buffers(titles)
    if not (letters == ord("&")).any():
        return titles
    found = np.asarray(pc.fill_null(pc.match_substring_regex(titles, _ENTITY), False))
    if not found.any():
        return titles
    strings = titles.to_pylist()
    for row in np.flatnonzero(found).tolist():
        strings[row] = html.unescape(strings[row])
    return pa.array(strings, pa.string())


def _nulls_and_nuls(columns: dict[str, Column], rows: int) -> dict[int, InputError]:
    errors: dict[int, InputError] = {}
    if columns["text"].null_count:
        for row in np.flatnonzero(columns["text"].is_null().to_numpy(zero_copy_only=False)).tolist():
            errors[row] = FieldError("text is null; it must be a string (it may be empty)")
        columns["text"] = pc.fill_null(columns["text"], "")
    for name in _STRINGS:
        _, letters = string_buffers(columns[name])
        # Hardly any file has one, and counting bytes is many times faster than a search row by row.
        if np.count_nonzero(letters) == len(letters):
            continue
        places: Column = pc.find_substring(columns[name], "\0")
        for row in [row for row, place in enumerate(places.to_pylist()) if place is not None and place >= 0]:
            column = columns[name][row].as_py()
            errors.setdefault(
                row,
                InputError(f"{name} has a NUL character at place {column.index(chr(0))}; take it out"),
            )
    return errors


def _place(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"


def _filled_ids(ids: Column, records: Records) -> Column:
    if not ids.null_count:
        return ids
    assert records.lines is not None
    lines: Column = pa.array(records.lines).cast(pa.string())
    return pc.coalesce(ids, pc.binary_join_element_wise(pa.scalar(records.stem), lines, pa.scalar(":")))
