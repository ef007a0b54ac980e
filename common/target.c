/* SPDX-License-Identifier: MIT */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "durable.h"
#include "fdio.h"

/* As many links as Linux itself follows before it says ELOOP. */
enum { LINKS_MAX = 40 };

/*
 * A directory that may be searched but not read still serves every *at()
 * call; only syncing it needs another way (see replace).
 */
static int open_directory(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

#ifdef O_PATH
	if (fd < 0 && errno == EACCES)
		fd = openat(at, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
#endif
	return fd;
}

/*
 * Cut PATH into its directory part (in place; "." if it has none) and the last
 * component, which is returned: "" for "/". Slashes at the end are dropped and
 * noted in *SLASH, because "a/" must be a directory.
 */
static char *split(char *path, const char **directory, bool *slash)
{
	size_t length = strlen(path);
	char *name;

	for (; length > 1 && path[length - 1] == '/'; *slash = true)
		path[--length] = '\0';
	name = strrchr(path, '/');
	if (!name) {
		*directory = ".";
		return path;
	}
	*directory = name == path ? "/" : path;
	*name = '\0';
	return name + 1;
}

/* Open the directory NAME in AT, making it if it is missing. */
static int make_directory(struct target *target, int at, const char *name,
			  enum target_flags flags)
{
	int fd = open_directory(at, name);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (!mkdirat(at, name, 0777)) {
		target->made++;
		if (!(flags & TARGET_NO_SYNC) && durable_directory(at, -1))
			return -1;
	} else if (errno != EEXIST) {
		return -1;
	}
	return open_directory(at, name);
}

/*
 * mkdir -p, relative to AT: the descriptor of the last one, or -1. Then the
 * target's directory is the last that could be opened, for undoing.
 */
static int make_directories(struct target *target, int at, const char *path,
			    enum target_flags flags)
{
	char *copy = strdup(path), *rest = NULL, *part;
	int fd, next;

	if (!copy)
		return -1;
	fd = next = open_directory(at, *path == '/' ? "/" : ".");
	for (part = strtok_r(copy, "/", &rest); next >= 0 && part;
	     part = strtok_r(NULL, "/", &rest)) {
		next = make_directory(target, fd, part, flags);
		if (next >= 0) {
			fdio_close(fd);
			fd = next;
		}
	}
	if (next < 0) {
		fdio_discard(&target->directory);
		target->directory = fd;
	}
	free(copy);
	return next;
}

static int directory_problem(const struct target *target, const char *path,
			     struct problem *problem)
{
	if (errno == ENOENT)
		return problem_set(problem, STATUS_STATE, target->operand,
				   "no such directory: %.500s", path);
	return problem_set(problem, STATUS_FAILED, target->operand,
			   "cannot use directory %.500s: %s", path,
			   strerror(errno));
}

/* The absolute path of an open directory, to be freed. */
static char *directory_path(int fd)
{
	char link[64], path[PATH_MAX + 1];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return NULL;
	path[length] = '\0';
	return strdup(path);
}

/*
 * The operand was "/", "." or ended in "..": the directory that is open now is
 * FILE itself, and what we need is its parent and its name there.
 */
static int step_up(struct target *target, struct problem *problem)
{
	char *path = directory_path(target->directory);
	char *name = path ? strrchr(path, '/') : NULL;
	int parent;

	if (!name || !name[1]) {
		free(path);
		return problem_set(problem, STATUS_FAILED, target->operand,
				   "this directory has no name beside which a "
				   "lock could stand: use --lock-file");
	}
	parent = open_directory(target->directory, "..");
	if (parent < 0) {
		directory_problem(target, "..", problem);
		free(path);
		return -1;
	}
	fdio_close(target->directory);
	target->directory = parent;
	target->name = strdup(name + 1);
	free(path);
	return target->name ? 0 : problem_errno(problem, target->operand, NULL);
}

/*
 * One hop: open the directory of PATH (cut up in place), note the name. Returns
 * 1 if that is a symbolic link, whose text is then in LINK; 0 if the chain ends
 * here; -1 with PROBLEM.
 */
static int hop(struct target *target, char *path, enum target_flags flags,
	       char link[PATH_MAX + 1], bool *slash, struct problem *problem)
{
	const char *directory;
	char *name = split(path, &directory, slash);
	int at = target->directory < 0 ? AT_FDCWD : target->directory, fd;
	ssize_t length;

	fd = open_directory(at, directory);
	if (fd < 0 && errno == ENOENT && (flags & TARGET_MAKE_PARENTS))
		fd = make_directories(target, at, directory, flags);
	if (fd < 0)
		return directory_problem(target, directory, problem);
	fdio_discard(&target->directory);
	target->directory = fd;
	if (!strcmp(name, ".") || !strcmp(name, "..")) {
		fd = open_directory(target->directory, name);
		if (fd < 0)
			return directory_problem(target, name, problem);
		fdio_close(target->directory);
		target->directory = fd;
	}
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return step_up(target, problem);
	length = readlinkat(target->directory, name, link, PATH_MAX);
	if (length >= 0) {
		link[length] = '\0';
		return 1;
	}
	if (errno != EINVAL && errno != ENOENT)
		return problem_errno(problem, target->operand, NULL);
	target->name = strdup(name);
	return target->name ? 0 : problem_errno(problem, target->operand, NULL);
}

static int follow(struct target *target, enum target_flags flags, bool *slash,
		  struct problem *problem)
{
	char *path = strdup(target->operand), link[PATH_MAX + 1];
	int result;

	if (!path)
		return problem_errno(problem, target->operand, NULL);
	for (int hops = 0;; hops++) {
		result = hop(target, path, flags, link, slash, problem);
		free(path);
		if (result <= 0)
			return result;
		if (hops == LINKS_MAX) {
			errno = ELOOP;
			return problem_errno(problem, target->operand, NULL);
		}
		path = strdup(link);
		if (!path)
			return problem_errno(problem, target->operand, NULL);
	}
}

static const char *kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a directory";
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	case S_IFCHR:
	case S_IFBLK:
		return "a device";
	case S_IFLNK: /* made after the chain was followed */
		return "a symbolic link";
	default:
		return "something else";
	}
}

static int not_regular(const struct target *target, mode_t mode,
		       struct problem *problem)
{
	return problem_set(problem, STATUS_FAILED, target->operand,
			   "is %s, not a regular file", kind_of(mode));
}

int target_look(struct target *target, enum target_flags flags,
		struct problem *problem)
{
	mode_t mode;

	target->exists = !fstatat(target->directory, target->name,
				  &target->status, AT_SYMLINK_NOFOLLOW);
	if (!target->exists) {
		if (errno == ENOENT)
			return 0;
		return problem_errno(problem, target->operand, NULL);
	}
	mode = target->status.st_mode;
	if (S_ISREG(mode) || (S_ISDIR(mode) && (flags & TARGET_DIRECTORY)))
		return 0;
	return not_regular(target, mode, problem);
}

/*
 * /dev/stdin and the like lead through /proc to a pipe, whose "name" there
 * names nothing.
 */
static int check_nameless(const struct target *target, struct problem *problem)
{
	struct stat status;

	if (target->exists || stat(target->operand, &status) ||
	    S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
		return 0;
	return not_regular(target, status.st_mode, problem);
}

/* "name/" is a directory or nothing. */
static int check_slash(const struct target *target, bool slash,
		       struct problem *problem)
{
	if (!slash || (target->exists && S_ISDIR(target->status.st_mode)))
		return 0;
	errno = target->exists ? ENOTDIR : EISDIR;
	return problem_errno(problem, target->operand, NULL);
}

int target_open(struct target *target, const char *operand,
		enum target_flags flags, struct problem *problem)
{
	bool slash = false;

	*target = (struct target){.operand = operand, .directory = -1};
	if (!*operand) {
		errno = ENOENT;
		return problem_errno(problem, "''", NULL);
	}
	if (follow(target, flags, &slash, problem) ||
	    target_look(target, flags, problem) ||
	    check_nameless(target, problem) ||
	    check_slash(target, slash, problem))
		goto fail;
	if (asprintf(&target->lock_name, "%s.lock", target->name) < 0) {
		target->lock_name = NULL;
		problem_errno(problem, operand, NULL);
		goto fail;
	}
	return 0;
fail:
	target_undo_parents(target);
	target_close(target);
	return -1;
}

void target_undo_parents(struct target *target)
{
	char *path, *slash;

	if (!target->made || target->directory < 0)
		return;
	path = directory_path(target->directory);
	for (; path && target->made > 0; target->made--) {
		if (rmdir(path))
			break;
		slash = strrchr(path, '/');
		if (!slash || slash == path)
			break;
		*slash = '\0';
	}
	free(path);
}

char *target_path(const struct target *target, const char *name)
{
	char *directory = directory_path(target->directory), *path = NULL;

	if (!directory)
		return NULL;
	if (asprintf(&path, "%s/%s", strcmp(directory, "/") ? directory : "",
		     name) < 0)
		path = NULL;
	free(directory);
	return path;
}

bool target_in_git(const struct target *target)
{
	char *path = directory_path(target->directory);
	char *found = path ? strstr(path, "/.git") : NULL;
	bool inside = false;

	for (; found && !inside; found = strstr(found + 1, "/.git"))
		inside = found[5] == '/' || !found[5];
	free(path);
	return inside;
}

void target_close(struct target *target)
{
	int saved = errno;

	fdio_discard(&target->directory);
	free(target->name);
	free(target->lock_name);
	target->name = target->lock_name = NULL;
	errno = saved;
}
