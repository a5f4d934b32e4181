"""What all the measurements share: the machine, a process's costs, medians."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

#: What the libraries under test ask for the number of their threads.
THREAD_VARIABLES = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of wall and processor time (its children's too), peak resident bytes, and
    the most bytes that it held on disk for the time being (0 where nobody looked)."""

    wall: float
    cpu: float
    peak: int
    disk: int = 0

    @classmethod
    def median(cls, costs: Sequence[Cost]) -> Cost:
        """The median of each measure."""
        return cls(
            median(cost.wall for cost in costs),
            median(cost.cpu for cost in costs),
            int(median(cost.peak for cost in costs)),
            int(median(cost.disk for cost in costs)),
        )


def run(command: Sequence[str], *, threads: int, scratch: Path | None = None) -> Cost:
    """Run a command to its end and measure it.

    The peak is that of the largest single process, as the kernel counts it (``ru_maxrss``). With `scratch`
    temporary files go there, and what lies there is measured ten times a second. Raises
    `subprocess.CalledProcessError` when the command fails, and shows the last that it said.
    """
    # The kernel counts the memory of the process that forks, too: so a small one starts the command, not we.
    starter = [sys.executable, "-I", __file__, *command]
    surroundings = {**os.environ, **dict.fromkeys(THREAD_VARIABLES, str(threads))}
    with _Watch(scratch) as watch:
        if scratch is not None:
            surroundings["TMPDIR"] = str(scratch)
        done = subprocess.run(starter, env=surroundings, capture_output=True)
    if done.returncode:
        print(done.stderr[-4000:].decode(errors="replace"), file=sys.stderr)
        done.check_returncode()
    return Cost(**json.loads(done.stdout), disk=watch.most)


def taken_by_others() -> float | None:
    """Processor seconds since the start of the machine that this process has not had: those of other
    processes, and what the host took away. None where the system does not say."""
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _waiting, interrupts, soft, stolen = map(int, fields[:8])
    busy = user + nice + system + interrupts + soft + stolen
    return busy / os.sysconf("SC_CLK_TCK") - time.process_time()


class _Watch:
    """Looks at a folder ten times a second, and keeps the most bytes that it has held."""

    def __init__(self, folder: Path | None) -> None:
        self.most = 0
        self._folder = folder
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while self._folder is not None and not self._over.wait(0.1):
            held = 0
            for folder, _, names in os.walk(self._folder):
                for name in names:
                    with contextlib.suppress(OSError):  # gone since it was listed
                        held += Path(folder, name).stat().st_blocks * 512
            self.most = max(self.most, held)


def _start(command: Sequence[str]) -> int:
    """Run the command as a child of this small process, and print its cost."""
    began = time.perf_counter()
    code = subprocess.call(command, stdout=subprocess.DEVNULL)
    wall, usage = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    cost = {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * unit}
    print(json.dumps(cost))
    return code


def machine() -> dict[str, str | int]:
    """The machine and the interpreter, for the record."""
    model = platform.processor()
    described = Path("/proc/cpuinfo")
    if described.exists():
        names = [line for line in described.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "processor": model,
        "cores": os.cpu_count() or 1,
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def versions(*packages: str) -> dict[str, str]:
    """The installed versions of packages; "absent" for those that are not there."""
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found


if __name__ == "__main__":
    sys.exit(_start(sys.argv[1:]))
