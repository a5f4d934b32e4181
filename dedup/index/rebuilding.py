"""Rebuilding an index: a current one is made from the articles of an old one, while readers continue."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dedup.errors import IndexStoreError
from dedup.index.index import Index
from dedup.index.store.catalogue import FILE, Catalogue
from dedup.index.store.exchange import complete_exchange, exchange
from dedup.index.verbs.deciding import log_records
from dedup.index.verbs.rebuilding import Former, former
from dedup.index.verbs.writing import digests_of
from dedup.reading.data import one_batch


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The result of a rebuild.

    Attributes
    ----------
    folder : Path
        Path of the new index.
    former : Path or None
        Where the old index was moved; None if it was not moved.
    articles, decisions : int
        Number of articles and of decisions that were taken over.
    notes : tuple of str
    """

    folder: Path
    former: Path | None
    articles: int
    decisions: int
    notes: tuple[str, ...]


def rebuild(
    folder: Path,
    new: Path | None = None,
    *,
    wait: float = 60.0,
    threads: int | None = None,
    progress: Callable[[int, int], object] = lambda done, all_: None,
) -> Rebuilt:
    """Make a current index from the articles of an index of any version.

    Ids, settings, decisions and texts are kept; overlaps and stories are computed again. The verdicts of the
    filter are not taken over. Readers of the old index continue meanwhile. An interrupted rebuild continues
    where it stopped when it is called again.

    Parameters
    ----------
    folder : Path
        The old index. Without `new`, the new index takes its place, and the old one is moved beside it.
    new : Path, optional
        A directory that does not exist, is empty, or holds the unfinished result of an earlier call.
    wait : float
        Seconds to wait for another process that is writing.
    threads : int, optional
    progress : callable
        Called with the number of articles done, and the number of all articles.

    Raises
    ------
    IndexStoreError
        The folder is not an index, the index is damaged, or the new one cannot be written.
    """
    if new is None and folder.parent.is_dir():
        complete_exchange(folder.with_name(f".{folder.name}.rebuilt"), folder)
    if not (folder / FILE).is_file():
        raise IndexStoreError(f"{folder} is not an index: it has no {FILE}")
    if new is not None and new.resolve() == folder.resolve():
        raise IndexStoreError(f"{new} is the old index; name another directory, or none to replace it")
    if new is not None:
        return _made(former(folder, wait=wait), new, wait, threads, progress)
    target = folder.with_name(f".{folder.name}.rebuilt")
    lock = Catalogue(folder, wait=wait)
    try:
        # Anything that others write meanwhile would be lost.
        with lock.writing():
            old = former(folder, wait=wait)
            if (target / FILE).is_file() and not _holds_part(target, old, wait):
                target.rename(_free(folder))  # the old index has changed since the rebuild began
            made = _made(old, target, wait, threads, progress)
            kept = _free(folder)
            exchange(target, folder, kept)
    finally:
        lock.close()
    return Rebuilt(folder, kept, made.articles, made.decisions, made.notes)


def _holds_part(target: Path, old: Former, wait: float) -> bool:
    """Whether all articles of a new index are in the old one, with the same texts."""
    try:
        with Index.open(target, old.settings, wait=wait) as index:
            rows = index.state.catalogue.run("SELECT id, digest FROM article").fetchall()
    except IndexStoreError:
        return False
    found: dict[str, bytes] = dict(rows)
    same = 0
    for each in old.batches() if found else ():
        batch = one_batch(each)
        said = zip(batch.column("id").to_pylist(), digests_of(batch), strict=True)
        same += sum(found.get(name) == digest for name, digest in said)
    return same == len(found)


def _made(
    old: Former, target: Path, wait: float, threads: int | None, progress: Callable[[int, int], object]
) -> Rebuilt:
    begun = (target / FILE).is_file()
    opened = (
        Index.open(target, old.settings, wait=wait, threads=threads)
        if begun
        else Index.create(target, old.settings, old.background, wait=wait, threads=threads)
    )
    with opened as index:
        strange = {name for batch in index.articles() for name in batch.column("id").to_pylist()} - old.ids
        if strange:
            raise IndexStoreError(
                f"{target} holds other articles than {old.folder}, such as {min(strange)!r}; name another "
                "directory"
            )
        done = 0
        for batch in old.batches():
            index.add([batch])
            done += batch.num_rows
            progress(done, len(old.ids))
        with index.writing():
            log_records(index.state.catalogue, {json.loads(record)["id"]: record for record in old.decisions})
    return Rebuilt(target, None, done, len(old.decisions), tuple(old.notes))


def _free(folder: Path) -> Path:
    """Return an unused name beside the folder."""
    number = 1
    while (kept := folder.with_name(f"{folder.name}.old{'' if number == 1 else number}")).exists():
        number += 1
    return kept
