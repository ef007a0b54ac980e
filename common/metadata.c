/* SPDX-License-Identifier: MIT */
#include "metadata.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__linux__) && defined(HAVE_SYS_XATTR_H)
#include <sys/xattr.h>
#endif

enum { MODE_BITS = 07777 };

static const char acl_name[] = "system.posix_acl_access";

/* --- extended attributes, the system's part ------------------------------ */

#if defined(__linux__) && defined(HAVE_SYS_XATTR_H)
/*
 * An O_PATH descriptor, all that can be had of a file that may not be read, is
 * refused by the f*xattr calls; its path in /proc is not.
 */
static ssize_t list_attributes(int fd, char *list, size_t size)
{
	char path[32];
	ssize_t n = flistxattr(fd, list, size);

	if (n >= 0 || errno != EBADF)
		return n;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return listxattr(path, list, size);
}

static ssize_t get_attribute(int fd, const char *name, char *value, size_t size)
{
	char path[32];
	ssize_t n = fgetxattr(fd, name, value, size);

	if (n >= 0 || errno != EBADF)
		return n;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return getxattr(path, name, value, size);
}

static int set_attribute(int fd, const char *name, const void *value,
			 size_t size)
{
	return fsetxattr(fd, name, value, size, 0);
}

static int remove_attribute(int fd, const char *name)
{
	return fremovexattr(fd, name);
}
#else
static ssize_t list_attributes(int fd, char *list, size_t size)
{
	(void)fd;
	(void)list;
	(void)size;
	return 0;
}

static ssize_t get_attribute(int fd, const char *name, char *value, size_t size)
{
	(void)fd;
	(void)name;
	(void)value;
	(void)size;
	errno = ENOTSUP;
	return -1;
}

static int set_attribute(int fd, const char *name, const void *value,
			 size_t size)
{
	(void)fd;
	(void)name;
	(void)value;
	(void)size;
	errno = ENOTSUP;
	return -1;
}

static int remove_attribute(int fd, const char *name)
{
	(void)fd;
	(void)name;
	errno = ENOTSUP;
	return -1;
}
#endif

/* --- reading ------------------------------------------------------------- */

static bool is_kept(const char *name)
{
	return !strncmp(name, "user.", 5) || !strcmp(name, acl_name);
}

/*
 * The names of FD's attributes, each ended by a NUL, into LIST. Most files have
 * none, which one call finds out.
 */
static int read_names(int fd, struct buffer *list)
{
	ssize_t n;

	for (;;) {
		n = list_attributes(fd, NULL, 0);
		if (n == 0 || (n < 0 && errno == ENOTSUP))
			return 0;
		if (n < 0 || buffer_reserve(list, (size_t)n))
			return -1;
		n = list_attributes(fd, list->data, (size_t)n);
		if (n >= 0)
			break;
		if (errno != ERANGE) /* not: one was added meanwhile */
			return -1;
	}
	list->length = (size_t)n;
	return 0;
}

/* Append one attribute; nothing if it has gone meanwhile. */
static int read_attribute(int fd, const char *name, struct buffer *to)
{
	size_t start = to->length, size;
	ssize_t n = get_attribute(fd, name, NULL, 0);

	if (n < 0)
		return errno == ENODATA ? 0 : -1;
	size = (size_t)n;
	if (buffer_add(to, name, strlen(name) + 1) ||
	    buffer_add(to, &size, sizeof(size)) || buffer_reserve(to, size))
		return -1;
	n = get_attribute(fd, name, to->data + to->length, size);
	if (n < 0 || (size_t)n != size) {
		to->length = start;
		/* It has changed under our eyes: take what it is now. */
		if (n >= 0 || errno == ERANGE)
			return read_attribute(fd, name, to);
		return errno == ENODATA ? 0 : -1;
	}
	to->length += size;
	return 0;
}

static int read_attributes(int fd, struct buffer *to)
{
	struct buffer names = BUFFER_INIT;
	int result = read_names(fd, &names);

	for (size_t at = 0; !result && at < names.length;
	     at += strlen(names.data + at) + 1)
		if (is_kept(names.data + at))
			result = read_attribute(fd, names.data + at, to);
	buffer_release(&names);
	return result;
}

int metadata_read(struct metadata *metadata, int fd, const struct stat *status)
{
	metadata->mode = status->st_mode & MODE_BITS;
	metadata->owner = status->st_uid;
	metadata->group = status->st_gid;
	buffer_clear(&metadata->attributes);
	return read_attributes(fd, &metadata->attributes);
}

bool metadata_equal(const struct metadata *one, const struct metadata *other)
{
	return one->mode == other->mode && one->owner == other->owner &&
	       one->group == other->group &&
	       one->attributes.length == other->attributes.length &&
	       (!one->attributes.length ||
		!memcmp(one->attributes.data, other->attributes.data,
			one->attributes.length));
}

/* --- applying ------------------------------------------------------------ */

/* One entry of metadata->attributes. */
struct attribute {
	const char *name;
	const char *value;
	size_t size;
};

/* The entry at *AT, which is moved on. False at the end. */
static bool next_attribute(const struct buffer *all, size_t *at,
			   struct attribute *attribute)
{
	if (*at >= all->length)
		return false;
	attribute->name = all->data + *at;
	*at += strlen(attribute->name) + 1;
	memcpy(&attribute->size, all->data + *at, sizeof(attribute->size));
	*at += sizeof(attribute->size);
	attribute->value = all->data + *at;
	*at += attribute->size;
	return true;
}

static bool has_attribute(const struct buffer *all, const char *name)
{
	struct attribute attribute;
	size_t at = 0;

	while (next_attribute(all, &at, &attribute))
		if (!strcmp(attribute.name, name))
			return true;
	return false;
}

/* Remove what FD has and METADATA has not: a directory's default list, say. */
static int remove_others(const struct metadata *metadata, int fd)
{
	struct buffer names = BUFFER_INIT;
	int result = read_names(fd, &names);

	for (size_t at = 0; !result && at < names.length;
	     at += strlen(names.data + at) + 1) {
		const char *name = names.data + at;

		if (is_kept(name) &&
		    !has_attribute(&metadata->attributes, name))
			result = remove_attribute(fd, name);
	}
	buffer_release(&names);
	return result;
}

static int apply_attributes(const struct metadata *metadata, int fd,
			    const char *subject, struct problem *problem)
{
	struct attribute attribute;
	size_t at = 0;

	if (remove_others(metadata, fd))
		return problem_errno(problem, subject,
				     "cannot remove the access control list "
				     "that the directory gives new files");
	while (next_attribute(&metadata->attributes, &at, &attribute)) {
		if (!set_attribute(fd, attribute.name, attribute.value,
				   attribute.size))
			continue;
		return problem_set(
			problem, STATUS_FAILED, subject,
			"cannot keep its %s: %s (--in-place keeps it)",
			strcmp(attribute.name, acl_name)
				? attribute.name
				: "access control list",
			strerror(errno));
	}
	return 0;
}

/*
 * Returns 0 if owner and group are as wanted, 1 if NEW_OWNER allowed that they
 * are not, -1 with PROBLEM.
 */
static int apply_owner(const struct metadata *metadata, int fd,
		       const struct stat *now, bool new_owner,
		       const char *subject, struct problem *problem)
{
	if (now->st_uid == metadata->owner && now->st_gid == metadata->group)
		return 0;
	if (!fchown(fd, metadata->owner, metadata->group))
		return 0;
	if (new_owner) {
		/* The group at least, if that can be had. */
		if (fchown(fd, (uid_t)-1, metadata->group) && errno == EIO)
			return problem_errno(problem, subject, NULL);
		return 1;
	}
	return problem_set(problem, STATUS_FAILED, subject,
			   "cannot keep its owner (user %lu, group %lu): %s "
			   "(--new-owner makes it yours, --in-place keeps it)",
			   (unsigned long)metadata->owner,
			   (unsigned long)metadata->group, strerror(errno));
}

int metadata_apply(const struct metadata *metadata, int fd, bool new_owner,
		   const char *subject, struct problem *problem)
{
	mode_t mode = metadata->mode;
	struct stat now;
	int owner;

	if (fstat(fd, &now))
		return problem_errno(problem, subject, NULL);
	owner = apply_owner(metadata, fd, &now, new_owner, subject, problem);
	if (owner < 0 || apply_attributes(metadata, fd, subject, problem))
		return -1;
	if (owner > 0)
		mode &= ~(mode_t)(S_ISUID | S_ISGID);
	if ((now.st_mode & MODE_BITS) == mode &&
	    !(mode & (S_ISUID | S_ISGID)) && !metadata->attributes.length)
		return 0;
	if (fchmod(fd, mode))
		return problem_errno(problem, subject, "cannot keep its mode");
	return 0;
}

void metadata_release(struct metadata *metadata)
{
	buffer_release(&metadata->attributes);
}
