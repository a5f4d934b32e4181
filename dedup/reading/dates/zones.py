"""Time zones as people write them: offsets, abbreviations, names of places."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dedup.errors import SettingsError
from dedup.reading.dates.calendars import UnreadableDateError

# Minutes east of UTC of abbreviations that name one zone. RFC 5322 settles those of North America.
_MINUTES = {
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "wet": 0, "uct": 0, "zulu": 0,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "hdt": -540, "nst": -210, "ndt": -150, "brt": -180, "art": -180,
    "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180,
    "trt": 180,
    "wat": 60, "cat": 120, "sast": 120, "eat": 180, "idt": 180, "irst": 210, "pkt": 300, "uzt": 300,
    "npt": 345, "ict": 420,
    "wib": 420, "wita": 480, "wit": 540, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480,
    "awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720,
    "nzdt": 780, "мск": 180,
}  # fmt: skip
# The number of zones of ambiguous abbreviations.
_SEVERAL = {"ist": 3, "bst": 2, "ast": 2, "sst": 2, "gst": 2, "amt": 2, "wst": 2, "adt": 2, "lt": 2, "ect": 2}
# Zones whose offset depends on the date.
_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "moscow": "Europe/Moscow",
    "indian": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "pakistan": "Asia/Karachi",
    "japan": "Asia/Tokyo",
    "korea": "Asia/Seoul",
    "singapore": "Asia/Singapore",
    "beijing": "Asia/Shanghai",
    "greenwich": "UTC",
    "british": "Europe/London",
    "uk": "Europe/London",
    "北京": "Asia/Shanghai",
    "московское": "Europe/Moscow",
}
_PLACE_PHRASE = re.compile(r"(\w+) (?:(?:standard|daylight|mean|summer) )?(?:time|время|时间)")
_OFFSET = re.compile(r"(?:utc|gmt|ut|z)?\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?(?::?00)?(?![\d:])")
_MOST_HOURS = 14


@cache
def _by_folded_name() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if name not in ("posixrules", "Factory")}


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name.

    Raises
    ------
    SettingsError
        No zone has this name.

    Examples
    --------
    >>> zone_of("asia/kolkata").key
    'Asia/Kolkata'
    """
    known = _by_folded_name().get(name.strip().casefold())
    if known is None:
        raise SettingsError(
            f"{name!r} is not the name of a time zone; give one of the IANA database, such as Asia/Kolkata"
        )
    return ZoneInfo(known)


def offset_at(text: str) -> tuple[timedelta, int] | None:
    """Read an offset from UTC at the start of a folded text: the offset, and where it ends.

    The sign is taken literally: ``GMT+5`` is five hours east.

    Examples
    --------
    >>> offset_at("gmt+5"), offset_at("-0330 (nst)"), offset_at("x")
    ((datetime.timedelta(seconds=18000), 5), (datetime.timedelta(days=-1, seconds=73800), 5), None)
    """
    found = _OFFSET.match(text)
    if found is None:
        return None
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > _MOST_HOURS or minutes > 59:
        raise UnreadableDateError(f"{found[0]!r} is not an offset from UTC")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if found[1] == "-" else offset, found.end()


def offset_of_name(name: str, moment: datetime) -> timedelta | str | None:
    """Return the offset from UTC that a zone's name gives for a local time.

    Returns
    -------
    timedelta
        Its offset from UTC.
    str
        The name in capitals if several zones have it.
    None
        It does not name a zone.

    Examples
    --------
    >>> offset_of_name("et", datetime(2022, 7, 1)), offset_of_name("ist", datetime(2022, 7, 1))
    (datetime.timedelta(days=-1, seconds=72000), 'IST')
    """
    name = name.strip(" .")
    if name in _MINUTES:
        return timedelta(minutes=_MINUTES[name])
    if name in _SEVERAL:
        return name.upper()
    phrase = _PLACE_PHRASE.fullmatch(name)
    place = _PLACES.get(phrase[1] if phrase else name) if phrase or len(name) == 2 else None
    if place is None and "/" in name:
        place = _by_folded_name().get(name)
    return None if place is None else moment.replace(tzinfo=ZoneInfo(place)).utcoffset()


def several_zones(name: str) -> UnreadableDateError:
    """Return an error that an abbreviation does not determine the zone."""
    number = {2: "two", 3: "three"}[_SEVERAL[name.lower()]]
    return UnreadableDateError(f"{name} names {number} zones; --timezone can settle which")


def local_offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    """Return a zone's offset from UTC at a local time; of two, when clocks go back, the first."""
    return moment.replace(tzinfo=zone).utcoffset() or timedelta()
