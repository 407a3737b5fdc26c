#!/bin/sh
# Runs every check and says at the end which ones failed: one run shows all there is to do.
set -u
cd "$(dirname -- "$0")/.." || exit 1
bin=.venv/bin
[ -d "$bin" ] || bin=.venv/Scripts
failed=

check() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed $name"
}

check format "$bin/ruff" format --check --quiet .
check lint "$bin/ruff" check --quiet .
check types "$bin/mypy"
check tools-types "$bin/mypy" --strict tools
check layers "$bin/lint-imports" --no-logo
check budget "$bin/python" tools/check_budget.py
check rules "$bin/python" tools/check_rules.py
check texts "$bin/python" tools/check_texts.py

if [ -n "$failed" ]; then
    printf 'check: failed:%s\n' "$failed" >&2
    exit 1
fi
echo "check: all is well"
