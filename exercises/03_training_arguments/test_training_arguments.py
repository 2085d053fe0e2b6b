"""Checks of 03: settings judged by what a Trainer does with them; each slip costs its own points."""

import os
import random
from functools import partial
from pathlib import Path

import pytest

from pytest_trainer import check, expect
from pytest_trainer.full_run import precision
from pytest_trainer.grading.outcome import Broken, Unsatisfied
from pytest_trainer.grading.show import aligned_lists, show
from pytest_trainer.lab.taken_steps import NoTraining, default_settings, take_steps
from pytest_trainer.reference import arguments as reference
from pytest_trainer.reference import schedules

ALL = ("defaults", "evaluate_each_epoch", "mixed_precision", "effective_batch_of_16", "cosine_schedule")
EVALUATION = ("eval_strategy", "eval_steps", "eval_delay")
ON_A_CPU = "mixed_precision: fp16=True changes nothing on a CPU, as here."
ONLY_ON_A_GPU = "mixed_precision: fp16 is set only where torch sees a GPU, so not here; that comes to the same."
ONE_CYCLE = "cosine_schedule: cosine_with_restarts has one cycle here, so it is the plain cosine."


class Answers:
    """What the five functions return, each asked once."""

    def __init__(self, submission):
        self.submission = submission
        self.draw = random.Random(submission.seed)
        self.rows = [self.draw.randrange(33, 41), self.draw.randrange(49, 57)]
        self._told, self._defaults = {}, None

    def told(self, function):
        """What the probe said of a function's arguments."""
        if function not in self._told:
            folder = str(self.submission.scratch / "output")
            others = [other for other in ALL if other != function]
            self._told[function] = self.submission.probe("arguments_of", function, folder, others)
        return self._told[function]

    def settings(self, function):
        """The settings of the arguments that a function returns."""
        told = self.told(function)
        if told["settings"] is None:
            raise not_arguments(function, told["returned"])
        return expect.mapping(told["settings"], f"{function}'s settings", keys=(), extra=True)

    def precision_where_there_is_a_gpu(self):
        """What mixed_precision sets where there is a GPU, without any here; nothing where it cannot be asked so."""
        try:
            told = self.submission.probe("precision_where_there_is_a_gpu", str(self.submission.scratch / "output"))
        except Unsatisfied:
            told = None
        told = told if isinstance(told, dict) else {}
        return {name: told.get(name) is True for name in ("fp16", "bf16")}

    def defaults(self):
        """The settings where nothing is asked for."""
        self._defaults = self._defaults or default_settings()
        return self._defaults

    def expect_no_other_change(self, function, besides=()):
        """Nothing that changes the training differs from the defaults, but for these settings."""
        settings = self.settings(function)
        found = reference.changes(settings, self.defaults(), besides)
        if found:
            width = max(len(change.name) for change in found)
            asked = "more of the training than it is asked to" if besides else "the training, which nobody asked for"
            raise expect.wrong(
                f"{function} changes {asked}: {', '.join(change.name for change in found)}.",
                *(
                    f"  {c.name:<{width}}  wanted {shown(c.wanted)}, the default, came back {shown(c.came)}"
                    for c in found
                ),
                diagnosis=reference.why_more(function, found, self.told(function)["shared_with"]),
            )


@pytest.fixture(scope="module")
def answers(submission):
    """What the five functions return."""
    return Answers(submission)


def shown(value):
    """A setting's value, or what it is where it has none that could be shown."""
    return getattr(value, "described", None) or show(value, 30)


def not_arguments(function, returned):
    """The wrong answer of a function that returns something else."""
    if isinstance(returned, dict):
        return expect.wrong(
            f"{function}: wanted TrainingArguments, came back a dict.",
            diagnosis="A dict of settings is not yet TrainingArguments: it still has to be made from them.",
        )
    forgot = "The function ends without returning what it made." if returned == "None" else ""
    return expect.wrong(f"{function}: wanted TrainingArguments, came back {returned}.", diagnosis=forgot)


def steps_of(settings, names, why, **training):
    """The steps that a Trainer takes with the named settings; where it takes none, the answer is wrong."""
    try:
        return take_steps(settings, names, **training)
    except NoTraining as error:
        raise expect.wrong(str(error), diagnosis=why) from None


@check(
    points=1,
    needs="defaults",
    hint="TrainingArguments knows its defaults by itself: what you do not set, has them.",
)
def test_defaults_change_nothing_in_the_training(answers):
    answers.expect_no_other_change("defaults")


@check(
    points=2,
    needs="evaluate_each_epoch",
    hint="eval_strategy says when the Trainer evaluates during training: 'no', every so many 'steps', or each 'epoch'.",
)
def test_evaluates_at_the_end_of_each_epoch(answers):
    settings = answers.settings("evaluate_each_epoch")
    why = reference.why_not_each_epoch(settings)
    for rows, epochs in zip(answers.rows, (2, 4), strict=True):
        steps = steps_of(settings, EVALUATION, why, rows=rows, epochs=epochs)
        if steps.evaluations != steps.epoch_ends:
            raise expect.wrong(
                f"A training of {epochs} epochs on {rows} rows: wanted an evaluation at the end of each epoch.",
                f"  wanted     after the updates {steps.epoch_ends}",
                f"  came back  {f'after the updates {steps.evaluations}' if steps.evaluations else 'no evaluation'}",
                diagnosis=why,
            )


@check(
    points=1,
    needs="evaluate_each_epoch",
    hint="Evaluation only looks at the model. Everything that trains it stays at its default.",
)
def test_evaluating_changes_nothing_in_the_training(answers):
    answers.expect_no_other_change("evaluate_each_epoch")


def precision_of(answers):
    """The settings of mixed_precision; the library's refusal of bf16 on a CPU gets its explanation."""
    try:
        return answers.settings("mixed_precision")
    except Broken as error:
        if "bf16" in error.message and "support" in error.message:
            error.diagnosis = reference.BF16
        raise


@check(
    points=2,
    needs="mixed_precision",
    hint="Mixed precision with the 16-bit format that the lesson uses is one argument: fp16.",
)
def test_mixed_precision_is_fp16(answers):
    settings = precision_of(answers)
    decided = answers.told("mixed_precision")["precision"]
    if not any(settings.get(name) for name in ("fp16", "bf16")):
        settings = {**settings, **answers.precision_where_there_is_a_gpu()}
        if settings["fp16"] and not settings["bf16"]:
            answers.submission.note(ONLY_ON_A_GPU)
            return
    if not settings.get("fp16") or decided not in (None, "fp16"):
        raise expect.wrong(
            f"mixed_precision: wanted a training in fp16, came back fp16={settings.get('fp16')!r}"
            + (f" and bf16={settings['bf16']!r}." if settings.get("bf16") else ".")
            + (" The Trainer would train in full precision." if settings.get("fp16") else ""),
            diagnosis=reference.why_not_fp16(settings, decided),
        )
    answers.submission.note(ON_A_CPU)


@check(
    points=1,
    needs="mixed_precision",
    hint="Only the precision changes; everything else that trains the model stays at its default.",
)
def test_mixed_precision_changes_nothing_else(answers):
    precision_of(answers)
    answers.expect_no_other_change("mixed_precision", besides=reference.PRECISION)


@check(
    full_run=True,
    needs="mixed_precision",
    hint="fp16=True and nothing else: the weights stay in float32, and the library scales the loss as fp16 needs it.",
)
def test_fp16_trains_as_float32_does(submission, answers, checkpoint, raw_datasets, device):
    settings = precision_of(answers)
    chosen = {name: settings.get(name) is True for name in ("fp16", "bf16")}
    rows = raw_datasets.make()["train"]
    rows = rows.select(range(min(len(rows), precision.ROWS)))
    train = partial(precision.steps, checkpoint, rows, device)
    if device == "cuda":
        train({}, precision.EVERY), train(chosen, precision.EVERY)  # the first steps load the device's programs
    count = precision.COUNT[device]
    plain, half = train({}, count), train(chosen, count)
    if half.weights != {"float32"}:
        raise expect.wrong(f"The parameters: wanted all in float32, came back {', '.join(sorted(half.weights))}.")
    if device == "cuda" and half.precision != "fp16":
        raise expect.wrong(f"The Trainer calculates in {half.precision}, wanted fp16.")
    apart = plain.furthest(half)
    if apart > (precision.CLOSE if device == "cuda" else 0):
        raise expect.wrong(
            f"Losses of {count} steps in float32 and with mixed_precision: at most {precision.CLOSE} apart was wanted, "
            f"came back {apart:.4f}."
        )
    measured = f"float32 {precision.measured(plain)}, fp16 {precision.measured(half)}"
    on_a_cpu = "On a CPU fp16=True does nothing: the losses are the same to the last digit. A GPU shows what it saves."
    on_a_gpu = f"{count} steps: {measured}; their losses are at most {apart:.4f} apart."
    submission.note(on_a_gpu if device == "cuda" else on_a_cpu)


@check(
    points=2,
    needs="effective_batch_of_16",
    hint="How many rows pass through the model at once is per_device_train_batch_size; it decides about the memory.",
)
def test_four_rows_at_a_time_pass_through_the_model(answers):
    settings, rows = answers.settings("effective_batch_of_16"), answers.rows[0]
    why = reference.why_not_four_times_four(settings)
    steps = steps_of(settings, reference.BATCH, why, rows=rows, epochs=1)
    expect_sizes(steps.batches, reference.batch_sizes(rows, 4), f"The batches of an epoch with {rows} rows", why)


@check(
    points=1,
    needs="effective_batch_of_16",
    hint="gradient_accumulation_steps is the number of batches whose gradients make one update.",
)
def test_an_update_is_made_from_sixteen_rows(answers):
    settings, rows = answers.settings("effective_batch_of_16"), answers.rows[1]
    why = reference.why_not_four_times_four(settings)
    steps = steps_of(settings, (*reference.BATCH, *reference.ACCUMULATION), why, rows=rows, epochs=2)
    wanted = reference.update_sizes(rows, 4, 4) * 2
    expect_sizes(steps.updates, wanted, f"The rows behind each update, two epochs with {rows} rows", why)


def expect_sizes(came, wanted, what, why):
    """Two lists of numbers of rows."""
    if came != wanted:
        raise expect.wrong(
            f"{what}: wanted {len(wanted)} of at most {max(wanted)}, came back {len(came)} of at most {max(came)}.",
            *aligned_lists(wanted, came),
            diagnosis=why,
        )


@check(
    points=1,
    needs="effective_batch_of_16",
    hint="Two settings make 4 x 4. Everything else that trains the model stays at its default.",
)
def test_effective_batch_changes_nothing_else(answers):
    answers.expect_no_other_change("effective_batch_of_16", besides=(*reference.BATCH, *reference.ACCUMULATION))


@check(
    points=1,
    needs="cosine_schedule",
    hint="learning_rate is the rate at the top of the schedule: 2e-5, a number.",
)
def test_the_highest_learning_rate_is_2e_5(answers):
    settings = answers.settings("cosine_schedule")
    why = reference.why_not_peak(settings)
    steps = steps_of(settings, ("learning_rate",), why, rows=answers.rows[0], epochs=1)
    highest = max(steps.learning_rates)
    if abs(highest - reference.PEAK) > reference.PEAK * schedules.TOLERANCE:
        raise expect.wrong(f"The highest learning rate: wanted 2e-05, came back {highest:.7g}.", diagnosis=why)


@check(
    points=1,
    needs="cosine_schedule",
    hint="lr_scheduler_type names the curve along which the learning rate falls; by default it is 'linear'.",
)
def test_the_learning_rate_falls_along_a_cosine(answers):
    settings = answers.settings("cosine_schedule")
    why = reference.why_not_cosine(settings)
    for rows, epochs in zip(answers.rows, (3, 2), strict=True):
        steps = steps_of(
            settings,
            reference.SCHEDULE,
            why,
            rows=rows,
            epochs=epochs,
            learning_rate=reference.PEAK,
            eval_strategy="epoch",
        )
        rates = steps.learning_rates
        for step, came in enumerate(rates):
            wanted = cosine(step, len(rates))
            if abs(came - wanted) > reference.PEAK * schedules.TOLERANCE:
                raise expect.wrong(
                    f"Step {step} of {len(rates)}, with a top of 2e-05: wanted the learning rate {wanted:.4g}, "
                    f"came back {came:.4g}.",
                    *rates_beside(rates),
                    diagnosis=why,
                )
    if settings.get("lr_scheduler_type") == "cosine_with_restarts":
        answers.submission.note(ONE_CYCLE)


def cosine(step, total_steps):
    """The learning rate of a step, as asked for."""
    return schedules.learning_rate(step, reference.PEAK, 0, total_steps, "cosine")


def rates_beside(rates):
    """Lines with five of a training's learning rates beside those of the cosine."""
    shown = sorted({round(i * (len(rates) - 1) / 4) for i in range(5)})
    rows = [
        ("step", [str(step) for step in shown]),
        ("wanted", [f"{cosine(step, len(rates)):.3g}" for step in shown]),
        ("came back", [f"{rates[step]:.3g}" for step in shown]),
    ]
    return [f"  {name:<10}" + "".join(cell.rjust(11) for cell in cells) for name, cells in rows]


@check(
    points=1,
    needs="cosine_schedule",
    hint="Rate and curve change; everything else that trains the model stays at its default.",
)
def test_cosine_schedule_changes_nothing_else(answers):
    answers.expect_no_other_change("cosine_schedule", besides=("learning_rate", *reference.SCHEDULE))


@check(
    points=1,
    needs=ALL,
    hint="The first argument of TrainingArguments is output_dir: hand on the one that you get, and make new arguments.",
)
def test_each_function_uses_the_folder_that_it_is_given(answers):
    scratch = answers.submission.scratch
    given = [os.path.normpath(scratch / name) for name in ("first", "second")]
    folders = answers.submission.probe("folders_of", ALL, *given)
    if not folders:
        for function in ALL:
            answers.settings(function)
    for function, came in expect.mapping(folders, "the folders", keys=(), extra=True).items():
        for wanted, folder in zip(given, came, strict=True):
            if folder != wanted:
                raise expect.wrong(
                    f"{function}: the output_dir of its arguments is not the folder that it was given.",
                    f"  wanted     {ending(wanted)}",
                    f"  came back  {ending(folder)}",
                    diagnosis=why_not_folder(given, came),
                )


def ending(folder):
    """A folder's last parts, which are those that differ."""
    return show(str(Path("...", *Path(folder).parts[-2:])) if isinstance(folder, str) else folder, 60)


def why_not_folder(given, came):
    """What a student whose arguments have another folder seems to think; empty where unknown."""
    if came == [given[1], given[1]]:
        return "Two calls share one object: the second call changed the arguments that the first had returned."
    if came[0] == came[1] and isinstance(came[0], str) and not given[0].startswith(came[0] + os.sep):
        return "The folder is always the same: which one it is, is the caller's to say."
    if all(str(folder).startswith(one + os.sep) for one, folder in zip(given, came, strict=True)):
        return "That is a folder below the given one; the caller will look for the results in the folder itself."
    return ""
