# quiz
ANSWERS = {
	1: "b",
	2: "d",
	3: "c",
	4: "a",
	5: "d",
	6: "b",
}
