/* SPDX-License-Identifier: MIT */
#include "backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fdio.h"
#include "metadata.h"
#include "temp.h"

/* NAME.bak for 0, NAME.bak.N for N. False if that is too long to be a name. */
static bool backup_name(const struct backup *backup, unsigned n,
			char name[TEMP_NAME])
{
	int length;

	if (n == 0)
		length = snprintf(name, TEMP_NAME, "%s.bak", backup->name);
	else
		length = snprintf(name, TEMP_NAME, "%s.bak.%u", backup->name,
				  n);
	if (length < TEMP_NAME)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

static int fail(const struct backup *backup, struct problem *problem)
{
	return problem_errno(problem, backup->subject, "cannot keep a backup");
}

static bool exists(const struct backup *backup, unsigned n)
{
	char name[TEMP_NAME];
	struct stat status;

	return backup_name(backup, n, name) &&
	       !fstatat(backup->directory, name, &status, AT_SYMLINK_NOFOLLOW);
}

bool backup_is_file(const struct backup *backup)
{
	char name[TEMP_NAME];

	return backup_name(backup, 0, name) &&
	       temp_names(backup->directory, name, backup->file);
}

/*
 * Free NAME.bak by moving it and those behind it up by one. Only up to the
 * first gap: a rotation that was cut short has left one, and what is behind it
 * has been moved already.
 */
static int rotate(const struct backup *backup)
{
	unsigned gap = 0;
	char from[TEMP_NAME], to[TEMP_NAME];

	while (gap + 1 < backup->count && exists(backup, gap))
		gap++;
	for (; gap > 0; gap--)
		if (!backup_name(backup, gap - 1, from) ||
		    !backup_name(backup, gap, to) ||
		    renameat(backup->directory, from, backup->directory, to))
			return -1;
	return 0;
}

static int put_in_place(const struct backup *backup, const char *temp)
{
	char name[TEMP_NAME];

	if (backup_name(backup, 0, name) && !rotate(backup) &&
	    !renameat(backup->directory, temp, backup->directory, name))
		return 0;
	return -1;
}

/* Link the file under a temp's name. */
static int link_temp(const struct backup *backup, char temp[TEMP_NAME])
{
	int result = -1;

	for (int tries = 0; tries < 100; tries++) {
		if (temp_name(backup->name, temp))
			return -1;
		result = linkat(backup->directory, backup->name,
				backup->directory, temp, 0);
		if (!result || errno != EEXIST)
			break;
	}
	return result;
}

static int copy_content(int from, int to)
{
	char bytes[64 * 1024];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(from, bytes, sizeof(bytes), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || fdio_write_all(to, bytes, (size_t)n))
			return -1;
		at += n;
	}
	return 0;
}

/* What of the metadata can be kept; a new owner's copy is the owner's alone. */
static int copy_metadata(int from, int to)
{
	struct metadata metadata = METADATA_INIT;
	struct problem ignored;
	struct stat status;
	int result = -1;

	if (!fstat(from, &status) && !metadata_read(&metadata, from, &status))
		result = metadata_apply(&metadata, to, false, NULL, &ignored);
	if (result)
		result = fchmod(to, metadata.mode & 0700);
	metadata_release(&metadata);
	return result;
}

/* Copy the file, synced, under a temp's name: a descriptor of it, or -1. */
static int copy_temp(const struct backup *backup, char temp[TEMP_NAME])
{
	int fd = temp_create(backup->directory, backup->name, 0600, temp);

	if (fd < 0)
		return -1;
	if (!copy_content(backup->file, fd) &&
	    !copy_metadata(backup->file, fd) &&
	    (backup->no_sync || !fsync(fd)))
		return fd;
	temp_remove(backup->directory, temp, fd);
	fdio_close(fd);
	return -1;
}

static int make_copy(const struct backup *backup, bool rotating,
		     struct problem *problem)
{
	char temp[TEMP_NAME], name[TEMP_NAME];
	int fd = copy_temp(backup, temp), result;

	if (fd < 0)
		return fail(backup, problem);
	if (rotating)
		result = put_in_place(backup, temp);
	else
		result = backup_name(backup, 0, name)
				 ? renameat(backup->directory, temp,
					    backup->directory, name)
				 : -1;
	if (result)
		temp_remove(backup->directory, temp, fd);
	fdio_close(fd);
	return result ? fail(backup, problem) : 0;
}

int backup_make(const struct backup *backup, struct problem *problem)
{
	char temp[TEMP_NAME];

	if (backup_is_file(backup))
		return backup->copy ? make_copy(backup, false, problem) : 0;
	if (backup->copy || link_temp(backup, temp))
		return make_copy(backup, true, problem);
	if (!put_in_place(backup, temp))
		return 0;
	temp_remove(backup->directory, temp, backup->file);
	return fail(backup, problem);
}

int backup_detach(const struct backup *backup, struct problem *problem)
{
	if (!backup_is_file(backup))
		return 0;
	return make_copy(backup, false, problem);
}
