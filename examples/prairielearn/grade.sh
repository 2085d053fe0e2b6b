#!/usr/bin/env bash
# PrairieLearn's external grader runs this for every submission. It grades with the checks of the installed package.
#
# --trainer-isolation process keeps accidents apart and not attacks: a student's code that wants to can write
# results.json itself. The container is thrown away after each submission; leave its network off.
set -uo pipefail
root=${1:-/grade}
mkdir -p "$root/results"
cd "$(mktemp -d)" || exit
pytest-trainer init course
pytest course --submission "$root/student" --gradebook grades.json --trainer-isolation process
# Where there is no grade the submission is "not gradable": never a zero.
pytest-trainer report grades.json --to prairielearn --out "$root/results/results.json"
