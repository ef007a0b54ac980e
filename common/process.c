/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifdef HAVE_PIDFD_OPEN
#include <sys/pidfd.h>
#endif

#include "buffer.h"
#include "fdio.h"

/*
 * A small file of /proc into TEXT, NUL-terminated. One read gives it whole, as
 * the kernel makes it for that read. Returns its length or -1.
 */
static ssize_t read_small(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	fdio_close(fd);
	text[length > 0 ? length : 0] = '\0';
	return length;
}

/* The fields of /proc/PID/stat that we use; numbers as proc(5) counts them. */
struct stat_fields {
	char state;		/* 3 */
	pid_t parent;		/* 4 */
	unsigned long flags;	/* 9 */
	unsigned long long start; /* 22 */
};

/*
 * The program's name, field 2, stands in parentheses and may itself hold
 * blanks and parentheses: the fields after it begin behind the last one.
 */
static int read_stat(pid_t pid, struct stat_fields *fields)
{
	char path[32], text[1024], *rest;
	long parent;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	if (read_small(path, text, sizeof(text)) <= 0)
		return -1;
	rest = strrchr(text, ')');
	if (!rest ||
	    sscanf(rest + 1,
		   " %c %ld %*d %*d %*d %*d %lu %*u %*u %*u %*u %*u %*u %*d "
		   "%*d %*d %*d %*d %*d %llu",
		   &fields->state, &parent, &fields->flags,
		   &fields->start) != 4) {
		errno = ENOSYS;
		return -1;
	}
	fields->parent = (pid_t)parent;
	return 0;
}

int process_start(pid_t pid, uint64_t *ticks)
{
	struct stat_fields fields;

	if (read_stat(pid, &fields))
		return -1;
	*ticks = fields.start;
	return 0;
}

bool process_lives(pid_t pid, uint64_t start)
{
	struct stat_fields fields;

	if (pid <= 0)
		return false;
	if (!read_stat(pid, &fields))
		return fields.state != 'Z' && fields.state != 'X' &&
		       (!start || fields.start == start);
	if (!access("/proc/self/stat", F_OK))
		return false;
	return !kill(pid, 0) || errno == EPERM;
}

pid_t process_parent(pid_t pid)
{
	struct stat_fields fields;

	if (pid == getpid())
		return getppid();
	return read_stat(pid, &fields) ? -1 : fields.parent;
}

bool process_descends(pid_t pid, pid_t ancestor, pid_t *branch)
{
	pid_t below = pid;

	/* A parent ends before its child only to be replaced by init, so the
	 * walk ends; the bound is for a /proc that changes under us. */
	for (int steps = 0; pid > 0 && steps < 4096; steps++) {
		if (pid == ancestor) {
			if (branch)
				*branch = below;
			return true;
		}
		below = pid;
		pid = process_parent(pid);
	}
	return false;
}

uint64_t process_now(void)
{
	struct timespec now;
	uint64_t per_second = (uint64_t)sysconf(_SC_CLK_TCK);

#ifdef CLOCK_BOOTTIME
	clock_gettime(CLOCK_BOOTTIME, &now);
#else
	clock_gettime(CLOCK_MONOTONIC, &now);
#endif
	return (uint64_t)now.tv_sec * per_second +
	       (uint64_t)now.tv_nsec * per_second / 1000000000;
}

int process_children(pid_t pid, void (*found)(pid_t child, void *context),
		     void *context)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	if (!directory)
		return -1;
	while ((entry = readdir(directory))) {
		pid_t child = (pid_t)strtol(entry->d_name, NULL, 10);

		if (child <= 0 || process_parent(child) != pid)
			continue;
		found(child, context);
		count++;
	}
	closedir(directory);
	return count;
}

void process_name(pid_t pid, char name[16])
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%ld/comm", (long)pid);
	if (read_small(path, name, 16) < 0)
		name[0] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

void process_set_name(const char *name)
{
#ifdef __linux__
	prctl(PR_SET_NAME, name);
#else
	(void)name;
#endif
}

int process_boot_id(char id[37])
{
	struct timespec now, up;

	if (read_small("/proc/sys/kernel/random/boot_id", id, 37) == 36)
		return 0;
	if (clock_gettime(CLOCK_REALTIME, &now) ||
	    clock_gettime(CLOCK_MONOTONIC, &up))
		return -1;
	/* Rounded to a minute, as the two clocks drift apart. */
	snprintf(id, 37, "00000000-0000-0000-0000-%012llx",
		 (unsigned long long)((now.tv_sec - up.tv_sec) / 60));
	return 0;
}

/*
 * The first of PID's descriptors that is FILE and that ACCEPT takes, or -1:
 * also where they cannot be seen, another user's.
 */
static int find_descriptor(pid_t pid, struct process_file file,
			   bool (*accept)(pid_t pid, int fd))
{
	char path[32];
	struct dirent *entry;
	struct stat status;
	DIR *directory;
	int found = -1;

	snprintf(path, sizeof(path), "/proc/%ld/fd", (long)pid);
	directory = opendir(path);
	if (!directory)
		return -1;
	while (found < 0 && (entry = readdir(directory)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    !fstatat(dirfd(directory), entry->d_name, &status, 0) &&
		    status.st_dev == file.device &&
		    status.st_ino == file.inode &&
		    accept(pid, atoi(entry->d_name)))
			found = atoi(entry->d_name);
	closedir(directory);
	return found;
}

/* --- who works for whom -------------------------------------------------- */

/* Set in the flags of a process that was forked and has not called exec since
 * (PF_FORKNOEXEC of the kernel's include/linux/sched.h). */
static const unsigned long FORKED_COPY = 0x40;

static bool is_copy(pid_t pid)
{
	struct stat_fields fields;

	return !read_stat(pid, &fields) && (fields.flags & FORKED_COPY);
}

/* What a shell collects the output of `$(...)` in. */
struct collector {
	struct process_file file;
	bool pipe; /* else a file without a name, as ksh93 has it */
};

/* Find it on the standard output of PID. */
static bool output_of(pid_t pid, struct collector *output)
{
	char path[48];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%ld/fd/1", (long)pid);
	if (stat(path, &status))
		return false;
	*output = (struct collector){{status.st_dev, status.st_ino},
				     S_ISFIFO(status.st_mode)};
	return output->pipe ||
	       (S_ISREG(status.st_mode) && status.st_nlink == 0);
}

/* "flags:" in fdinfo is what open(2) was given, in octal. */
static bool opened_for_reading(pid_t pid, int fd)
{
	char path[64], text[512], *line;

	snprintf(path, sizeof(path), "/proc/%ld/fdinfo/%d", (long)pid, fd);
	if (read_small(path, text, sizeof(text)) <= 0)
		return false;
	line = strstr(text, "flags:");
	return line && (strtol(line + 6, NULL, 8) & O_ACCMODE) != O_WRONLY;
}

static bool reads_from(pid_t pid, struct process_file pipe)
{
	return find_descriptor(pid, pipe, opened_for_reading) >= 0;
}

/*
 * The nearest ancestor of PID that reads OUTPUT, or 0. A file is open for both
 * in all who write to it, so there the last of those who have it is the one.
 * ONLY_COPIES: do not climb beyond a process that is more than a copy of its
 * parent.
 */
static pid_t reader_above(pid_t pid, const struct collector *output,
			  bool only_copies)
{
	pid_t reader = 0;

	while (pid > 1 && (!only_copies || is_copy(pid))) {
		pid = process_parent(pid);
		if (pid > 0 && reads_from(pid, output->file))
			reader = pid;
		if (reader > 0 && (output->pipe || reader != pid))
			break;
	}
	return reader;
}

/*
 * That a copy writes to a file without a name means nothing: ksh93 makes no
 * copies for `$(...)`, and a whole test run may write to such a file.
 */
pid_t process_owner(pid_t pid)
{
	struct collector output;
	pid_t owner = 0, next;

	if (output_of(pid, &output))
		owner = reader_above(pid, &output, false);
	if (owner <= 0)
		owner = process_parent(pid);
	while (is_copy(owner) && output_of(owner, &output) && output.pipe) {
		next = reader_above(owner, &output, true);
		if (next <= 0)
			break;
		owner = next;
	}
	return owner;
}

int process_watch(pid_t pid)
{
#ifdef HAVE_PIDFD_OPEN
	return pidfd_open(pid, 0);
#elif defined(SYS_pidfd_open)
	return (int)syscall(SYS_pidfd_open, pid, 0);
#else
	(void)pid;
	errno = ENOSYS;
	return -1;
#endif
}

/* --- who holds what ------------------------------------------------------ */

/* The value of a "lock:" line or a line of /proc/locks, if it is a flock. */
static enum process_lock flock_kind(const char *line)
{
	if (!strstr(line, "FLOCK"))
		return PROCESS_NO_LOCK;
	return strstr(line, " WRITE ") ? PROCESS_EXCLUSIVE : PROCESS_SHARED;
}

enum process_lock process_fd_lock(pid_t pid, int fd)
{
	char path[64], text[4096], *line;

	snprintf(path, sizeof(path), "/proc/%ld/fdinfo/%d", (long)pid, fd);
	if (read_small(path, text, sizeof(text)) <= 0)
		return PROCESS_NO_LOCK;
	line = strstr(text, "\nlock:");
	for (; line; line = strstr(line + 1, "\nlock:")) {
		char *end = strchr(line + 1, '\n');
		enum process_lock kind;

		if (end)
			*end = '\0';
		kind = flock_kind(line + 1);
		if (end)
			*end = '\n';
		if (kind != PROCESS_NO_LOCK)
			return kind;
	}
	return PROCESS_NO_LOCK;
}

static bool is_locked(pid_t pid, int fd)
{
	return process_fd_lock(pid, fd) != PROCESS_NO_LOCK;
}

enum process_lock process_holds(pid_t pid, struct process_file file)
{
	int fd = find_descriptor(pid, file, is_locked);

	return fd < 0 ? PROCESS_NO_LOCK : process_fd_lock(pid, fd);
}

/*
 * One line of /proc/locks, such as
 *	1: FLOCK  ADVISORY  WRITE 31904 fe:00:11067858 0 EOF
 * A waiter has "->" behind the number, with a blank more for each one it waits
 * behind, so lines have no fixed length.
 */
static void count_lock(const char *line, struct process_file file,
		       struct process_locks *locks)
{
	enum process_lock kind = flock_kind(line);
	unsigned major_id, minor_id;
	unsigned long long inode;
	const char *p;
	long pid, first;

	p = strstr(line, " READ ");
	if (!p)
		p = strstr(line, " WRITE ");
	if (!p ||
	    sscanf(p, " %*s %ld %x:%x:%llu %ld", &pid, &major_id, &minor_id,
		   &inode, &first) != 5 ||
	    inode != file.inode)
		return;
	if (major_id != major(file.device) || minor_id != minor(file.device)) {
		locks->namesakes = true;
		return;
	}
	if (strstr(line, "->")) {
		locks->waiters++;
		locks->waiters_far += first >= PROCESS_FAR_BYTE;
		return;
	}
	if (kind == PROCESS_NO_LOCK)
		return;
	locks->holders++;
	locks->holder = (pid_t)pid;
	locks->lock = kind;
}

/*
 * The list of all locks into TEXT. The kernel hands it out a page at a time,
 * and between two pages locks come and go: an entry may be passed over, and
 * when it comes to the next page there may be none. 0: what came was so short
 * that it was all, and so is true; 1: who knows; -1: there is no list.
 */
enum { SHORT_LIST = 2048 };

static int read_locks(struct buffer *text)
{
	int fd = open("/proc/locks", O_RDONLY | O_CLOEXEC), pieces = 0;
	ssize_t n = 0;

	buffer_clear(text);
	if (fd < 0)
		return -1;
	while (!buffer_reserve(text, 65536) &&
	       (n = read(fd, text->data + text->length, 65536)) > 0) {
		text->length += (size_t)n;
		text->data[text->length] = '\0';
		pieces++;
	}
	fdio_close(fd);
	if (n < 0 || !text->data)
		return -1;
	return pieces > 1 || text->length > SHORT_LIST;
}

/*
 * An entry that is there is true; that there is none takes several looks, and
 * on a busy machine they may all have passed it over.
 */
enum { LOOKS_FOR_NONE = 4 };

int process_locks(struct process_file file, struct process_locks *locks)
{
	struct buffer text = BUFFER_INIT;
	int result = 1;

	*locks = (struct process_locks){.lock = PROCESS_NO_LOCK};
	for (int look = 0; look < LOOKS_FOR_NONE && result > 0; look++) {
		char *line, *rest;

		result = read_locks(&text);
		if (result < 0)
			break;
		rest = text.length > 0 ? text.data : NULL;
		while ((line = strsep(&rest, "\n")))
			count_lock(line, file, locks);
		if (locks->holders > 0 || locks->waiters > 0) {
			result = 0;
			break;
		}
	}
	buffer_release(&text);
	locks->partial = result > 0;
	return result < 0 ? -1 : 0;
}

bool process_lock_waited(struct process_file file)
{
	struct process_locks locks;

	return process_locks(file, &locks) || !process_sees_all() ||
	       locks.waiters > 0 || locks.namesakes || locks.partial;
}

bool process_sees_all(void)
{
	/* The first pid namespace has a fixed inode, PROC_PID_INIT_INO of the
	 * kernel's include/linux/proc_ns.h. */
	const ino_t initial = 0xEFFFFFFCU;
	struct stat status;

	return !stat("/proc/self/ns/pid", &status) && status.st_ino == initial;
}

pid_t process_find_holder(struct process_file file)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	pid_t pid, found = 0;

	if (!directory)
		return 0;
	while (!found && (entry = readdir(directory))) {
		pid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (pid > 0 && process_holds(pid, file) != PROCESS_NO_LOCK)
			found = pid;
	}
	closedir(directory);
	return found;
}
