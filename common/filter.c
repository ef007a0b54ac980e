/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "json.h"
#include "libjq.h"

/* A filter that yields more values than this is not counted to its end. */
enum { COUNT_LIMIT = 1000 };

struct filter {
	const struct libjq *jq;
	jq_state *state;
	const struct filter_hooks *hooks;
	struct buffer errors; /* what libjq said while it compiled */
	size_t last_error;    /* where the last of them begins; 0: the first */
};

/* A jv string's bytes, added to OUT. Frees it. */
static int add_string(const struct libjq *jq, struct buffer *out, jv string)
{
	int length = jq->jv_string_length_bytes(jq->jv_copy(string));
	int result = buffer_add(out, jq->jv_string_value(string),
				(size_t)length);

	jq->jv_free(string);
	return result;
}

/* A message, which may be any value: strings as they are, others as JSON. */
static int add_message(const struct libjq *jq, struct buffer *out, jv message)
{
	if (jq->jv_get_kind(message) != JV_KIND_STRING)
		message = jq->jv_dump_string(message, JV_PRINT_INVALID);
	return add_string(jq, out, message);
}

/* How many bytes at P are a line that only points at the one above it? */
static size_t pointer_length(const char *p)
{
	size_t length = strspn(p, "^");

	return p[length] == '\n' || p[length] == '\0' ? length : 0;
}

/* On one line: a run of white space with a line end in it is one blank. */
static void flatten(char *text)
{
	char *to = text;

	for (char *from = text; *from;) {
		size_t run = strspn(from, " \t\r\n");

		if (!run || !memchr(from, '\n', run)) {
			*to++ = *from++;
			continue;
		}
		from += run;
		from += pointer_length(from);
		if (*from)
			*to++ = ' ';
	}
	while (to > text && strchr(" \t\r\n", to[-1]))
		to--;
	*to = '\0';
}

/* --- compiling ----------------------------------------------------------- */

static void take_error(void *data, jv message)
{
	struct filter *filter = data;
	struct buffer *errors = &filter->errors;

	if (errors->length) {
		filter->last_error = errors->length;
		(void)buffer_add_string(errors, "; ");
	}
	if (!add_message(filter->jq, errors, message)) {
		flatten(errors->data);
		errors->length = strlen(errors->data);
	}
}

static void say(struct filter *filter, const struct buffer *text)
{
	if (text->length)
		filter->hooks->say(text->data, text->length);
}

/* What `debug` prints with jq. */
static void take_debug(void *data, jv value)
{
	struct filter *filter = data;
	struct buffer line = BUFFER_INIT;

	if (!buffer_add_string(&line, "[\"DEBUG:\",") &&
	    !add_string(filter->jq, &line,
			filter->jq->jv_dump_string(value, 0)) &&
	    !buffer_add_string(&line, "]\n"))
		say(filter, &line);
	buffer_release(&line);
}

/* `stderr`: no line end. libjq 1.6 writes to descriptor 2 by itself. */
static void take_stderr(void *data, jv value)
{
	struct filter *filter = data;
	struct buffer text = BUFFER_INIT;

	if (!add_message(filter->jq, &text, value))
		say(filter, &text);
	buffer_release(&text);
}

/*
 * One text becomes one value. libjq's parser counts in int and, in some
 * versions, reads past the end of a text that has no NUL behind it.
 */
static int parse(const struct libjq *jq, const char *subject, const char *text,
		 size_t length, jv *value, struct problem *problem)
{
	jv_parser *parser;
	struct buffer reason = BUFFER_INIT;

	if (length >= INT_MAX)
		return problem_set(problem, STATUS_FAILED, subject,
				   "2 GiB or more are too much for this "
				   "filter, which needs libjq");
	parser = jq->jv_parser_new(0);
	jq->jv_parser_set_buf(parser, text, (int)length, 0);
	*value = jq->jv_parser_next(parser);
	jq->jv_parser_free(parser);
	if (jq->jv_get_kind(*value) != JV_KIND_INVALID)
		return 0;
	(void)add_message(jq, &reason, jq->jv_invalid_get_msg(*value));
	problem_set(problem, STATUS_FAILED, subject, "libjq refuses it: %s",
		    reason.data ? reason.data : "");
	buffer_release(&reason);
	return -1;
}

/*
 * The variables as jq_compile_args wants them: an object, nothing else, with
 * ARGS in it.
 */
static int make_arguments(const struct libjq *jq,
			  const struct variables *variables, jv *arguments,
			  struct problem *problem)
{
	struct buffer text = BUFFER_INIT;
	int result;
	jv all;

	if (variables_print(variables, &text)) {
		buffer_release(&text);
		return problem_errno(problem, NULL, NULL);
	}
	result = parse(jq, "variables", text.data, text.length, &all, problem);
	buffer_release(&text);
	if (result)
		return -1;
	*arguments = jq->jv_object_get(jq->jv_copy(all),
				       jq->jv_string("named"));
	*arguments = jq->jv_object_set(*arguments, jq->jv_string("ARGS"), all);
	return 0;
}

/*
 * libjq loads ~/.jq into every program, but for programs without a HOME. That
 * takes HOME out of $ENV as well, which is filled at this moment; `env` is
 * filled when it runs. So where $ENV is used, it is bound to that.
 */
static int compile_homeless(struct filter *filter, const char *program,
			    jv arguments)
{
	const char *home = getenv("HOME");
	char *saved = home ? strdup(home) : NULL;
	struct buffer text = BUFFER_INIT;
	int compiled = 0;

	if (strstr(program, "$ENV") &&
	    buffer_add_string(&text, "env as $ENV|"))
		goto out;
	if (buffer_add_string(&text, program) || (home && !saved))
		goto out;
	if (home)
		unsetenv("HOME");
	compiled = filter->jq->jq_compile_args(filter->state, text.data,
					       filter->jq->jv_copy(arguments));
	if (saved)
		setenv("HOME", saved, 1);
out:
	filter->jq->jv_free(arguments);
	buffer_release(&text);
	free(saved);
	return compiled;
}

/* The last of several messages only counts the others. */
static int report_compile(struct filter *filter, struct problem *problem)
{
	char *text = filter->errors.data;

	if (!text)
		return problem_set(problem, STATUS_FAILED, "filter",
				   "libjq cannot compile it");
	if (filter->last_error)
		text[filter->last_error] = '\0';
	return problem_set(problem, STATUS_FAILED, "filter", "%s", text);
}

static int set_up(struct filter *filter, const struct variables *variables,
		  const char *program, struct problem *problem)
{
	const struct libjq *jq = filter->jq;
	jv arguments;

	filter->state = jq->jq_init();
	if (!filter->state)
		return problem_errno(problem, NULL, NULL);
	jq->jq_set_nomem_handler(filter->state, filter->hooks->no_memory,
				 NULL);
	jq->jq_set_error_cb(filter->state, take_error, filter);
	jq->jq_set_debug_cb(filter->state, take_debug, filter);
	/* 1.6 leaves it uninitialized, and `input` calls what stands there. */
	jq->jq_set_input_cb(filter->state, NULL, NULL);
	if (jq->jq_set_stderr_cb)
		jq->jq_set_stderr_cb(filter->state, take_stderr, filter);
	/* Without it, 1.6 aborts at an import. */
	jq->jq_set_attr(filter->state, jq->jv_string("JQ_LIBRARY_PATH"),
			jq->jv_array());
	if (make_arguments(jq, variables, &arguments, problem))
		return -1;
	if (!compile_homeless(filter, program, arguments))
		return report_compile(filter, problem);
	return 0;
}

int filter_compile(struct filter **filter, const char *program,
		   const struct variables *variables,
		   const struct filter_hooks *hooks, struct problem *problem)
{
	const struct libjq *jq = libjq_open(problem);
	struct filter *new;

	*filter = NULL;
	if (!jq)
		return -1;
	new = calloc(1, sizeof(*new));
	if (!new)
		return problem_errno(problem, NULL, NULL);
	new->jq = jq;
	new->hooks = hooks;
	if (set_up(new, variables, program, problem)) {
		filter_release(new);
		return -1;
	}
	*filter = new;
	return 0;
}

void filter_release(struct filter *filter)
{
	if (!filter)
		return;
	if (filter->state)
		filter->jq->jq_teardown(&filter->state);
	buffer_release(&filter->errors);
	free(filter);
}

/* --- running ------------------------------------------------------------- */

/* How the filter stopped: `halt` is no error, all else that speaks is one. */
static int check_end(struct filter *filter, const char *subject, jv end,
		     struct problem *problem)
{
	const struct libjq *jq = filter->jq;
	const char *what = "the filter failed";
	struct buffer reason = BUFFER_INIT;
	jv code;

	if (jq->jq_halted(filter->state)) {
		jq->jv_free(end);
		code = jq->jq_get_exit_code(filter->state);
		if (jq->jv_get_kind(code) == JV_KIND_INVALID) {
			jq->jv_free(code);
			return 0;
		}
		jq->jv_free(code);
		what = "the filter called halt_error";
		end = jq->jq_get_error_message(filter->state);
	} else {
		if (!jq->jv_invalid_has_msg(jq->jv_copy(end))) {
			jq->jv_free(end);
			return 0;
		}
		end = jq->jv_invalid_get_msg(end);
	}
	(void)add_message(jq, &reason, end);
	if (reason.data)
		flatten(reason.data);
	problem_set(problem, STATUS_FAILED, subject, "%s: %s", what,
		    reason.data ? reason.data : "");
	buffer_release(&reason);
	return -1;
}

/*
 * Print VALUE into OUT and free it. It goes through a stream because that needs
 * half the memory of jv_dump_string. It is read again because libjq prints
 * "<skipped: too deep>" and the like, and calls that success.
 */
static int print(const struct libjq *jq, const char *subject, jv value,
		 bool sorted, struct buffer *out, struct problem *problem)
{
	size_t start = out->length, length = 0;
	char *text = NULL;
	FILE *stream = open_memstream(&text, &length);
	int failed;

	if (!stream) {
		jq->jv_free(value);
		return problem_errno(problem, NULL, NULL);
	}
	jq->jv_dumpf(value, stream, sorted ? JV_PRINT_SORTED : 0);
	failed = ferror(stream);
	if (fclose(stream) || failed) {
		free(text);
		errno = ENOMEM;
		return problem_errno(problem, NULL, NULL);
	}
	if (buffer_adopt(out, text, length))
		return problem_errno(problem, NULL, NULL);
	if (!json_validate(out->data + start, out->length - start, NULL))
		return 0;
	out->length = start;
	out->data[start] = '\0';
	return problem_set(problem, STATUS_FAILED, subject,
			   "this libjq cannot print the result, which is "
			   "nested too deeply");
}

static int start(struct filter *filter, const char *subject, const char *text,
		 size_t length, struct problem *problem)
{
	jv value;

	if (parse(filter->jq, subject, text, length, &value, problem))
		return -1;
	filter->jq->jq_start(filter->state, value, 0);
	return 0;
}

int filter_apply(struct filter *filter, const char *subject,
		 struct buffer *text, bool sorted, struct buffer *out,
		 struct problem *problem)
{
	const struct libjq *jq = filter->jq;
	size_t count = 0;
	jv first = {0}, next;

	if (start(filter, subject, text->data, text->length, problem))
		return -1;
	buffer_release(text);
	for (;; count++) {
		next = jq->jq_next(filter->state);
		if (jq->jv_get_kind(next) == JV_KIND_INVALID ||
		    count > COUNT_LIMIT)
			break;
		if (count == 0)
			first = next;
		else
			jq->jv_free(next);
	}
	if (count > COUNT_LIMIT) {
		jq->jv_free(next);
		problem_set(problem, STATUS_FAILED, subject,
			    "the filter yielded more than %d values, not one",
			    COUNT_LIMIT);
	} else if (!check_end(filter, subject, next, problem)) {
		if (count == 1)
			return print(jq, subject, first, sorted, out, problem);
		problem_set(problem, STATUS_FAILED, subject,
			    "the filter yielded %zu values, not one", count);
	}
	if (count)
		jq->jv_free(first);
	return -1;
}

int filter_each(struct filter *filter, const char *subject, const char *text,
		size_t length, bool sorted, filter_take *take, void *context,
		struct problem *problem)
{
	const struct libjq *jq = filter->jq;
	struct buffer value = BUFFER_INIT;
	int result = start(filter, subject, text, length, problem);
	jv next;

	while (!result) {
		next = jq->jq_next(filter->state);
		if (jq->jv_get_kind(next) == JV_KIND_INVALID) {
			result = check_end(filter, subject, next, problem);
			break;
		}
		buffer_clear(&value);
		result = print(jq, subject, next, sorted, &value, problem);
		if (!result)
			result = take(context, &value, problem);
	}
	buffer_release(&value);
	return result;
}

/* --- other questions to libjq -------------------------------------------- */

int filter_guard(const struct filter *filter, const char *subject,
		 const char *text, struct problem *problem)
{
	return guard_check(filter->jq, subject, text, problem);
}

/* What libjq takes TEXT for. NULs end what it is given. */
static int number(const struct libjq *jq, const char *text, size_t length,
		  double *value)
{
	char *copy = strndup(text, length);
	jv parsed;

	if (!copy)
		return -1;
	parsed = jq->jv_parse(copy);
	*value = jq->jv_number_value(parsed);
	jq->jv_free(parsed);
	free(copy);
	return 0;
}

static double compute(char operator, double left, double right)
{
	switch (operator) {
	case '+':
		return left + right;
	case '-':
		return left - right;
	case '*':
		return left * right;
	default:
		return left / right;
	}
}

int filter_compute(char operator, const char *left, size_t left_length,
		   const char *right, size_t right_length, struct buffer *out,
		   struct problem *problem)
{
	const struct libjq *jq = libjq_open(problem);
	double one, other;
	jv printed;

	if (!jq)
		return -1;
	if (number(jq, left, left_length, &one) ||
	    number(jq, right, right_length, &other))
		return problem_errno(problem, NULL, NULL);
	if (operator == '/' && other == 0)
		return 1;
	printed = jq->jv_dump_string(
		jq->jv_number(compute(operator, one, other)), 0);
	if (add_string(jq, out, printed))
		return problem_errno(problem, NULL, NULL);
	return 0;
}
