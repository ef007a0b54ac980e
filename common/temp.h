/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_TEMP_H
#define INTERLOCK_TEMP_H

/*
 * The temporary files of these programs: beside FILE, under a random name that
 * shows whose they are (".NAME.k3v9x0qa.interlock-tmp"), or without a name.
 *
 * Guarantees
 * - Made with O_EXCL: nobody can have put a link there first.
 * - Locked (flock, shared) by its maker from before anybody could mistake it
 *   for a leftover, through as many descriptors as it has. A leftover is a temp
 *   whose flock is free: the kernel says so, no pid and no clock.
 * - One without a name vanishes with its process, however that ends.
 *
 * Non-guarantees: where flock does not work, leftovers cannot be told from
 * temps in use, and stay.
 *
 * Errors: -1 with errno.
 */

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* Room for a temp's name. */
#define TEMP_NAME 256

/*
 * Put a new name of a temp for NAME into TEMP. What needs a name that is not
 * taken tries again while it gets EEXIST.
 */
int temp_name(const char *name, char temp[TEMP_NAME]);

/* Is ENTRY the name of a temp for NAME (NULL: of any file)? */
bool temp_is(const char *entry, const char *name);

/*
 * Make one for NAME with MODE (umask and default ACL apply). Returns a
 * descriptor for reading and writing, and its name in TEMP.
 */
int temp_create(int directory, const char *name, mode_t mode,
		char temp[TEMP_NAME]);

/*
 * Make one without a name that temp_link can give one to. Fails where the
 * system or the file system has no such files: then temp_create is the way.
 */
int temp_create_unnamed(int directory, mode_t mode);

/* Give FD, made by temp_create_unnamed, the name ENTRY. EEXIST: it is taken. */
int temp_link(int fd, int directory, const char *entry);

/*
 * A second descriptor, read-only, of the temp FD (named TEMP, or "" if it has
 * no name), locked as well, so that FD can be closed. -1 if that cannot be had.
 */
int temp_reopen(int fd, int directory, const char *temp);

/* Does ENTRY in DIRECTORY name the file that FD is open on? errno is kept. */
bool temp_names(int directory, const char *entry, int fd);

/*
 * Remove ENTRY, the temp that FD is open on; FD may be -1 if there is none any
 * more. What is known to be another file is left. errno is kept.
 */
void temp_remove(int directory, const char *entry, int fd);

/*
 * A file to keep bytes in for a while: in DIRECTORY if possible, else in
 * TMPDIR or /tmp. It has no name any more.
 */
int temp_scratch(int directory);

/*
 * Remove the leftovers for NAME (NULL: of any file) in DIRECTORY. Returns how
 * many, or -1 if the directory cannot be read.
 */
int temp_sweep(int directory, const char *name);

#endif
