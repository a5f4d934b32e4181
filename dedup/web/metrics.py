"""The desk's metrics, in the text format of Prometheus."""

from __future__ import annotations

import threading
from collections import defaultdict

#: Upper bounds of the duration buckets, in seconds.
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """Counters and durations; several threads may write."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(_BOUNDS) + 1))
        self._sums: dict[str, float] = defaultdict(float)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._sums[route] += seconds
            place = next((n for n, bound in enumerate(_BOUNDS) if seconds <= bound), len(_BOUNDS))
            self._buckets[route][place] += 1

    def text(self, gauges: dict[str, tuple[str, float]]) -> str:
        """Return all metrics; `gauges` are further values by name, each with its help text."""
        lines = ["# HELP dedup_requests_total Requests answered.", "# TYPE dedup_requests_total counter"]
        with self._lock:
            for (method, route, status), count in sorted(self._requests.items()):
                labels = f'method="{method}",route="{route}",status="{status}"'
                lines.append(f"dedup_requests_total{{{labels}}} {count}")
            lines += [
                "# HELP dedup_request_seconds Time to answer a request.",
                "# TYPE dedup_request_seconds histogram",
            ]
            for route, buckets in sorted(self._buckets.items()):
                total = 0
                for bound, count in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
                    total += count
                    lines.append(f'dedup_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}')
                lines.append(f'dedup_request_seconds_sum{{route="{route}"}} {self._sums[route]:.6f}')
                lines.append(f'dedup_request_seconds_count{{route="{route}"}} {total}')
        for name, (help_, value) in gauges.items():
            lines += [f"# HELP {name} {help_}", f"# TYPE {name} gauge", f"{name} {value:g}"]
        return "\n".join(lines) + "\n"
