"""Times as a reader sees them: in one zone, and as exactly as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from dedup.article import Article
from dedup.errors import SettingsError
from dedup.reporting import wording
from dedup.reporting.records import utc

_DAYS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Times:
    """The time zone for display.

    Attributes
    ----------
    zone : tzinfo
    name : str
        The zone's name for the reader.
    """

    zone: tzinfo = UTC
    name: str = "UTC"

    @classmethod
    def of(cls, name: str) -> Times:
        """Return the times of a zone in the IANA database.

        Raises
        ------
        SettingsError
            There is no zone with that name.

        Examples
        --------
        >>> Times.of("Asia/Karachi").moment(datetime(2022, 2, 24, 10, 2))
        '2022-02-24 15:02'
        """
        try:
            return cls(ZoneInfo(name), name)
        except (ValueError, OSError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
            raise SettingsError(
                f"show_times_in is {name!r}; it must be a zone such as Asia/Karachi or UTC"
            ) from error

    def moment(self, when: datetime, precision: str | None = None) -> str:
        """Write a moment as far as it is known; a day is never shifted into another zone.

        Without a precision, midnight UTC to the second is taken as a date without a time of day.

        Examples
        --------
        >>> Times().moment(datetime(2022, 2, 24)), Times().moment(datetime(2022, 2, 24), "minute")
        ('2022-02-24', '2022-02-24 00:00')
        """
        at, day_only = self._shown(when, precision)
        return f"{at:%Y-%m-%d}" if day_only else f"{at:%Y-%m-%d %H:%M}"

    def day(self, when: datetime, precision: str | None = None) -> str:
        """Write the day in few characters.

        Examples
        --------
        >>> Times.of("Asia/Karachi").day(datetime(2022, 2, 4, 20, 2))
        '5 Feb 2022'
        """
        at, _ = self._shown(when, precision)
        return f"{at.day} {at:%b %Y}"

    def sentence(self, said: str, first: Article | None) -> str:
        """Return a report's sentence with its time, which is in UTC there, in this zone."""
        if first is None or first.published is None:
            return said
        return said.replace(
            wording.moment(first.published), self.moment(first.published, first.published_precision)
        )

    @property
    def note(self) -> str:
        """The note for the reader about the times.

        Examples
        --------
        >>> Times().note
        'Times are in UTC.'
        """
        return f"Times are in {self.name}."

    def _shown(self, when: datetime, precision: str | None) -> tuple[datetime, bool]:
        """Return the moment in the zone, and whether only its day is known."""
        at = utc(when) or when
        unknown = precision is None and not (at.hour or at.minute or at.second)
        if unknown or precision in _DAYS:
            return at, True
        return at.astimezone(self.zone), False
