/* SPDX-License-Identifier: MIT */
/*
 * Claims tokens from a rate limit by rate-wait in many processes at once, and
 * judges what was granted.
 *
 * Usage: rate_stress STATE RATE BURST SECONDS PROCESSES LOW HIGH
 *        rate_stress --stopped STATE RATE BURST WAITERS
 *
 * The first form: PROCESSES callers run `rate-wait --json -n N` one after the
 * other for SECONDS, N drawn from LOW to HIGH. The second: WAITERS wait, are
 * stopped for 3 seconds and continued together.
 *
 * Judged over all windows: the departures that rate-wait reports, without any
 * allowance; the clock as the caller reads it right after the end of rate-wait,
 * with the largest lateness of the run as the only allowance. The first form
 * prints how much of the rate was granted, in percent, without the burst.
 *
 * Exit status: 0 the promise was kept; 1 it was not; 2 the test did not run.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rate.h"
#include "windows.h"

enum { MOST = 200000, MOST_WAITERS = 100 };

struct sample {
	int64_t departure, clock, tokens;
};

struct limit {
	const char *state, *rate_text, *burst_text;
	struct rate rate;
	int64_t burst;
};

#define FOREVER INT64_C(1000000000000)

static struct sample samples[MOST];
static size_t count;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "rate_stress: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_BOOTTIME, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* --- one rate-wait ------------------------------------------------------- */

struct run {
	pid_t pid;
	int fd;
	int64_t tokens;
};

static void start(struct run *run, const struct limit *limit, int64_t tokens,
		  int64_t timeout)
{
	char text[24], left[32];
	char *argv[] = {
		(char[]){"rate-wait"}, strdup(limit->state),
		(char[]){"--json"}, (char[]){"--rate"},
		strdup(limit->rate_text), (char[]){"--burst"},
		strdup(limit->burst_text), (char[]){"-n"}, text,
		(char[]){"-t"}, left, NULL,
	};
	posix_spawn_file_actions_t actions;
	int ends[2];

	snprintf(text, sizeof(text), "%lld", (long long)tokens);
	snprintf(left, sizeof(left), "%lldns", (long long)timeout);
	if (pipe2(ends, O_CLOEXEC))
		die("pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	errno = posix_spawnp(&run->pid, argv[0], &actions, NULL, argv, environ);
	if (errno)
		die("rate-wait");
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	free(argv[1]);
	free(argv[4]);
	free(argv[6]);
	run->fd = ends[0];
	run->tokens = tokens;
}

/*
 * Its line is there: when is it now, and when did it leave? False if it was
 * refused, as its time would be too late.
 */
static bool finish(struct run *run, struct sample *sample)
{
	static const char key[] = "\"departure_ns\":";
	char text[512], *found;
	ssize_t n = read(run->fd, text, sizeof(text) - 1);
	int status;

	sample->clock = now();
	sample->tokens = run->tokens;
	if (n <= 0)
		die("rate-wait printed nothing");
	text[n] = '\0';
	found = strstr(text, key);
	if (found)
		sample->departure = strtoll(found + sizeof(key) - 1, NULL, 10);
	close(run->fd);
	if (waitpid(run->pid, &status, 0) != run->pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != (found ? 0 : 75))
		die("rate-wait failed");
	return found;
}

/* --- judging ------------------------------------------------------------- */

static bool judge(const struct limit *limit, bool by_clock, int64_t allowance)
{
	static struct grant grants[MOST];
	const char *what = by_clock ? "callers' clocks" : "departures";
	size_t from, to;

	for (size_t i = 0; i < count; i++)
		grants[i] = (struct grant){by_clock ? samples[i].clock
						    : samples[i].departure,
					   samples[i].tokens};
	if (windows_keep(grants, count, limit->rate, limit->burst, allowance,
			 &from, &to))
		return true;
	printf("%s: over the promise, %lld ns from grant %zu to %zu\n", what,
	       (long long)(grants[to].at - grants[from].at), from, to);
	return false;
}

static bool judge_all(const struct limit *limit)
{
	int64_t late, latest = 0, soonest = INT64_MAX;
	bool kept;

	for (size_t i = 0; i < count; i++) {
		late = samples[i].clock - samples[i].departure;
		latest = late > latest ? late : latest;
		soonest = late < soonest ? late : soonest;
	}
	printf("%zu grants, caller after departure by %.3f to %.3f ms\n", count,
	       (double)soonest / 1e6, (double)latest / 1e6);
	if (soonest < 0)
		printf("a departure lies in the caller's future\n");
	kept = judge(limit, false, 0);
	return judge(limit, true, latest) && kept && soonest >= 0;
}

/* --- callers in loops ---------------------------------------------------- */

static void call_in_a_loop(const struct limit *limit, int64_t end, int64_t low,
			   int64_t high, unsigned seed, int out)
{
	int64_t left;

	while ((left = end - now()) > 0) {
		struct sample sample;
		struct run run;

		seed = seed * 1103515245u + 12345u;
		start(&run, limit,
		      low + (int64_t)(seed >> 8) % (high - low + 1), left);
		if (!finish(&run, &sample))
			break;
		if (write(out, &sample, sizeof(sample)) != sizeof(sample))
			_exit(2);
	}
	_exit(0);
}

static void collect(int fd)
{
	while (count < MOST &&
	       read(fd, &samples[count], sizeof(samples[0])) ==
		       sizeof(samples[0]))
		count++;
	if (count == MOST)
		die("too many samples");
}

static int loops(const struct limit *limit, char **argv)
{
	int64_t duration = atoll(argv[0]) * INT64_C(1000000000);
	int64_t begin = now(), tokens = 0, last = 0;
	int processes = atoi(argv[1]), ends[2], status, result = 0;
	double expected;

	if (pipe2(ends, O_CLOEXEC))
		die("pipe");
	for (int i = 0; i < processes; i++)
		if (!fork())
			call_in_a_loop(limit, begin + duration, atoll(argv[2]),
				       atoll(argv[3]), (unsigned)i * 7919u,
				       ends[1]);
	close(ends[1]);
	collect(ends[0]);
	while (wait(&status) > 0)
		result |= status;
	if (result)
		die("a caller");
	/*
	 * Until the last departure somebody waited all the time: the bucket was
	 * empty then but for what the next in line was waiting for.
	 */
	for (size_t i = 0; i < count; i++) {
		if (samples[i].departure > begin + duration)
			continue;
		tokens += samples[i].tokens;
		if (samples[i].departure > last)
			last = samples[i].departure;
	}
	expected = (double)(last - begin) * (double)limit->rate.count /
		   (double)limit->rate.period;
	printf("%lld tokens in %.3f s: %.2f %% of the rate beyond the burst, "
	       "%.2f %% with it\n", (long long)tokens,
	       (double)(last - begin) / 1e9,
	       100 * ((double)(tokens - limit->burst)) / expected,
	       100 * (double)tokens / expected);
	return judge_all(limit) ? 0 : 1;
}

/* --- stopped together ---------------------------------------------------- */

/* Do all of them sleep, having reserved? They do once the state says so. */
static void await_sleepers(const struct limit *limit, int waiters)
{
	char command[600], text[32];
	FILE *out;

	snprintf(command, sizeof(command),
		 "rate-wait '%s' --status --json | "
		 "sed 's/.*\"waiting\":\\([0-9]*\\).*/\\1/'", limit->state);
	for (int tries = 0; tries < 1000; tries++) {
		out = popen(command, "r");
		if (!out || !fgets(text, sizeof(text), out))
			die(command);
		pclose(out);
		if (atoi(text) == waiters)
			return;
		usleep(5000);
	}
	die("the waiters do not all wait");
}

static int stopped(const struct limit *limit, int waiters)
{
	struct pollfd fds[MOST_WAITERS];
	struct run runs[MOST_WAITERS], first;
	char command[600];
	int left = waiters;

	start(&first, limit, limit->burst, FOREVER);
	finish(&first, &samples[count++]);
	/* So that none leaves before all are there. */
	snprintf(command, sizeof(command), "rate-wait '%s' --penalty 2.5",
		 limit->state);
	if (system(command))
		die(command);
	for (int i = 0; i < waiters; i++) {
		start(&runs[i], limit, 1, FOREVER);
		fds[i] = (struct pollfd){.fd = runs[i].fd, .events = POLLIN};
	}
	await_sleepers(limit, waiters);
	for (int i = 0; i < waiters; i++)
		kill(runs[i].pid, SIGSTOP);
	sleep(3);
	for (int i = 0; i < waiters; i++)
		kill(runs[i].pid, SIGCONT);
	while (left > 0) {
		if (poll(fds, (nfds_t)waiters, -1) < 0)
			die("poll");
		for (int i = 0; i < waiters; i++) {
			if (!fds[i].revents)
				continue;
			if (!finish(&runs[i], &samples[count++]))
				die("refused");
			fds[i].fd = -1;
			left--;
		}
	}
	return judge_all(limit) ? 0 : 1;
}

int main(int argc, char **argv)
{
	bool stop = argc > 1 && !strcmp(argv[1], "--stopped");
	struct limit limit;
	int result;

	if (argc != (stop ? 6 : 8)) {
		fprintf(stderr, "rate_stress: see the head of its source\n");
		return 2;
	}
	argv += stop ? 2 : 1;
	limit = (struct limit){argv[0], argv[1], argv[2], {1, 1}, 0};
	limit.burst = atoll(argv[2]);
	if (rate_parse(limit.rate_text, &limit.rate))
		die(limit.rate_text);
	setvbuf(stdout, NULL, _IOLBF, 0);
	result = stop ? stopped(&limit, atoi(argv[3]))
		      : loops(&limit, argv + 3);
	return result;
}
