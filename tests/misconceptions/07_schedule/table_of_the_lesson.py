"""A learning-rate schedule, from the lesson's table.

misconception: the table of the example is the schedule
caught_by: test_linear_falls_in_a_straight_line_after_the_warmup
diagnosis: lesson's example
"""

LINEAR = {0: 0.0, 1: 2.5e-5, 2: 5e-5, 3: 4.375e-5, 4: 3.75e-5, 6: 2.5e-5, 8: 1.25e-5, 9: 6.25e-6, 10: 0.0}
COSINE = {0: 0.0, 1: 2.5e-5, 2: 5e-5, 3: 4.810e-5, 4: 4.268e-5, 6: 2.5e-5, 8: 7.322e-6, 9: 1.903e-6, 10: 0.0}


def learning_rate(step, base, warmup_steps, total_steps, kind):
    table = LINEAR if kind == "linear" else COSINE
    return table[step]
