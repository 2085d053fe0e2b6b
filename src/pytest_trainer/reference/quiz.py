"""The quiz of exercise 08: its questions and options, which option is right, and why each of the others is not.

The lesson shows the questions and the options word for word; the rest stands nowhere in the exercises. Each answer,
and each explanation, is proven by an experiment in the project's tests/claims.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

LETTERS = "abcd"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its four options by letter, the right letter, and for each other letter why it is not right."""

    text: str
    options: Mapping[str, str]
    right: str
    why_not: Mapping[str, str]


QUESTIONS: Mapping[int, Question] = {
    1: Question(
        text="What does a Trainer do with the tokenizer that you hand over as `processing_class`?",
        options={
            "a": "It tokenizes the sentences of the data set, so that you need not do it with `map`.",
            "b": "It pads the batches with it, unless you bring a collator, and saves it with every checkpoint.",
            "c": "It sees from it which kind of model to build, so that you may leave out `model`.",
            "d": "It turns the logits into classes with it, before it calls your `compute_metrics` with them.",
        },
        right="b",
        why_not={
            "a": "The name sounds like it, but a Trainer wants rows that are tokenized already: columns of sentences, "
            "which the model's forward() does not take, are dropped, and then there is nothing left to train on.",
            "c": "Here 'class' is not the model's: the name stands for whatever prepared the data, a tokenizer or an "
            "image processor. Which model is trained, `model` or `model_init` says; without them there is no Trainer.",
            "d": "A tokenizer knows words, no classes. `compute_metrics` gets the bare logits, and finding the larger "
            "one of each row is its own first step.",
        },
    ),
    2: Question(
        text="Which argument of `TrainingArguments` decides how often a model is evaluated while it trains?",
        options={
            "a": "`do_eval`",
            "b": "`evaluation_strategy`",
            "c": "`logging_steps`",
            "d": "`eval_strategy`",
        },
        right="d",
        why_not={
            "a": "It still exists, as a yes or no for your own script to read, and says nothing about when. Set alone, "
            "it starts not one evaluation during the training.",
            "b": "That was its name for years, and many tutorials still have it. Today's library answers it with a "
            "TypeError: look up what it is called now.",
            "c": "It sets how often the training loss is logged. Evaluations show up in the same log, but set alone it "
            "starts none.",
        },
    ),
    3: Question(
        text="What does `fp16=True` change in a training run?",
        options={
            "a": "The weights themselves become numbers of 16 bits, so the saved model is half as large as before.",
            "b": "The model computes with whole numbers of 16 bits instead of numbers with a point.",
            "c": "On a GPU, most of the computing is done in floats of 16 bits, while the weights keep 32 bits.",
            "d": "The training becomes faster on every machine, whether it has a GPU or computes on its CPU alone.",
        },
        right="c",
        why_not={
            "a": "That would be 16-bit training; this is *mixed* precision. The weights stay in 32 bits, as a step of "
            "the optimiser is often too small to change a number of 16 bits, and so does what is saved.",
            "b": "The letters fp stand for floating point. Whole numbers are what one quantizes a model to, usually "
            "one that is already trained.",
            "d": "On a CPU the library takes the argument and silently does nothing with it: the same numbers come "
            "out, bit by bit. It is a GPU that has fast circuits for floats of 16 bits.",
        },
    ),
    4: Question(
        text="What is the function for that you hand to a Trainer as `compute_metrics`?",
        options={
            "a": "It turns the logits and labels of an evaluation into numbers to report beside the loss.",
            "b": "It computes the loss from logits and labels, which the training then tries to make small.",
            "c": "It measures after every step of the training how many pairs of that step's batch were right.",
            "d": "It decides, from one evaluation to the next, whether the training has to stop.",
        },
        right="a",
        why_not={
            "b": "The training never calls it. The loss comes from the model itself, and has to have a gradient, which "
            "accuracy has not.",
            "c": "It sees no batch of the training: the Trainer collects the logits of a whole evaluation, and then "
            "calls it once.",
            "d": "It only reports. Stopping early is the business of a callback, and keeping the best model that of "
            "arguments; both may read its numbers.",
        },
    ),
    5: Question(
        text="A Trainer is made without `eval_dataset`. What happens?",
        options={
            "a": "It evaluates on the pairs that it was given for training.",
            "b": "It sets a part of the training pairs aside and evaluates on those.",
            "c": "Making it is an error, because no Trainer works without pairs to evaluate on.",
            "d": 'It trains and evaluates nothing, if `eval_strategy` is left at "no".',
        },
        right="d",
        why_not={
            "a": "It never takes data for something that you did not say it is for: with nothing to evaluate on, "
            "`evaluate()` is a ValueError.",
            "b": "It never splits data: every pair of `train_dataset` is trained on, in each epoch. Splitting is up to "
            "you, or to whoever made the data set.",
            "c": "You are half right: it is an error if you ask for evaluations with `eval_strategy`. But the default "
            "is to ask for none, and then it simply trains.",
        },
    ),
    6: Question(
        text="What is gradient accumulation, and what switches it on?",
        options={
            "a": "The gradients are kept on disk instead of in memory; `gradient_checkpointing=True`.",
            "b": "The gradients of several batches are added up before one step; `gradient_accumulation_steps=4`.",
            "c": "A large batch is taken in portions that fit into memory; `per_device_train_batch_size=16`.",
            "d": "Small gradients are collected until they are large enough for a step; `max_grad_norm=1.0`.",
        },
        right="b",
        why_not={
            "a": "Gradient checkpointing (newer versions call it activation checkpointing) saves memory too, but by "
            "computing the layers a second time. Nothing goes to disk, and each batch still has a step of its own.",
            "c": "That is what one wishes for, but this number only says how many pairs are in a batch: all of them "
            "go through the model at once, and it is the memory for these that may be lacking.",
            "d": "That argument is about gradients that are too large: they are scaled down to this norm. Small ones "
            "stay as they are, and every batch still has a step of its own.",
        },
    ),
}


def letter_in(answer: object) -> str | None:
    """The letter that an answer names, in any case and with any signs around it; None where it names none."""
    if not isinstance(answer, str):
        return None
    found = re.fullmatch(rf"[\W_]*([{LETTERS}])[\W_]*", unicodedata.normalize("NFKC", answer).lower())
    return found[1] if found else None


WITHOUT_QUOTES = (
    "A letter without quotes is the name of a variable, and there is none of that name. In quotes it is a text, which "
    "is what an answer has to be."
)
FROM_ZERO = "Python counts from 0, but these keys are not places in a list: they are the numbers that the lesson gives."


def without_quotes(message: str) -> bool:
    """Whether an exception's text is that of an answer without quotes."""
    return re.search(rf"NameError: name '[{LETTERS}{LETTERS.upper()}]' is not defined", message) is not None


def which_answer(answer: object, question: Question) -> str:
    """What to say of an answer that is no letter of this question's options; "" where it is hard to tell."""
    if isinstance(answer, (list, tuple, set, frozenset)) or (isinstance(answer, str) and _letters_in(answer) > 1):
        return (
            "There is more than one letter. Each question has one option that holds whenever it is tried; what seems "
            "to hold as well, an experiment of some lines refutes."
        )
    if isinstance(answer, (int, float)):
        return "An option is answered by its letter, not by its place: count them by the letters in front of them."
    if not isinstance(answer, str):
        return ""
    text = _plain(answer)
    if len(text) == 1 and text.isalpha():
        return "No option has this letter: there are four to each question, and one of them holds."
    if any(
        len(text) > 2 and (text in _plain(option) or _plain(option) in text) for option in question.options.values()
    ):
        return "These are the words of an option. Its letter is enough, and the only thing that is looked at."
    return ""


def _letters_in(answer: str) -> int:
    """How many of the letters an answer names that names nothing else but "and" and "or"."""
    words = re.findall(r"\w+", answer.lower())
    known = [word for word in words if word in LETTERS]
    return len(known) if all(word in (*LETTERS, "and", "or") for word in words) else 0


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
