"""The time of day within a written date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dedup.article import Precision
from dedup.reading.dates.calendars import UnreadableDateError

_ZONES_BEHIND = "gmt|utc|ut|z|[ecmp][sd]?t|[a-z]{2,4}st|hrs|hours|uhr"
# In the order in which they are tried. Groups: hour, minute, second, fraction.
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<h>\d{1,2}) ?: ?(?P<m>\d{2})(?: ?: ?(?P<s>\d{2})(?:[.,:](?P<f>\d{1,9}))?)?(?!\d)",
        r"(?<![^\W\d_])t ?(?P<h>\d{2})(?:(?P<m>\d{2})(?:(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?)?(?!\d)",
        r"(?<!\d)(?P<h>\d{1,2}) ?[時时点點시] ?(?:(?P<m>\d{1,2}) ?[分분]? ?(?:(?P<s>\d{1,2}) ?[秒초])?)?",
        r"(?<!\d)(?P<h>\d{1,2}) ?h(?:rs)? ?(?:(?P<m>\d{2})(?: ?m(?:in)?)?(?: ?(?P<s>\d{2}) ?s)?)?(?![^\W_])",
        r"(?<!\d)(?P<h>\d{1,2})\.(?P<m>\d{2})(?:\.(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?(?![\d.])",
        rf"(?<!\d)(?P<h>\d{{2}})(?P<m>\d{{2}}) ?(?=(?:{_ZONES_BEHIND})\b)",
        r"(?<!\d)(?P<h>\d{1,2}) ?(?=[ap]\.? ?m\b)",
    )
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; hour 24 is the end of the day.

    Attributes
    ----------
    start, end : int
        Its place in the folded text.
    """

    hour: int
    minute: int
    second: int
    microsecond: int
    precision: Precision
    start: int
    end: int

    def in_half(self, half: str) -> int:
        """Return the hour on a 24-hour clock if the text says am or pm, or names noon or night."""
        if half in ("am", "night") and self.hour == 12:
            return 0
        later = half == "pm" or (half == "noon" and self.hour < 6) or (half == "night" and self.hour > 5)
        return self.hour + 12 if later and self.hour < 12 else self.hour


def find_clock(text: str) -> Clock | None:
    """Find the time of day in a folded text from which a numeric date has been taken.

    Raises
    ------
    UnreadableDateError
        The hour, the minute or the second does not exist.

    Examples
    --------
    >>> clock = find_clock("24 feb 10h02")
    >>> clock.hour, clock.minute, clock.precision
    (10, 2, 'minute')
    """
    for pattern in _CLOCKS:
        found = pattern.search(text)
        if found is None:
            continue
        parts = found.groupdict()
        hour, minute, second = int(parts["h"]), int(parts.get("m") or 0), int(parts.get("s") or 0)
        if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
            raise UnreadableDateError(f"{found[0].strip()!r} is not a time of day")
        fraction = int((parts.get("f") or "0")[:6].ljust(6, "0"))
        if second == 60:  # a leap second; computers' clocks repeat the one before it
            second, fraction = 59, 999_999
        precision: Precision = "second" if parts.get("s") else "minute" if parts.get("m") else "hour"
        return Clock(hour, minute, second, fraction, precision, *found.span())
    return None
