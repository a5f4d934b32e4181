"""Whether the day or the month comes first in ``03/04/2022``."""

from __future__ import annotations

from typing import Literal

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")
