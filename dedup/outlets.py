"""What is known about the sources, in one table.

It is the table ``[outlets."NAME"]`` of the settings file, to which options of the command line are added.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal, get_args

from dedup.errors import SettingsError

#: The kinds of sources: an outlet, or a supplier of texts to outlets.
OutletKind = Literal["outlet", "agency", "feed", "press"]

_LISTS = ("aliases", "hosts", "writers")


def same_source(name: str) -> str:
    """Return a key equal for all spellings of a source, which ignores case, space around it and ``www.``.

    Examples
    --------
    >>> same_source(" WWW.Example.com"), same_source("The  Herald ")
    ('example.com', 'the herald')
    """
    return " ".join(name.casefold().split()).removeprefix("www.") or name


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """What is known about a source; the fields are those of the table.

    Attributes
    ----------
    name : str
    aliases : tuple of str
        Other names for it in articles and credits.
    hosts : tuple of str
        Its hosts; their subdomains count as well.
    writers : tuple of str
        People whose byline credits it.
    kind : {"outlet", "agency", "feed", "press"} or None
        None if it is not given: then ``agencies.toml`` decides.
    mine : bool
        Whether it is one of the reader's own outlets.
    timezone : str or None
        IANA name of the time zone for its times without a zone.
    credit_as : str or None
        The words by which it wants to be credited.
    licensed_until : datetime.date or None
        The last day on which its texts may be run.
    """

    name: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    kind: OutletKind | None = None
    mine: bool = False
    timezone: str | None = None
    credit_as: str | None = None
    licensed_until: date | None = None

    @classmethod
    def of(cls, name: str, table: object, place: str) -> Outlet:
        """Read one entry of the table; `place` begins the message of an error.

        Raises
        ------
        SettingsError
            A field is unknown, or its value has the wrong type.

        Examples
        --------
        >>> Outlet.of("Herald", {"kind": "paper"}, "dedup.toml")
        Traceback (most recent call last):
        dedup.errors.SettingsError: dedup.toml: outlets."Herald".kind is 'paper'; it must be one of outlet, \
agency, feed, press
        """
        where = f'{place}: outlets."{name}"'
        if not isinstance(table, Mapping):
            raise SettingsError(f"{where} is {table!r}; it must be a table")
        values: dict[str, Any] = {}
        for key, value in table.items():
            known = [each.name for each in fields(cls) if each.name != "name"]
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                mend = f"did you mean {near[0]}?" if near else f"it must be one of {', '.join(known)}"
                raise SettingsError(f"{where} has no field {key}; {mend}")
            values[key] = _checked(key, value, f"{where}.{key}")
        return cls(name=name, **values)


def _checked(key: str, value: object, place: str) -> Any:
    if key in _LISTS:
        if isinstance(value, str) or not isinstance(value, list | tuple):
            raise SettingsError(f"{place} is {value!r}; it must be a list of names")
        if not all(isinstance(each, str) and each.strip() for each in value):
            raise SettingsError(f"{place} is {value!r}; each of its names must be a text that is not empty")
        return tuple(value)
    if key == "kind" and value not in get_args(OutletKind):
        raise SettingsError(f"{place} is {value!r}; it must be one of {', '.join(get_args(OutletKind))}")
    if key == "mine" and not isinstance(value, bool):
        raise SettingsError(f"{place} is {value!r}; it must be true or false")
    if key in ("timezone", "credit_as") and not (isinstance(value, str) and value.strip()):
        raise SettingsError(f"{place} is {value!r}; it must be a text that is not empty")
    if key == "licensed_until":
        return _day(value, place)
    return value


def _day(value: object, place: str) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise SettingsError(f"{place} is {value!r}; it must be a day, such as 2026-12-31") from None


@dataclass(frozen=True, slots=True)
class Outlets:
    """The table of sources.

    Attributes
    ----------
    each : tuple of Outlet

    Raises
    ------
    SettingsError
        Two outlets share a name, an alias or a host.

    Examples
    --------
    >>> known = Outlets.of({"Harbour Post": {"aliases": ["HP"], "hosts": ["hp.example"], "mine": True}})
    >>> known.name_of("www.hp.example"), known.name_of("hp"), known.name_of("Herald"), known.mine
    ('Harbour Post', 'Harbour Post', 'Herald', ('Harbour Post',))
    """

    each: tuple[Outlet, ...] = ()
    _spelled: dict[str, Outlet] = field(init=False, repr=False, compare=False, default_factory=dict)
    _hosts: dict[str, Outlet] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for outlet in self.each:
            for spelling in (outlet.name, *outlet.aliases, *outlet.hosts):
                met = self._spelled.setdefault(same_source(spelling), outlet)
                if met is not outlet:
                    raise SettingsError(
                        f"outlets: {spelling!r} belongs to {met.name!r} and to {outlet.name!r}; "
                        "take it out of one of them"
                    )
            self._hosts.update({same_source(host): outlet for host in outlet.hosts})

    @classmethod
    def of(cls, table: object, place: str = "outlets") -> Outlets:
        """Read the table in the form of a settings file."""
        if not isinstance(table, Mapping):
            raise SettingsError(f'{place}: outlets is {table!r}; it must hold tables, as [outlets."NAME"]')
        return cls(tuple(Outlet.of(name, entry, place) for name, entry in table.items()))

    def __bool__(self) -> bool:
        return bool(self.each)

    def __iter__(self) -> Iterator[Outlet]:
        return iter(self.each)

    def named(self, source: str) -> Outlet | None:
        """Return what is known about a source, under any of its spellings."""
        key = same_source(source)
        found = self._spelled.get(key)
        while found is None and "." in key:
            found = self._hosts.get(key)
            key = key.partition(".")[2]
        return found

    def name_of(self, source: str) -> str:
        """Return a source's name, given an alias or a host of it; any other name is returned as it is."""
        found = self.named(source)
        if found is None or same_source(found.name) == same_source(source):
            return source
        return found.name

    @property
    def mine(self) -> tuple[str, ...]:
        """The names of the reader's own outlets."""
        return tuple(outlet.name for outlet in self.each if outlet.mine)

    @property
    def timezones(self) -> dict[str, str]:
        """The time zones of the outlets for which one is given, by name."""
        return {outlet.name: outlet.timezone for outlet in self.each if outlet.timezone is not None}

    def told(self, name: str, **fields_: Any) -> Outlets:
        """Return the table with some fields of one outlet replaced; an unknown outlet is added.

        Examples
        --------
        >>> Outlets().told("Stadtwerke", kind="press").named("stadtwerke").kind
        'press'
        """
        known = self.named(name)
        if known is None:
            return Outlets((*self.each, Outlet.of(name, fields_, "outlets")))
        changed = replace(known, **fields_)
        return Outlets(tuple(changed if outlet is known else outlet for outlet in self.each))


#: An empty table.
NO_OUTLETS = Outlets()
