"""Full runs: a student's code trains a real checkpoint on the real MRPC, watched, resumed, judged and reported."""
