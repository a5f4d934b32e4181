"""An article is called the first only if the moments leave no doubt."""

from __future__ import annotations

import numpy as np

from dedup.stories.moments import direction, intervals


def test_a_day_does_not_decide_within_itself() -> None:
    published = np.array(
        ["2024-03-01", "2024-03-01T08:00", "2024-02-29T23:00", "NaT", "2024-03-01T08:00:30"], "datetime64[us]"
    )
    precision = np.array(["day", "minute", "second", None, "second"], object)
    since, until = intervals(published, precision)
    a, b = np.array([0, 0, 1, 1, 2, 4]), np.array([1, 2, 2, 3, 1, 1])
    days = np.array(["2024-03-01", "2024-03-04"], "datetime64[us]")
    of_days = intervals(days, np.array(["day", "day"], object))
    assert direction(*of_days, np.array([0]), np.array([1]))[1].tolist() == [2 * 86_400]
    earlier, gap = direction(since, until, a, b)
    assert earlier.tolist() == [-1, 1, 1, -1, 0, -1]
    assert gap.tolist() == [0, 3600, 9 * 3600, 0, 9 * 3600, 0]
