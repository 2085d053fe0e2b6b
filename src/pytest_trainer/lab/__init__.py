"""What checks run on: the tiny checkpoint and its data, the offline stand-ins, real data and checkpoints."""
