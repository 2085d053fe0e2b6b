"""The five arguments collected by a star, and the way down looked up by its name."""

from math import cos, pi

DOWN = dict(linear=lambda p: 1.0 - p, cosine=lambda p: 0.5 + cos(p * pi) / 2)


def learning_rate(*args: float | str) -> float:
    s, base, w, n, kind = args
    return base * (s / w if s < w else DOWN[kind]((s - w) / (n - w)))


if __name__ == "__main__":
    for step in range(11):
        print(step, *(f"{learning_rate(step, 5e-5, 2, 10, kind):.3e}" for kind in DOWN))
