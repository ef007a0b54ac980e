#!/bin/sh
# SPDX-License-Identifier: MIT
# The house rules for C that a program can check.
. "${SRCDIR:?}/tests/lib.sh"

cd "$SRCDIR" || trouble "no $SRCDIR"
found=$work/found

# complaints TITLE: what the last command found, if anything.
complaints() {
	[ ! -s "$found" ] || fail "$1:
$(cat "$found")"
}

c_files() {
	for file in common/*.[ch] tools/*.c tests/*/*.[ch]; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

# shellcheck disable=SC2046 # no blanks in our names
set -- $(c_files)
[ $# -gt 20 ] || trouble "only $# sources found"

for file; do
	read -r first <"$file"
	[ "$first" = '/* SPDX-License-Identifier: MIT */' ] ||
		echo "$file: $first"
done >"$found"
complaints "the first line is not the licence"

awk '{
	line = $0
	while ((at = index(line, "\t")) > 0)
		line = substr(line, 1, at - 1) \
			sprintf("%*s", 8 - (at - 1) % 8, "") \
			substr(line, at + 1)
	# A string or a long name is not broken.
	if (length(line) > 80 && line !~ /^ *([a-z_]+\()?("|[^ ]*$)/)
		print FILENAME ":" FNR ": " length(line) " columns"
}' "$@" >"$found"
complaints "longer than 80 columns"

awk '
/^\{/ { start = FNR }
/^\}/ {
	lines = FNR - start - 1
	if (start && lines > 60)
		print FILENAME ":" start ": " lines " lines"
	start = 0
}' common/*.c tools/*.c >"$found"
complaints "a function of more than 60 lines"

awk '
FNR == 1 { main = 0 }
/^int main\(/ { main = FNR }
/^\}/ {
	if (main && FNR - main - 2 > 30)
		print FILENAME ":" main ": " FNR - main - 2 " lines"
	main = 0
}' tools/*.c >"$found" 2>/dev/null
complaints "a main of more than 30 lines"

# A header opens with what it is for: prose before the first declaration.
for file in common/*.h; do
	awk '
	FNR > 1 && /^(\/| )\*/ { prose = 1 }
	/^(enum|struct|int|void|typedef|static|const|bool|#include)/ { exit }
	END { exit !prose }' "$file" || echo "$file"
done >"$found"
complaints "a header that does not say what it is for"

# Words that mark work left undone; split, so as not to find themselves.
grep -nE "\\b(TO""DO|FIX""ME|XX""X)\\b" "$@" bootstrap drop-in.sh \
	README.md Makefile.am configure.ac >"$found"
complaints "work left undone"

# common/ never ends the process and never prints; diag and usage, which only
# the tools call, print.
grep -nE '(^|[^_a-z])(exit|printf|puts|perror)\(' common/*.c >"$found"
complaints "a unit of common/ that prints or exits"
finish
