"""The verbs by name, and their commands, each made on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

#: The verbs; each is a function in the module of the same name (- as _), imported on demand.
VERBS = (
    "scan",
    "check",
    "compare",
    "explain",
    "evaluate",
    "shingle",
    "background",
    "filter",
    "outlets",
    "serve",
    "inspect",
    "settings",
    "warm-up",
)
#: The verbs under ``dedup index``, and the modules that have a function of that name.
INDEX_VERBS = {
    **dict.fromkeys(("create", "add", "query"), "dedup.cli.index"),
    **dict.fromkeys(("remove", "prune", "compact", "refresh", "rebuild"), "dedup.cli.index_upkeep"),
    **dict.fromkeys(("info", "verify", "backup"), "dedup.cli.index_upkeep"),
    "export": "dedup.cli.index",
}


class Commands(dict[str, Any]):
    """The commands by name, each made on demand, so that one verb does not import the others."""

    def __init__(self, names: Sequence[str], make: Callable[[str], Any]) -> None:
        super().__init__(dict.fromkeys(names))
        self._make = make

    def get(self, name: str, default: Any = None) -> Any:
        """Return the command with that name."""
        if name in self and self[name] is None:
            self[name] = self._make(name)
        return super().get(name, default)
