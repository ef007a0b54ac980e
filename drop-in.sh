#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Usage: drop-in.sh install|uninstall SCRIPTS-DIRECTORY PROGRAM...
#
# Puts a link NAME.sh in the directory to each PROGRAM, in place of the shell
# script of that name (which is kept as NAME.sh.orig), or takes the links away
# and puts the scripts back. `make install-drop-in SCRIPTS=DIR` calls it. All or
# nothing as far as can be seen beforehand: old and new programs use different
# locks, so a mixture of them would guard nothing.

set -u

die() {
	printf 'drop-in: %s\n' "$*" >&2
	exit 1
}

# ours SCRIPT PROGRAM: is it such a link already, perhaps to another place?
ours() {
	[ -L "$1" ] || return 1
	link=$(readlink -- "$1") && [ "${link##*/}" = "${2##*/}" ]
}

# What would keep `install` from finishing is found before anything is changed.
check_install() {
	for program; do
		script=$directory/${program##*/}.sh
		[ -x "$program" ] ||
			die "$program: not installed; make install comes first"
		ours "$script" "$program" && continue
		if [ -d "$script" ]; then
			die "$script: is a directory"
		fi
		if [ -e "$script" ] && [ -e "$script.orig" ]; then
			die "$script: would be kept as $script.orig, which exists"
		fi
	done
}

install() {
	check_install "$@"
	for program; do
		script=$directory/${program##*/}.sh
		if ours "$script" "$program"; then
			rm -f -- "$script" || exit 1
		elif [ -e "$script" ] || [ -L "$script" ]; then
			mv -- "$script" "$script.orig" || exit 1
			printf 'kept the old script: %s.orig\n' "$script"
		fi
		ln -s -- "$program" "$script" || exit 1
		printf 'linked %s -> %s\n' "$script" "$program"
	done
}

uninstall() {
	for program; do
		script=$directory/${program##*/}.sh
		ours "$script" "$program" || continue
		rm -f -- "$script" || exit 1
		printf 'removed %s\n' "$script"
		if [ -e "$script.orig" ] || [ -L "$script.orig" ]; then
			mv -- "$script.orig" "$script" || exit 1
			printf 'put back the old script: %s\n' "$script"
		fi
	done
}

action=${1-}
directory=${2-}
case $action in
install | uninstall) ;;
*) die "install or uninstall?" ;;
esac
[ -n "$directory" ] ||
	die "which directory? Say make $action-drop-in SCRIPTS=DIR"
shift 2
if [ "$action" = install ]; then
	mkdir -p -- "$directory" || die "$directory: cannot be made"
fi
absolute=$(cd -- "$directory" 2>/dev/null && pwd) ||
	die "$directory: no such directory"
directory=$absolute
"$action" "$@"
