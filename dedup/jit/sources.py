"""What the machine code of a module was made from: the module's own file and the files that it imports.

numba notices a change in the file in which a kernel is defined, not one in another file whose functions or
constants the kernel uses. So each module has a digest of its file, of the files of this package that it
imports, of those that these import, and so on. This module imports the standard library alone, as the build
of a wheel runs it by itself.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
#: The digests as the build of a wheel writes them; a checkout has none.
WRITTEN = "jit/sources.json"
#: Besides Python, what a module may turn into constants of its kernels: the package's tables.
_TABLES = (".toml", ".txt")
_FORM = 1

#: State of a file: its modification and change times in nanoseconds, its size and its inode number.
Stamp = list[int]


@dataclass(frozen=True)
class Sources:
    """The digests of a package's modules, and the state of the files that they were taken of."""

    package: Path
    modules: Mapping[str, str]
    """Digest of each module, by its dotted name."""
    stamps: Mapping[str, Stamp]
    """State of each file, by its path within the package, when the digests were taken."""

    def unchanged(self, file: str) -> bool:
        """Whether a file of the package (in an installed wheel, the file of digests) is unchanged."""
        name = WRITTEN if WRITTEN in self.stamps else os.path.relpath(file, self.package)
        try:
            return _stamp((self.package / name).stat()) == self.stamps.get(name)
        except OSError:
            return False

    def all_unchanged(self) -> bool:
        """Whether every file is unchanged."""
        return all(self.unchanged(str(self.package / name)) for name in self.stamps)


def read_sources(package: Path = PACKAGE, memo: Path | None = None) -> Sources:
    """Return the digests of all modules of a package.

    A wheel contains them. In a checkout they are computed; `memo` is a file that keeps the results, so that
    later calls read only files whose time or size has changed.
    """
    written = package / WRITTEN
    with contextlib.suppress(OSError, ValueError):
        state = _stamp(written.stat())
        return Sources(package, dict(json.loads(written.read_text("ascii"))), {WRITTEN: state})
    stamps = {name: _stamp(found) for name, found in _files(package)}
    kept = _kept(memo)
    files, modules = kept.get("files", {}), kept.get("modules", {})
    if {name: entry[0] for name, entry in files.items()} != stamps:
        files = {
            name: files[name]
            if name in files and files[name][0] == stamp
            else [stamp, *_described(package / name)]
            for name, stamp in stamps.items()
        }
        modules = _digests(files)
        _keep(memo, {"form": _FORM, "files": files, "modules": modules})
    return Sources(package, modules, stamps)


def write_sources(package: Path, file: Path) -> None:
    """Write the digests for the wheel of a package."""
    modules = read_sources(package).modules
    file.write_text(json.dumps(modules, sort_keys=True, indent=0) + "\n", encoding="ascii")


def _files(package: Path) -> Iterator[tuple[str, os.stat_result]]:
    folders = [("", package)]
    while folders:
        within, folder = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith((".py", *_TABLES)):
                    yield within + entry.name, entry.stat()
                elif entry.is_dir() and entry.name != "__pycache__":
                    folders.append((f"{within}{entry.name}/", Path(entry.path)))


def _stamp(found: os.stat_result) -> Stamp:
    return [found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino]


def _described(file: Path) -> tuple[str, list[str]]:
    """Return the digest of a file, and the dotted names that it imports."""
    content = file.read_bytes()
    names: set[str] = set()
    if file.suffix == ".py":
        for node in ast.walk(ast.parse(content)):
            if isinstance(node, ast.Import):
                names.update(each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
                names.update(f"{node.module}.{each.name}" for each in node.names)
    return hashlib.sha256(content).hexdigest(), sorted(names)


def _digests(files: Mapping[str, list]) -> dict[str, str]:  # type: ignore[type-arg]
    """Return the digest of each module with everything that it imports, by dotted name."""
    homes = {_dotted(name): name for name in files if name.endswith(".py")}
    tables: dict[str, list[str]] = {}
    for name in sorted(files):
        if name.endswith(_TABLES):
            tables.setdefault(name.rpartition("/")[0], []).append(name)
    found = {}
    for module in homes:
        reached, waiting = {module}, [module]
        while waiting:
            for name in files[homes[waiting.pop()]][2]:
                if name in homes and name not in reached:
                    reached.add(name)
                    waiting.append(name)
        whole = hashlib.sha256()
        used = {homes[name] for name in reached}
        used.update(table for name in list(used) for table in tables.get(name.rpartition("/")[0], ()))
        for name in sorted(used):
            whole.update(f"{name} {files[name][1]}\n".encode())
        found[module] = whole.hexdigest()[:16]
    return found


def _dotted(name: str) -> str:
    parts = ["dedup", *name.removesuffix(".py").split("/")]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _kept(memo: Path | None) -> dict:  # type: ignore[type-arg]
    if memo is not None:
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(memo.read_text("utf-8"))
            if isinstance(found, dict) and found.get("form") == _FORM:
                return found
    return {}


def _keep(memo: Path | None, state: Mapping[str, object]) -> None:
    if memo is None:
        return
    beside = memo.with_name(f"{memo.name}.{os.getpid()}")
    with contextlib.suppress(OSError):  # it only saves time
        beside.write_text(json.dumps(state), encoding="utf-8")
        beside.replace(memo)
