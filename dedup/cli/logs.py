"""Standard error as JSON lines, and the metrics of a run."""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from dedup.runtime.outputs import written_beside


class JsonLines(io.TextIOBase):
    """A stream that turns each line written to it into a JSON object with time, level and message."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rest = ""

    def write(self, text: str) -> int:
        """Accept text; whole lines are passed on."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in filter(None, lines):
            self.put("info", line.removeprefix("dedup: "))
        return len(text)

    def put(self, level: str, message: str, **fields: Any) -> None:
        """Write one object."""
        moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        said = {"time": moment, "level": level, "message": message, **fields}
        self._stream.write(json.dumps(said, ensure_ascii=False, default=str) + "\n")
        self._stream.flush()

    def flush(self) -> None:
        """Pass on what is buffered."""
        self._stream.flush()


class _Records(logging.Handler):
    """Writes log records of the library, with their numbers."""

    def __init__(self, lines: JsonLines) -> None:
        super().__init__(logging.INFO)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        message = getattr(record, "event", None) or record.getMessage()
        fields = {"logger": record.name, **getattr(record, "fields", {})}
        self._lines.put(record.levelname.lower(), message, **fields)


@contextmanager
def as_json() -> Iterator[None]:
    """Write standard error as JSON lines within the block, including the library's log records."""
    log, before, level = logging.getLogger("dedup"), sys.stderr, logging.getLogger("dedup").level
    lines = JsonLines(before)
    handler = _Records(lines)
    others = [each for each in log.handlers if not isinstance(each, logging.NullHandler)]
    for each in others:
        log.removeHandler(each)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    sys.stderr = lines
    try:
        yield
    finally:
        sys.stderr = before
        log.removeHandler(handler)
        log.setLevel(level)
        for each in others:
            log.addHandler(each)


def say_failure(message: str) -> bool:
    """Write an error as JSON if standard error is JSON, and return whether it is."""
    if not isinstance(sys.stderr, JsonLines):
        return False
    sys.stderr.put("error", message)
    return True


@contextmanager
def measured(path: Path | None) -> Iterator[dict[str, Any]]:
    """Write the metrics of the block to a file, if one is named; entries of the dict are added."""
    found: dict[str, Any] = {}
    if path is None:
        yield found
        return
    log, stages, started = logging.getLogger("dedup.run"), _Seconds(), time.monotonic()
    level = log.level
    log.addHandler(stages)
    log.setLevel(logging.INFO)
    try:
        yield found
    finally:
        log.removeHandler(stages)
        log.setLevel(level)
    from dedup.runtime.measures import peak_memory

    found["stages"] = stages.seconds
    found["seconds"] = round(time.monotonic() - started, 3)
    found["peak_memory_bytes"] = peak_memory()
    with written_beside([path]) as (beside,):
        beside.write_text(json.dumps(found, indent=2, default=str) + "\n")


class _Seconds(logging.Handler):
    """Adds up the seconds of each stage."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.seconds: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        fields = getattr(record, "fields", {})
        if "stage" in fields:
            before = self.seconds.get(fields["stage"], 0.0)
            self.seconds[fields["stage"]] = round(before + fields["seconds"], 3)
