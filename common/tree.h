/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_TREE_H
#define INTERLOCK_TREE_H

/*
 * Walk a directory tree.
 *
 * Guarantees: follows no symbolic link, stays on the file system it began on,
 * stays out of .git; a name is looked up in an open directory, so a directory
 * that is renamed or replaced by a link meanwhile leads nowhere else.
 *
 * Non-guarantees: the order is the directory's own; what is made or removed
 * during the walk may be seen or not. Directories that cannot be read are
 * passed over.
 */

/*
 * Called for each entry that is not a directory, and for directories whose
 * names end in ".lock": NAME in DIRECTORY, whose path is PATH. Other than 0
 * ends the walk.
 */
typedef int tree_visitor(int directory, const char *path, const char *name,
			 void *context);

/*
 * Walk ROOT, a directory. Returns what the last visitor returned, or -1 with
 * errno if ROOT cannot be opened.
 */
int tree_walk(const char *root, tree_visitor *visit, void *context);

#endif
