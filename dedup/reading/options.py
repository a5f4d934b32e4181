"""What the user may say about the form of the inputs, besides the names of fields."""

from __future__ import annotations

from dataclasses import dataclass, field

from dedup.outlets import Outlets
from dedup.reading.dates.options import DateOptions
from dedup.reading.formats import Html, check_format
from dedup.reading.presets import Preset, preset_named


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """How inputs are read if their content does not show it, or shows something else.

    Attributes
    ----------
    records : str, optional
        The path to the list of records in a JSON document, such as ``response.results``.
    preset : str, optional
        The form that all records have; see ``presets.toml``.
    input_format : str, optional
        The format of every input; see `dedup.reading.formats`.
    html : {"full", "fast"}
        How the text of web pages is extracted: with trafilatura, or many times faster with resiliparse.
    table : str, optional
        The table of a database, or a ``SELECT``.
    dates : DateOptions
        The order of day and month, and the zones of times without one.
    outlets : Outlets
        What is known about the sources: aliases and hosts become the outlet's name.

    Raises
    ------
    SettingsError
        A preset or a format is unknown.

    Examples
    --------
    >>> ReaderOptions(preset="newsapi").chosen_preset.about
    'articles of NewsAPI'
    """

    records: str | None = None
    preset: str | None = None
    input_format: str | None = None
    html: Html = "full"
    table: str | None = None
    dates: DateOptions = field(default_factory=DateOptions)
    outlets: Outlets = field(default_factory=Outlets)

    def __post_init__(self) -> None:
        if self.input_format is not None:
            check_format(self.input_format)
        if self.preset is not None:
            preset_named(self.preset)

    @property
    def chosen_preset(self) -> Preset | None:
        """The named preset."""
        return None if self.preset is None else preset_named(self.preset)
