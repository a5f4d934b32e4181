"""What was left out: counted, listed, and written to a file if the user names one."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple

from dedup.errors import InputError, OutputError
from dedup.reading.records import Fault, Original

#: Maximum number of rejects kept in memory for the caller to list; the count and the file include all of
#: them.
LISTED = 1_000
_CLIP = 2_000


class Reject(NamedTuple):
    """One article or file that was left out.

    Attributes
    ----------
    file : str or None
        The input's name as the user gave it.
    line : int or None
        The line (or row) in it, from 1.
    reason : str
    record : str, mapping or None
        The record as it was given; a long one is truncated here and complete in the file of rejects.
    """

    file: str | None
    line: int | None
    reason: str
    record: Original | None


class Rejects:
    """Receives the faults of one run: raises the first, or counts, lists and writes all of them.

    Use it as a context manager: the file is written beside its target and renamed if the run succeeds, and
    removed if it does not.
    """

    def __init__(self, *, skip: bool, path: Path | None) -> None:
        self.skip = skip
        self.path = path
        self.count = 0
        self.listed: list[Reject] = []
        self._out: IO[bytes] | None = None

    def take(self, fault: Fault) -> None:
        """Raise the fault's error, or count it if faults are skipped."""
        if not self.skip:
            raise fault.error
        error = fault.error
        self.count += 1
        reject = Reject(error.file, error.line, error.reason, fault.record)
        if self._out is not None:
            self._write(reject)
        if len(self.listed) < LISTED:
            self.listed.append(reject._replace(record=_clipped(fault.record)))

    def __enter__(self) -> Rejects:
        if self.path is not None:
            try:
                self._out = tempfile.NamedTemporaryFile(
                    dir=self.path.parent, prefix=f".{self.path.name}.", delete=False
                )
            except OSError as error:
                raise self._failure(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._out is None or self.path is None:
            return
        out, self._out = self._out, None
        try:
            out.close()
            if kind is None:
                Path(out.name).chmod(0o666 & ~_umask())
                Path(out.name).replace(self.path)
        except OSError as failure:
            raise self._failure(failure) from failure
        finally:
            Path(out.name).unlink(missing_ok=True)

    def _write(self, reject: Reject) -> None:
        assert self._out is not None
        try:
            self._out.write(_encoded(reject) + b"\n")
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> OutputError:
        return OutputError(
            f"{self.path}: cannot write the rejects ({error.strerror}); name another --rejects file"
        )


def file_fault(error: Exception, name: str) -> InputError:
    """Return an error in the program's terms for a file that the system could not open or read."""
    if isinstance(error, FileNotFoundError):
        return InputError("no such file or directory; check the path", file=name)
    if isinstance(error, PermissionError):
        return InputError("may not be read; ask for the right to read it", file=name)
    told = error.strerror if isinstance(error, OSError) else None
    return InputError(f"cannot be read: {told or error}", file=name)


def _encoded(reject: Reject) -> bytes:
    try:
        return json.dumps(reject._asdict(), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # A record with a lone surrogate can be written only with it escaped.
        return json.dumps(reject._asdict()).encode()


def _clipped(record: Original | None) -> Original | None:
    if isinstance(record, str):
        return record[:_CLIP]
    if record is None:
        return None
    return {name: value[:_CLIP] if isinstance(value, str) else value for name, value in record.items()}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
