"""What the tests of the lab share."""

import gc

import pytest


@pytest.fixture(scope="module")
def quiet_trainers():
    """One thread, no warnings, and Trainers whose garbage collections are spared the libraries."""
    import torch
    import transformers

    threads, verbosity = torch.get_num_threads(), transformers.logging.get_verbosity()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    gc.freeze()  # each Trainer asks for a garbage collection, which would take longer than its training
    yield
    gc.unfreeze()
    torch.set_num_threads(threads)
    transformers.logging.set_verbosity(verbosity)
