/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "buffer.h"
#include "fdio.h"

/* Deeper than any tree made on purpose; far from the limit of open files. */
enum { DEPTH_MAX = 200 };

struct walk {
	tree_visitor *visit;
	void *context;
	dev_t device;
	struct buffer path; /* of the directory being read */
	int depth;
};

static int walk_directory(struct walk *walk, int fd);

static bool is_lock_name(const char *name)
{
	size_t length = strlen(name);

	return length > 5 && !strcmp(name + length - 5, ".lock");
}

/* Into the subdirectory NAME. */
static int descend(struct walk *walk, int directory, const char *name)
{
	size_t length = walk->path.length;
	int fd, result = 0;

	if (walk->depth == DEPTH_MAX)
		return 0;
	fd = openat(directory, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return 0;
	walk->depth++;
	if (!buffer_add_format(&walk->path, "/%s", name))
		result = walk_directory(walk, fd);
	else
		fdio_close(fd);
	walk->depth--;
	walk->path.length = length;
	walk->path.data[length] = '\0';
	return result;
}

static int visit_entry(struct walk *walk, int directory, const char *name)
{
	struct stat status;
	int result = 0;

	if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, ".git"))
		return 0;
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) ||
	    status.st_dev != walk->device)
		return 0;
	if (!S_ISDIR(status.st_mode) || is_lock_name(name))
		result = walk->visit(directory, walk->path.data, name,
				     walk->context);
	if (!result && S_ISDIR(status.st_mode))
		result = descend(walk, directory, name);
	return result;
}

/* Takes FD over. */
static int walk_directory(struct walk *walk, int fd)
{
	DIR *directory = fdopendir(fd);
	struct dirent *entry;
	int result = 0;

	if (!directory) {
		fdio_close(fd);
		return 0;
	}
	while (!result && (entry = readdir(directory)))
		result = visit_entry(walk, dirfd(directory), entry->d_name);
	closedir(directory);
	return result;
}

int tree_walk(const char *root, tree_visitor *visit, void *context)
{
	struct walk walk = {.visit = visit, .context = context};
	struct stat status;
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result;

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) || buffer_add_string(&walk.path, root)) {
		fdio_close(fd);
		return -1;
	}
	/* "/" is the one path that already ends as the others go on. */
	if (!strcmp(root, "/"))
		buffer_clear(&walk.path);
	walk.device = status.st_dev;
	result = walk_directory(&walk, fd);
	buffer_release(&walk.path);
	return result;
}
