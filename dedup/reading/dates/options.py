"""What the user says about dates: the order of day and month, and the zones of times without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self
from zoneinfo import ZoneInfo

from dedup.errors import SettingsError
from dedup.outlets import same_source
from dedup.reading.dates.zones import zone_of

OrderChoice = Literal["auto", "dmy", "mdy", "ymd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOptions:
    """How dates are read.

    Attributes
    ----------
    order : {"auto", "dmy", "mdy", "ymd"}
        What ``03/04/2022`` means. "auto" decides by the other dates of the same file, and leaves the date out
        if they do not decide.
    timezone : str, optional
        IANA name of the zone of times without one; by default they count as UTC.
    timezones : mapping of str to str
        The same for individual sources, by their name.

    Examples
    --------
    >>> DateOptions.of("auto", ["Asia/Kolkata", "The Mercury=Australia/Hobart"]).timezones
    {'The Mercury': 'Australia/Hobart'}
    """

    order: OrderChoice = "auto"
    timezone: str | None = None
    timezones: Mapping[str, str] = field(default_factory=dict)
    _zones: dict[str, ZoneInfo] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.order not in ("auto", "dmy", "mdy", "ymd"):
            raise SettingsError(f"the date order is {self.order!r}; it must be one of auto, dmy, mdy, ymd")
        if self.timezone is not None:
            self._zones[""] = zone_of(self.timezone)
        for source, name in self.timezones.items():
            try:
                self._zones[same_source(source)] = zone_of(name)
            except SettingsError as error:
                raise SettingsError(f"the zone of {source}: {error}") from None

    @classmethod
    def of(cls, order: OrderChoice, zones: Sequence[str], known: Mapping[str, str] | None = None) -> Self:
        """Read the options of the command line, with a zone as ``ZONE`` or ``SOURCE=ZONE``.

        `known` has the zones of sources that the command line does not mention.
        """
        default: str | None = None
        named: dict[str, str] = {}
        earlier = dict(known or {})
        for text in zones:
            source, equals, name = text.rpartition("=")
            if equals and source.strip():
                named[source.strip()] = name
                earlier = {
                    other: zone
                    for other, zone in earlier.items()
                    if same_source(other) != same_source(source)
                }
            elif default is not None:
                raise SettingsError(
                    f"--timezone is given twice without a source, as {default} and {text}; "
                    "give one of them as SOURCE=ZONE"
                )
            else:
                default = name
        return cls(order=order, timezone=default, timezones=earlier | named)

    @property
    def has_zones(self) -> bool:
        """Whether any zone is given."""
        return bool(self._zones)

    def zone(self, source: str) -> ZoneInfo | None:
        """Return the zone of a source's times; None if none is given."""
        return self._zones.get(same_source(source)) or self._zones.get("")
