/* SPDX-License-Identifier: MIT */
/*
 * memory-read: print a JSON file, whole and of one moment.
 *
 * The file is replaced atomically by those who write it, so a read needs no
 * lock to be whole; the shared lock keeps it from looking into the middle of
 * what somebody does under `file-lock with`. It is given back before anything
 * is printed, so a slow reader of our output holds up nobody.
 *
 * Exit statuses: those of exitcode.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "append.h"
#include "diag.h"
#include "duration.h"
#include "etag.h"
#include "fdio.h"
#include "hooks.h"
#include "json.h"
#include "locking.h"
#include "number.h"
#include "options.h"
#include "usage.h"

enum read_option {
	OPTION_RAW = OPTION_LONG_ONLY,
	OPTION_RETRIES,
	OPTION_DEFAULT,
	OPTION_ETAG,
};

static const struct option_spec specs[] = {
	{OPTION_RAW, "raw", NULL, "print FILE byte for byte", false, false},
	{'r', "raw-output", NULL, "print a string as its text", false, false},
	{'e', "exit-status", NULL,
	 "exit with 1 if the last value is null or false", false, false},
	{OPTION_DEFAULT, "default", "JSON", "what a missing FILE holds", false,
	 false},
	{OPTION_ETAG, "etag", NULL, "first print the tag for --if-match",
	 false, false},
	{OPTION_RETRIES, "retries", "N",
	 "read again if it does not parse, 100 ms apart (3)", false, false},
	VARIABLES_SPECS,
	LOCKING_SPECS,
	USAGE_SPECS,
	{0, NULL, NULL, NULL, false, false},
};

static const struct usage usage = {
	.synopsis = "  memory-read FILE [FILTER] [OPTION...]\n",
	.purpose = "Print FILE, or what the jq FILTER makes of it, under its "
		   "shared lock: a *.json file\nas jq prints it, others byte "
		   "for byte.\n",
	.specs = specs,
	.notes = "Exit status: 0 done, 1 failed, 2 misuse, 3 FILE is missing, "
		 "75 not in time.\n",
};

struct reading {
	const char *file;
	const char *filter; /* or NULL */
	bool raw; /* --raw */
	bool exit_status;
	bool etag;
	unsigned retries;
	const char *fallback; /* --default, or NULL */
	struct variables variables;
	struct locking locking;
	struct answer answer;
};

/* What was found. */
struct snapshot {
	bool exists;
	struct buffer content;
};

/* --- the command line ---------------------------------------------------- */

static int take_retries(struct reading *reading, const char *text,
			struct problem *problem)
{
	int64_t number;

	if (number_parse("--retries", text, 0, 10000, &number, problem))
		return -1;
	reading->retries = (unsigned)number;
	return 0;
}

static int take_operand(struct reading *reading, const char *operand,
			struct problem *problem)
{
	struct variables *variables = &reading->variables;
	int taken;

	if (!reading->file) {
		reading->file = operand;
		return 0;
	}
	if (!reading->filter) {
		reading->filter = operand;
		return 0;
	}
	taken = variables_operand(variables, variables->positional, operand,
				  problem);
	if (taken)
		return taken < 0 ? -1 : 0;
	return problem_set(problem, STATUS_MISUSE, NULL,
			   "unexpected operand '%s'", operand);
}

static int take_shared_option(struct reading *reading, int id,
			      const struct options *options,
			      struct problem *problem)
{
	int taken = locking_option(&reading->locking, id, options, problem);

	if (!taken)
		taken = variables_option(&reading->variables, id, options,
					 problem);
	return taken < 0 ? -1 : 0;
}

static int take_option(struct reading *reading, int id,
		       const struct options *options, struct problem *problem)
{
	switch (id) {
	case OPTION_OPERAND:
		return take_operand(reading, options->value, problem);
	case OPTION_RAW:
		reading->raw = true;
		return 0;
	case 'r':
		reading->answer.raw = true;
		return 0;
	case 'e':
		reading->exit_status = true;
		return 0;
	case OPTION_ETAG:
		reading->etag = true;
		return 0;
	case OPTION_DEFAULT:
		reading->fallback = options->value;
		return 0;
	case OPTION_RETRIES:
		return take_retries(reading, options->value, problem);
	case 'v':
		diag_set_verbose(true);
		return 0;
	default:
		return take_shared_option(reading, id, options, problem);
	}
}

static int check(const struct reading *reading, struct problem *problem)
{
	const char *text = reading->fallback, *what = NULL;

	if (!reading->file)
		what = "FILE is missing";
	else if (reading->raw && (reading->filter || reading->answer.raw ||
				  reading->exit_status))
		what = "--raw excludes FILTER, -r and -e";
	else if (text && json_validate(text, strlen(text), NULL))
		what = "--default: not valid JSON";
	if (!what)
		return 0;
	return problem_set(problem, STATUS_MISUSE, NULL, "%s", what);
}

/* Returns -1 with PROBLEM, or the id of an option that ends the program. */
static int parse(struct reading *reading, char **argv, struct problem *problem)
{
	struct options options;
	int id;

	if (locking_init(&reading->locking, problem))
		return -1;
	reading->locking.notice = diag_waiting;
	reading->locking.debug = diag_debug;
	options_init(&options, specs, argv, false);
	while ((id = options_next(&options, problem)) != OPTION_END) {
		if (id == OPTION_HELP || id == OPTION_VERSION)
			return id;
		if (id == -1 || take_option(reading, id, &options, problem))
			return -1;
	}
	return check(reading, problem);
}

/* --- reading ------------------------------------------------------------- */

/* Is it to be JSON? */
static bool is_json(const struct reading *reading)
{
	const char *suffix = strrchr(reading->file, '.');

	if (reading->raw)
		return false;
	if (reading->filter || reading->answer.raw || reading->exit_status)
		return true;
	return suffix && !strcmp(suffix, ".json");
}

/*
 * A killed `atomic-write --append` may have left the beginning of its piece at
 * the end of the file; the next writer cuts it off, we only do not show it.
 */
static int drop_half_piece(const struct target *target, int fd,
			   struct buffer *content)
{
	off_t length;

	if (append_length(target->directory, target->name, fd, &length))
		return -1;
	if ((size_t)length < content->length) {
		content->length = (size_t)length;
		content->data[length] = '\0';
	}
	return 0;
}

static int read_file(const struct target *target, struct snapshot *snapshot,
		     struct problem *problem)
{
	const int flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat status;
	int fd = openat(target->directory, target->name, O_RDONLY | flags);
	int result = -1;

	snapshot->exists = fd >= 0;
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return problem_errno(problem, target->operand, NULL);
	if (!fstat(fd, &status) &&
	    !fdio_read_file(fd, status.st_size, &snapshot->content))
		result = drop_half_piece(target, fd, &snapshot->content);
	fdio_close(fd);
	return result ? problem_errno(problem, target->operand, NULL) : 0;
}

/* One look at FILE, under its lock. */
static int look(const struct reading *reading, const struct target *target,
		struct snapshot *snapshot, struct problem *problem)
{
	struct lock lock = LOCK_NONE;
	int result;

	buffer_clear(&snapshot->content);
	if (buffer_reserve(&snapshot->content, 0))
		return problem_errno(problem, NULL, NULL);
	if (locking_take(&reading->locking, &lock, target,
			 LOCK_SHARED | LOCK_IF_PRESENT, diag_name(), problem))
		return -1;
	result = read_file(target, snapshot, problem);
	locking_release(&reading->locking, &lock, target);
	return result;
}

static int invalid(const struct reading *reading,
		   const struct snapshot *snapshot,
		   const struct json_error *error, struct problem *problem)
{
	size_t line, column;

	json_position(snapshot->content.data, error->offset, &line, &column);
	return problem_set(problem, STATUS_FAILED, reading->file,
			   "not valid JSON: line %zu, column %zu: %s", line,
			   column, error->reason);
}

/*
 * FILE as it is. What does not parse may be half of what a program writes that
 * does not lock, so it is looked at again.
 */
static int take_snapshot(const struct reading *reading,
			 const struct target *target,
			 struct snapshot *snapshot, struct problem *problem)
{
	struct json_error error;
	const struct buffer *content = &snapshot->content;

	for (unsigned i = 0;; i++) {
		if (look(reading, target, snapshot, problem))
			return -1;
		if (!snapshot->exists || !is_json(reading) ||
		    !json_validate(content->data, content->length, &error))
			return 0;
		if (i >= reading->retries)
			return invalid(reading, snapshot, &error, problem);
		deadline_sleep((struct deadline){INT64_MAX},
			       NS_PER_SECOND / 10);
	}
}

static int find(const struct reading *reading, struct snapshot *snapshot,
		struct problem *problem)
{
	struct target target;
	int result;

	if (target_open(&target, reading->file, 0, problem))
		return problem->status == STATUS_STATE ? 0 : -1;
	result = take_snapshot(reading, &target, snapshot, problem);
	target_close(&target);
	if (!result && !snapshot->exists)
		problem_set(problem, STATUS_STATE, reading->file,
			    "does not exist (--default JSON would stand in)");
	return result;
}

/* --- printing ------------------------------------------------------------ */

static int print_tag(const struct snapshot *snapshot, struct buffer *out)
{
	char tag[ETAG_SIZE] = ETAG_NONE;

	if (snapshot->exists)
		etag_of(snapshot->content.data, snapshot->content.length, tag);
	return buffer_add_string(out, tag) || buffer_add_char(out, '\n');
}

/* What is printed for SNAPSHOT, put into OUT. */
static int make_output(struct reading *reading,
		       const struct snapshot *snapshot, struct problem *problem)
{
	const struct buffer *content = &snapshot->content;
	struct answer *answer = &reading->answer;

	if (reading->etag && print_tag(snapshot, &answer->out))
		return problem_errno(problem, NULL, NULL);
	if (reading->filter)
		return answer_ask(answer, reading->file, content, problem);
	if (is_json(reading))
		return answer_add(answer, reading->file, content->data,
				  content->length, problem);
	if (buffer_add(&answer->out, content->data, content->length))
		return problem_errno(problem, NULL, NULL);
	return 0;
}

/*
 * A filter that fails half-way has its first values printed all the same, as
 * jq does.
 */
static int print_snapshot(struct reading *reading,
			  const struct snapshot *snapshot)
{
	const struct buffer *content = &snapshot->content;
	const struct buffer *out = &reading->answer.out;
	struct problem problem;
	int failed, status;

	/* Nothing to make: spare big files the copy. */
	if (!reading->etag && !is_json(reading))
		return usage_print(content->data, content->length);
	failed = make_output(reading, snapshot, &problem);
	status = usage_print(out->data, out->length);
	if (failed)
		status = diag_problem(&problem);
	if (!status && reading->exit_status && !reading->answer.truthy)
		status = STATUS_FAILED;
	return status;
}

static int use_default(const struct reading *reading,
		       struct snapshot *snapshot, struct problem *problem)
{
	struct buffer *content = &snapshot->content;

	if (!reading->fallback)
		return -1;
	buffer_clear(content);
	if (buffer_add_string(content, reading->fallback) ||
	    buffer_add_char(content, '\n'))
		return problem_errno(problem, NULL, NULL);
	return 0;
}

static int prepare(struct reading *reading, struct problem *problem)
{
	if (variables_load(&reading->variables, problem))
		return -1;
	if (!reading->filter)
		return 0;
	return answer_prepare(&reading->answer, reading->filter,
			      &reading->variables, &hooks_for_tools, problem);
}

static int run(struct reading *reading)
{
	struct snapshot snapshot = {.content = BUFFER_INIT};
	struct problem problem;
	int status = prepare(reading, &problem);

	if (!status)
		status = find(reading, &snapshot, &problem);
	if (!status && !snapshot.exists)
		status = use_default(reading, &snapshot, &problem);
	if (status && problem.status == STATUS_MISUSE)
		status = diag_misuse(problem.subject, "%s", problem.reason);
	else if (status)
		status = diag_problem(&problem);
	else
		status = print_snapshot(reading, &snapshot);
	buffer_release(&snapshot.content);
	return status;
}

int main(int argc, char **argv)
{
	struct reading reading = {
		.retries = 3,
		.variables = VARIABLES_INIT,
		.answer = ANSWER_INIT,
	};
	struct problem problem;
	int status;

	(void)argc;
	if (fdio_open_standard())
		return STATUS_FAILED;
	diag_init("memory-read");
	status = parse(&reading, argv, &problem);
	if (status == OPTION_HELP)
		return usage_help(&usage);
	if (status == OPTION_VERSION)
		return usage_version();
	if (status)
		status = diag_misuse(problem.subject, "%s", problem.reason);
	else
		status = run(&reading);
	answer_release(&reading.answer);
	variables_release(&reading.variables);
	return status;
}
