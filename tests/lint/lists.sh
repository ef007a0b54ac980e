#!/bin/sh
# SPDX-License-Identifier: MIT
# What Makefile.am does not list is not built, not run and not in the tarball:
# each test, source and page must be there, and each script be executable.
. "${SRCDIR:?}/tests/lib.sh"

# words VARIABLE: the items of a list in Makefile.am.
words() {
	awk -v name="$1" '
	$1 == name && $2 ~ /^\+?=$/ { inside = 1; $1 = $2 = "" }
	inside {
		more = /\\$/
		gsub(/[\t\\]/, " ")
		print
		inside = more
	}' "$SRCDIR/Makefile.am" | tr ' ' '\n' | grep .
}

# listed VARIABLE FILE...: each is in that list.
listed() {
	words "$1" >items
	shift
	for file; do
		grep -qxF -- "$file" items || fail "Makefile.am lacks $file"
	done
	rm -f items
}

# find_files GLOB...: paths from the source directory.
find_files() {
	(
		cd "$SRCDIR" || exit
		for pattern; do
			# shellcheck disable=SC2086 # no blanks in our names
			for file in $pattern; do
				[ ! -f "$file" ] || printf '%s\n' "$file"
			done
		done
	)
}

# A script that is meant to be run says by what; others are sourced.
for file in $(find_files 'tests/*/*.sh' 'tests/*/*/*.sh' 'examples/*'); do
	read -r first <"$SRCDIR/$file"
	case $first in
	'#!'*)
		[ -x "$SRCDIR/$file" ] || fail "$file: not executable"
		;;
	*)
		[ ! -x "$SRCDIR/$file" ] || fail "$file: lacks its #! line"
		listed EXTRA_DIST "$file"
		continue
		;;
	esac
	case $file in
	tests/bench/* | examples/*) listed EXTRA_DIST "$file" ;;
	*) listed script_tests "$file" ;;
	esac
done

for file in $(find_files 'tests/unit/test_*.c'); do
	listed unit_tests "${file%.c}"
done
# shellcheck disable=SC2046 # no blanks in our names
listed libcommon_a_SOURCES $(find_files 'common/*.[ch]')
# shellcheck disable=SC2046
listed dist_man_MANS $(find_files 'man/*.[0-9]')
for file in $(find_files 'tools/*.c'); do
	name=${file#tools/}
	name=${name%.c}
	listed bin_PROGRAMS "$name"
	# A tree without any page is one that is not that far yet.
	[ ! -d "$SRCDIR/man" ] || [ -f "$SRCDIR/man/$name.1" ] ||
		fail "$name has no manual page"
done
finish
