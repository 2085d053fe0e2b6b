"""My answers, with what I tried for each."""

ANSWERS = {
    # type(trainer.data_collator) -> DataCollatorWithPadding
    1: "B",
    # do_eval=True: log_history had no eval_loss
    2: "D",
    3: "C",  # on my laptop: no difference at all!
    4: "A",
    5: "D",  # error only with eval_strategy="epoch"
    6: "B",
}

if __name__ == "__main__":
    print(ANSWERS)
