#!/bin/sh
# Builds the wheel into dist/ and smoke-runs it in a fresh virtual environment, away from the checkout.
set -eu

cd "$(dirname -- "$0")/.."
tools/bootstrap.sh check
bin=.venv/bin
[ -d "$bin" ] || bin=.venv/Scripts

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

rm -rf dist
"$bin/python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
wheel=$(ls "$PWD"/dist/sendwright-*.whl)

"$bin/python" -m venv "$scratch/venv"
fresh=$scratch/venv/$(basename "$bin")
"$fresh/python" -m pip install --quiet --require-hashes -r requirements/run.txt
"$fresh/python" -m pip install --quiet --no-deps "$wheel"

cd "$scratch"
"$fresh/sendwright" --version
# The words came along: without its resources the program could not explain anything.
"$fresh/sendwright" explain "535 5.7.8 Username and Password not accepted" >/dev/null
echo "$wheel"
