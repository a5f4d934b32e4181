"""An earlier result, which shows what is new since the last look."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dedup.errors import InputError


class _Line(msgspec.Struct):
    kind: str = ""
    a: str | None = None
    b: str | None = None


def known_pairs(path: Path) -> frozenset[tuple[str, str]]:
    """Read the pairs of an earlier result.

    Parameters
    ----------
    path : Path
        A result that ``dedup scan`` wrote as JSON lines.

    Returns
    -------
    frozenset of (str, str)
        The ids of each pair, the smaller first.

    Raises
    ------
    InputError
        The file cannot be read, or a line is not a record of a result.
    """
    pairs = set()
    number = 0
    decoder = msgspec.json.Decoder(_Line)
    try:
        with path.open("rb") as lines:
            for line in lines:
                number += 1
                record = decoder.decode(line)
                if record.kind == "overlap" and record.a is not None and record.b is not None:
                    pairs.add((record.a, record.b))
                elif not record.kind:
                    raise msgspec.ValidationError("no kind")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name the JSON lines of a former scan") from error
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError(
            f"{path}:{number}: not a record of a result ({error}); name the JSON lines of a former scan"
        ) from error
    return frozenset(pairs)
