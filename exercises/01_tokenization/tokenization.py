"""Exercise 01: turn sentence pairs into token ids, as a function for Dataset.map."""

from collections.abc import Mapping

from transformers import PreTrainedTokenizerBase


def tokenize_function(
    example: Mapping[str, list[str] | list[int] | str | int], tokenizer: PreTrainedTokenizerBase
) -> Mapping[str, list[list[int]] | list[int]]:
    """Tokenize a batch of sentence pairs, or a single one; truncate where needed, pad nothing.

    Args:
        example: the columns of MRPC: `sentence1`, `sentence2`, `label`, `idx`. For a batch of
            n >= 1 pairs each of them is a list of n elements; for a single row the sentences are
            two strings, `label` and `idx` two ints. It is a dict, or the mapping that
            `Dataset.map` hands over, which is read like one. No sentence is empty.
        tokenizer: the model's tokenizer, of BERT's kind. How many tokens the model can read is its
            `model_max_length`, at least 8 and different from tokenizer to tokenizer.

    Returns:
        A mapping with at least these three keys. Each value is a list of ints for a single row,
        and for a batch a list of n such lists, of which list i belongs to pair i. They are plain
        lists: rows of different lengths fit into no array and no tensor.

        - `input_ids`: one sequence, [CLS] sentence1 [SEP] sentence2 [SEP].
        - `token_type_ids`: 0 up to the first [SEP], itself included, and 1 after it.
        - `attention_mask`: 1 for every token.

        A pair with more than `model_max_length` tokens, [CLS] and [SEP] included, is cut to exactly
        that many: tokens are taken off one by one, always at the end of the sentence that has more
        left. Where both have the same number left, either may give one.

        Nothing is padded: a row is as long as its own pair. Further keys and their values are
        up to you.
    """
    raise NotImplementedError
