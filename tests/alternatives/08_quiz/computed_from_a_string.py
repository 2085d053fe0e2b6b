import string

RIGHT = [string.ascii_uppercase[place] for place in (1, 3, 2, 0, 3, 1)]
ANSWERS = {number: RIGHT[number - 1] for number in range(1, 7)}
