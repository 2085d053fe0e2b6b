"""The page shows what the report says, needs nothing else, and escapes what others wrote."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from full_run.trained import LABELS, LOGITS, PAIRS, events, report, run
from pytest_trainer.full_run import page
from pytest_trainer.full_run.events import parse_events
from pytest_trainer.full_run.report import Device, Threshold, seed_run

quick = settings(deadline=None, database=None, max_examples=100)
APART = {"td", "th", "dd", "dt", "br", "small"}
VOID = {"meta", "source", "img", "br"}


@pytest.fixture(autouse=True)
def small_pictures(monkeypatch):
    """Pictures have tests of their own; here a byte stands for each."""
    monkeypatch.setattr(page, "panel_png", lambda *_: b"x")


class Elements(HTMLParser):
    """Every element with its attributes, and the text; fails where the elements are not nested."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.text = [], [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        self.open += [] if tag in VOID else [tag]
        self.text += " " if tag in APART else ""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data if self.open[-1:] != ["style"] else ""


def names_in(elements):
    return Counter((tag, *sorted(attributes)) for tag, attributes in elements.found if tag != "mark")


def read(one):
    return Elements(page.page_html(one))


def flat(one):
    return " ".join(read(one).text.split())


def with_text(text):
    """A report in which every text that comes from elsewhere is this one."""
    pairs = [{"sentence1": f"a {text} b", "sentence2": text} for _ in PAIRS]
    noted = [{"event": "evaluation", "step": 1, "epoch": 1, f"eval_{text}": text}]
    return report(
        seed_run(1, noted, LOGITS, LABELS, pairs),
        name=text, exercise=text, submission=text, checkpoint=text, data=text, device=Device(text, text),
        versions={text: text}, arguments={text: text}, threshold=Threshold(0.5, 0.5, text),
    )  # fmt: skip


INJECTIONS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><b>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;i&gt;&#x3c;",
    "javascript:alert(1)",
    "<!-- ",
    "]]>",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_texts_of_others_stay_texts(text):
    found, harmless = read(with_text(text)), read(with_text("word"))
    assert names_in(found) == names_in(harmless)
    assert " ".join(text.split()) in " ".join(found.text.split())


@settings(quick, max_examples=40)
@given(st.text())
def test_any_text_leaves_the_page_as_it_is(text):
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page.page_html(with_text(text))
    )
    read(with_text(text))


def test_characters_that_turn_the_text_around_are_shown_by_their_number():
    assert r"abc\u202efed\u0000" in read(with_text("abc\u202efed\x00")).text


def test_right_to_left_text_stays_as_it_is():
    hebrew = "שלום\u200f עולם"
    found = read(with_text(hebrew))
    assert hebrew in found.text
    assert ("p", {"dir": "auto"}) in found.found


def test_the_page_needs_nothing_else():
    found = read(report()).found
    sources = [
        value for _, attributes in found for key, value in attributes.items() if key in ("src", "srcset", "href")
    ]
    assert len(sources) == 6
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert not {tag for tag, _ in found} & {"script", "link", "iframe", "object"}
    assert "url(" not in page.page_html(report())
    assert "@import" not in page.page_html(report())


def test_the_headline_has_all_that_a_run_is_held_against():
    text = flat(report())
    for shown in ("This run 0.625", "Threshold 0.600", "‘equivalent’ 0.684", "BERT base 0.858", "This run 0.727"):
        assert shown in text
    assert "The threshold is reached. Because it is so." in text


def test_several_seeds_have_a_mean_and_a_spread():
    better = seed_run(43, events(43), LOGITS * -1, LABELS, PAIRS)
    text = flat(report(run(), better))
    assert "seeds 42, 43" in text
    assert "0.500 ± 0.177, 2 seeds" in text
    assert "1 of 2 seeds reach the threshold." in text


def test_a_run_that_misses_one_number_does_not_reach_the_threshold():
    assert "The threshold is not reached." in flat(report(threshold=Threshold(0.6, 0.99, "")))


def test_the_confusion_and_the_wrong_pairs_are_shown():
    text = flat(report())
    assert "in truth not equivalent 1 2 in truth equivalent 1 4" in text
    assert "3 pairs that it is most confidently wrong about" in text
    assert "Says not equivalent with 99.3 %; in truth equivalent" in text


def test_how_it_ran_is_shown():
    text = flat(report(run(resumed_at=460)))
    for shown in ("690", "20.0 s", "28,450", "0.67 GiB", "460", "H100 80GB", "5.24.0", "learning_rate 5e-05"):
        assert shown in text


@pytest.mark.parametrize("odd", [b"", b'{"event": "log"}', b'{"event": "evaluation", "eval_x": NaN, "step": 1e300}'])
def test_a_run_that_lacks_everything_has_a_page(odd):
    text = flat(report(seed_run(1, parse_events(odd), None, LABELS, [])))
    assert "The training left no model to evaluate." in text


def test_no_run_at_all_has_a_page():
    assert "left no model" in flat(replace(report(), runs=()))


def test_a_model_without_a_wrong_answer_has_a_page():
    perfect = seed_run(1, events(), LOGITS[[0, 0, 0, 1, 1, 1, 1, 1]], LABELS, PAIRS)
    text = flat(report(perfect))
    assert "1.000" in text
    assert "most confidently wrong" not in text


def test_columns_begin_with_loss_accuracy_and_f1_and_leave_timings_out():
    event = {"eval_runtime": 1, "eval_b": 1, "eval_f1": 1, "eval_a": 1, "eval_loss": 1, "other": 1}
    odd = replace(run(), evaluations=(event,))
    assert page.evaluation_columns([odd]) == ["eval_loss", "eval_f1", "eval_b", "eval_a"]


def test_words_that_differ_are_marked():
    left, right = page.differences("the net loss widened", "the loss widened again")
    assert left == [("the", False), ("net", True), ("loss widened", False)]
    assert right == [("the", False), ("loss widened", False), ("again", True)]


@quick
@given(st.text(), st.text())
def test_pieces_are_the_whole_sentences_again(one, other):
    for pieces, sentence in zip(page.differences(one, other), (one, other), strict=True):
        assert " ".join(piece for piece, _ in pieces) == " ".join(sentence.split())


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (page.duration(59.94), "59.9 s"),
        (page.duration(61), "1 min 01 s"),
        (page.duration(3660), "1 h 01 min"),
        (page.duration(None), "–"),
        (page.memory(2**30), "1.00 GiB"),
        (page.percent(0.99999), "99.9 %"),
        (page.metric_value(123456.0), "1.23e+05"),
        (page.metric_value("odd"), "odd"),
        (page.epoch(0.2174), "0.22"),
        (page.epoch(3.0), "3"),
    ],
)
def test_numbers_are_written_as_people_write_them(shown, wanted):
    assert shown == wanted
