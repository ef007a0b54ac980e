/* SPDX-License-Identifier: MIT */
/*
 * The life of a struct replacement
 *
 *   new        after replace_init. No descriptors.
 *   looked     old is open on FILE and was describes it; or exists is false.
 *   begun      fd is the temp, or with in_place a scratch file. temp is its
 *              name, "" while it has none.
 *   prepared   has_metadata: metadata, taken from the file that source
 *              describes, is on the temp. All is synced. If FILE is a
 *              program, second is open on it for reading and keeps its
 *              flock, fd is closed; else, or if that cannot be, fd stays.
 *   committed  the temp is FILE; with in_place, FILE holds what it holds.
 *
 * The temp's flock is kept until after the rename, so that nobody takes it for
 * a leftover; but of a program by a descriptor that cannot write, because a
 * file that is open for writing cannot be executed. What close would report of
 * the one that writes, fsync has reported before.
 */
#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "backup.h"
#include "durable.h"
#include "fdio.h"
#include "in_place.h"

void replace_init(struct replacement *r, const struct target *target,
		  const struct replace_options *options)
{
	*r = (struct replacement){
		.target = target,
		.options = *options,
		.old = -1,
		.fd = -1,
		.second = -1,
		.metadata = METADATA_INIT,
	};
}

static int fail(const struct replacement *r, struct problem *problem,
		const char *what)
{
	return problem_errno(problem, r->target->operand, what);
}

/* --- looking ------------------------------------------------------------- */

static int open_file(const struct target *target)
{
	const int flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = openat(target->directory, target->name, O_RDONLY | flags);

#ifdef O_PATH
	if (fd < 0 && errno == EACCES)
		fd = openat(target->directory, target->name,
			    O_PATH | O_NOFOLLOW | O_CLOEXEC);
#endif
	return fd;
}

int replace_look(struct replacement *r, struct problem *problem)
{
	fdio_discard(&r->old);
	r->old = open_file(r->target);
	r->exists = r->old >= 0;
	if (!r->exists)
		return errno == ENOENT ? 0 : fail(r, problem, NULL);
	if (fstat(r->old, &r->was))
		return fail(r, problem, NULL);
	if (S_ISREG(r->was.st_mode))
		return 0;
	return problem_set(problem, STATUS_FAILED, r->target->operand,
			   "is no longer a regular file");
}

int replace_read(const struct replacement *r, struct buffer *content,
		 struct problem *problem)
{
	if (!r->exists)
		return 0;
	if (lseek(r->old, 0, SEEK_SET) == 0 &&
	    !fdio_read_file(r->old, r->was.st_size, content))
		return 0;
	if (errno == EBADF) /* all that could be opened is its name */
		errno = EACCES;
	return fail(r, problem, "cannot read it");
}

static bool same_time(const struct timespec *one, const struct timespec *other)
{
	return one->tv_sec == other->tv_sec && one->tv_nsec == other->tv_nsec;
}

static bool same_content(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino &&
	       one->st_size == other->st_size &&
	       same_time(&one->st_mtim, &other->st_mtim);
}

/* Is ENTRY what was looked at? Its ctime counts unless we touched that. */
static bool is_as_looked_at(const struct replacement *r, const char *entry,
			    bool ctime)
{
	struct stat now;

	if (fstatat(r->target->directory, entry, &now, AT_SYMLINK_NOFOLLOW))
		return !r->exists && errno == ENOENT;
	return r->exists && same_content(&now, &r->was) &&
	       (!ctime || same_time(&now.st_ctim, &r->was.st_ctim));
}

/* --- the temp ------------------------------------------------------------ */

static int create_temp(struct replacement *r)
{
	bool own_mode = r->exists || r->options.set_mode;
	mode_t mode = own_mode ? 0600 : 0666;
	int fd = -1;

	if (r->options.unnamed)
		fd = temp_create_unnamed(r->target->directory, mode);
	if (fd < 0)
		fd = temp_create(r->target->directory, r->target->name, mode,
				 r->temp);
	return fd;
}

int replace_begin(struct replacement *r, struct problem *problem)
{
	if (r->options.in_place && !r->exists)
		r->options.in_place = false; /* there is no inode to keep */
	if (r->options.in_place)
		r->fd = temp_scratch(r->target->directory);
	else
		r->fd = create_temp(r);
	if (r->fd >= 0)
		return 0;
	r->temp[0] = '\0';
	return fail(r, problem, "cannot make a temporary file");
}

int replace_write(struct replacement *r, const void *bytes, size_t length,
		  struct problem *problem)
{
	if (!fdio_write_all(r->fd, bytes, length))
		return 0;
	return fail(r, problem, "cannot write the new content");
}

int replace_content(const struct replacement *r)
{
	return r->second >= 0 ? r->second : r->fd;
}

/*
 * Take FILE's metadata, unless what we have is from that very state of it. 1:
 * what the temp has is not what FILE has.
 */
static int take_metadata(struct replacement *r)
{
	struct metadata now = METADATA_INIT;

	if (r->has_metadata && r->source.st_dev == r->was.st_dev &&
	    r->source.st_ino == r->was.st_ino &&
	    same_time(&r->source.st_ctim, &r->was.st_ctim))
		return 0;
	if (metadata_read(&now, r->old, &r->was)) {
		metadata_release(&now);
		return -1;
	}
	if (r->options.set_mode)
		now.mode = r->options.mode;
	r->source = r->was;
	if (r->has_metadata && metadata_equal(&now, &r->metadata)) {
		metadata_release(&now);
		return 0;
	}
	metadata_release(&r->metadata);
	r->metadata = now;
	return 1;
}

/* 1: something was put on the temp. */
static int put_metadata(struct replacement *r, struct problem *problem)
{
	int fd = replace_content(r), news;

	if (!r->exists) {
		if (!r->options.set_mode || r->prepared)
			return 0;
		if (fchmod(fd, r->options.mode))
			return fail(r, problem, "cannot set its mode");
		return 1;
	}
	news = take_metadata(r);
	if (news < 0)
		return fail(r, problem, "cannot read its attributes");
	if (news == 0)
		return 0;
	if (metadata_apply(&r->metadata, fd, r->options.new_owner,
			   r->target->operand, problem))
		return -1;
	r->has_metadata = true;
	return 1;
}

/* Who has it open for writing keeps others from executing it. */
static bool can_be_executed(const struct replacement *r)
{
	if (r->options.set_mode)
		return r->options.mode & 0111;
	return r->exists && (r->was.st_mode & 0111);
}

/*
 * Close the descriptor that writes: what close has to report comes from here.
 * Opened a second time before the mode is set, which may forbid reading.
 */
static int close_writer(struct replacement *r)
{
	int fd = r->fd;

	if (r->second < 0)
		return 0;
	r->fd = -1;
	return close(fd);
}

int replace_prepare(struct replacement *r, struct problem *problem)
{
	int news;

	if (r->options.in_place)
		return 0;
	if (!r->prepared && can_be_executed(r))
		r->second = temp_reopen(r->fd, r->target->directory, r->temp);
	news = put_metadata(r, problem);
	if (news < 0)
		return -1;
	if ((news || !r->prepared) && !r->options.no_sync &&
	    fsync(replace_content(r)))
		return fail(r, problem, "cannot sync the new content");
	if (!r->prepared && close_writer(r))
		return fail(r, problem, "cannot write the new content");
	r->prepared = true;
	return 0;
}

/* --- committing ---------------------------------------------------------- */

/* FILE's name has become another link of it: only its ctime is new. */
static void adopt_ctime(struct replacement *r)
{
	struct stat now;

	if (!fstat(r->old, &now) && same_content(&now, &r->was))
		r->was = now;
}

static struct backup backup_of(const struct replacement *r)
{
	return (struct backup){
		.directory = r->target->directory,
		.name = r->target->name,
		.file = r->old,
		.count = r->options.backups,
		.copy = r->options.in_place,
		.no_sync = r->options.no_sync,
		.subject = r->target->operand,
	};
}

/*
 * Another name of FILE's inode would keep the old content. Names of our own
 * making do not count: NAME.bak, and links that a killed backup left.
 */
static int check_links(struct replacement *r, struct problem *problem)
{
	struct backup backup = backup_of(r);

	if (!r->exists || r->was.st_nlink <= 1)
		return 0;
	if (temp_sweep(r->target->directory, r->target->name) > 0)
		adopt_ctime(r);
	if (r->was.st_nlink - backup_is_file(&backup) <= 1)
		return 0;
	return problem_set(problem, STATUS_FAILED, r->target->operand,
			   "has %lu hard links, of which replacing it would "
			   "change one (--in-place writes to all)",
			   (unsigned long)r->was.st_nlink);
}

static int make_backup(struct replacement *r, struct problem *problem)
{
	struct backup backup = backup_of(r);

	if (!r->exists || !r->options.backups)
		return 0;
	if (backup_make(&backup, problem))
		return -1;
	adopt_ctime(r);
	return 0;
}

/* A name for a temp that has none yet. */
static int name_temp(struct replacement *r)
{
	if (r->temp[0])
		return 0;
	for (int tries = 0; tries < 100; tries++) {
		if (temp_name(r->target->name, r->temp))
			break;
		if (!temp_link(replace_content(r), r->target->directory,
			       r->temp))
			return 0;
		if (errno != EEXIST)
			break;
	}
	r->temp[0] = '\0';
	return -1;
}

/* What a file system that lacks a kind of rename says. */
static bool is_unsupported(int error)
{
	return error == EINVAL || error == ENOSYS || error == ENOTSUP ||
	       error == EOPNOTSUPP;
}

enum rename_kind { RENAME_OVER, RENAME_SWAP, RENAME_NEW };

/* The temp's name and FILE's, in one step. */
static int rename_temp(const struct replacement *r, enum rename_kind kind)
{
	int directory = r->target->directory;

	if (kind == RENAME_OVER)
		return renameat(directory, r->temp, directory, r->target->name);
#if defined(HAVE_RENAMEAT2) && defined(RENAME_EXCHANGE)
	return renameat2(directory, r->temp, directory, r->target->name,
			 kind == RENAME_SWAP ? RENAME_EXCHANGE
					     : RENAME_NOREPLACE);
#else
	errno = ENOSYS;
	return -1;
#endif
}

/* FILE was missing: it must still be. A link cannot replace anything either. */
static int commit_new(struct replacement *r)
{
	int directory = r->target->directory;

	if (!r->temp[0])
		return temp_link(replace_content(r), directory,
				 r->target->name);
	if (!rename_temp(r, RENAME_NEW))
		return 0;
	if (!is_unsupported(errno))
		return -1;
	if (!linkat(directory, r->temp, directory, r->target->name, 0)) {
		temp_remove(directory, r->temp, replace_content(r));
		return 0;
	}
	if (errno == EEXIST || !is_as_looked_at(r, r->target->name, false))
		return -1;
	return rename_temp(r, RENAME_OVER);
}

/*
 * Exchange the two and look at what came out. If that is not what was looked
 * at, somebody was faster: put it back.
 */
static int commit_exact(struct replacement *r)
{
	if (rename_temp(r, RENAME_SWAP))
		return is_unsupported(errno) ? rename_temp(r, RENAME_OVER) : -1;
	if (is_as_looked_at(r, r->temp, false)) {
		temp_remove(r->target->directory, r->temp, r->old);
		return 0;
	}
	if (rename_temp(r, RENAME_SWAP)) {
		r->committed = true;
		return -1;
	}
	return REPLACE_CHANGED;
}

static int commit_problem(const struct replacement *r, struct problem *problem)
{
	if (r->committed)
		return problem_set(problem, STATUS_UNSURE, r->target->operand,
				   "a program that does not lock changed it "
				   "meanwhile, and its change is now in %s: %s",
				   r->temp, strerror(errno));
	if (errno == EBUSY || errno == EXDEV)
		return problem_set(problem, STATUS_FAILED, r->target->operand,
				   "is a mount point and cannot be replaced: "
				   "%s (--in-place writes into it)",
				   strerror(errno));
	return fail(r, problem, "cannot replace it");
}

static int rename_over(struct replacement *r)
{
	int result, saved;

	if (!r->exists) {
		result = commit_new(r);
		return result && errno == EEXIST ? REPLACE_CHANGED : result;
	}
	if (name_temp(r))
		return -1;
	if (!r->options.exact)
		return rename_temp(r, RENAME_OVER);
	result = commit_exact(r);
	if (result >= 0 || errno != ENOENT || r->committed)
		return result;
	/* Nothing to exchange with: did FILE vanish, or the temp? */
	saved = errno;
	if (!is_as_looked_at(r, r->target->name, true))
		return REPLACE_CHANGED;
	errno = saved;
	return -1;
}

static int write_in_place(struct replacement *r, struct problem *problem)
{
	const struct in_place place = {
		.directory = r->target->directory,
		.name = r->target->name,
		.deadline = r->options.in_place_deadline,
		.no_sync = r->options.no_sync,
		.set_mode = r->options.set_mode,
		.mode = r->options.mode,
		.subject = r->target->operand,
	};
	struct backup backup = backup_of(r);

	if (!r->options.backups && backup_detach(&backup, problem))
		return -1;
	return in_place_write(&place, r->fd, &r->was, problem);
}

int replace_commit(struct replacement *r, struct problem *problem)
{
	bool touched = r->options.backups || r->was.st_nlink > 1;
	int result;

	if (!is_as_looked_at(r, r->target->name, true))
		return REPLACE_CHANGED;
	if (!r->options.in_place && check_links(r, problem))
		return -1;
	if (make_backup(r, problem))
		return -1;
	if (r->options.in_place) {
		result = write_in_place(r, problem);
		r->committed = !result;
		return result;
	}
	if (touched && !is_as_looked_at(r, r->target->name, true))
		return REPLACE_CHANGED;
	result = rename_over(r);
	if (result < 0)
		return commit_problem(r, problem);
	r->committed = result == 0;
	return result;
}

/* One piece of each, from AT. 1: the same, and there may be more. */
static int same_piece(int one, int other, off_t *at)
{
	char bytes[2][32 * 1024];
	ssize_t n = pread(one, bytes[0], sizeof(bytes[0]), *at);
	ssize_t m = pread(other, bytes[1], sizeof(bytes[1]), *at);

	if (n < 0 || m < 0)
		return errno == EINTR ? 1 : -1;
	*at = n == 0 && m == 0 ? -1 : *at + n;
	return n == m && !memcmp(bytes[0], bytes[1], (size_t)n);
}

int replace_is_same(const struct replacement *r, struct problem *problem)
{
	off_t at = 0;
	int result = r->exists;

	while (result > 0 && at >= 0)
		result = same_piece(r->old, replace_content(r), &at);
	if (result < 0)
		return fail(r, problem, "cannot compare it");
	return result;
}

int replace_holds(const struct replacement *r, const char *bytes,
		  size_t length, struct problem *problem)
{
	enum { PIECE = 32 * 1024 };
	char piece[PIECE];
	size_t at = 0;

	if (!r->exists || (size_t)r->was.st_size != length)
		return 0;
	while (at < length) {
		size_t want = length - at < PIECE ? length - at : PIECE;
		ssize_t n = pread(r->old, piece, want, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(r, problem, "cannot compare it");
		if (n == 0 || memcmp(piece, bytes + at, (size_t)n))
			return 0;
		at += (size_t)n;
	}
	return 1;
}

int replace_sync(struct replacement *r, struct problem *problem)
{
	bool written = r->committed || r->old < 0;
	int on_it = r->old >= 0 ? r->old : replace_content(r);

	if (r->options.no_sync)
		return 0;
	if ((written || !fsync(r->old)) &&
	    !durable_directory(r->target->directory, on_it))
		return 0;
	return problem_set(problem, STATUS_UNSURE, r->target->operand,
			   "has the new content, but could not be synced: %s",
			   strerror(errno));
}

void replace_release(struct replacement *r)
{
	int saved = errno, fd = replace_content(r);

	if (!r->committed && r->temp[0] && fd >= 0)
		temp_remove(r->target->directory, r->temp, fd);
	fdio_discard(&r->fd);
	fdio_discard(&r->second);
	fdio_discard(&r->old);
	metadata_release(&r->metadata);
	r->temp[0] = '\0';
	errno = saved;
}
