"""What the checks of 03 look at on the student's side: TrainingArguments, as plain data."""

import contextlib
import os
from unittest import mock

import torch
import transformers


def arguments_of(student, function, output_dir, others):
    """The settings that a function returns after all the others were called, and which of them returned its object.

    All are called so that functions which share an object give the same answer in whatever order the checks run.
    """
    earlier = {}
    for other in others:
        with contextlib.suppress(Exception, SystemExit):
            earlier[other] = getattr(student, other)(output_dir)
    returned = getattr(student, function)(output_dir)
    shared = [other for other, made in earlier.items() if made is returned]
    return described(returned) | {"shared_with": shared}


def precision_where_there_is_a_gpu(student, output_dir):
    """What mixed_precision asks for on a machine whose torch sees a GPU.

    The arguments are made and not completed: completing them would look for that GPU.
    """
    with (
        mock.patch.object(torch.cuda, "is_available", return_value=True),
        mock.patch.object(torch.cuda, "device_count", return_value=1),
        mock.patch.object(transformers.TrainingArguments, "__post_init__", return_value=None),
    ):
        returned = student.mixed_precision(output_dir)
    return {name: getattr(returned, name, None) is True for name in ("fp16", "bf16")}


def folders_of(student, functions, first, second):
    """For each function that returns arguments: their output_dir after a call with one folder and one with another."""
    folders = {}
    for function in functions:
        try:
            one, other = getattr(student, function)(first), getattr(student, function)(second)
        except NotImplementedError:
            raise
        except (Exception, SystemExit):  # noqa: BLE001 - the function's own checks say so
            continue
        if isinstance(one, transformers.TrainingArguments) and isinstance(other, transformers.TrainingArguments):
            folders[function] = [path(one.output_dir), path(other.output_dir)]
    return folders


def described(returned):
    """The settings of arguments, and the precision that was decided when they were made, where they keep it."""
    if not isinstance(returned, transformers.TrainingArguments):
        return {"returned": returned if isinstance(returned, dict) else kind(returned), "settings": None}
    # Not the object's own to_dict: that may be a subclass's.
    settings = transformers.TrainingArguments.to_dict(returned)
    return {
        "settings": settings | {"output_dir": path(returned.output_dir)},
        "precision": vars(returned).get("mixed_precision"),
    }


def path(folder):
    """A folder as text."""
    return os.path.normpath(folder) if isinstance(folder, (str, os.PathLike)) else folder


def kind(value):
    """A type's name with its article."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
