"""Signs of problems in the articles that are read, reported in notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

#: Number of texts that are examined; files are consistent from the start.
LOOKED_AT = 400
# A sign is reported if it occurs in at least this share of the texts examined.
_SHARE = 0.5
_LONG = 1_500
_CUT = re.compile(
    r"(?:\[\+\d+ chars\]|(?:…|\.\.\.)\]?|"
    r"\b(?:read more|continue reading|weiterlesen|lire la suite|leer más))\W*$",
    re.IGNORECASE,
)
# UTF-8 that was read in a one-byte encoding, and the replacement character for what could not be read.
_MOJIBAKE = re.compile(
    r"Ã[\x80-\xbf©¨ª«±¼¶¤]|â€[™œ\x9d˜“”¦]|Â[\xa0»«£°]|[ÐÑ][\x80-\xbf°±²³]|Ø[§´±]|à¤|\ufffd"
)
# Without one of these there is no match, and finding a fixed string is many times faster.
_OF_MOJIBAKE = "ÃâÂÐÑØà\ufffd"
_OF_NUMBERED = ("1 of ", "1 OF ", "1 de ", "1 von ", "1 sur ")
_NUMBERED = re.compile(
    r"^\W*(?:Document )?\d+ (?:of|de|von|sur) \d+(?: DOCUMENTS?)?\W*$", re.MULTILINE | re.IGNORECASE
)


class Signs:
    """Examines the first texts of a run, and the sources and dates of all articles.

    Attributes
    ----------
    articles, dated : int
        Number of articles read, and of those with a date.

    Examples
    --------
    >>> signs = Signs()
    >>> signs.look(["One …", "Two [+412 chars]"])
    >>> signs.notes()
    ['2 of the first 2 texts end as if they were cut off: only what they hold is compared']
    """

    def __init__(self) -> None:
        self.articles = self.dated = 0
        self._source: str | None = None
        self._several = False
        self._looked = self._long = self._flat = self._cut = self._garbled = self._bundles = 0

    def learn(self, batch: pa.RecordBatch) -> None:
        """Take a batch of articles into account."""
        if not batch.num_rows:
            return
        self.articles += batch.num_rows
        self.dated += batch.num_rows - batch.column("published").null_count
        if not self._several:
            sources = batch.column("source")
            self._source = self._source if self._source is not None else sources[0].as_py()
            self._several = not pc.all(pc.equal(sources, pa.scalar(self._source))).as_py()
        if self._looked < LOOKED_AT:
            self.look(batch.column("text").slice(0, LOOKED_AT - self._looked).to_pylist())

    def look(self, texts: Sequence[str]) -> None:
        """Examine some texts."""
        for text in texts:
            self._looked += 1
            self._cut += _CUT.search(text, max(0, len(text) - 40)) is not None
            garbled = any(sign in text for sign in _OF_MOJIBAKE) and _MOJIBAKE.search(text) is not None
            self._garbled += garbled
            if len(text) >= _LONG:
                self._long += 1
                self._flat += "\n" not in text.strip()
            bundled = any(sign in text for sign in _OF_NUMBERED) and len(_NUMBERED.findall(text)) > 1
            self._bundles += bundled

    def notes(self) -> list[str]:
        """Return what looks wrong, one line per sign."""
        first = f"of the first {self._looked:,} texts"
        said = []
        if self.articles > 1 and not self._several:
            said.append(
                f"all {self.articles:,} articles name the same source {self._source!r}, and articles of one "
                "source are not compared with each other: say --scope all, or --field source=NAME"
            )
        if self.articles > 1 and not self.dated:
            said.append(
                "no date was found, so which article came first is not known; --field published=NAME names "
                "the field that holds it"
            )
        if self._often(self._cut):
            said.append(f"{self._cut:,} {first} end as if they were cut off: only what they hold is compared")
        if self._long > 1 and self._flat >= 0.9 * self._long:
            said.append(
                f"{self._flat:,} {first} are long and have no line ends: site furniture and credits are "
                "found less well in them"
            )
        if self._often(self._garbled):
            said.append(
                f"{self._garbled:,} {first} hold characters such as Ã© or �, as if they had been read in a "
                "wrong encoding: --encoding NAME names the right one"
            )
        if self._bundles:
            said.append(
                f"{self._bundles:,} {first} look like many articles in one: split them, or export them anew "
                "with one article in each file"
            )
        return said

    def _often(self, count: int) -> bool:
        return count > 1 and count >= _SHARE * self._looked
