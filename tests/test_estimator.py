"""The scikit-learn interface keeps scikit-learn's promises."""

from __future__ import annotations

import copy
import pickle
import warnings
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks

from dedup import NearDuplicateDetector

HARBOUR = (
    "The harbour authority closed two of its five piers on Monday after divers found cracks in the "
    "pillars that carry the older cranes, and ships will wait at anchor until the end of the week."
)
ORCHARD = (
    "Growers in the valley expect the smallest apple harvest in nine years because frost reached the "
    "blossoms twice in April, and the cooperative has asked its banks for a longer summer credit."
)
TEXTS = [HARBOUR, "Nothing here is shared with anyone at all today.", "Breaking: " + HARBOUR, ORCHARD]


@pytest.fixture(scope="module")
def fitted() -> NearDuplicateDetector:
    return NearDuplicateDetector().fit([*TEXTS, "From the valley. " + ORCHARD])


def test_texts_of_a_story_have_one_label(fitted: NearDuplicateDetector) -> None:
    assert fitted.labels_.tolist() == [0, -1, 0, 1, 1]
    assert fitted.labels_.dtype == np.int64
    assert [(each.a, each.b) for each in fitted.report_.overlaps] == [("0", "2"), ("3", "4")]


@pytest.mark.parametrize("how", ["pickle", "deepcopy", "joblib"])
def test_what_was_fitted_travels(fitted: NearDuplicateDetector, how: str, tmp_path: Path) -> None:
    if how == "pickle":
        other = pickle.loads(pickle.dumps(fitted))
    elif how == "deepcopy":
        other = copy.deepcopy(fitted)
    else:
        joblib.dump(fitted, tmp_path / "fitted")
        other = joblib.load(tmp_path / "fitted")
    assert other.labels_.tolist() == fitted.labels_.tolist()
    assert other.predict([ORCHARD]).tolist() == [1]
    assert list(other.report_.overlaps) == list(fitted.report_.overlaps)
    assert other.get_params() == fitted.get_params()


def test_new_texts_join_the_stories_that_were_found(fitted: NearDuplicateDetector) -> None:
    mixed = "Rain again. " + ORCHARD + " " + HARBOUR[:95]
    new = ["Late news: " + HARBOUR, "Of interest to nobody else, a short note on tea.", mixed]
    assert fitted.predict(new).tolist() == [0, -1, 1], "of two stories, the one that it shares more with"
    assert len(fitted.labels_) == 5


def test_new_texts_alike_among_themselves_belong_to_no_story() -> None:
    fitted = NearDuplicateDetector().fit(TEXTS)
    assert fitted.labels_.tolist() == [0, -1, 0, -1]
    assert fitted.predict([ORCHARD, "A second time. " + ORCHARD]).tolist() == [-1, -1]


def test_sources_are_told_apart() -> None:
    texts = [HARBOUR, "Breaking: " + HARBOUR]
    same, different = ["Gull Post", "Gull Post"], ["Gull Post", "Heron Times"]
    assert NearDuplicateDetector().fit_predict(texts, sources=same).tolist() == [-1, -1]
    assert NearDuplicateDetector().fit_predict(texts, sources=different).tolist() == [0, 0]
    assert NearDuplicateDetector(scope="all").fit_predict(texts, sources=same).tolist() == [0, 0]
    fitted = NearDuplicateDetector().fit(texts, sources=different)
    assert fitted.predict([HARBOUR], sources=["Heron Times"]).tolist() == [0]


class Frame:
    """The relevant part of a DataFrame: iterating over it yields the columns' names."""

    shape = (2, 1)

    def __iter__(self):
        return iter(["text"])


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        (HARBOUR, ValueError, "Iterable over raw text documents expected, string object received."),
        (7, ValueError, "Iterable over raw text documents expected, int object received."),
        (np.array([TEXTS]), ValueError, r"X should be a 1d array, got an array of shape \(1, 4\) instead."),
        (Frame(), ValueError, r"X should be a 1d array, got an array of shape \(2, 1\) instead."),
        ([], ValueError, r"Found array with 0 sample\(s\) while a minimum of 1 is required"),
        ([HARBOUR, None], TypeError, "sample 1 is a NoneType; texts must be strings"),
    ],
)
def test_what_is_not_a_row_of_texts_is_refused(given: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        NearDuplicateDetector().fit(given)


def test_sources_must_be_as_many_as_texts() -> None:
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        NearDuplicateDetector().fit(TEXTS, sources=["Gull Post"])


def test_it_must_be_fitted_first() -> None:
    with pytest.raises(NotFittedError):
        NearDuplicateDetector().predict(TEXTS)
    assert not hasattr(NearDuplicateDetector(), "report_")


def test_arrays_clones_and_pipelines() -> None:
    assert NearDuplicateDetector().fit_predict(np.array(TEXTS)).tolist() == [0, -1, 0, -1]
    assert clone(NearDuplicateDetector(bands=8, scope="all")).get_params()["bands"] == 8
    lower = FunctionTransformer(lambda texts: [text.lower() for text in texts])
    assert make_pipeline(lower, NearDuplicateDetector()).fit_predict(TEXTS).tolist() == [0, -1, 0, -1]


@pytest.mark.parametrize(
    "check",
    [
        "check_do_not_raise_errors_in_init_or_set_params",
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_estimator_tags_renamed",
        "check_get_params_invariance",
        "check_mixin_order",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_set_params",
        "check_valid_tag_types",
    ],
)
def test_a_check_of_scikit_learn_that_feeds_no_numbers(check: str) -> None:
    # The other checks pass arrays of numbers, which are not texts: because of the tags, scikit-learn leaves
    # them out. What they check (pickling, predicting unfitted, input of another form) is tested above, with
    # texts.
    run = getattr(estimator_checks, check, None)
    if run is None:
        pytest.skip("this version of scikit-learn has no such check")
    run("NearDuplicateDetector", NearDuplicateDetector())


def test_scikit_learn_s_own_choice_of_checks_passes() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        results = estimator_checks.check_estimator(NearDuplicateDetector(), on_fail=None)
    assert {each["status"] for each in results} == {"passed"}
