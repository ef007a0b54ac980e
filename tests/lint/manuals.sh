#!/bin/sh
# SPDX-License-Identifier: MIT
# A program, its --help and its manual page agree on options and synopsis.
. "${SRCDIR:?}/tests/lib.sh"

# help_options: -x and --long-name of each option, one a line, from --help.
help_options() {
	sed -n '/^  *-/p' out | awk '{
		for (i = 1; i <= NF && $i ~ /^-/; i++) {
			sub(/,$/, "", $i)
			sub(/\[?=.*/, "", $i)
			print $i
		}
	}' | sort -u
}

# page_options PAGE: the same from the page's list of options, wherever it is.
page_options() {
	awk '
	/^\.It Fl/ {
		for (i = 2; i < NF; i++)
			if ($i == "Fl")
				print "-" $(i + 1)
	}' "$1" | sort -u
}

# flat: words with single blanks between them.
flat() {
	tr -s ' \t\n' ' ' | sed 's/^ //; s/ $//'
}

# help_synopsis: the lines of "Usage:", without that word.
help_synopsis() {
	sed -n '/^Usage:/,/^$/p' out | sed 's/^Usage://; s/^ *or:*//' | flat
}

page_synopsis() {
	mandoc -T utf8 -O width=1000 "$1" | sed 's/.\x08//g' |
		sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' | flat
}

for page in "$SRCDIR"/man/*.1; do
	[ -f "$page" ] || continue
	name=$(basename "$page" .1)
	expect 0 "$name" --help
	err_is ''
	help_options >in_help
	page_options "$page" >in_page
	[ -s in_help ] || fail "$name --help shows no options"
	missing=$(comm -23 in_help in_page | flat)
	[ -z "$missing" ] || fail "$page lacks $missing"
	# An option that only the page tells of must be one all the same.
	for option in $(comm -13 in_help in_page); do
		run "$name" "$option" </dev/null
		! grep -q 'unknown option' err ||
			fail "$page tells of $option, which $name does not know"
	done
	expect 0 "$name" --version
done

need mandoc
for page in "$SRCDIR"/man/*.[0-9]; do
	[ -f "$page" ] || continue
	mandoc -T lint -W warning "$page" >out 2>&1 || fail "$(cat out)"
	for section in NAME SYNOPSIS DESCRIPTION OPTIONS ENVIRONMENT \
		"EXIT STATUS" EXAMPLES "SEE ALSO" CAVEATS; do
		case $page in
		*.1) ;;
		*) break ;;
		esac
		grep -qxE "\\.Sh \"?$section\"?" "$page" ||
			fail "$page has no section $section"
	done
done
for page in "$SRCDIR"/man/*.1; do
	[ -f "$page" ] || continue
	name=$(basename "$page" .1)
	expect 0 "$name" --help
	[ "$(help_synopsis)" = "$(page_synopsis "$page")" ] ||
		fail "$name --help: $(help_synopsis)
$page: $(page_synopsis "$page")"
done
finish
