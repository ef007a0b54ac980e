# shellcheck shell=sh
# SPDX-License-Identifier: MIT
#
# What the tests of the source document's examples share: links to the programs
# under the names of the shell scripts that they replace. Sourced after lib.sh.

# link_scripts DIRECTORY
link_scripts() {
	mkdir -p "$1" || trouble "no directory $1"
	for name in file-lock atomic-write memory-update memory-read; do
		[ -x "$TOOLS/$name" ] || continue
		ln -s "$TOOLS/$name" "$1/$name.sh" || trouble "no link $name"
	done
}
