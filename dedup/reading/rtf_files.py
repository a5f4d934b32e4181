"""RTF: a document, or a Factiva or LexisNexis export with many articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dedup.errors import InputError
from dedup.reading.exports import rows_of_factiva, rows_of_nexis
from dedup.reading.extras import load_extra
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.numbered import gather_rows
from dedup.reading.records import Records
from dedup.reading.sniffing import FACTIVA_MARK, NEXIS_MARK
from dedup.reading.streams import read_whole

_MOST = 256 << 20
#: Where striprtf recognises a link by its instruction, it may put the address into the text.
_LINK = re.compile(r"(\\fldinst\b[\s{]*)HYPERLINK\b", re.IGNORECASE)


def read_rtf(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read RTF; an export is cut into its articles."""
    striprtf: Any = load_extra("striprtf.striprtf", extra="office", file=file.name)
    data = read_whole(file, how.source, most=_MOST)
    try:
        text = striprtf.rtf_to_text(_LINK.sub(r"\1", data.decode("latin-1")), errors="replace")
    except (ValueError, IndexError, RecursionError, KeyError) as error:
        raise InputError(f"is not valid RTF ({error}); save it again", file=file.name) from error
    # A character beyond U+FFFF comes as two halves.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    if not text:
        raise InputError("holds no text", file=file.name)
    if NEXIS_MARK.search(text):
        rows = rows_of_nexis(text)
    elif FACTIVA_MARK.search(text):
        rows = rows_of_factiva(text)
    else:
        rows = [(1, {"id": file.stem, "text": text, "source": file.given.get("source")})]
    yield from gather_rows(rows, file)
