/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_SCRATCH_H
#define INTERLOCK_SCRATCH_H

/*
 * A directory for a test, and what tests do to the files in it. The setup makes
 * it the working directory, so that names are plain; the teardown goes back and
 * removes it with all that is in it.
 */

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "target.h"
#include "unit.h"

struct scratch {
	char path[64];
	int before; /* the working directory we came from */
};

static inline int scratch_setup(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));

	if (!scratch)
		return -1;
	strcpy(scratch->path, "/tmp/interlock unit.XXXXXX");
	scratch->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = scratch;
	umask(022);
	return !mkdtemp(scratch->path) || chdir(scratch->path) ? -1 : 0;
}

/* The names in the working directory, "." and ".." left out: how many. */
static inline int scratch_entries(void)
{
	DIR *stream = opendir(".");
	struct dirent *entry;
	int count = 0;

	assert_non_null(stream);
	while ((entry = readdir(stream)))
		count += strcmp(entry->d_name, ".") &&
			 strcmp(entry->d_name, "..");
	closedir(stream);
	return count;
}

static inline int scratch_remove(const char *path, const struct stat *status,
				 int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	remove(path);
	return 0;
}

static inline int scratch_teardown(void **state)
{
	struct scratch *scratch = *state;

	if (fchdir(scratch->before))
		return -1;
	close(scratch->before);
	nftw(scratch->path, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(scratch);
	return 0;
}

#define scratch_test(function)                              \
	cmocka_unit_test_setup_teardown(function, scratch_setup, \
					scratch_teardown)

static inline void scratch_write(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static inline void scratch_holds(const char *name, const char *text)
{
	char content[4096];
	FILE *file = fopen(name, "r");
	size_t length;

	if (!file)
		fail_msg("%s is missing", name);
	length = fread(content, 1, sizeof(content) - 1, file);
	fclose(file);
	content[length] = '\0';
	assert_string_equal(content, text);
}

static inline bool scratch_exists(const char *name)
{
	struct stat status;

	return !lstat(name, &status);
}

static inline mode_t scratch_mode(const char *name)
{
	struct stat status;

	assert_int_equal(lstat(name, &status), 0);
	return status.st_mode & 07777;
}

static inline ino_t scratch_inode(const char *name)
{
	struct stat status;

	assert_int_equal(lstat(name, &status), 0);
	return status.st_ino;
}

#endif
