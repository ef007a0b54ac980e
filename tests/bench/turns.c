/* SPDX-License-Identifier: MIT */
/*
 * Runs commands in turns and says how long each takes.
 *
 * In turns, because the machine's speed drifts: commands that are compared must
 * meet the same weather. Started by posix_spawn, so that this program's size
 * costs nothing; their output goes to /dev/null. Whole processes are timed,
 * from before the start to after the end, and the median is what counts.
 *
 * Usage: turns [-n ROUNDS] [-s SECONDS] [-k AT-ONCE] LABEL COMMAND [ARG...]
 *              [, LABEL COMMAND [ARG...]]...
 *
 * A round runs each command AT-ONCE (1) times at the same time. It ends after
 * ROUNDS (100), or when SECONDS (60) have passed, but not before one round. The
 * first round of several is not counted. Prints a line a command: label, median
 * and fastest of the rounds in microseconds, the largest memory of a process in
 * KiB, the number of processes that were run, separated by tabs.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"
#include "duration.h"

enum { MOST_COMMANDS = 32, MOST_AT_ONCE = 1000 };

struct command {
	const char *label;
	char **argv;
	int64_t *times; /* ns, one a round */
	long memory;	/* KiB */
	long runs;
};

struct settings {
	int rounds;
	int seconds;
	int at_once;
	int count;
	struct command commands[MOST_COMMANDS];
	posix_spawn_file_actions_t quiet;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "turns: %s: %s\n", what, why);
	exit(1);
}

static int compare_times(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void start(const struct settings *settings, struct command *command)
{
	pid_t pid;
	int error = posix_spawnp(&pid, command->argv[0], &settings->quiet, NULL,
				 command->argv, environ);

	if (error)
		die(command->argv[0], strerror(error));
	command->runs++;
}

static void reap(struct command *command)
{
	struct rusage usage;
	int status;

	if (wait4(-1, &status, 0, &usage) < 0)
		die("wait", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		die(command->label, "failed");
	if (usage.ru_maxrss > command->memory)
		command->memory = usage.ru_maxrss;
}

static int64_t time_once(const struct settings *settings,
			 struct command *command)
{
	int64_t began = deadline_now();

	for (int i = 0; i < settings->at_once; i++)
		start(settings, command);
	for (int i = 0; i < settings->at_once; i++)
		reap(command);
	return deadline_now() - began;
}

/* Returns how many rounds there were. */
static int run_rounds(struct settings *settings)
{
	struct deadline end = deadline_in(settings->seconds * NS_PER_SECOND);
	int round = 0;

	do
		for (int i = 0; i < settings->count; i++)
			settings->commands[i].times[round] =
				time_once(settings, &settings->commands[i]);
	while (++round < settings->rounds && !deadline_passed(end));
	return round;
}

static void report(const struct command *command, int rounds)
{
	/* The first round fills the caches. */
	int first = rounds > 1 ? 1 : 0;
	int64_t *times = command->times + first;
	size_t n = (size_t)(rounds - first);

	qsort(times, n, sizeof(*times), compare_times);
	printf("%s\t%.1f\t%.1f\t%ld\t%ld\n", command->label,
	       (double)(times[(n - 1) / 2] + times[n / 2]) / 2000.0,
	       (double)times[0] / 1000.0, command->memory, command->runs);
}

/* Words up to "," make a command each. WORDS ends in NULL. */
static void read_commands(struct settings *settings, char **words)
{
	while (*words) {
		struct command *command;

		if (settings->count == MOST_COMMANDS)
			die("too many commands", words[0]);
		command = &settings->commands[settings->count++];
		command->label = *words++;
		command->argv = words;
		command->times = calloc((size_t)settings->rounds,
					sizeof(*command->times));
		if (!command->times)
			die("memory", strerror(errno));
		while (*words && strcmp(*words, ","))
			words++;
		if (command->argv == words)
			die(command->label, "no command");
		if (*words)
			*words++ = NULL;
	}
}

static int number(const char *text, int most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end || value < 1 || value > most)
		die(text, "not a number that makes sense here");
	return (int)value;
}

static void read_options(struct settings *settings, int argc, char **argv)
{
	int letter;

	while ((letter = getopt(argc, argv, "+n:s:k:")) != -1)
		switch (letter) {
		case 'n':
			settings->rounds = number(optarg, 1000000);
			break;
		case 's':
			settings->seconds = number(optarg, 86400);
			break;
		case 'k':
			settings->at_once = number(optarg, MOST_AT_ONCE);
			break;
		default:
			exit(2);
		}
}

int main(int argc, char **argv)
{
	struct settings settings = {.rounds = 100, .seconds = 60, .at_once = 1};
	int rounds;

	read_options(&settings, argc, argv);
	read_commands(&settings, argv + optind);
	posix_spawn_file_actions_init(&settings.quiet);
	posix_spawn_file_actions_addopen(&settings.quiet, STDIN_FILENO,
					 "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&settings.quiet, STDOUT_FILENO,
					 "/dev/null", O_WRONLY, 0);
	rounds = run_rounds(&settings);
	for (int i = 0; i < settings.count; i++)
		report(&settings.commands[i], rounds);
	return 0;
}
