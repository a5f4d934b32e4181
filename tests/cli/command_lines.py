"""Texts for the articles that the command line reads in the tests, and the types of its runners."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from typer.testing import Result

SHARED = (
    "Prime Minister Imran Khan arrived in Moscow on Wednesday on a two-day visit, the first by a Pakistani "
    "premier in over two decades, and began his engagements by laying a wreath at the Tomb of the Unknown "
    "Soldier, hours after the Russian president had ordered a special military operation in the east."
)
OTHERS = [
    "Apple growers in the valley expect a late harvest after weeks of frost that cracked the blossom.",
    "A museum in Lyon opened its archive of early photographs to visitors for the first time this week.",
    "The council voted by nine to four to rebuild the bridge that the spring flood had carried away.",
    "Researchers counted fewer swifts over the old town than in any summer since their survey began.",
]

Run = Callable[..., Result]
Process = Callable[..., subprocess.CompletedProcess[str]]
