/* SPDX-License-Identifier: MIT */
/*
 * memory-update: change a JSON file by a jq filter, so that no update of
 * another process is lost and no reader sees half of one.
 *
 * Order: all that may take long comes first (variables and standard input are
 * read, the filter is compiled), then the lock, then read, apply, write, sync,
 * rename; unlocked before the directory is synced, because the next holder
 * syncs it as well before it says done.
 *
 * Exit statuses: those of exitcode.h but for the ones of COMMAND.
 *
 * Caveats: while a filter runs, signals end the process at once, as nothing is
 * on disk yet and a filter may run for ever. Only from the temp on they are
 * caught.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "coprocess.h"
#include "diag.h"
#include "duration.h"
#include "edit.h"
#include "etag.h"
#include "fdio.h"
#include "filter.h"
#include "hooks.h"
#include "json.h"
#include "locking.h"
#include "notice.h"
#include "number.h"
#include "options.h"
#include "replace.h"
#include "replacing.h"
#include "signals.h"
#include "usage.h"

enum update_option {
	OPTION_FUNCTION = OPTION_LONG_ONLY,
	OPTION_PIPE,
	OPTION_INIT,
	OPTION_INDENT,
	OPTION_TAB,
	OPTION_LOSSY,
	OPTION_RETURN,
};

static const struct option_spec specs[] = {
	{'f', "from-file", "PATH", "read the filter from PATH (-: stdin)",
	 false, false},
	{OPTION_FUNCTION, "function", "NAME",
	 "let the exported bash function NAME turn JSON into JSON", false,
	 false},
	{OPTION_PIPE, "pipe", NULL, "let COMMAND turn JSON into JSON", false,
	 false},
	{OPTION_INIT, "init", "JSON",
	 "what a missing or empty FILE is taken to hold", false, false},
	VARIABLES_SPECS,
	{OPTION_RETURN, "return", "FILTER",
	 "print what this filter makes of the new content", false, false},
	{'r', "raw-output", NULL, "print strings of --return as their text",
	 false, false},
	{OPTION_LOSSY, "lossy", NULL,
	 "let libjq change what it cannot keep, such as long numbers", false,
	 false},
	{OPTION_INDENT, "indent", "N", "lay it out anew: indent by N blanks",
	 false, false},
	{OPTION_TAB, "tab", NULL, "likewise: indent by tabs", false, false},
	{'c', "compact-output", NULL, "likewise: all on one line", false,
	 false},
	{'S', "sort-keys", NULL, "sort the keys of each object", false, false},
	REPLACING_SPECS,
	LOCKING_SPECS,
	USAGE_SPECS,
	{0, NULL, NULL, NULL, false, false},
};

static const struct usage usage = {
	.synopsis = "  memory-update FILE FILTER [OPTION...]\n"
		    "  memory-update FILE -f PATH [OPTION...]\n"
		    "  memory-update FILE --function NAME [OPTION...]\n"
		    "  memory-update FILE --pipe [OPTION...] -- COMMAND "
		    "[ARG...]\n",
	.purpose = "Replace the JSON in FILE by what the jq FILTER makes of "
		   "it, under FILE's lock.\n",
	.specs = specs,
	.notes = "Exit status: 0 done, 1 failed, 2 misuse, 3 FILE is missing,\n"
		 "4 done but not known to be on disk, 75 not in time.\n",
};

/* An operand, and whether --args or --jsonargs stood before it. */
struct operand {
	const char *text;
	enum variables_option kind;
};

struct update {
	struct operand *operands;
	size_t operand_count;
	const char *file;
	const char *program;	  /* the filter's text */
	const char *program_path; /* -f, or NULL */
	struct buffer program_text;
	const char *function; /* --function, or NULL */
	char **command;	      /* what stands behind "--", or NULL */
	bool pipe;
	const char *init; /* or NULL */
	struct variables variables;
	struct locking locking;
	struct replacing replacing;
	const char *question; /* --return, or NULL */
	bool raw;	      /* -r */
	bool lossy;
	struct json_style style;
	bool restyle; /* to that style, whatever FILE's is */
	bool sorted;
};

/* What runs while FILE is locked, and what comes of it. */
struct work {
	const struct update *update;
	struct edit *edit;     /* what can do it without libjq, or NULL */
	struct filter *filter; /* libjq's way, once it is needed, or NULL */
	struct answer answer;  /* to --return */
	struct target target;
	struct lock lock;
	struct deadline deadline; /* for what runs under the lock */
	bool retried;		  /* the lock is being taken again */
	struct notice clock;
	struct replacement replacement;
	struct buffer content; /* of FILE; edit makes the new one of it */
	bool fresh;	       /* it is not FILE's, but what --init says */
	struct json_style style; /* of the new content */
	bool edited;	       /* edit has done it, and */
	bool changed;	       /* the new content is not the old one */
	struct buffer value;   /* what libjq or a command has made of it */
	struct buffer result;  /* the new content, if not CONTENT */
};

/*
 * What may come of a try besides 0 and -1: as REPLACE_CHANGED, and that libjq
 * is needed, which should be got ready without holding up others.
 */
enum { NEEDS_LIBJQ = REPLACE_CHANGED + 1 };

/* --- the command line ---------------------------------------------------- */

static int take_indent(struct update *update, const char *text,
		       struct problem *problem)
{
	int64_t indent;

	if (number_parse("--indent", text, 0, 32, &indent, problem))
		return -1;
	update->restyle = true;
	update->style.indent = (int)indent;
	update->style.tab = update->style.compact = false;
	return 1;
}

/* Where the new content comes from, if not from an operand. */
static int take_source(struct update *update, int id,
		       const struct options *options, struct problem *problem)
{
	switch (id) {
	case 'f':
		update->program_path = options->value;
		if (strcmp(options->value, "-"))
			return 1;
		return variables_claim_stdin(&update->variables, "-f",
					     problem)
			       ? -1
			       : 1;
	case OPTION_FUNCTION:
		update->function = options->value;
		return 1;
	case OPTION_PIPE:
		update->pipe = true;
		return 1;
	case OPTION_INIT:
		update->init = options->value;
		return 1;
	default:
		return 0;
	}
}

static int take_style(struct update *update, int id,
		      const struct options *options, struct problem *problem)
{
	switch (id) {
	case OPTION_INDENT:
		return take_indent(update, options->value, problem);
	case OPTION_TAB:
	case 'c':
		update->restyle = true;
		update->style.compact = id == 'c';
		update->style.tab = id == OPTION_TAB;
		return 1;
	case 'S':
		update->sorted = true;
		return 1;
	default:
		return 0;
	}
}

static void take_switch(struct update *update, int id,
			const struct options *options)
{
	switch (id) {
	case OPTION_RETURN:
		update->question = options->value;
		break;
	case 'r':
		update->raw = true;
		break;
	case OPTION_LOSSY:
		update->lossy = true;
		break;
	default:
		diag_set_verbose(true);
		break;
	}
}

/* 0, or -1. */
static int take_option(struct update *update, int id,
		       const struct options *options, struct problem *problem)
{
	int taken = take_source(update, id, options, problem);

	if (!taken)
		taken = take_style(update, id, options, problem);
	if (!taken)
		taken = replacing_option(&update->replacing, id, options,
					 problem);
	if (!taken)
		taken = locking_option(&update->locking, id, options, problem);
	if (!taken)
		taken = variables_option(&update->variables, id, options,
					 problem);
	if (!taken)
		take_switch(update, id, options);
	return taken < 0 ? -1 : 0;
}

/*
 * Only when all options are known is it known what the second operand is: the
 * filter, or, with -f and its like, one for --args.
 */
static int take_operands(struct update *update, struct problem *problem)
{
	const char *other = update->program_path ? "-f"
			    : update->function	 ? "--function"
			    : update->pipe	 ? "--pipe"
						 : NULL;
	size_t i = 0;

	if (i < update->operand_count)
		update->file = update->operands[i++].text;
	if (!other && i < update->operand_count)
		update->program = update->operands[i++].text;
	for (; i < update->operand_count; i++) {
		const struct operand *operand = &update->operands[i];
		int taken = variables_operand(&update->variables,
					      operand->kind, operand->text,
					      problem);

		if (taken < 0)
			return -1;
		if (!taken)
			return problem_set(problem, STATUS_MISUSE, NULL,
					   "unexpected operand '%s'%s%s",
					   operand->text,
					   other ? " besides " : "",
					   other ? other : "");
	}
	return 0;
}

static int check(const struct update *update, struct problem *problem)
{
	const char *what = NULL;

	if (!update->file)
		what = "FILE and FILTER are missing";
	else if (!!update->program_path + !!update->function + update->pipe > 1)
		what = "-f, --function and --pipe exclude each other";
	else if (update->pipe && !(update->command && update->command[0]))
		what = "--pipe needs a COMMAND behind --";
	else if (update->command && !update->pipe)
		what = "a COMMAND behind -- needs --pipe";
	else if (!update->program && !update->program_path &&
		 !update->function && !update->pipe)
		what = "FILTER is missing";
	else if (update->init &&
		 json_validate(update->init, strlen(update->init), NULL))
		what = "--init: not valid JSON";
	if (!what)
		return 0;
	return problem_set(problem, STATUS_MISUSE, NULL, "%s", what);
}

/* Returns -1 with PROBLEM, or the id of an option that ends the program. */
static int parse(struct update *update, char **argv, struct problem *problem)
{
	struct options options;
	int id;

	if (locking_init(&update->locking, problem))
		return -1;
	update->locking.notice = diag_waiting;
	update->locking.debug = diag_debug;
	options_init(&options, specs, argv, true);
	while ((id = options_next(&options, problem)) != OPTION_END) {
		if (id == OPTION_OPERAND)
			update->operands[update->operand_count++] =
				(struct operand){
					options.value,
					update->variables.positional,
				};
		else if (id == OPTION_COMMAND)
			update->command = options.command;
		else if (id == OPTION_HELP || id == OPTION_VERSION)
			return id;
		else if (id < 0 || take_option(update, id, &options, problem))
			return -1;
	}
	if (take_operands(update, problem))
		return -1;
	return check(update, problem);
}

/* --- before the lock ----------------------------------------------------- */

static int read_program(struct update *update, struct problem *problem)
{
	const char *path = update->program_path;
	struct buffer *text = &update->program_text;

	if (!path)
		return 0;
	if (variables_read_file(path, text))
		return problem_errno(problem, variables_path(path), NULL);
	if (strlen(text->data) != text->length)
		return problem_set(problem, STATUS_FAILED, variables_path(path),
				   "is no filter: it holds a NUL byte");
	update->program = text->data;
	return 0;
}

static int check_function(const char *name, struct problem *problem)
{
	struct buffer variable = BUFFER_INIT;
	int result = buffer_add_format(&variable, "BASH_FUNC_%s%%%%", name);

	if (result)
		problem_errno(problem, NULL, NULL);
	else if (!getenv(variable.data))
		result = problem_set(problem, STATUS_FAILED, name,
				     "is no exported bash function "
				     "(export -f %s)", name);
	buffer_release(&variable);
	return result;
}

/* A filter's variables go through libjq as well. */
static int guard_variables(const struct work *work, struct problem *problem)
{
	const struct variables *variables = &work->update->variables;

	for (size_t i = 0; i < variables->count; i++) {
		const struct variable *variable = &variables->list[i];
		struct variables_label room;

		if (filter_guard(work->filter, variables_label(&room, variable),
				 variable->json.data, problem))
			return -1;
	}
	return 0;
}

static int compile(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	const char *program = update->program ? update->program : ".";

	if (work->filter)
		return 0;
	if (filter_compile(&work->filter, program, &update->variables,
			   &hooks_for_tools, problem))
		return -1;
	return update->lossy ? 0 : guard_variables(work, problem);
}

/* Get ready what will make the new content. */
static int plan(struct update *update, struct work *work,
		struct problem *problem)
{
	const struct edit_variables lookup =
		variables_for_edit(&update->variables);
	enum edit_result result = EDIT_DECLINED;

	if (update->program && !update->sorted)
		result = edit_parse(&work->edit, update->program, &lookup);
	if (result == EDIT_NO_MEMORY) {
		errno = ENOMEM;
		return problem_errno(problem, NULL, NULL);
	}
	if (result == EDIT_DONE || (!update->program && !update->sorted))
		return 0;
	return compile(work, problem);
}

/* All that can be done without FILE. */
static int prepare(struct update *update, struct work *work,
		   struct problem *problem)
{
	if (read_program(update, problem) ||
	    variables_load(&update->variables, problem))
		return -1;
	if (update->function && check_function(update->function, problem))
		return -1;
	if (plan(update, work, problem))
		return -1;
	work->answer.raw = update->raw;
	if (!update->question)
		return 0;
	return answer_prepare(&work->answer, update->question,
			      &update->variables, &hooks_for_tools, problem);
}

/* --- under the lock ------------------------------------------------------ */

static int invalid(const char *subject, const char *what,
		   const struct buffer *text, const struct json_error *error,
		   struct problem *problem)
{
	size_t line, column;

	json_position(text->data, error->offset, &line, &column);
	return problem_set(problem, STATUS_FAILED, subject,
			   "%s: line %zu, column %zu: %s", what, line, column,
			   error->reason);
}

static int check_match(const struct work *work, struct problem *problem)
{
	const struct replacing *replacing = &work->update->replacing;
	char tag[ETAG_SIZE] = ETAG_NONE;

	if (!replacing->if_match)
		return 0;
	if (work->replacement.exists)
		etag_of(work->content.data, work->content.length, tag);
	return replacing_match(replacing, tag, work->update->file, problem);
}

/* FILE's content, or what --init says it is. */
static int read_document(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	struct buffer *content = &work->content;

	buffer_clear(content);
	if (buffer_reserve(content, 0))
		return problem_errno(problem, NULL, NULL);
	if (replace_read(&work->replacement, content, problem) ||
	    check_match(work, problem))
		return -1;
	if (!work->replacement.exists && !update->init)
		return problem_set(problem, STATUS_STATE, update->file,
				   "does not exist (--init JSON would make "
				   "it)");
	work->fresh = update->init &&
		      strspn(content->data, " \t\r\n") == content->length;
	if (!work->fresh)
		return 0;
	buffer_clear(content);
	if (buffer_add_string(content, update->init))
		return problem_errno(problem, NULL, NULL);
	return 0;
}

static int validate(const struct work *work, struct problem *problem)
{
	const struct buffer *content = &work->content;
	struct json_error error;

	if (json_validate(content->data, content->length, &error))
		return invalid(work->update->file, "not valid JSON", content,
			       &error, problem);
	return 0;
}

/* In a thread of its own: the filter itself can only be left, not ended. */
static void give_up(const void *context)
{
	struct work *work = *(struct work *const *)context;

	diag_error(work->update->file,
		   "the filter has not ended in time (--timeout)");
	lock_release(&work->lock);
	_exit(STATUS_BUSY);
}

/* While libjq runs under the lock, the deadline bounds that. */
static void start_clock(struct work *work, struct work *const *context)
{
	if (!deadline_never(work->deadline))
		notice_start(&work->clock, deadline_left(work->deadline),
			     give_up, context);
}

static void stop_clock(struct work *work)
{
	if (!deadline_never(work->deadline))
		notice_stop(&work->clock);
}

static int run_filter(struct work *work, struct buffer *document,
		      struct buffer *out, struct problem *problem)
{
	const struct update *update = work->update;
	int result;

	if (!update->lossy && filter_guard(work->filter, update->file,
					   document->data, problem))
		return -1;
	start_clock(work, &work);
	result = filter_apply(work->filter, update->file, document,
			      update->sorted, out, problem);
	stop_clock(work);
	return result;
}

static int take_output(void *context, const char *bytes, size_t length,
		       struct problem *problem)
{
	struct work *work = context;

	if (buffer_add(&work->value, bytes, length))
		return problem_errno(problem, NULL, NULL);
	return 0;
}

/*
 * From a command or a temp back to a filter: nothing of ours is on disk, so a
 * signal may end us at once again.
 */
static int release_signals(const struct work *work, struct problem *problem)
{
	signals_reset();
	if (!signals_caught())
		return 0;
	return problem_set(problem, STATUS_FAILED, work->update->file,
			   "interrupted");
}

/* Let the command turn FILE's content into VALUE. */
static int run_command(struct work *work, char *const argv[], const char *name,
		       struct problem *problem)
{
	const struct coprocess coprocess = {
		.argv = argv,
		.input = work->content.data,
		.input_length = work->content.length,
		.deadline = work->deadline,
		.take = take_output,
		.context = work,
	};
	const char *file = work->update->file;
	struct problem trouble;
	struct json_error error;

	signals_catch();
	if (coprocess_run(&coprocess, &trouble))
		return problem_set(problem, trouble.status, file, "%s %s", name,
				   trouble.reason);
	if (release_signals(work, problem))
		return -1;
	if (buffer_reserve(&work->value, 0))
		return problem_errno(problem, NULL, NULL);
	if (json_validate(work->value.data, work->value.length, &error))
		return invalid(file, "what the command printed is not JSON",
			       &work->value, &error, problem);
	return 0;
}

/* bash finds the function in its environment; "$0" is its name, not code. */
static int run_function(struct work *work, struct problem *problem)
{
	char bash[] = "bash", option[] = "-c", call[] = "\"$0\"";
	char *name = strdup(work->update->function);
	char *argv[] = {bash, option, call, name, NULL};
	int result;

	if (!name)
		return problem_errno(problem, NULL, NULL);
	result = run_command(work, argv, name, problem);
	free(name);
	return result;
}

/* Libjq sorts what a command printed. */
static int sort_value(struct work *work, struct problem *problem)
{
	struct buffer sorted = BUFFER_INIT;
	int result = run_filter(work, &work->value, &sorted, problem);

	buffer_release(&work->value);
	work->value = sorted;
	return result;
}

/* A new file is laid out as jq does, an old one as it is, unless asked for. */
static void find_style(struct work *work)
{
	work->style = work->update->style;
	if (!work->update->restyle && !work->fresh)
		json_detect_style(work->content.data, work->content.length,
				  &work->style);
}

/* VALUE from CONTENT, by libjq, which leaves none of that, or a command. */
static int transform(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	int result;

	buffer_release(&work->value);
	if (validate(work, problem))
		return -1;
	find_style(work);
	if (update->function)
		result = run_function(work, problem);
	else if (update->pipe)
		result = run_command(work, update->command, update->command[0],
				     problem);
	else
		return run_filter(work, &work->content, &work->value, problem);
	if (!result && update->sorted)
		result = sort_value(work, problem);
	return result;
}

/* What edit leaves to libjq even where it can do the rest. */
static enum edit_result compute(void *context, char operator, const char *left,
				size_t left_length, const char *right,
				size_t right_length, struct buffer *result)
{
	struct problem ignored;

	(void)context;
	return filter_compute(operator, left, left_length, right, right_length,
			      result, &ignored)
		       ? EDIT_DECLINED
		       : EDIT_DONE;
}

/* The new CONTENT, if edit can make it. */
static int try_edit(struct work *work, struct problem *problem)
{
	const struct edit_arithmetic arithmetic = {compute, NULL};
	struct json_error error;

	work->edited = false;
	if (!work->edit)
		return 0;
	switch (edit_apply(work->edit, &work->content, &arithmetic,
			   &work->changed, &error)) {
	case EDIT_DONE:
		work->edited = true;
		return 0;
	case EDIT_DECLINED:
		return work->filter ? 0 : NEEDS_LIBJQ;
	case EDIT_INVALID:
		return invalid(work->update->file, "not valid JSON",
			       &work->content, &error, problem);
	default:
		errno = ENOMEM;
		return problem_errno(problem, NULL, NULL);
	}
}

static int lay_out(struct work *work, struct problem *problem)
{
	const struct buffer *value =
		work->edited ? &work->content : &work->value;
	int result = 0;

	buffer_release(&work->result);
	if (json_print(&work->result, value->data, value->length,
		       &work->style))
		result = problem_errno(problem, NULL, NULL);
	buffer_release(&work->value);
	return result;
}

/*
 * The new content: CONTENT itself if edit has made it, and nothing else is to
 * be done to it; else RESULT. NULL with PROBLEM.
 */
static const struct buffer *make_content(struct work *work,
					 struct problem *problem)
{
	int same;

	if (work->edited && !work->update->restyle && !work->fresh)
		return &work->content;
	if (work->edited)
		find_style(work);
	else if (transform(work, problem))
		return NULL;
	if (lay_out(work, problem))
		return NULL;
	same = replace_holds(&work->replacement, work->result.data,
			     work->result.length, problem);
	work->changed = !same;
	return same < 0 ? NULL : &work->result;
}

static int answer(struct work *work, const struct buffer *content,
		  struct problem *problem)
{
	const struct update *update = work->update;
	int result;

	buffer_clear(&work->answer.out);
	if (!update->question)
		return 0;
	if (!work->answer.filter)
		return answer_ask(&work->answer, update->file, content,
				  problem);
	start_clock(work, &work);
	result = answer_ask(&work->answer, update->file, content, problem);
	stop_clock(work);
	return result;
}

/* CONTENT becomes FILE's. */
static int write_content(struct work *work, const struct buffer *content,
			 struct problem *problem)
{
	struct replacement *r = &work->replacement;
	int result;

	signals_catch();
	if (replace_begin(r, problem) ||
	    replace_write(r, content->data, content->length, problem) ||
	    replace_prepare(r, problem))
		return -1;
	if (signals_caught())
		return problem_set(problem, STATUS_FAILED, work->update->file,
				   "interrupted");
	result = replace_commit(r, problem);
	if (!result)
		diag_ok("Updated: %s", work->update->file);
	return result;
}

/*
 * Read, apply, replace. Returns 0, -1 with PROBLEM, REPLACE_CHANGED if a
 * program that does not lock was faster, or NEEDS_LIBJQ.
 */
static int try_update(struct work *work, struct problem *problem)
{
	struct replacement *r = &work->replacement;
	const struct buffer *content;
	int result;

	if (replace_look(r, problem) || read_document(work, problem))
		return -1;
	result = try_edit(work, problem);
	if (result)
		return result;
	content = make_content(work, problem);
	if (!content || answer(work, content, problem))
		return -1;
	if (!work->changed)
		return 0;
	return write_content(work, content, problem);
}

/* With the lock, until it is done or somebody else has to be asked. */
static int try_often(struct work *work, struct problem *problem)
{
	enum { TRIES = 10 };
	const struct update *update = work->update;
	struct replacement *r = &work->replacement;
	int result = REPLACE_CHANGED;

	for (int i = 0; i < TRIES && result == REPLACE_CHANGED; i++) {
		replace_init(r, &work->target, &update->replacing.options);
		r->options.in_place_deadline = work->deadline;
		result = try_update(work, problem);
		if (result)
			replace_release(r);
		if (result == REPLACE_CHANGED &&
		    release_signals(work, problem))
			return -1;
	}
	if (result == REPLACE_CHANGED)
		return problem_set(problem, STATUS_FAILED, update->file,
				   "a program that does not lock keeps "
				   "changing it");
	return result;
}

static int with_lock(struct work *work, struct problem *problem)
{
	const struct locking *locking = &work->update->locking;
	struct lock_request request =
		locking_request(locking, LOCK_WRITER, diag_name());
	int result;

	if (work->retried && locking->timeout)
		request.deadline = work->deadline;
	if (locking_take_request(locking, &work->lock, &work->target, &request,
				 problem))
		return -1;
	result = try_often(work, problem);
	locking_release(locking, &work->lock, &work->target);
	return result;
}

/* A time-out of 0 is one try for the lock; what runs then has 30 s. */
static struct deadline work_deadline(const struct locking *locking)
{
	if (!locking->timeout)
		return deadline_in(30 * NS_PER_SECOND);
	return deadline_in(locking->timeout);
}

/*
 * Also where nothing was written, the directory is synced after the lock is
 * given back: what we found may have come from a holder who is not there yet,
 * and is on disk only if we say so.
 */
static int lock_and_update(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	int result;

	if (!work->target.exists && !update->init &&
	    !update->replacing.if_match)
		return problem_set(problem, STATUS_STATE, update->file,
				   "does not exist (--init JSON would make "
				   "it)");
	work->deadline = work_deadline(&update->locking);
	result = with_lock(work, problem);
	if (result == NEEDS_LIBJQ) {
		work->retried = true;
		result = compile(work, problem);
		if (!result)
			result = with_lock(work, problem);
	}
	if (result)
		return -1;
	result = replace_sync(&work->replacement, problem);
	replace_release(&work->replacement);
	return result;
}

static int open_and_update(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	enum target_flags flags = 0;
	int result;

	if (update->init)
		flags |= TARGET_MAKE_PARENTS;
	if (update->replacing.options.no_sync)
		flags |= TARGET_NO_SYNC;
	if (target_open(&work->target, update->file, flags, problem))
		return -1;
	result = lock_and_update(work, problem);
	if (result && problem->status != STATUS_UNSURE)
		target_undo_parents(&work->target);
	target_close(&work->target);
	return result;
}

/* FILE is done with: what fails now does not make it undone. */
static int print_answer(const struct work *work)
{
	const struct buffer *out = &work->answer.out;

	if (!out->length || usage_print(out->data, out->length) == STATUS_DONE)
		return STATUS_DONE;
	return STATUS_UNSURE;
}

static int report(const struct problem *problem)
{
	if (problem->status == STATUS_MISUSE)
		return diag_misuse(problem->subject, "%s", problem->reason);
	if (!signals_caught())
		diag_problem(problem);
	return (int)problem->status;
}

static int run(struct update *update)
{
	struct work work = {
		.update = update,
		.answer = ANSWER_INIT,
		.lock = LOCK_NONE,
		.content = BUFFER_INIT,
		.value = BUFFER_INIT,
		.result = BUFFER_INIT,
	};
	struct problem problem;
	int status = prepare(update, &work, &problem);

	if (!status)
		status = open_and_update(&work, &problem);
	if (status)
		status = report(&problem);
	else
		status = print_answer(&work);
	filter_release(work.filter);
	edit_release(work.edit);
	answer_release(&work.answer);
	buffer_release(&work.content);
	buffer_release(&work.value);
	buffer_release(&work.result);
	return status;
}

int main(int argc, char **argv)
{
	struct update update = {
		.operands = calloc((size_t)argc + 1, sizeof(struct operand)),
		.program_text = BUFFER_INIT,
		.variables = VARIABLES_INIT,
		.replacing = {.options = {.exact = true}},
		.style = JSON_STYLE_JQ,
	};
	struct problem problem;
	int status;

	if (fdio_open_standard() || !update.operands)
		return STATUS_FAILED;
	diag_init("memory-update");
	status = parse(&update, argv, &problem);
	if (status == OPTION_HELP)
		status = usage_help(&usage);
	else if (status == OPTION_VERSION)
		status = usage_version();
	else if (status)
		status = diag_misuse(problem.subject, "%s", problem.reason);
	else
		status = run(&update);
	variables_release(&update.variables);
	buffer_release(&update.program_text);
	free(update.operands);
	signals_die();
	return status;
}
