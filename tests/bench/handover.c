/* SPDX-License-Identifier: MIT */
/*
 * How long it takes from the end of one holder of a lock to the start of the
 * next, with many waiting.
 *
 * Usage: handover [-n ROUNDS] [-k WAITERS] FILE LOCKER...
 *
 * LOCKER is a command line that runs the words put behind it while it holds
 * the flock on FILE.lock: `file-lock with FILE --` or `flock FILE.lock`. In
 * each round this program holds that flock until all WAITERS (20) wait, then
 * lets go. What they run is this program again (`handover --hold LOG`): it
 * notes when it starts, holds for five milliseconds and notes when it ends. So
 * what is measured has everything in it: the end of a command, the release,
 * the wake-up and the start of the next command. Prints median, nine tenths
 * and the longest in microseconds, and how many there were.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"
#include "duration.h"
#include "process.h"

enum { HOLD_NS = 5000000, MOST = 100000 };

/* What a holder notes, and one write(2) appends. */
struct note {
	int64_t start, end;
};

struct settings {
	int rounds, waiters;
	const char *log;
	int lock;     /* FILE.lock */
	char **words; /* LOCKER, this program, --hold, LOG */
	int64_t *gaps;
	int count;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "handover: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int hold(const char *log)
{
	struct note note = {.start = deadline_now()};
	int fd = open(log, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0)
		die(log);
	deadline_sleep(deadline_in(NS_PER_SECOND), HOLD_NS);
	note.end = deadline_now();
	return write(fd, &note, sizeof(note)) != sizeof(note);
}

/* Until all wait: in the kernel, which is what its list of locks shows. */
static void await_waiters(const struct settings *settings)
{
	struct deadline end = deadline_in(30 * NS_PER_SECOND);
	struct process_locks locks;
	struct stat status;

	if (fstat(settings->lock, &status))
		die("FILE.lock");
	do {
		if (deadline_passed(end)) {
			errno = ETIMEDOUT;
			die("waiters");
		}
		deadline_sleep(end, 1000000);
		if (process_locks((struct process_file){status.st_dev,
							status.st_ino},
				  &locks))
			die("/proc/locks");
	} while (locks.waiters < (unsigned)settings->waiters);
}

static void read_notes(struct settings *settings, int64_t released)
{
	FILE *log = fopen(settings->log, "r");
	struct note note;

	if (!log)
		die(settings->log);
	while (fread(&note, sizeof(note), 1, log) == 1) {
		settings->gaps[settings->count++] = note.start - released;
		released = note.end;
	}
	fclose(log);
}

static void run_round(struct settings *settings)
{
	int64_t released;
	int status;
	pid_t pid;

	if (truncate(settings->log, 0) || flock(settings->lock, LOCK_EX))
		die(settings->log);
	for (int i = 0; i < settings->waiters; i++) {
		errno = posix_spawnp(&pid, settings->words[0], NULL, NULL,
				     settings->words, environ);
		if (errno)
			die(settings->words[0]);
	}
	await_waiters(settings);
	released = deadline_now();
	flock(settings->lock, LOCK_UN);
	for (int i = 0; i < settings->waiters; i++)
		if (wait(&status) < 0 || status)
			die(settings->words[0]);
	read_notes(settings, released);
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void report(struct settings *settings)
{
	int n = settings->count;

	qsort(settings->gaps, (size_t)n, sizeof(*settings->gaps), compare);
	printf("%.0f\t%.0f\t%.0f\t%d\n",
	       (double)settings->gaps[n / 2] / 1000.0,
	       (double)settings->gaps[n * 9 / 10] / 1000.0,
	       (double)settings->gaps[n - 1] / 1000.0, n);
}

/* LOCKER's words and what it is to run. */
static char **make_words(char **locker, char *self, char *log)
{
	static char flag[] = "--hold";
	size_t count = 0;
	char **words;

	while (locker[count])
		count++;
	words = calloc(count + 4, sizeof(*words));
	if (!words)
		die("memory");
	memcpy(words, locker, count * sizeof(*words));
	words[count] = self;
	words[count + 1] = flag;
	words[count + 2] = log;
	return words;
}

static void read_options(struct settings *settings, int argc, char **argv)
{
	int letter;

	while ((letter = getopt(argc, argv, "+n:k:")) != -1) {
		if (letter == 'n')
			settings->rounds = atoi(optarg);
		else if (letter == 'k')
			settings->waiters = atoi(optarg);
		else
			exit(2);
	}
	if (argc - optind < 2 || settings->rounds < 1 ||
	    settings->waiters < 1 ||
	    (long)settings->rounds * settings->waiters > MOST) {
		fprintf(stderr, "usage: handover [-n ROUNDS] [-k WAITERS] "
				"FILE LOCKER...\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct settings settings = {.rounds = 10, .waiters = 20};
	char *log, *lock;

	if (argc == 3 && !strcmp(argv[1], "--hold"))
		return hold(argv[2]);
	read_options(&settings, argc, argv);
	settings.gaps = calloc(MOST, sizeof(*settings.gaps));
	if (!settings.gaps ||
	    asprintf(&log, "%s.log", argv[optind]) < 0 ||
	    asprintf(&lock, "%s.lock", argv[optind]) < 0)
		die("memory");
	close(open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
	settings.log = log;
	settings.lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (settings.lock < 0)
		die(lock);
	settings.words = make_words(argv + optind + 1, argv[0], log);
	for (int i = 0; i < settings.rounds; i++)
		run_round(&settings);
	report(&settings);
	return 0;
}
