/* SPDX-License-Identifier: MIT */
/*
 * file-lock: hold a file's lock for a command or for a shell, and see who does.
 *
 * Exit statuses: exitcode.h. `with` gives COMMAND's own, and 125 for what is
 * wrong with us; `status` gives 0 for free and 1 for locked.
 *
 * Caveats: a lock keeps out only those who ask for it. The lock is flock(2) on
 * FILE.lock, which is why that file stays when it is idle.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "diag.h"
#include "duration.h"
#include "fdio.h"
#include "inspect.h"
#include "json.h"
#include "keeper.h"
#include "lock_file.h"
#include "locking.h"
#include "number.h"
#include "process.h"
#include "slots.h"
#include "temp.h"
#include "tree.h"
#include "usage.h"

enum verb {
	VERB_WITH = 1 << 0,
	VERB_ACQUIRE = 1 << 1,
	VERB_RELEASE = 1 << 2,
	VERB_STATUS = 1 << 3,
	VERB_SHOW = 1 << 4,
	VERB_CLEANUP = 1 << 5,
};

enum {
	TAKES = VERB_WITH | VERB_ACQUIRE,
	ALL_VERBS = (1 << 6) - 1,
};

enum {
	OPTION_SCOPED = OPTION_LONG_ONLY,
	OPTION_UNTIL_CLOSED,
	OPTION_OWNER,
	OPTION_TTL,
	OPTION_FORCE,
	OPTION_JSON,
	OPTION_WATCH,
	OPTION_REMOVE,
};

static const struct option_spec specs[] = {
	{'s', "shared", NULL, "together with others that say so", false, false},
	{'x', "exclusive", NULL, "alone (the default)", false, false},
	{'n', "nonblock", NULL, "do not wait (--timeout 0)", false, false},
	{'E', "conflict-exit-code", "N", "instead of 75 if it is not free",
	 false, false},
	{'j', "slots", "N", "up to N holders at once", false, false},
	{OPTION_SCOPED, "scoped", NULL, "keep no idle lock file", false, false},
	{OPTION_UNTIL_CLOSED, "until-closed", NULL,
	 "until all that COMMAND left have ended too", false, false},
	{OPTION_OWNER, "owner", "PID", "acquire: hold it for that process",
	 false, false},
	{OPTION_TTL, "ttl", "DURATION", "acquire: let go after that time",
	 false, false},
	{OPTION_FORCE, "force", NULL, "release: another shell's lock too",
	 false, false},
	{OPTION_JSON, "json", NULL, "status, show: JSON, an object a line",
	 false, false},
	{OPTION_WATCH, "watch", NULL, "show: again every second", false, false},
	{OPTION_REMOVE, "remove", NULL, "cleanup: idle lock files as well",
	 false, false},
	LOCKING_SPECS,
	USAGE_SPECS,
	{0},
};

/* Which verbs an option is for; those not listed are for all. */
static const struct {
	int id;
	int verbs;
} option_verbs[] = {
	{'s', TAKES},
	{'x', TAKES},
	{'n', TAKES | VERB_RELEASE},
	{'t', TAKES | VERB_RELEASE},
	{'w', TAKES | VERB_RELEASE},
	{'E', TAKES},
	{'j', TAKES},
	{OPTION_SCOPED, TAKES},
	{OPTION_UNTIL_CLOSED, VERB_WITH},
	{OPTION_OWNER, VERB_ACQUIRE},
	{OPTION_TTL, VERB_ACQUIRE},
	{OPTION_FORCE, VERB_RELEASE},
	{OPTION_JSON, VERB_STATUS | VERB_SHOW},
	{OPTION_WATCH, VERB_SHOW},
	{OPTION_REMOVE, VERB_CLEANUP},
	{OPTION_CLIENT, TAKES},
	{OPTION_NO_LOCK, VERB_WITH},
	{'L', TAKES | VERB_RELEASE | VERB_STATUS},
};

static const struct usage usage = {
	.synopsis =
		"  file-lock with FILE... [options] -- COMMAND [ARG...]\n"
		"  file-lock acquire FILE [options]\n"
		"  file-lock release LOCK-ID|FILE [options]\n"
		"  file-lock status FILE [options]\n"
		"  file-lock show [PATH...] [options]\n"
		"  file-lock cleanup [PATH...] [options]\n",
	.purpose =
		"Hold the lock of FILE (flock on FILE.lock) while COMMAND "
		"runs, or for the\ncalling shell until release or its end; "
		"see who holds what.\n",
	.specs = specs,
	.notes = "DURATION: 5, 0.1, 500ms, 2m, inf. Environment: LOCK_TIMEOUT, "
		 "LOCK_RETRY,\nLOCK_DEBUG, AICONFIG_PATH. Exit status: "
		 "COMMAND's own; 75 not free in time;\n125 file-lock failed; "
		 "126, 127 COMMAND cannot be run, is not there.\n",
};

struct settings {
	enum verb verb;
	const char *verb_name;
	struct locking locking;
	char **words;	    /* all, as typed */
	const char **files; /* the operands behind the verb */
	size_t count;
	char **command;
	enum lock_flags flags;
	unsigned slots;
	int conflict_status;
	pid_t owner;
	uint64_t owner_start;
	int64_t ttl;
	bool force, json, watch, remove;
	bool help, version;
};

/* --- options ------------------------------------------------------------- */

static int take_ttl(struct settings *settings, const char *text,
		    struct problem *problem)
{
	if (duration_parse(text, &settings->ttl))
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--ttl: '%s' is not a duration such as 5, "
				   "500ms or 2m", text);
	if (!settings->ttl)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--ttl 0 would let go at once: give a "
				   "longer time, or none");
	return 0;
}

static int take_option(struct settings *settings, int id, const char *value,
		       struct problem *problem)
{
	int64_t number = 0;
	int result = 0;

	switch (id) {
	case 's':
		settings->flags |= LOCK_SHARED;
		break;
	case 'x':
		settings->flags &= ~(unsigned)LOCK_SHARED;
		break;
	case 'n':
		settings->locking.timeout = 0;
		break;
	case 'E':
		result = number_parse("-E", value, 0, 255, &number, problem);
		settings->conflict_status = (int)number;
		break;
	case 'j':
		result = number_parse("--slots", value, 1, SLOTS_MAX, &number,
				     problem);
		settings->slots = (unsigned)number;
		break;
	case OPTION_SCOPED:
		settings->flags |= LOCK_SCOPED;
		break;
	case OPTION_UNTIL_CLOSED:
		settings->flags |= LOCK_UNTIL_CLOSED;
		break;
	case OPTION_OWNER:
		result = number_parse("--owner", value, 1, 4194304, &number,
				     problem);
		settings->owner = (pid_t)number;
		break;
	case OPTION_TTL:
		return take_ttl(settings, value, problem);
	case OPTION_FORCE:
		settings->force = true;
		break;
	case OPTION_JSON:
		settings->json = true;
		break;
	case OPTION_WATCH:
		settings->watch = true;
		break;
	case OPTION_REMOVE:
		settings->remove = true;
		break;
	case OPTION_HELP:
		settings->help = true;
		break;
	case OPTION_VERSION:
		settings->version = true;
		break;
	case 'v':
		diag_set_verbose(true);
		break;
	default:
		break;
	}
	return result;
}

static int find_verb(const char *name)
{
	static const struct {
		const char *name;
		enum verb verb;
	} verbs[] = {
		{"with", VERB_WITH},	   {"acquire", VERB_ACQUIRE},
		{"release", VERB_RELEASE}, {"status", VERB_STATUS},
		{"show", VERB_SHOW},	   {"cleanup", VERB_CLEANUP},
	};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(name, verbs[i].name))
			return verbs[i].verb;
	return 0;
}

/* The first operand is the verb, the others are files. */
static int take_operand(struct settings *settings, const char *word,
			struct problem *problem)
{
	if (settings->verb) {
		settings->files[settings->count++] = word;
		return 0;
	}
	settings->verb = (enum verb)find_verb(word);
	settings->verb_name = word;
	if (settings->verb)
		return 0;
	return problem_set(problem, STATUS_MISUSE, word,
			   "no such command: with, acquire, release, status, "
			   "show or cleanup is wanted first");
}

/* Options seen, so that those of another verb can be refused afterwards. */
static int check_option(const struct settings *settings, int id,
			struct problem *problem)
{
	const char *name = "timeout"; /* -w has no long name of its own */

	for (size_t i = 0; i < sizeof(option_verbs) / sizeof(option_verbs[0]);
	     i++) {
		if (option_verbs[i].id != id ||
		    (option_verbs[i].verbs & (int)settings->verb))
			continue;
		for (size_t s = 0; specs[s].id; s++)
			if (specs[s].id == id && specs[s].name)
				name = specs[s].name;
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--%s makes no sense with %s", name,
				   settings->verb_name);
	}
	return 0;
}

static int parse_words(struct settings *settings, char **argv,
		       struct problem *problem)
{
	struct options options;
	int seen[256], count = 0, id, taken;

	options_init(&options, specs, argv, true);
	while ((id = options_next(&options, problem)) != OPTION_END) {
		if (id == -1)
			return -1;
		if (id == OPTION_OPERAND) {
			if (take_operand(settings, options.value, problem))
				return -1;
			continue;
		}
		if (id == OPTION_COMMAND) {
			settings->command = options.command;
			continue;
		}
		taken = locking_option(&settings->locking, id, &options,
				       problem);
		if (taken < 0 ||
		    (!taken && take_option(settings, id, options.value,
					   problem)))
			return -1;
		if (count < (int)(sizeof(seen) / sizeof(seen[0])))
			seen[count++] = id;
	}
	while (settings->verb && count > 0)
		if (check_option(settings, seen[--count], problem))
			return -1;
	return 0;
}

/*
 * Put the words of the command line behind LINE, without SKIP and with "--"
 * before COMMAND. (Both point at what is there, or are NULL.)
 */
static void spell_out(const struct settings *settings, char line[512],
		      const char *skip, const char *command)
{
	size_t length = strlen(line);

	for (char **word = settings->words + 1; *word && length < 512; word++)
		if (*word != skip)
			length += (size_t)snprintf(
				line + length, 512 - length, " %s%s",
				*word == command ? "-- " : "", *word);
}

/*
 * `with f git status`: show how it is meant. The command begins at the second
 * operand, and what looks like an option behind it is the command's.
 */
static int missing_dashes(const struct settings *settings,
			  struct problem *problem)
{
	const char *command = settings->count > 1 ? settings->files[1] : NULL;
	char line[512] = "file-lock";

	spell_out(settings, line, NULL, command);
	return problem_set(problem, STATUS_MISUSE, NULL,
			   "'--' must stand before the command: %s%s",
			   line, command ? "" : " -- COMMAND");
}

/*
 * `file-lock f.json` and, as one writes flock(1), `file-lock -n f cmd`: the
 * first operand is a file.
 */
static int missing_with(const struct settings *settings,
			struct problem *problem)
{
	char **word = settings->words + 1, line[512] = "file-lock with";
	const char *command = NULL;
	bool dashes = false;

	while (*word != settings->verb_name)
		word++;
	if (*++word && **word != '-')
		command = *word;
	for (; *word && !dashes; word++)
		dashes = !strcmp(*word, "--");
	if (dashes)
		command = NULL;
	spell_out(settings, line, NULL, command);
	return problem_set(problem, STATUS_MISUSE, settings->verb_name,
			   "no such command: to hold the lock of a file: %s%s",
			   line, dashes || command ? "" : " -- COMMAND");
}

/* What people type who are used to other lock commands. */
static int old_habit(const struct settings *settings, struct problem *problem)
{
	static const char *const names[][2] = {{"lock", "acquire"},
					       {"unlock", "release"}};
	const char *word = settings->verb_name;
	char line[512];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(word, names[i][0]))
			continue;
		snprintf(line, sizeof(line), "file-lock %s", names[i][1]);
		spell_out(settings, line, word, NULL);
		return problem_set(problem, STATUS_MISUSE, word,
				   "no such command, it is called %s: %s",
				   names[i][1], line);
	}
	if (settings->words[1] != word || strpbrk(word, "./") ||
	    !access(word, F_OK))
		return missing_with(settings, problem);
	return -1;
}

static bool lacks_dashes(const struct settings *settings)
{
	if (settings->verb != VERB_WITH || settings->count < 2)
		return false;
	for (char **word = settings->words; *word; word++)
		if (!strcmp(*word, "--"))
			return false;
	return true;
}

static int parse_options(struct settings *settings, char **argv,
			 struct problem *problem)
{
	size_t words = 0;

	while (argv[words])
		words++;
	*settings = (struct settings){
		.words = argv,
		.conflict_status = STATUS_BUSY,
		.ttl = DURATION_FOREVER,
		.files = calloc(words + 1, sizeof(char *)),
	};
	if (!settings->files)
		return problem_errno(problem, NULL, NULL);
	if (locking_init(&settings->locking, problem))
		return -1;
	settings->locking.notice = diag_waiting;
	settings->locking.debug = diag_debug;
	if (!parse_words(settings, argv, problem))
		return 0;
	if (!settings->verb && settings->verb_name)
		return old_habit(settings, problem);
	return lacks_dashes(settings) ? missing_dashes(settings, problem) : -1;
}

/* What follows "--" is COMMAND for `with`, and more operands for the rest. */
static int validate(struct settings *settings, struct problem *problem)
{
	const char *what = settings->verb == VERB_RELEASE ? "LOCK-ID or FILE"
							  : "FILE";
	bool one = settings->verb &
		   (VERB_ACQUIRE | VERB_RELEASE | VERB_STATUS);

	if (!settings->verb)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "with, acquire, release, status, show or "
				   "cleanup is wanted");
	if (settings->verb != VERB_WITH && settings->command)
		while (*settings->command)
			settings->files[settings->count++] =
				*settings->command++;
	if ((one || settings->verb == VERB_WITH) && !settings->count)
		return problem_set(problem, STATUS_MISUSE, NULL, "no %s given",
				   what);
	if (one && settings->count > 1)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "%s takes one %s", settings->verb_name,
				   what);
	if (settings->verb == VERB_WITH && !settings->command)
		return missing_dashes(settings, problem);
	if (settings->verb == VERB_WITH && !*settings->command)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "no COMMAND behind '--'");
	if ((settings->flags & LOCK_SCOPED) &&
	    (settings->flags & LOCK_UNTIL_CLOSED))
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--scoped does not go with --until-closed: "
				   "nobody would remove the lock file");
	if (settings->locking.lock_file && settings->count > 1)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--lock-file goes with one FILE only");
	if (settings->slots)
		settings->flags |= LOCK_SHARED;
	return 0;
}

/* --- with ---------------------------------------------------------------- */

/* One of the files to be locked. */
struct item {
	struct target target;
	struct stat directory;
	struct lock lock;
};

static int compare_items(const void *a, const void *b)
{
	const struct item *left = a, *right = b;

	if (left->directory.st_dev != right->directory.st_dev)
		return left->directory.st_dev < right->directory.st_dev ? -1
									: 1;
	if (left->directory.st_ino != right->directory.st_ino)
		return left->directory.st_ino < right->directory.st_ino ? -1
									: 1;
	return strcmp(left->target.name, right->target.name);
}

static void close_items(struct item *items, size_t count)
{
	while (count > 0)
		target_close(&items[--count].target);
	free(items);
}

/*
 * The files in the order in which everybody takes them, so that no two can wait
 * for each other; a file that is named twice is there once. NULL with PROBLEM.
 */
static struct item *open_items(const struct settings *settings, size_t *count,
			       struct problem *problem)
{
	struct item *items = calloc(settings->count, sizeof(*items));
	size_t kept = 0;

	if (!items) {
		problem_errno(problem, NULL, NULL);
		return NULL;
	}
	for (size_t i = 0; i < settings->count; i++) {
		items[i].lock = (struct lock)LOCK_NONE;
		if (target_open(&items[i].target, settings->files[i],
				TARGET_DIRECTORY, problem)) {
			close_items(items, i);
			return NULL;
		}
		fstat(items[i].target.directory, &items[i].directory);
	}
	qsort(items, settings->count, sizeof(*items), compare_items);
	for (size_t i = 1; i < settings->count; i++) {
		if (compare_items(&items[kept], &items[i]))
			items[++kept] = items[i];
		else
			target_close(&items[i].target);
	}
	*count = kept + 1;
	return items;
}

/* All or nothing, by one deadline. */
static int take_items(const struct settings *settings, struct item *items,
		      size_t count, struct problem *problem)
{
	struct lock_request request = locking_request(
		&settings->locking, settings->flags, settings->command[0]);

	request.slots = settings->slots;
	for (size_t i = 0; i < count; i++) {
		if (!locking_take_request(&settings->locking, &items[i].lock,
					  &items[i].target, &request,
					  problem) &&
		    !lock_pass_on(&items[i].lock))
			continue;
		if (items[i].lock.fd >= 0)
			problem_errno(problem, items[i].target.operand,
				      "cannot hand the lock to the command");
		do
			lock_release(&items[i].lock);
		while (i-- > 0);
		return -1;
	}
	return 0;
}

static void debug_command(const struct settings *settings)
{
	const char *debug = getenv("LOCK_DEBUG");
	struct buffer line = BUFFER_INIT;
	int error = 0;

	if (!debug || strcmp(debug, "1"))
		return;
	for (char **word = settings->command; *word && !error; word++)
		error = buffer_add_format(&line, " %s", *word);
	diag_debug("Executing with lock:%s", line.data ? line.data : "");
	buffer_release(&line);
}

/*
 * Two descriptors a file: more than the usual soft limit allows for some
 * hundred of them. The limit is given back before the command starts.
 */
static void allow_files(size_t count, struct rlimit *before)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, before);
	limit = *before;
	if (limit.rlim_cur >= 2 * count + 300)
		return;
	limit.rlim_cur = 2 * count + 300;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Its status, or -1 with PROBLEM. Then there is no command_end to call. */
static int run_command(const struct settings *settings, struct command *command,
		       struct problem *problem)
{
	debug_command(settings);
	if (command_start(command, settings->command, NULL, problem))
		return -1;
	return command_wait(command);
}

/* A failure of ours before COMMAND could run. */
static int with_failure(const struct settings *settings,
			const struct problem *problem)
{
	int status = diag_problem(problem);

	if (status == STATUS_BUSY)
		return settings->conflict_status;
	if (status == STATUS_NOEXEC || status == STATUS_NOTFOUND)
		return status;
	return STATUS_TOOL;
}

/* Give all back. False if one was no more ours while COMMAND ran. */
static bool release_items(const struct settings *settings, struct item *items,
			  size_t count)
{
	const char *lock_file = settings->locking.lock_file;
	bool kept = true;

	while (count-- > 0) {
		struct item *item = &items[count];

		if (lock_was_lost(&item->lock)) {
			kept = false;
			diag_error(lock_file ? lock_file
					     : item->target.lock_name,
				   "the lock was lost: somebody removed or "
				   "replaced this file while the command ran");
		}
		locking_release(&settings->locking, &item->lock,
				&item->target);
	}
	return kept;
}

static int run_with(const struct settings *settings)
{
	struct command command;
	struct problem problem;
	struct rlimit limit;
	struct item *items;
	size_t count;
	bool kept;
	int status;

	allow_files(settings->count, &limit);
	items = open_items(settings, &count, &problem);
	if (!items)
		return with_failure(settings, &problem);
	if (take_items(settings, items, count, &problem)) {
		close_items(items, count);
		return with_failure(settings, &problem);
	}
	setrlimit(RLIMIT_NOFILE, &limit);
	status = run_command(settings, &command, &problem);
	kept = release_items(settings, items, count);
	close_items(items, count);
	if (status < 0)
		return with_failure(settings, &problem);
	command_end(&command);
	return kept ? status : STATUS_TOOL;
}

/* --- acquire and release ------------------------------------------------- */

static int conflict(const struct settings *settings,
		    const struct problem *problem)
{
	int status = diag_problem(problem);

	return status == STATUS_BUSY ? settings->conflict_status : status;
}

/*
 * The shell that calls us may be another user's (root's, that has dropped its
 * rights for us); one that is only named must be our own.
 */
static int check_owner(const struct settings *settings, struct problem *problem)
{
	if (!settings->owner)
		return 0;
	if (!process_lives(settings->owner, 0))
		return problem_set(problem, STATUS_FAILED, NULL,
				   "--owner: there is no process %ld",
				   (long)settings->owner);
	if (kill(settings->owner, 0) && errno == EPERM)
		return problem_set(problem, STATUS_FAILED, NULL,
				   "--owner: process %ld is another user's",
				   (long)settings->owner);
	return 0;
}

/* Print the ID, and only then have the keeper keep the lock. */
static int hand_out(struct keeper *keeper, struct buffer *id)
{
	int status = STATUS_FAILED;

	if (!buffer_add_char(id, '\n'))
		status = usage_print(id->data, id->length);
	if (status != STATUS_DONE) {
		keeper_abandon(keeper);
		return status;
	}
	if (!keeper_confirm(keeper))
		return STATUS_DONE;
	diag_error(NULL, "the keeper was killed: the lock is not held");
	return STATUS_FAILED;
}

static int keep(const struct settings *settings, struct target *target,
		struct lock *lock)
{
	char *path = target_path(target, target->name);
	struct buffer id = BUFFER_INIT;
	struct keeper keeper;
	struct problem problem;
	int status;
	const struct keeper_request request = {
		.owner = settings->owner,
		.start = settings->owner_start,
		.ttl = settings->ttl,
		.path = path ? path : target->operand,
		.client = settings->locking.client,
	};

	if (keeper_start(&keeper, lock, &request, &id, &problem))
		status = diag_problem(&problem);
	else
		status = hand_out(&keeper, &id);
	buffer_release(&id);
	free(path);
	return status;
}

static int run_acquire(struct settings *settings)
{
	struct lock_request request = locking_request(
		&settings->locking, settings->flags, "file-lock");
	struct target target;
	struct problem problem;
	struct lock lock;
	int status;

	request.slots = settings->slots;
	if (check_owner(settings, &problem))
		return diag_problem(&problem);
	/* Now, not after the wait: a subshell above us may end meanwhile. */
	if (!settings->owner)
		settings->owner = process_owner(getpid());
	process_start(settings->owner, &settings->owner_start);
	if (target_open(&target, settings->files[0], TARGET_DIRECTORY,
			&problem))
		return diag_problem(&problem);
	if (locking_take_request(&settings->locking, &lock, &target, &request,
				 &problem))
		status = conflict(settings, &problem);
	else
		status = keep(settings, &target, &lock);
	target_close(&target);
	return status;
}

/* Open the lock file of what the user named: its directory and name. */
static int open_place(const struct settings *settings, const char *file,
		      struct target *target, const char **name,
		      struct problem *problem)
{
	const char *lock_file = settings->locking.lock_file;

	if (target_open(target, lock_file ? lock_file : file, TARGET_DIRECTORY,
			problem))
		return -1;
	*name = lock_file ? target->name : target->lock_name;
	return 0;
}

static int look(const struct settings *settings, const char *file,
		struct inspection *inspection, struct problem *problem)
{
	struct target target;
	const char *name;
	int result;

	if (open_place(settings, file, &target, &name, problem))
		return -1;
	result = inspect_lock(target.directory, name, inspection);
	if (result)
		lock_file_problem(problem, name, true);
	target_close(&target);
	return result;
}

/*
 * Why a lock ID is no good: its keeper is gone. What stands in the lock file
 * tells what became of the lock.
 */
static int lost(const struct settings *settings, const char *id, int length,
		const struct keeper_name *name)
{
	char *file = strndup(id, (size_t)length), words[HOLDER_WORDS];
	struct inspection now = {.state = INSPECT_FREE};
	struct problem problem;

	if (file)
		look(settings, file, &now, &problem);
	free(file);
	holder_describe(&now.holder, words);
	if (now.state == INSPECT_HELD)
		diag_error(id, "is not held any more: the lock is now with %s",
			   words);
	else if (now.state == INSPECT_STALE &&
		 now.holder.pid == name->keeper)
		diag_error(id, "is not held: it was lost when its keeper, "
			       "process %ld, was killed", (long)name->keeper);
	else if (now.content == HOLDER_LOST &&
		 now.holder.pid == name->keeper)
		diag_error(id, "is not held: it was lost at %s, when its time "
			       "to live ended", now.holder.since);
	else
		diag_error(id, "is not held: it was released, or its owner "
			       "has ended");
	return STATUS_FAILED;
}

/* FILE given instead of an ID: the keeper is named in the lock file. */
static int name_from_file(const struct settings *settings, const char *file,
			  struct keeper_name *name, struct problem *problem)
{
	struct inspection now;
	char words[HOLDER_WORDS];

	if (look(settings, file, &now, problem))
		return -1;
	if (now.state != INSPECT_HELD)
		return problem_set(problem, STATUS_FAILED, file,
				   "is not locked");
	holder_describe(&now.holder, words);
	if (now.holder.owner.pid <= 0)
		return problem_set(problem, STATUS_FAILED, file,
				   "is locked by %s, not by acquire: it is "
				   "free when that ends", words);
	*name = (struct keeper_name){.keeper = now.holder.pid,
				     .owner = now.holder.owner.pid,
				     .start = now.holder.start};
	return 0;
}

/* However short the time-out: the keeper has its own moment for ending. */
static struct deadline release_deadline(const struct settings *settings)
{
	const int64_t moment = NS_PER_SECOND, time = settings->locking.timeout;

	return deadline_in(time > moment ? time : moment);
}

static int run_release(const struct settings *settings)
{
	const char *word = settings->files[0];
	struct keeper_name name;
	struct problem problem;
	int length = keeper_parse_id(word, &name);

	if (length >= 0 && !keeper_lives(&name))
		return lost(settings, word, length, &name);
	if ((length < 0 && name_from_file(settings, word, &name, &problem)) ||
	    keeper_release(&name, settings->force,
			   release_deadline(settings), word, &problem))
		return diag_problem(&problem);
	diag_ok("released: %s", word);
	return STATUS_DONE;
}

/* --- status and show ----------------------------------------------------- */

static const char *state_name(enum inspect_state state)
{
	switch (state) {
	case INSPECT_HELD:
	case INSPECT_EXISTENCE:
		return "active";
	case INSPECT_STALE:
		return "stale";
	default:
		return "unlocked";
	}
}

/* ,"key":"value" */
static int add_member(struct buffer *out, const char *key, const char *value)
{
	return buffer_add_format(out, ",\"%s\":", key) |
	       json_quote_any(out, value);
}

/* The facts of PATH (a lock file) as one JSON object on a line. */
static int add_json(struct buffer *out, const char *path,
		    const struct inspection *now)
{
	const struct holder nobody = {.pid = 0};
	const struct holder *holder =
		now->state == INSPECT_FREE ? &nobody : &now->holder;
	bool held = now->state == INSPECT_HELD;
	int error = buffer_add_string(out, "{\"lock\":");

	error |= json_quote_any(out, path);
	error |= add_member(out, "status", state_name(now->state));
	if (holder->pid > 0)
		error |= buffer_add_format(out, ",\"pid\":%ld",
					   (long)holder->pid);
	if (holder->since[0])
		error |= add_member(out, "acquired", holder->since);
	if (holder->host[0])
		error |= add_member(out, "hostname", holder->host);
	if (holder->client[0])
		error |= add_member(out, "client", holder->client);
	if (holder->command[0])
		error |= add_member(out, "command", holder->command);
	if (holder->owner.pid > 0)
		error |= buffer_add_format(out, ",\"owner\":%ld",
					   (long)holder->owner.pid);
	if (held)
		error |= add_member(out, "mode",
				    now->shared ? "shared" : "exclusive");
	if (inspect_seconds(now) >= 0)
		error |= buffer_add_format(out, ",\"held_seconds\":%ld",
					   inspect_seconds(now));
	return error | buffer_add_format(out, ",\"waiters\":%u}\n",
					 now->waiters);
}

static int add_info(struct buffer *out, const char *key, const char *value)
{
	if (!value[0])
		return 0;
	return buffer_add_format(out, "    %s: %s\n", key, value);
}

static int add_state(struct buffer *out, const struct inspection *now)
{
	long pid = (long)now->holder.pid;

	if (now->state == INSPECT_EXISTENCE)
		return buffer_add_string(out, "  Status: ACTIVE (as long as "
					      "the lock file exists)\n");
	if (now->state == INSPECT_STALE)
		return buffer_add_format(
			out, "  Status: STALE (process %ld is not %s)\n", pid,
			process_lives(now->holder.pid, now->holder.start)
				? "holding it" : "running");
	if (pid <= 0)
		return buffer_add_string(out, "  Status: ACTIVE (the process "
					      "cannot be seen from here)\n");
	return buffer_add_format(
		out, "  Status: ACTIVE (process %ld is running)\n", pid);
}

/* The same for people, in the form of the script that this replaces. */
static int add_text(struct buffer *out, const char *path,
		    const struct inspection *now)
{
	const struct holder *holder = &now->holder;
	long seconds = inspect_seconds(now);
	int error;

	error = buffer_add_format(out, "\nLock: %s\n  Info:\n", path);
	if (holder->pid > 0)
		error |= buffer_add_format(out, "    PID: %ld\n",
					   (long)holder->pid);
	error |= add_info(out, "ACQUIRED", holder->since);
	error |= add_info(out, "HOSTNAME", holder->host);
	error |= add_info(out, "CLIENT", holder->client);
	error |= add_info(out, "COMMAND", holder->command);
	if (holder->owner.pid > 0)
		error |= buffer_add_format(out, "    OWNER: %ld\n",
					   (long)holder->owner.pid);
	if (now->state == INSPECT_HELD && now->shared)
		error |= add_info(out, "MODE", "shared");
	if (seconds >= 0)
		error |= buffer_add_format(out, "    HELD: %ld s\n", seconds);
	if (now->waiters)
		error |= buffer_add_format(out, "    WAITERS: %u\n",
					   now->waiters);
	return error | add_state(out, now);
}

static int run_status(const struct settings *settings)
{
	const char *file = settings->files[0];
	struct inspection now;
	struct problem problem;
	struct buffer out = BUFFER_INIT;
	char words[HOLDER_WORDS];
	int error, status;
	bool held;

	if (look(settings, file, &now, &problem))
		return diag_problem(&problem);
	held = now.state == INSPECT_HELD || now.state == INSPECT_EXISTENCE;
	holder_describe(&now.holder, words);
	if (settings->json)
		error = add_json(&out, file, &now);
	else if (held)
		error = buffer_add_format(&out, "locked by %s\n", words);
	else
		error = buffer_add_string(&out, "unlocked\n");
	status = error ? STATUS_FAILED : usage_print(out.data, out.length);
	buffer_release(&out);
	return status == STATUS_DONE ? held : status;
}

/* Where to look without an operand. To be freed. */
static char *default_root(void)
{
	const char *root = getenv("AICONFIG_PATH"), *home = getenv("HOME");
	char *path = NULL, *real;

	if (root && *root)
		path = strdup(root);
	else if (asprintf(&path, "%s/aiconfig", home ? home : "") < 0)
		path = NULL;
	real = path ? realpath(path, NULL) : NULL;
	free(path);
	return real ? real : realpath(".", NULL);
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), end = strlen(suffix);

	return length > end && !strcmp(name + length - end, suffix);
}

/* What a walk is to do with each lock file, and what it has found. */
struct survey {
	const struct settings *settings;
	tree_visitor *visit;
	struct buffer out;
	unsigned cleaned;
	int error;
};

static int show_lock(int directory, const char *path, const char *name,
		     void *context)
{
	struct survey *survey = context;
	struct inspection now;
	char *full;

	if (!has_suffix(name, ".lock") ||
	    inspect_lock(directory, name, &now) || now.state == INSPECT_FREE ||
	    (now.state == INSPECT_EXISTENCE && now.holder.pid <= 0))
		return 0;
	if (asprintf(&full, "%s/%s", path, name) < 0)
		return -1;
	survey->error |= survey->settings->json
				 ? add_json(&survey->out, full, &now)
				 : add_text(&survey->out, full, &now);
	free(full);
	return survey->error;
}

/* PATH names one file, or its lock file. */
static int survey_file(struct survey *survey, const char *path,
		       struct problem *problem)
{
	struct target target;
	const char *name;
	char *directory, *slash;
	int result = -1;

	if (target_open(&target, path, 0, problem))
		return -1;
	name = has_suffix(target.name, ".lock") ? target.name
						: target.lock_name;
	directory = target_path(&target, "");
	slash = directory ? strrchr(directory, '/') : NULL;
	if (slash) {
		*slash = '\0';
		result = survey->visit(target.directory, directory, name,
				       survey);
	}
	if (result)
		problem_errno(problem, path, NULL);
	free(directory);
	target_close(&target);
	return result;
}

/* The absolute path of a FILE that does not exist, but has a lock file. */
static char *guarded_path(const char *file)
{
	char *lock_file, *path;

	if (asprintf(&lock_file, "%s.lock", file) < 0)
		return NULL;
	path = realpath(lock_file, NULL);
	free(lock_file);
	if (path && has_suffix(path, ".lock")) {
		path[strlen(path) - strlen(".lock")] = '\0';
		return path;
	}
	free(path);
	errno = ENOENT;
	return NULL;
}

/* Say where we look, then look there. */
static int survey_path(struct survey *survey, const char *path,
		       void (*announce)(struct survey *, const char *root),
		       struct problem *problem)
{
	char *root = path ? realpath(path, NULL) : default_root();
	struct stat status;
	int result;

	if (!root && path && errno == ENOENT)
		root = guarded_path(path);
	if (!root) {
		problem_errno(problem, path ? path : ".", NULL);
		if (errno == ENOENT)
			problem->status = STATUS_STATE;
		return -1;
	}
	announce(survey, root);
	if (!stat(root, &status) && S_ISDIR(status.st_mode)) {
		result = tree_walk(root, survey->visit, survey);
		if (result)
			problem_errno(problem, root, NULL);
	} else {
		result = survey_file(survey, root, problem);
	}
	free(root);
	return result;
}

static int survey_all(struct survey *survey,
		      void (*announce)(struct survey *, const char *root))
{
	const struct settings *settings = survey->settings;
	struct problem problem;
	size_t i = 0;

	do {
		const char *path = settings->count ? settings->files[i] : NULL;

		if (survey_path(survey, path, announce, &problem))
			return diag_problem(&problem);
	} while (++i < settings->count);
	return STATUS_DONE;
}

static void announce_show(struct survey *survey, const char *root)
{
	if (!survey->settings->json)
		survey->error |= buffer_add_format(
			&survey->out, "%sCurrent locks in: %s\n",
			survey->out.length ? "\n" : "", root);
}

static int show_once(const struct settings *settings)
{
	struct survey survey = {.settings = settings, .visit = show_lock};
	int status;

	/* Home and clear: the last picture goes when the next one is ready. */
	if (settings->watch && isatty(STDOUT_FILENO))
		survey.error = buffer_add_string(&survey.out, "\033[H\033[2J");
	status = survey_all(&survey, announce_show);
	if (status == STATUS_DONE && survey.error)
		status = STATUS_FAILED;
	if (status == STATUS_DONE && survey.out.length)
		status = usage_print(survey.out.data, survey.out.length);
	buffer_release(&survey.out);
	return status;
}

static int run_show(const struct settings *settings)
{
	int status;

	do
		status = show_once(settings);
	while (settings->watch && status == STATUS_DONE &&
	       !deadline_sleep(deadline_in(DURATION_FOREVER), NS_PER_SECOND));
	return status;
}

/* --- cleanup ------------------------------------------------------------- */

/* What may be emptied or unlinked while we hold the lock of FD. */
static void clean_locked(struct survey *survey, int directory,
			 const char *name, int fd)
{
	struct stat opened, named;
	struct holder holder;
	enum holder_content content;

	if (fstat(fd, &opened) ||
	    fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) ||
	    opened.st_dev != named.st_dev || opened.st_ino != named.st_ino)
		return;
	content = holder_read(fd, &holder);
	if (content == HOLDER_RECORD && !ftruncate(fd, 0)) {
		diag_mark("[INFO]",
			  "Removing stale lock from dead process PID %ld",
			  (long)holder.pid);
		survey->cleaned++;
		content = HOLDER_EMPTY;
	}
	if (content == HOLDER_LOST && !ftruncate(fd, 0))
		content = HOLDER_EMPTY;
	if (content == HOLDER_EMPTY && survey->settings->remove &&
	    !process_lock_waited((struct process_file){opened.st_dev,
						       opened.st_ino}))
		unlinkat(directory, name, 0);
}

/*
 * NAME.lock.inner is idle most of the time that NAME.lock is held; those who
 * nest in that rely on its staying the same file.
 */
static bool outer_is_held(int directory, const char *name)
{
	struct inspection outer;
	char *lock_name;
	bool held;

	if (!has_suffix(name, ".lock.inner"))
		return false;
	lock_name = strndup(name, strlen(name) - strlen(".inner"));
	held = !lock_name || inspect_lock(directory, lock_name, &outer) ||
	       outer.state == INSPECT_HELD;
	free(lock_name);
	return held;
}

/*
 * The lock is taken without waiting, so nothing that is held is touched; and
 * kept while we work, so that nobody takes what we are about to unlink.
 */
static int clean_lock(int directory, const char *path, const char *name,
		      void *context)
{
	struct survey *survey = context;
	struct inspection now;
	int fd;

	(void)path;
	if (temp_is(name, NULL)) {
		temp_sweep(directory, NULL);
		return 0;
	}
	if (!has_suffix(name, ".lock") && !has_suffix(name, ".lock.inner"))
		return 0;
	if (outer_is_held(directory, name) ||
	    inspect_lock(directory, name, &now) ||
	    now.state == INSPECT_HELD || now.content == HOLDER_FOREIGN ||
	    now.content == HOLDER_EXISTENCE)
		return 0;
	fd = lock_file_open(directory, name, NULL, false);
	if (fd < 0)
		return 0;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		clean_locked(survey, directory, name, fd);
	fdio_close(fd);
	return 0;
}

static void announce_cleanup(struct survey *survey, const char *root)
{
	(void)survey;
	diag_mark("[INFO]", "Checking for stale locks in: %s", root);
}

static int run_cleanup(const struct settings *settings)
{
	struct survey survey = {.settings = settings, .visit = clean_lock};
	int status = survey_all(&survey, announce_cleanup);

	if (status == STATUS_DONE)
		diag_mark("[OK]", "Cleaned %u stale lock(s)", survey.cleaned);
	return status;
}

/* -------------------------------------------------------------------------- */

static int run(struct settings *settings)
{
	switch (settings->verb) {
	case VERB_WITH:
		return run_with(settings);
	case VERB_ACQUIRE:
		return run_acquire(settings);
	case VERB_RELEASE:
		return run_release(settings);
	case VERB_STATUS:
		return run_status(settings);
	case VERB_SHOW:
		return run_show(settings);
	default:
		return run_cleanup(settings);
	}
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct problem problem;
	int status;

	(void)argc;
	if (fdio_open_standard())
		return STATUS_FAILED;
	diag_init("file-lock");
	if (parse_options(&settings, argv, &problem))
		status = diag_misuse(problem.subject, "%s", problem.reason);
	else if (settings.help)
		status = usage_help(&usage);
	else if (settings.version)
		status = usage_version();
	else if (validate(&settings, &problem))
		status = diag_misuse(problem.subject, "%s", problem.reason);
	else
		status = run(&settings);
	free(settings.files);
	return status;
}
