"""The step of the build that is the project's own: a wheel says what its kernels are compiled from."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Writes the digests of the modules into a wheel; an editable installation computes them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file before the wheel is packed."""
        if version == "editable":
            return
        package = Path(self.root) / "dedup"
        sources = _load(package / "jit" / "sources.py")
        self._folder = tempfile.TemporaryDirectory()
        written = Path(self._folder.name) / "sources.json"
        sources.write_sources(package, written)
        build_data["force_include"][str(written)] = f"dedup/{sources.WRITTEN}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the file again."""
        if version != "editable":
            self._folder.cleanup()


def _load(file: Path) -> ModuleType:
    """Load one module of the package without the package, whose dependencies the build does not have."""
    spec = importlib.util.spec_from_file_location("dedup_sources", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module
