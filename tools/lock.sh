#!/bin/sh
# Rewrites requirements/*.txt from pyproject.toml: newest allowed releases, each with its hashes, and with markers that
# hold on Linux, macOS and Windows alike. The resolver lives in a throw-away environment and leaves nothing behind.
# Needs Python 3.11 or newer and the network; pip's own settings say where packages come from.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

# The upper end is PySide6's own: a resolver that looks at all versions of Python refuses PySide6 without it.
pythons='>=3.11,<3.15'

cp "$root/pyproject.toml" "$scratch/"
printf '\n[tool.pdm.resolution]\nallow-prereleases = false\n' >>"$scratch/pyproject.toml"
: >"$scratch/README.md"
: >"$scratch/LICENSE"

python3 -m venv "$scratch/tools"
# unearth 0.18 moved to another HTTP client than the one this PDM drives.
"$scratch/tools/bin/pip" install --quiet 'pdm==2.29.3' 'hishel[httpx]==1.0.0' 'unearth<0.18'

export PDM_CHECK_UPDATE=0
cd "$scratch"
"$scratch/tools/bin/pdm" lock --quiet -G :all --strategy inherit_metadata --python "$pythons"

# export FILE OPTION...: one list; the range of Pythons that every line would repeat is left out.
export_list() {
    file=$1
    shift
    {
        echo "# Written by 'make lock' from pyproject.toml. Do not edit."
        "$scratch/tools/bin/pdm" export --format requirements "$@" |
            sed -E \
                -e '/^#/d' -e '/^$/d' \
                -e 's/ and python_version >= "3\.11" and python_version < "3\.15"//g' \
                -e 's/python_version >= "3\.11" and python_version < "3\.15"( and )?//g' \
                -e 's/; *\\$/ \\/'
    } >"$root/requirements/$file"
}

export_list run.txt --prod -G desktop -G service -G practice
export_list dev.txt -G :all

if grep -nE '://|^--?(index|extra|find|trusted)' "$root"/requirements/*.txt; then
    echo "lock: the lists name an address; they must hold anywhere" >&2
    exit 1
fi
