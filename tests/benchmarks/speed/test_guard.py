"""The regression guard: what it pins, what it accepts, what it stops."""

from __future__ import annotations

import json
import time

import guard
import measuring
import pytest
from reference import references

NAMES = ("tokens", "alignment")


def baseline(ratio: float = 2.0, noise: float = 0.05) -> dict:
    stages = {name: {"against": "walk", "noise": noise, "ratio": ratio} for name in NAMES}
    return {"articles": 1, "stages": stages}


def busy(seconds: float):
    def work() -> None:
        until = time.process_time() + seconds
        while time.process_time() < until:
            pass

    return work


def test_the_limit_is_the_loss_beyond_the_noise():
    assert guard.limits(baseline(2.0, 0.05)) == dict.fromkeys(NAMES, pytest.approx(2.4))


def test_a_loss_is_found_and_noise_is_not():
    limit = guard.limits(baseline())
    assert guard.losses(dict.fromkeys(NAMES, 2.39), limit) == []
    found = guard.losses({"tokens": 2.39, "alignment": 2.64}, limit)
    assert found == ["alignment takes 10% more than its limit"]


def test_a_stage_that_comes_or_goes_is_said():
    found = guard.amiss({"tokens": 2.0, "reading": 1.0}, guard.limits(baseline()))
    assert found == [
        "alignment is pinned and no longer measured; pin anew",
        "reading is not pinned; pin it",
    ]


def test_the_best_of_some_attempts_counts():
    attempts = iter([{"tokens": 9.0, "alignment": 2.0}, {"tokens": 2.1, "alignment": 3.0}, {}])
    best = guard.judge(lambda: next(attempts), guard.limits(baseline()))
    assert best == {"tokens": 2.1, "alignment": 2.0}
    assert next(attempts) == {}  # it stopped when all was well


def test_it_gives_up_after_some_attempts():
    asked = []

    def measure() -> dict[str, float]:
        asked.append(1)
        return dict.fromkeys(NAMES, 3.0)

    assert guard.judge(measure, guard.limits(baseline())) == dict.fromkeys(NAMES, 3.0)
    assert len(asked) == guard.ATTEMPTS


def test_ratios_of_measured_work():
    found = guard.ratios({"tokens": busy(0.03)}, {"walk": busy(0.01)}, rounds=2)
    assert found["tokens"] == pytest.approx(3, rel=0.3)


def test_pinning_takes_the_best_and_the_way_to_the_second():
    measured = [dict.fromkeys(NAMES, ratio) for ratio in (2.2, 2.0, 2.9)]
    stage = guard.pinned(measured)["stages"]["tokens"]
    assert stage == {"against": "walk", "noise": 0.1, "ratio": 2.0}


def test_pinning_leaves_the_rest_of_the_baseline_alone(tmp_path):
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({"quality": {"recall": 0.9}, "speed": {"another": baseline(3.0)}}))
    guard.pin(path, "this", baseline(1.0))
    guard.pin(path, "this", baseline())
    text = path.read_text()
    speed = {"another": baseline(3.0), "this": baseline()}
    assert json.loads(text) == {"quality": {"recall": 0.9}, "speed": speed}
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


def test_nothing_pinned_is_a_fault(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["guard.py", "--baseline", str(tmp_path / "none.json")])
    assert guard.main() == 1
    assert "--update" in capsys.readouterr().err


def test_all_references_run_and_each_stage_has_one():
    kernels = references()
    assert set(guard.AGAINST.values()) <= set(kernels)
    assert kernels["walk"]() == kernels["walk"]() > 100_000


THIS = guard.machine()["processor"]


@pytest.mark.parametrize(
    ("pins", "others", "code", "said"),
    [
        ({THIS: 2.0}, 0.0, 1, "alignment takes"),
        ({THIS: 2.0}, None, 1, "alignment takes"),
        ({THIS: 2.0}, 1.5, 0, "not judged: others kept 1.5 processors busy"),
        ({"Another": 2.0}, 0.0, 0, "not judged: pinned on Another"),
        ({"Another": 99.0, THIS: 2.0}, 0.0, 1, "alignment takes"),
        ({"Another": 2.0, THIS: 99.0}, 0.0, 0, ""),
    ],
)
def test_a_loss_is_judged_on_a_quiet_machine_of_a_kind_that_was_pinned(
    pins, others, code, said, tmp_path, monkeypatch, capsys
):
    path = tmp_path / "baseline.json"
    for processor, ratio in pins.items():
        guard.pin(path, processor, baseline(ratio))
    taken = iter([0.0, None if others is None else others * 10])
    clock = iter([0.0, 10.0])
    monkeypatch.setattr("sys.argv", ["guard.py", "--baseline", str(path)])
    monkeypatch.setattr(guard, "guarded", lambda folder: {})
    monkeypatch.setattr(guard, "references", dict)
    monkeypatch.setattr(guard, "judge", lambda measure, limit: {"tokens": 2.0, "alignment": 9.0})
    monkeypatch.setattr(guard, "taken_by_others", lambda: next(taken))
    monkeypatch.setattr(guard.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(guard.os, "sched_setaffinity", lambda *given: None, raising=False)
    assert guard.main() == code
    complaints = capsys.readouterr().err
    assert said in complaints
    assert bool(said) == bool(complaints)


def test_what_others_take_is_all_that_was_busy_or_stolen_but_for_our_own(monkeypatch):
    ticks = measuring.os.sysconf("SC_CLK_TCK")
    # user, nice, system, idle, waiting, interrupts, soft interrupts, stolen, guests (in user already)
    seconds = [10, 1, 2, 5000, 700, 3, 4, 5, 9, 9]
    line = " ".join(str(second * ticks) for second in seconds)
    monkeypatch.setattr(measuring.Path, "read_text", lambda *given, **named: f"cpu  {line}\ncpu0 1 2 3\n")
    monkeypatch.setattr(measuring.time, "process_time", lambda: 6.5)
    assert measuring.taken_by_others() == 25 - 6.5


def test_a_system_that_does_not_say_is_no_error(monkeypatch):
    def refuse(*given, **named):
        raise FileNotFoundError

    monkeypatch.setattr(measuring.Path, "read_text", refuse)
    assert measuring.taken_by_others() is None
