"""A report's numbers come from the logits, and it can be read back."""

import json
import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from full_run.trained import LABELS, LOGITS, PAIRS, events, report, run
from pytest_trainer.full_run.report import MOST_WRONG, Device, Report, Scores, Spread, Threshold, seed_run

quick = settings(deadline=None, database=None, max_examples=60)


def judged(logits, labels):
    pairs = [{"sentence1": f"one {i}", "sentence2": f"two {i}"} for i in range(len(labels))]
    return seed_run(1, [], logits, labels, pairs).evaluated


def test_scores_and_confusion_come_from_the_logits():
    assert run().scores == Scores(accuracy=5 / 8, f1=8 / 11)
    assert run().evaluated.confusion == ((1, 2), (1, 4))


def test_what_an_evaluation_said_is_not_believed():
    boast = [{"event": "evaluation", "step": 1, "eval_accuracy": 1.0, "eval_f1": 1.0}]
    assert seed_run(1, boast, LOGITS, LABELS, PAIRS).scores == run().scores


def test_the_most_confidently_wrong_pair_stands_first():
    first, second, third = run().evaluated.wrong
    assert (first.sentence1, first.label, first.predicted) == ("This is number 5 .", 1, 0)
    assert first.probability == pytest.approx(math.exp(5) / (math.exp(5) + 1))
    assert (second.sentence1, second.predicted) == ("This is number 1 .", 1)
    assert third.probability == pytest.approx(math.exp(2) / (math.exp(1) + math.exp(2)))


@quick
@given(arrays.arrays(np.float32, st.tuples(st.integers(1, 60), st.just(2)), elements=st.floats(width=32)), st.randoms())
def test_any_logits_give_counts_that_add_up_and_falling_probabilities(logits, rng):
    labels = np.array([rng.randint(0, 1) for _ in logits])
    found = judged(logits, labels)
    (a, b), (c, d) = found.confusion
    assert a + b + c + d == len(labels)
    assert found.scores.accuracy == pytest.approx((a + d) / len(labels))
    assert len(found.wrong) == min(b + c, MOST_WRONG)
    known = [pair.probability for pair in found.wrong if pair.probability is not None]
    assert known == sorted(known, reverse=True)
    assert all(0.5 <= probability <= 1 for probability in known)


def test_pairs_stay_ordered_where_their_probabilities_round_to_one():
    found = judged(np.array([[0.0, 50.0], [0.0, 60.0], [0.0, 55.0]]), np.zeros(3, int))
    assert [pair.sentence1 for pair in found.wrong] == ["one 1", "one 2", "one 0"]


@pytest.mark.parametrize(("logits", "labels", "pairs"), [
    (LOGITS[:, :1], LABELS, PAIRS), (LOGITS[:7], LABELS, PAIRS), (LOGITS, LABELS, PAIRS[:7]),
    (LOGITS[:0], LABELS[:0], []),
])  # fmt: skip
def test_shapes_that_do_not_fit_are_refused(logits, labels, pairs):
    with pytest.raises(ValueError, match="do not fit together"):
        seed_run(1, [], logits, labels, pairs)


def test_time_tokens_and_memory_are_those_of_the_whole_training():
    trained = run()
    assert (trained.steps, trained.seconds, trained.peak_memory) == (690, 20.0, 719323136)
    assert trained.tokens_per_second == 569000 / 20
    assert (len(trained.log), len(trained.evaluations), trained.resumed_at) == (69, 3, ())


def test_a_training_that_was_killed_says_how_far_it_came():
    killed = seed_run(1, events(steps=400), None, LABELS, PAIRS)
    assert (killed.steps, killed.seconds, killed.tokens_per_second) == (400, 10.0, 824 * 40)
    assert killed.scores is None


def test_a_resumed_training_says_at_which_step():
    assert run(resumed_at=460).resumed_at == (460,)


def test_a_training_without_events_has_no_numbers_of_its_own():
    empty = seed_run(1, [], LOGITS, LABELS, PAIRS)
    assert (empty.steps, empty.seconds, empty.tokens_per_second, empty.peak_memory) == (0, None, None, None)


def test_the_spread_is_that_of_a_sample():
    assert Spread.of([0.8, 0.9]) == Spread(pytest.approx(0.85), pytest.approx(statistics.stdev([0.8, 0.9])), 2)
    assert Spread.of([0.8]) == Spread(0.8, None, 1)
    assert Spread.of([]) == Spread(None, None, 0)


def test_a_run_without_a_model_does_not_count_as_zero():
    killed = seed_run(43, events(steps=400), None, LABELS, PAIRS)
    assert report(run(), killed).accuracy == Spread(5 / 8, None, 1)


def test_the_threshold_wants_both_numbers():
    threshold = Threshold(0.7, 0.8, "")
    assert threshold.reached(Scores(0.7, 0.8))
    assert not threshold.reached(Scores(0.9, 0.79))
    assert not threshold.reached(Scores(0.69, 0.9))


text = st.text(st.characters(exclude_categories=["Cs"]))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)
reports = st.builds(
    report,
    st.builds(run, st.integers(0, 2**32), resumed_at=st.none() | st.sampled_from([230, 460])),
    name=text,
    checkpoint=text,
    device=st.builds(Device, text, text, st.integers(1, 8)),
    versions=st.dictionaries(text, text, max_size=3),
    arguments=st.dictionaries(text, plain, max_size=4),
    threshold=st.builds(Threshold, st.floats(0, 1), st.floats(0, 1), text),
)


@settings(quick, max_examples=25)
@given(reports)
def test_a_report_is_the_same_after_json(one):
    assert Report.from_json(one.to_json()) == one


def test_the_json_has_the_decided_shape():
    killed = seed_run(43, events(steps=400), None, LABELS, PAIRS)
    plain = json.loads(report(run(), killed).to_json())
    assert plain["schema"] == 1
    assert plain["accuracy"] == {"mean": 0.625, "sd": None, "n": 1}
    first, second = plain["runs"]
    assert list(first) == [
        "seed", "resumed_at", "steps", "seconds", "tokens_per_second", "peak_memory", "log", "evaluations",
        "accuracy", "f1", "confusion", "wrong",
    ]  # fmt: skip
    assert first["confusion"] == [[1, 2], [1, 4]]
    assert set(first["wrong"][0]) == {"sentence1", "sentence2", "label", "predicted", "probability"}
    assert (second["accuracy"], second["confusion"], second["wrong"]) == (None, None, [])
    assert Report.from_json(report(run(), killed).to_json()) == report(run(), killed)


def test_numbers_that_json_lacks_are_null_and_objects_are_their_text(tmp_path):
    plain = json.loads(report(arguments={"rate": math.nan, "folder": tmp_path, "pair": (1, math.inf)}).to_json())
    assert plain["arguments"] == {"rate": None, "folder": str(tmp_path), "pair": [1, None]}


@pytest.mark.parametrize("other", ['{"schema": 2}', "{}", "[]", "null", '{"schema": "1"}'])
def test_another_schema_is_refused_with_a_sentence(other):
    with pytest.raises(ValueError, match=r"reads schema 1\. Make it anew"):
        Report.from_json(other)


@pytest.mark.parametrize("change", [{"device": 5}, {"runs": [{}]}, {"threshold": {"accuracy": 1}}, {"runs": None}])
def test_a_damaged_report_is_refused_with_a_sentence(change):
    with pytest.raises(ValueError, match="damaged"):
        Report.from_json(json.dumps(json.loads(report().to_json()) | change))


def test_a_confusion_that_is_no_square_is_refused_with_a_sentence():
    plain = json.loads(report().to_json())
    plain["runs"][0]["confusion"] = [[1]]
    with pytest.raises(ValueError, match="damaged"):
        Report.from_json(json.dumps(plain))
