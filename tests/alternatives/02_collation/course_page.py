"""As the course's page has it, made anew for each batch."""

from transformers import DataCollatorWithPadding


def collate(features, tokenizer):
    data_collator = DataCollatorWithPadding(tokenizer=tokenizer)
    batch = data_collator(features)
    return batch
