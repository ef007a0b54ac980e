#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Usage: run.sh DIRECTORY      (make bench calls it, with TOOLS and SRCDIR set)
#
# What an update, a read and a lock cost here, beside what people use for it
# today, all in turns in one run, so that the ratios hold on any machine. Writes
# DIRECTORY/bench.md and, where gnuplot is installed, DIRECTORY/updates.svg.
# QUICK=1 in the environment: fewer rounds, no large files.

set -eu

: "${TOOLS:?run this by make bench}"
mkdir -p "$1"
directory=$(cd "$1" && pwd)
turns=$TOOLS/tests/bench/turns
floor=$TOOLS/tests/bench/floor
handover=$TOOLS/tests/bench/handover
PATH=$TOOLS:$PATH
LC_ALL=C
LOCK_TIMEOUT=600
export PATH LC_ALL LOCK_TIMEOUT

work=$(mktemp -d "$directory/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
report=$directory/bench.md

die() {
	printf 'bench: %s\n' "$*" >&2
	exit 1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# document BYTES: about so much JSON, as jq prints it: a counter and sessions.
document() {
	awk -v bytes="$1" 'BEGIN {
		printf "{\n  \"n\": 0,\n  \"sessions\": ["
		for (size = 40; size < bytes; size += length(entry)) {
			entry = sprintf("%s\n    {\n      \"id\": \"s-%06d\",\n" \
				"      \"client\": \"cursor\",\n" \
				"      \"seconds\": %d.%d,\n" \
				"      \"files\": [\n        \"src/a.c\",\n" \
				"        \"src/b.c\"\n      ],\n" \
				"      \"done\": true\n    }", i ? "," : "", i,
				i * 7 % 1000, i % 9 + 1)
			printf "%s", entry
			i++
		}
		printf "\n  ]\n}\n"
	}'
}

# --- the commands that are compared ----------------------------------------
# Each competitor has a file of its own, $work/LABEL.json. A list of commands,
# as turns wants them, is built in the positional parameters, which only the
# caller has: so these functions append to a file of shell words instead.

quote() {
	printf '%s\n' "$1" | sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/"
}

# add LABEL COMMAND [ARG...]; a word is one line.
add() {
	[ ! -s "$work/commands" ] || echo "," >>"$work/commands"
	for word; do
		quote "$word" >>"$work/commands"
	done
}

# run_turns OPTION...: what was added, to standard output.
run_turns() {
	eval "set -- \"\$@\" $(tr '\n' ' ' <"$work/commands")"
	: >"$work/commands"
	"$turns" "$@" 2>"$work/messages" ||
		die "$(grep -v ': waiting: ' "$work/messages")"
}

file() {
	printf '%s/%s.json' "$work" "$(printf '%s' "$1" | tr -c 'a-z0-9' -)"
}

# jq_idiom LABEL PROGRAM: what people write today.
jq_idiom() {
	# shellcheck disable=SC2016 # the inner shell's variable
	add "$1" flock "$(file "$1").lock" sh -c \
		"$2"' ".n += 1" "$1" >"$1.tmp" && mv "$1.tmp" "$1"' \
		sh "$(file "$1")"
}

# updaters SLOW: those that update a file; the slow ones only if SLOW is yes.
updaters() {
	add floor "$floor" "$(file floor)"
	if have memory-update; then
		add memory-update memory-update "$(file memory-update)" \
			'.n += 1'
		[ "$1" = no ] ||
			add 'memory-update by libjq' memory-update \
				"$(file 'memory-update by libjq')" \
				'.n |= . + 1'
	fi
	[ "$1" = yes ] || return 0
	if have jq && have flock; then
		jq_idiom 'flock + jq + mv' jq
	fi
	if have gojq && have flock; then
		jq_idiom 'flock + gojq + mv' gojq
	fi
	if have sqlite3; then
		# shellcheck disable=SC2016 # SQL's dollar
		sql='json_set(body, "$.n", json_extract(body, "$.n") + 1)'
		sql="UPDATE doc SET body = $sql"
		add sqlite3 sqlite3 -cmd '.timeout 600000' \
			"$(file sqlite3).db" "$sql"
	fi
}

lay_files() {
	for label in floor memory-update 'memory-update by libjq' \
		'flock + jq + mv' 'flock + gojq + mv' sqlite3; do
		rm -f "$(file "$label")"*
		cp "$1" "$(file "$label")"
	done
	if have sqlite3; then
		sqlite3 "$(file sqlite3).db" "CREATE TABLE doc(body TEXT);
			INSERT INTO doc VALUES
			(CAST(readfile('$(file sqlite3)') AS TEXT))"
	fi
}

# count_of LABEL: how many updates its file has seen.
count_of() {
	if [ "$1" = sqlite3 ]; then
		# shellcheck disable=SC2016 # SQL's dollar
		sqlite3 "$(file sqlite3).db" \
			'SELECT json_extract(body, "$.n") FROM doc'
	else
		sed -n 's/^ *"n": *\([0-9]*\),.*/\1/p;3q' "$(file "$1")"
	fi
}

# Every process reported success: so no update may be missing.
check_counts() {
	tab=$(printf '\t')
	while IFS=$tab read -r label _ _ _ runs; do
		[ "$label" != floor ] || continue
		[ "$(count_of "$label")" -eq "$runs" ] ||
			die "$label: $(count_of "$label") of $runs updates"
	done <"$1"
}

# --- tables ----------------------------------------------------------------

# table FIRST-COLUMN TITLE=FILE...: a row a label, of each file the median in ms
# and its ratio to the file's first label; then the largest memory.
table() {
	awk -F '\t' -v head="$1" '
	BEGIN {
		for (i = 2; i < ARGC; i++) {
			at = index(ARGV[i], "=")
			title[i] = substr(ARGV[i], 1, at - 1)
			name = substr(ARGV[i], at + 1)
			base = 0
			while ((getline <name) > 0) {
				if (!base)
					base = $2
				if (!($1 in known)) {
					known[$1] = ++labels
					label[labels] = $1
				}
				ms[$1, i] = sprintf("%.2f", $2 / 1000)
				ratio[$1, i] = sprintf("%.2f", $2 / base)
				if ($4 > memory[$1])
					memory[$1] = $4
			}
		}
		line = "| " head
		rule = "| ---"
		for (i = 2; i < ARGC; i++) {
			line = line " | " title[i] ", ms | ratio"
			rule = rule " | ---: | ---:"
		}
		print line " | MiB |"
		print rule " | ---: |"
		for (j = 1; j <= labels; j++) {
			line = "| " label[j]
			for (i = 2; i < ARGC; i++) {
				m = ms[label[j], i]
				r = ratio[label[j], i]
				line = line " | " (m ? m : "-") " | " (r ? r : "-")
			}
			printf "%s | %.1f |\n", line, memory[label[j]] / 1024
		}
		print ""
	}' "$@" >>"$report"
}

say() {
	printf '%s\n' "$*" >>"$report"
}

progress() {
	printf 'bench: %s\n' "$*" >&2
}

machine() {
	say "$(sed -n 's/^model name[^:]*: //p;' /proc/cpuinfo 2>/dev/null |
		head -n 1), $(getconf _NPROCESSORS_ONLN) processors," \
		"$(uname -s) $(uname -r)," \
		"$(df -PT "$directory" 2>/dev/null | awk 'NR == 2 {print $2}')," \
		"$(date -u +%Y-%m-%d)."
	say ""
	if have jq; then
		say "jq: $(jq --version)."
	fi
	if have sqlite3; then
		say "sqlite3: $(sqlite3 --version | cut -d ' ' -f 1)."
	fi
	for peer in flock:util-linux jq:jq gojq:gojq sqlite3:sqlite3; do
		have "${peer%%:*}" ||
			say "Not installed: ${peer%%:*}" \
				"(Debian's package ${peer#*:})."
	done
	say ""
}

# --- what is measured ------------------------------------------------------

# measure_updates NAME BYTES AT-ONCE...
measure_updates() {
	name=$1
	document "$2" >"$work/document"
	megabytes=$(($2 / 1000000))
	shift 2
	for at_once; do
		progress "updates of $name, $at_once at once"
		slow=yes
		[ $((megabytes * at_once)) -le 200 ] || slow=no
		lay_files "$work/document"
		updaters "$slow"
		if [ "$at_once" -eq 1 ]; then
			run_turns -n "$rounds" -s "$seconds" >"$work/result"
		else
			run_turns -n "$crowd_rounds" -s "$seconds" \
				-k "$at_once" >"$work/result"
		fi
		check_counts "$work/result"
		mv "$work/result" "$work/update $name $at_once"
		case $at_once in
		1) title=alone ;;
		*) title="$at_once at once" ;;
		esac
		set -- "$@" "$title=$work/update $name $at_once"
		shift
	done
	say "### One update of a file of $name"
	say ""
	table "" "$@"
}

measure_reading() {
	for pair in "20 KB:20000" "1 MB:1000000" "20 MB:20000000"; do
		name=${pair%%:*}
		[ -z "$quick" ] || [ "$name" != "20 MB" ] || continue
		progress "reading $name"
		document "${pair#*:}" >"$work/read.json"
		: >"$work/read.json.lock"
		add cat cat "$work/read.json"
		if have memory-read; then
			add memory-read memory-read "$work/read.json"
			add 'memory-read --raw' memory-read "$work/read.json" \
				--raw
		fi
		if have jq && have flock; then
			add 'flock -s + jq' flock -s "$work/read.json.lock" \
				jq . "$work/read.json"
		fi
		run_turns -n "$rounds" -s "$seconds" >"$work/read $name"
		set -- "$@" "$name=$work/read $name"
	done
	say "### Reading it as pretty JSON (cat: just its bytes)"
	say ""
	table "" "$@"
}

measure_wrapping() {
	progress "locking around a command"
	: >"$work/held"
	add true true
	if have flock; then
		add 'flock FILE.lock true' flock "$work/held.lock" true
	fi
	if have file-lock; then
		add 'file-lock with FILE -- true' file-lock with "$work/held" \
			-- true
	fi
	if have rate-wait; then
		add 'rate-wait' rate-wait "$work/rate" --rate 1000000/s \
			--burst 1000000
	fi
	run_turns -n "$rounds" -s "$seconds" >"$work/wrapping"
	say "### A lock, or a token, around a command"
	say ""
	table "" "alone=$work/wrapping"
}

# From the end of one holder to the start of the next, all that lies between
# included.
measure_handover() {
	progress "handing over, 20 waiting"
	say "### A lock handed over, 20 waiting: until the next command has started"
	say ""
	say "| | median, us | nine tenths, us | longest, us |"
	say "| --- | ---: | ---: | ---: |"
	handover_rounds=50
	[ -z "$quick" ] || handover_rounds=3
	if have flock; then
		handover_row 'flock FILE.lock' flock "$work/handed.lock"
	fi
	if have file-lock; then
		handover_row 'file-lock with FILE' file-lock with \
			"$work/handed" --
	fi
	say ""
}

# handover_row LABEL LOCKER...
handover_row() {
	label=$1
	shift
	figures=$("$handover" -n "$handover_rounds" "$work/handed" "$@") ||
		die "handing over failed"
	# shellcheck disable=SC2086 # four numbers
	set -- $figures
	say "| $label | $1 | $2 | $3 |"
}

draw() {
	have gnuplot || return 0
	set -- "$work/update "*" 1"
	awk -F '\t' '
	FNR == 1 {
		files++
		size = FILENAME
		sub(/.*update /, "", size)
		sub(/ 1$/, "", size)
		head = head "\t\"" size "\""
	}
	{
		if (!($1 in row))
			order[++n] = $1
		row[$1] = row[$1] "\t" $2 / 1000
	}
	END {
		print "tool" head
		for (i = 1; i <= n; i++)
			print "\"" order[i] "\"" row[order[i]]
	}' "$@" >"$work/updates.tsv"
	gnuplot <<END
set terminal svg size 760,420 background "white"
set output "$directory/updates.svg"
set datafile separator "\t"
set title "One update of a JSON file, alone"
set ylabel "ms (logarithmic)"
set logscale y
set style data histogram
set style fill solid 0.8
set key top left
set xtics rotate by -20
plot for [i=2:$(($# + 1))] "$work/updates.tsv" using i:xtic(1) title columnheader(i)
END
}

quick=${QUICK-}
if [ -n "$quick" ]; then
	rounds=30 crowd_rounds=2 seconds=5
else
	rounds=300 crowd_rounds=20 seconds=45
fi
: >"$report"
: >"$work/commands"
machine
measure_updates "20 KB" 20000 1 10 100
if [ -n "$quick" ]; then
	measure_updates "1 MB" 1000000 1
else
	measure_updates "1 MB" 1000000 1 10 100
	measure_updates "20 MB" 20000000 1 10 100
fi
measure_reading
measure_wrapping
measure_handover
draw
cat "$report"
