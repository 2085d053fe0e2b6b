"""What the checks of 03 look at on the student's side: TrainingArguments, as plain data."""

import contextlib
import os

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
