/* SPDX-License-Identifier: MIT */
#include "holder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fdio.h"

/* A word for the record: one line, printable, cut to what fits. */
static void set_word(char *word, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length >= size)
		length = size - 1;
	for (size_t i = 0; i < length; i++)
		word[i] = iscntrl((unsigned char)text[i]) ? '?' : text[i];
	word[length] = '\0';
}

void holder_self_brief(struct holder *holder, const char *client,
		       const char *command)
{
	const char *slash = strrchr(command, '/');

	*holder = (struct holder){.pid = getpid()};
	utc_format(time(NULL), holder->since);
	gethostname(holder->host, sizeof(holder->host) - 1);
	set_word(holder->client, sizeof(holder->client), client ? client : "");
	set_word(holder->command, sizeof(holder->command),
		 slash ? slash + 1 : command);
}

void holder_self(struct holder *holder, const char *client,
		 const char *command)
{
	holder_self_brief(holder, client, command);
	process_start(holder->pid, &holder->start);
}

static void add_child(pid_t child, void *context)
{
	struct holder_owner *owner = context;
	const int room = sizeof(owner->children) / sizeof(owner->children[0]);
	uint64_t start;

	if (process_start(child, &start) || start < owner->taken)
		return;
	if (owner->count < 0 || owner->count == room)
		owner->count = -1;
	else
		owner->children[owner->count++] = child;
}

void holder_set_owner(struct holder *holder, pid_t pid)
{
	struct holder_owner *owner = &holder->owner;

	*owner = (struct holder_owner){.pid = pid};
	process_start(pid, &owner->start);
	/* The clock first: whoever starts from here on has this tick or a
	 * later one, so that none can escape both the tick and the list. */
	owner->taken = process_now();
	process_children(pid, add_child, owner);
	process_name(pid, holder->command);
}

bool holder_owner_covers(const struct holder_owner *owner)
{
	uint64_t start;
	pid_t branch;

	if (owner->pid <= 0 || !process_lives(owner->pid, owner->start) ||
	    !process_descends(getpid(), owner->pid, &branch))
		return false;
	if (branch == owner->pid)
		return true;
	if (process_start(branch, &start) || start < owner->taken)
		return false;
	if (start > owner->taken)
		return true;
	for (int i = 0; i < owner->count; i++)
		if (owner->children[i] == branch)
			return false;
	return owner->count >= 0;
}

static int format_owner(struct buffer *text, const struct holder_owner *owner)
{
	int error = buffer_add_format(text, "OWNER: %ld %llu %llu",
				      (long)owner->pid,
				      (unsigned long long)owner->start,
				      (unsigned long long)owner->taken);

	for (int i = 0; i < owner->count; i++)
		error |= buffer_add_format(text, " %ld",
					   (long)owner->children[i]);
	if (owner->count < 0)
		error |= buffer_add_string(text, " *");
	return error | buffer_add_char(text, '\n');
}

int holder_format(struct buffer *text, const struct holder *holder)
{
	int error = buffer_add_format(
		text, "PID: %ld\nACQUIRED: %s\nHOSTNAME: %s\n",
		(long)holder->pid, holder->since, holder->host);

	if (holder->client[0])
		error |= buffer_add_format(text, "CLIENT: %s\n",
					   holder->client);
	if (holder->command[0])
		error |= buffer_add_format(text, "COMMAND: %s\n",
					   holder->command);
	if (holder->owner.pid > 0)
		error |= format_owner(text, &holder->owner);
	return error | buffer_add_format(text, "START: %llu\n",
					 (unsigned long long)holder->start);
}

int holder_write(int fd, const struct holder *holder, off_t old_size)
{
	struct buffer text = BUFFER_INIT;
	ssize_t written = -1;

	if (!holder_format(&text, holder))
		written = pwrite(fd, text.data, text.length, 0);
	/* Half a record (the disk is full) would pass for somebody's data. */
	if (written >= 0 && (size_t)written < text.length)
		written = 0;
	if (written >= 0 && written < old_size + (written == 0) &&
	    ftruncate(fd, written))
		written = -1;
	buffer_release(&text);
	return written > 0 ? 0 : -1;
}

void holder_write_lost(int fd, pid_t pid)
{
	char text[128], when[UTC_SIZE];
	uint64_t start = 0;
	int length;

	process_start(pid, &start);
	utc_format(time(NULL), when);
	length = snprintf(text, sizeof(text),
			  "PID: %ld\nLOST: %s\nSTART: %llu\n", (long)pid,
			  when, (unsigned long long)start);
	if (pwrite(fd, text, (size_t)length, 0) != length ||
	    ftruncate(fd, length))
		return;
}

/*
 * If the line at *TEXT begins with KEY, copy the rest of it to VALUE and go on
 * to the next line.
 */
static bool take_line(char **text, const char *key, char *value, size_t size)
{
	size_t length = strlen(key);
	char *end = strchr(*text, '\n');

	if (!end || strncmp(*text, key, length))
		return false;
	*end = '\0';
	set_word(value, size, *text + length);
	*text = end + 1;
	return true;
}

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static bool parse_pid(const char *text, pid_t *pid)
{
	long long number = is_number(text) ? strtoll(text, NULL, 10) : 0;

	*pid = (pid_t)number;
	return number > 0 && number <= INT_MAX;
}

/* "PID START TAKEN [CHILD...|*]" */
static bool parse_owner(const char *text, struct holder_owner *owner)
{
	const int room = sizeof(owner->children) / sizeof(owner->children[0]);
	unsigned long long start, taken;
	int used = 0, more;
	long pid;

	if (sscanf(text, "%ld %llu %llu%n", &pid, &start, &taken, &used) != 3)
		return false;
	*owner = (struct holder_owner){
		.pid = (pid_t)pid, .start = start, .taken = taken};
	for (text += used; *text; text += more) {
		if (!strcmp(text, " *")) {
			owner->count = -1;
			return true;
		}
		if (owner->count == room || sscanf(text, " %ld%n", &pid,
						   &more) != 1)
			return false;
		owner->children[owner->count++] = (pid_t)pid;
	}
	return true;
}

static bool parse_record(char *text, struct holder *holder)
{
	char pid[16], start[24], owner[HOLDER_RECORD_MAX];

	if (!take_line(&text, "PID: ", pid, sizeof(pid)) ||
	    !take_line(&text, "ACQUIRED: ", holder->since,
		       sizeof(holder->since)) ||
	    !take_line(&text, "HOSTNAME: ", holder->host,
		       sizeof(holder->host)))
		return false;
	take_line(&text, "CLIENT: ", holder->client, sizeof(holder->client));
	take_line(&text, "COMMAND: ", holder->command,
		  sizeof(holder->command));
	if (take_line(&text, "OWNER: ", owner, sizeof(owner)) &&
	    !parse_owner(owner, &holder->owner))
		return false;
	if (!take_line(&text, "START: ", start, sizeof(start)) || *text ||
	    !parse_pid(pid, &holder->pid) || !is_number(start))
		return false;
	holder->start = strtoull(start, NULL, 10);
	return true;
}

static bool parse_lost(char *text, struct holder *holder)
{
	char pid[16], start[24];

	*holder = (struct holder){.pid = 0};
	if (!take_line(&text, "PID: ", pid, sizeof(pid)) ||
	    !take_line(&text, "LOST: ", holder->since,
		       sizeof(holder->since)) ||
	    !take_line(&text, "START: ", start, sizeof(start)) || *text ||
	    !parse_pid(pid, &holder->pid) || !is_number(start))
		return false;
	holder->start = strtoull(start, NULL, 10);
	return true;
}

/*
 * A pid alone on the first line is how tools write whose lock is the existence
 * of the file: filelock's SoftFileLock ("PID\nHOST\n"), lockfile-create and
 * many scripts.
 */
static bool parse_existence(char *text, struct holder *holder)
{
	text[strcspn(text, "\n")] = '\0';
	text += strspn(text, " ");
	*holder = (struct holder){.pid = 0};
	if (!parse_pid(text, &holder->pid))
		return false;
	process_name(holder->pid, holder->command);
	return true;
}

enum holder_content holder_read(int fd, struct holder *holder)
{
	char text[HOLDER_RECORD_MAX + 1], work[HOLDER_RECORD_MAX + 1];
	ssize_t length = pread(fd, text, sizeof(text), 0);

	*holder = (struct holder){.pid = 0};
	if (length == 0)
		return HOLDER_EMPTY;
	if (length < 0 || length > HOLDER_RECORD_MAX ||
	    memchr(text, 0, (size_t)length))
		return HOLDER_FOREIGN;
	text[length] = '\0';
	/* Each parser cuts up a copy. */
	if (parse_record(strcpy(work, text), holder))
		return HOLDER_RECORD;
	if (parse_lost(strcpy(work, text), holder))
		return HOLDER_LOST;
	if (parse_existence(strcpy(work, text), holder))
		return HOLDER_EXISTENCE;
	*holder = (struct holder){.pid = 0};
	return HOLDER_FOREIGN;
}

void holder_erase(int fd, pid_t pid)
{
	int saved = errno;
	struct holder holder;

	/* Nothing can be done about a failure: a stale record is harmless. */
	if (holder_read(fd, &holder) == HOLDER_RECORD && holder.pid == pid &&
	    ftruncate(fd, 0))
		errno = saved;
	errno = saved;
}

/* --- what a keeper carries ----------------------------------------------- */

#define CARRIED "interlock-record"

int holder_carry(const struct holder *holder)
{
#ifdef HAVE_MEMFD_CREATE
	int fd = memfd_create(CARRIED, MFD_CLOEXEC);

	if (fd >= 0 && holder_write(fd, holder, 0))
		fdio_discard(&fd);
	return fd;
#else
	(void)holder;
	errno = ENOSYS;
	return -1;
#endif
}

/* Read RECORD if the descriptor NAME, in a DIRECTORY of /proc, carries it. */
static bool read_carried(int directory, const char *name,
			 struct holder *record)
{
	static const char start[] = "/memfd:" CARRIED;
	char link[64] = "";
	bool found;
	int fd;

	if (readlinkat(directory, name, link, sizeof(link) - 1) < 0 ||
	    strncmp(link, start, sizeof(start) - 1))
		return false;
	fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	found = holder_read(fd, record) == HOLDER_RECORD;
	fdio_close(fd);
	return found;
}

static bool carries(pid_t pid, struct holder *record)
{
	char path[32];
	struct dirent *entry;
	DIR *directory;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%ld/fd", (long)pid);
	directory = opendir(path);
	if (!directory)
		return false;
	while (!found && (entry = readdir(directory)))
		found = read_carried(dirfd(directory), entry->d_name, record);
	closedir(directory);
	return found && record->pid == pid &&
	       process_lives(pid, record->start);
}

bool holder_find_carried(struct process_file file, struct holder *record)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	bool found = false;
	char name[16];

	if (!directory)
		return false;
	while (!found && (entry = readdir(directory))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid <= 0)
			continue;
		process_name(pid, name);
		found = !strcmp(name, HOLDER_KEEPER) &&
			process_holds(pid, file) != PROCESS_NO_LOCK &&
			carries(pid, record) &&
			holder_owner_covers(&record->owner);
	}
	closedir(directory);
	return found;
}

/* --- who holds it -------------------------------------------------------- */

/* Does the system bear RECORD out? */
static bool record_counts(const struct holder *record,
			  struct process_file file, pid_t listed)
{
	if (!process_lives(record->pid, record->start))
		return false;
	return record->pid == listed ||
	       process_holds(record->pid, file) != PROCESS_NO_LOCK;
}

void holder_find(int fd, const struct holder *record, struct holder *holder)
{
	struct process_locks locks = {.holder = 0};
	struct process_file file;
	struct stat status;
	pid_t pid;

	*holder = (struct holder){.pid = 0};
	if (fstat(fd, &status))
		return;
	file = (struct process_file){status.st_dev, status.st_ino};
	process_locks(file, &locks);
	if (record && record_counts(record, file, locks.holder)) {
		*holder = *record;
		return;
	}
	/* flock(1) on a shell's descriptor leaves the pid of the dead flock. */
	pid = locks.holder;
	if (pid <= 0 || !process_lives(pid, 0))
		pid = process_find_holder(file);
	if (pid <= 0)
		return;
	holder->pid = pid;
	process_start(pid, &holder->start);
	process_name(pid, holder->command);
}

void holder_describe(const struct holder *holder, char words[HOLDER_WORDS])
{
	const char *command =
		holder->command[0] ? holder->command : "a process";

	if (holder->pid <= 0) {
		snprintf(words, HOLDER_WORDS,
			 "a process that cannot be seen from here");
		return;
	}
	snprintf(words, HOLDER_WORDS, "%s (pid %ld%s%s)%s%s", command,
		 (long)holder->pid, holder->client[0] ? ", client " : "",
		 holder->client, holder->since[0] ? " since " : "",
		 holder->since);
}
