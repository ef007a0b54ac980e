/* SPDX-License-Identifier: MIT */
/*
 * The life of a piece
 *
 *   noted     the record lies beside the file, and is synced, directory and
 *             all, unless no_sync. The file is as it was.
 *   writing   the file has some of the piece, perhaps none, perhaps all.
 *   written   the file has all of it and is synced, unless no_sync.
 *   done      the record is gone. That need not be on disk: a record that
 *             comes back is judged "done" by the piece's hash.
 *
 * A record is one line of text, so that a person who finds it can read it:
 *
 *   interlock-append 1 INODE OLD START END BEFORE PIECE CHECK
 *
 * OLD, START and END are offsets: what the file's length was, where the piece
 * begins (one later if a newline was put before it) and ends. BEFORE is the
 * hash of up to 4096 bytes before OLD; it keeps us from cutting another file
 * that has the same inode number. PIECE is the piece's hash, CHECK that of the
 * line up to itself: a record torn by a loss of power is none, and as it was
 * not synced yet, the file had not been touched.
 */
#include "append.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "durable.h"
#include "etag.h"
#include "fdio.h"
#include "temp.h"

enum { LINE_SIZE = 512, BEFORE_BYTES = 4096, NAME_KEPT = 200 };

struct record {
	uint64_t inode;
	int64_t old, start, end;
	char before[ETAG_SIZE], piece[ETAG_SIZE];
};

/*
 * A long name is cut, and its hash added, because two long names must not share
 * a record.
 */
static void record_name(const char *name, char record[TEMP_NAME])
{
	char tag[ETAG_SIZE];

	if (strlen(name) <= NAME_KEPT) {
		snprintf(record, TEMP_NAME, ".%s.interlock-append", name);
		return;
	}
	etag_of(name, strlen(name), tag);
	snprintf(record, TEMP_NAME, ".%.100s-%s.interlock-append", name, tag);
}

/* --- records ------------------------------------------------------------- */

/* The line up to and with the blank before CHECK. Returns its length. */
static int print_record(const struct record *record, char line[LINE_SIZE])
{
	return snprintf(line, LINE_SIZE,
			"interlock-append 1 %" PRIu64 " %" PRId64 " %" PRId64
			" %" PRId64 " %s %s ",
			record->inode, record->old, record->start, record->end,
			record->before, record->piece);
}

static int write_record(int fd, const struct record *record)
{
	char line[LINE_SIZE], check[ETAG_SIZE];
	int length = print_record(record, line);

	etag_of(line, (size_t)length, check);
	length += snprintf(line + length, LINE_SIZE - (size_t)length, "%s\n",
			   check);
	return fdio_write_all(fd, line, (size_t)length);
}

/* Read it. False if it is none, or torn. */
static bool read_record(int fd, struct record *record)
{
	char line[LINE_SIZE], again[LINE_SIZE], check[ETAG_SIZE];
	ssize_t n = pread(fd, line, sizeof(line) - 1, 0);
	int length;

	if (n <= 0)
		return false;
	line[n] = '\0';
	if (sscanf(line,
		   "interlock-append 1 %" SCNu64 " %" SCNd64 " %" SCNd64
		   " %" SCNd64 " %32s %32s",
		   &record->inode, &record->old, &record->start, &record->end,
		   record->before, record->piece) != 6)
		return false;
	length = print_record(record, again);
	etag_of(again, (size_t)length, check);
	snprintf(again + length, sizeof(again) - (size_t)length, "%s\n", check);
	return !strcmp(line, again);
}

static int before_tag(int file, int64_t old, char tag[ETAG_SIZE])
{
	int64_t length = old < BEFORE_BYTES ? old : BEFORE_BYTES;

	return etag_of_range(file, old - length, length, tag);
}

enum verdict {
	VERDICT_MOOT, /* the record says nothing about this file */
	VERDICT_DONE, /* the piece is there */
	VERDICT_CUT,  /* only a part of it is, or something else */
};

/* What RECORD means for the file as it is. -1 with errno if unreadable. */
static int judge(const struct record *record, int file,
		 const struct stat *status)
{
	char tag[ETAG_SIZE];

	if ((uint64_t)status->st_ino != record->inode || record->old < 0 ||
	    status->st_size <= record->old)
		return VERDICT_MOOT;
	if (before_tag(file, record->old, tag))
		return -1;
	if (strcmp(tag, record->before))
		return VERDICT_MOOT;
	if (status->st_size < record->end)
		return VERDICT_CUT;
	if (etag_of_range(file, record->start, record->end - record->start,
			  tag))
		return -1;
	return strcmp(tag, record->piece) ? VERDICT_CUT : VERDICT_DONE;
}

/*
 * In a directory like /tmp anybody could leave a record for somebody else's
 * file; elsewhere, whoever can make one can replace the file as well.
 */
static bool is_trusted(int directory, const struct stat *record,
		       const struct stat *file)
{
	struct stat status;

	if (fstat(directory, &status))
		return false;
	return !(status.st_mode & S_ISVTX) || record->st_uid == 0 ||
	       record->st_uid == geteuid() || record->st_uid == file->st_uid;
}

static int open_record(int directory, const char *entry)
{
	return openat(directory, entry,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* --- recovery ------------------------------------------------------------ */

/* 0 done; 1 not ours to repair; -1 with errno. */
static int repair(int directory, const char *name, int noted)
{
	int file = openat(directory, name,
			  O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status, record_status;
	struct record record;
	int verdict = VERDICT_MOOT, result = 0;

	if (file < 0)
		return errno == ENOENT ? 0 : 1;
	if (fstat(file, &status) || fstat(noted, &record_status))
		result = -1;
	else if (!is_trusted(directory, &record_status, &status))
		result = 1;
	else if (read_record(noted, &record))
		verdict = judge(&record, file, &status);
	if (verdict < 0 ||
	    (verdict == VERDICT_CUT && ftruncate(file, record.old)) ||
	    (verdict != VERDICT_MOOT && fsync(file)))
		result = -1;
	fdio_close(file);
	return result;
}

int append_recover(int directory, const char *name, const char *subject,
		   struct problem *problem)
{
	char entry[TEMP_NAME];
	struct stat status;
	int noted, result = 1;

	record_name(name, entry);
	noted = open_record(directory, entry);
	if (noted < 0)
		return 0;
	if (!fstat(noted, &status) && S_ISREG(status.st_mode) &&
	    !flock(noted, LOCK_EX | LOCK_NB) &&
	    temp_names(directory, entry, noted))
		result = repair(directory, name, noted);
	if (result == 0 && unlinkat(directory, entry, 0))
		result = errno == ENOENT ? 0 : -1;
	if (result < 0)
		problem_errno(problem, subject,
			      "cannot take back what a killed append left");
	fdio_close(noted);
	return result < 0 ? -1 : 0;
}

int append_length(int directory, const char *name, int file, off_t *length)
{
	struct record record;
	char entry[TEMP_NAME];
	struct stat status;
	int noted, verdict = VERDICT_MOOT;

	record_name(name, entry);
	noted = open_record(directory, entry);
	/* The length is taken after the record was looked for: see `done`. */
	if (fstat(file, &status)) {
		fdio_discard(&noted);
		return -1;
	}
	*length = status.st_size;
	if (noted < 0)
		return 0;
	if (read_record(noted, &record))
		verdict = judge(&record, file, &status);
	if (verdict == VERDICT_CUT)
		*length = record.old;
	fdio_close(noted);
	return verdict < 0 ? -1 : 0;
}

/* --- appending ----------------------------------------------------------- */

void append_init(struct append *append, const struct target *target,
		 bool no_sync)
{
	*append = (struct append){
		.target = target,
		.no_sync = no_sync,
		.file = -1,
	};
}

static int fail(const struct append *append, struct problem *problem,
		const char *what)
{
	return problem_errno(problem, append->target->operand, what);
}

static int unsynced(const struct append *append, struct problem *problem)
{
	return problem_set(problem, STATUS_UNSURE, append->target->operand,
			   "has what was added, but could not be synced: %s",
			   strerror(errno));
}

int append_sync(struct append *append, struct problem *problem)
{
	if (append->file < 0)
		return 0;
	if (fsync(append->file) ||
	    (append->made &&
	     durable_directory(append->target->directory, append->file)))
		return unsynced(append, problem);
	append->made = false;
	return 0;
}

/* Open the file that the name names now; what was open before is synced. */
static int open_file(struct append *append, struct problem *problem)
{
	const int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK |
			  O_NOCTTY | O_CLOEXEC;
	const struct target *target = append->target;

	if (append->file >= 0 &&
	    temp_names(target->directory, target->name, append->file))
		return 0;
	if (append_sync(append, problem))
		return -1;
	fdio_discard(&append->file);
	append->file = openat(target->directory, target->name, flags);
	if (append->file < 0 && errno == ENOENT) {
		append->file = openat(target->directory, target->name,
				      flags | O_CREAT | O_EXCL,
				      append->set_mode ? 0600 : 0666);
		append->made = append->file >= 0;
	}
	if (append->file < 0 ||
	    (append->made && append->set_mode &&
	     fchmod(append->file, append->mode)))
		return fail(append, problem, "cannot be added to");
	return 0;
}

/* The piece: bytes in memory, or in a file. */
struct piece {
	const char *bytes; /* NULL: source */
	int64_t length;
	int source;
};

static int describe(const struct append *append, const struct piece *piece,
		    struct record *record)
{
	struct stat status;
	char last = '\n';

	if (fstat(append->file, &status))
		return -1;
	record->inode = status.st_ino;
	record->old = status.st_size;
	if (record->old > 0 &&
	    pread(append->file, &last, 1, record->old - 1) != 1)
		return -1;
	record->start = record->old + (last != '\n');
	record->end = record->start + piece->length;
	if (before_tag(append->file, record->old, record->before))
		return -1;
	if (!piece->bytes)
		return etag_of_file(piece->source, record->piece);
	etag_of(piece->bytes, (size_t)piece->length, record->piece);
	return 0;
}

/*
 * Give the record FD (named TEMP, or "") its name ENTRY: EEXIST if that is
 * taken. Only where there are no links can that not be known.
 */
static int name_record(int fd, int directory, const char *temp,
		       const char *entry)
{
	if (!temp[0])
		return temp_link(fd, directory, entry);
	if (!linkat(directory, temp, directory, entry, 0)) {
		temp_remove(directory, temp, fd);
		return 0;
	}
	return errno == EEXIST ? -1
			       : renameat(directory, temp, directory, entry);
}

/*
 * Lay the record beside the file: written and locked before it has its name.
 * Returns the descriptor that keeps it locked, or -1 with errno.
 */
static int note(const struct append *append, const char *entry,
		const struct record *record)
{
	int directory = append->target->directory;
	char temp[TEMP_NAME] = "";
	int fd = temp_create_unnamed(directory, 0600);

	if (fd < 0)
		fd = temp_create(directory, append->target->name, 0600, temp);
	if (fd < 0)
		return -1;
	if (!write_record(fd, record) && (append->no_sync || !fsync(fd)) &&
	    !name_record(fd, directory, temp, entry) &&
	    (append->no_sync || !durable_directory(directory, fd)))
		return fd;
	if (temp[0])
		temp_remove(directory, temp, fd);
	temp_remove(directory, entry, fd);
	fdio_close(fd);
	return -1;
}

static int write_source(int file, int source)
{
	char bytes[64 * 1024];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(source, bytes, sizeof(bytes), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || fdio_write_all(file, bytes, (size_t)n))
			return -1;
		at += n;
	}
	return 0;
}

static int write_piece(const struct append *append, const struct piece *piece,
		       const struct record *record)
{
	if (record->start > record->old &&
	    fdio_write_all(append->file, "\n", 1))
		return -1;
	if (!piece->bytes)
		return write_source(append->file, piece->source);
	return fdio_write_all(append->file, piece->bytes,
			      (size_t)piece->length);
}

/*
 * Write what was noted. On failure the file is as it was; if even that cannot
 * be had, *KEEP says that the record must stay, for the next one.
 */
static int write_noted(struct append *append, const struct piece *piece,
		       const struct record *record, bool *keep,
		       struct problem *problem)
{
	if (write_piece(append, piece, record)) {
		fail(append, problem, "cannot be added to");
		*keep = ftruncate(append->file, record->old) != 0;
		return -1;
	}
	return append->no_sync ? 0 : append_sync(append, problem);
}

static int add(struct append *append, const struct piece *piece,
	       struct problem *problem)
{
	struct record record;
	char entry[TEMP_NAME];
	int directory = append->target->directory, noted, result;
	bool keep = false;

	record_name(append->target->name, entry);
	if (append_recover(directory, append->target->name,
			   append->target->operand, problem) ||
	    open_file(append, problem))
		return -1;
	if (describe(append, piece, &record))
		return fail(append, problem, "cannot be read");
	noted = note(append, entry, &record);
	if (noted < 0 && errno == EEXIST)
		return problem_set(problem, STATUS_FAILED,
				   append->target->operand,
				   "%s is in the way: a program that does not "
				   "take the same lock is adding to it",
				   entry);
	if (noted < 0)
		return fail(append, problem, "cannot note its length");
	result = write_noted(append, piece, &record, &keep, problem);
	if (!keep)
		temp_remove(directory, entry, noted);
	fdio_close(noted);
	return result;
}

int append_bytes(struct append *append, const char *bytes, size_t length,
		 struct problem *problem)
{
	const struct piece piece = {bytes, (int64_t)length, -1};

	return length ? add(append, &piece, problem) : 0;
}

int append_from(struct append *append, int source, struct problem *problem)
{
	struct piece piece = {NULL, 0, source};
	struct stat status;

	if (fstat(source, &status))
		return fail(append, problem, "cannot be added to");
	piece.length = status.st_size;
	return piece.length ? add(append, &piece, problem) : 0;
}

void append_release(struct append *append)
{
	fdio_discard(&append->file);
}
