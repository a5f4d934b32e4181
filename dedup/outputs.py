"""Output files that are written beside and renamed into place; the module is `dedup.runtime.outputs`."""

from dedup.runtime.outputs import written_beside

__all__ = ["written_beside"]
