/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "options.h"

enum {
	LONG_ONLY = OPTION_LONG_ONLY,
	OPTIONAL,
	PAIR,
};

static const struct option_spec specs[] = {
	{'n', "nonblock", NULL, "do not wait", false, false},
	{'r', "raw", NULL, "print raw", false, false},
	{'t', "timeout", "DURATION", "wait so long", false, false},
	{'w', NULL, "DURATION", NULL, false, false},
	{'q', NULL, NULL, "say nothing", false, false},
	{LONG_ONLY, "long-only", NULL, "has no letter", false, false},
	{OPTIONAL, "backup", "N", "keep the last N", true, false},
	{PAIR, "arg", "NAME VALUE", "a variable", false, true},
	{0, NULL, NULL, NULL, false, false},
};

/* The words of a command line, and where reading it has come to. */
struct line {
	struct options options;
	struct problem problem;
	char *words[12];
};

static void line_init(struct line *line, bool takes_command,
		      const char *const *words)
{
	size_t n = 0;

	memset(line, 0, sizeof(*line));
	line->words[n++] = (char *)(uintptr_t) "tool";
	for (; *words; words++)
		line->words[n++] = (char *)(uintptr_t)*words;
	options_init(&line->options, specs, line->words, takes_command);
}

#define LINE(line, takes_command, ...)                                        \
	line_init(&(line), takes_command,                                     \
		  (const char *const[]){__VA_ARGS__, NULL})

static int next(struct line *line)
{
	return options_next(&line->options, &line->problem);
}

static void assert_next(struct line *line, int id, const char *value)
{
	int got = next(line);

	if (got == -1)
		fail_msg("refused: %s", line->problem.reason);
	assert_int_equal(got, id);
	if (value)
		assert_string_equal(line->options.value, value);
	else
		assert_null(line->options.value);
}

static void assert_refused(struct line *line, const char *reason)
{
	assert_int_equal(next(line), -1);
	assert_int_equal(line->problem.status, STATUS_MISUSE);
	assert_string_equal(line->problem.reason, reason);
}

static void options__no_words__end_at_once(void **state)
{
	struct line line;
	char *none[] = {NULL};

	(void)state;
	LINE(line, false, NULL);
	assert_next(&line, OPTION_END, NULL);
	assert_next(&line, OPTION_END, NULL);
	options_init(&line.options, specs, none, false);
	assert_next(&line, OPTION_END, NULL);
}

static void options__any_order__is_read(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "a.json", "--raw", ".x = 1", "-n", "b");
	assert_next(&line, OPTION_OPERAND, "a.json");
	assert_next(&line, 'r', NULL);
	assert_next(&line, OPTION_OPERAND, ".x = 1");
	assert_next(&line, 'n', NULL);
	assert_next(&line, OPTION_OPERAND, "b");
	assert_next(&line, OPTION_END, NULL);
}

static void options__argument__in_every_spelling(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "-t5", "-t", "6", "--timeout=7", "--timeout", "8",
	     "-w9", "--timeout=");
	assert_next(&line, 't', "5");
	assert_next(&line, 't', "6");
	assert_next(&line, 't', "7");
	assert_next(&line, 't', "8");
	assert_next(&line, 'w', "9");
	assert_next(&line, 't', "");
	assert_next(&line, OPTION_END, NULL);
}

/* What looks like an option is an argument where one is due. */
static void options__argument_with_dashes__is_taken(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "-t", "-1", "--timeout", "--", "--arg", "-a", "--b");
	assert_next(&line, 't', "-1");
	assert_next(&line, 't', "--");
	assert_next(&line, PAIR, "-a");
	assert_string_equal(line.options.second, "--b");
	assert_next(&line, OPTION_END, NULL);
}

static void options__letters_in_one_word__are_each_read(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "-rnq", "x", "-rt5", "-nt", "6", "y");
	assert_next(&line, 'r', NULL);
	assert_next(&line, 'n', NULL);
	assert_next(&line, 'q', NULL);
	assert_next(&line, OPTION_OPERAND, "x");
	assert_next(&line, 'r', NULL);
	assert_next(&line, 't', "5");
	assert_next(&line, 'n', NULL);
	assert_next(&line, 't', "6");
	assert_next(&line, OPTION_OPERAND, "y");
	assert_next(&line, OPTION_END, NULL);
}

static void options__optional_argument__only_behind_equals(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "--backup", "3", "--backup=3");
	assert_next(&line, OPTIONAL, NULL);
	assert_next(&line, OPTION_OPERAND, "3");
	assert_next(&line, OPTIONAL, "3");
	assert_next(&line, OPTION_END, NULL);
}

static void options__pair__takes_two_words(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "--arg", "name", "value", "--raw");
	assert_next(&line, PAIR, "name");
	assert_string_equal(line.options.second, "value");
	assert_next(&line, 'r', NULL);
	assert_null(line.options.second);
}

static void options__single_dash__is_an_operand(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "-", "");
	assert_next(&line, OPTION_OPERAND, "-");
	assert_next(&line, OPTION_OPERAND, "");
	assert_next(&line, OPTION_END, NULL);
}

static void options__dashes__end_options_without_command(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "-n", "--", "-r", "--", "--nonsense");
	assert_next(&line, 'n', NULL);
	assert_next(&line, OPTION_OPERAND, "-r");
	assert_next(&line, OPTION_OPERAND, "--");
	assert_next(&line, OPTION_OPERAND, "--nonsense");
	assert_next(&line, OPTION_END, NULL);
	assert_null(line.options.command);
}

static void options__dashes__start_the_command(void **state)
{
	struct line line;

	(void)state;
	LINE(line, true, "a", "--", "cmd", "-r", "--", "x");
	assert_next(&line, OPTION_OPERAND, "a");
	assert_next(&line, OPTION_COMMAND, NULL);
	assert_ptr_equal(line.options.command, line.words + 3);
	assert_string_equal(line.options.command[0], "cmd");
	assert_next(&line, OPTION_END, NULL);
}

static void options__dashes_at_the_end__start_an_empty_command(void **state)
{
	struct line line;

	(void)state;
	LINE(line, true, "a", "--");
	assert_next(&line, OPTION_OPERAND, "a");
	assert_next(&line, OPTION_COMMAND, NULL);
	assert_non_null(line.options.command);
	assert_null(line.options.command[0]);
	assert_next(&line, OPTION_END, NULL);
}

static void options__unknown__is_refused(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "--nonsense=3");
	assert_refused(&line, "unknown option --nonsense");
	LINE(line, false, "-x");
	assert_refused(&line, "unknown option -x");
	LINE(line, false, "-rx");
	assert_next(&line, 'r', NULL);
	assert_refused(&line, "unknown option -x");
	LINE(line, false, "--=5");
	assert_refused(&line, "unknown option --");
}

/* A script that uses one breaks when a second such option is added. */
static void options__abbreviation__is_refused(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "--time=5");
	assert_refused(&line, "unknown option --time");
	LINE(line, false, "--timeouts=5");
	assert_refused(&line, "unknown option --timeouts");
}

static void options__missing_argument__is_refused(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "--timeout");
	assert_refused(&line, "option --timeout needs DURATION");
	LINE(line, false, "-t");
	assert_refused(&line, "option -t needs DURATION");
	LINE(line, false, "--arg", "name");
	assert_refused(&line, "option --arg needs NAME VALUE");
}

static void options__superfluous_argument__is_refused(void **state)
{
	struct line line;

	(void)state;
	LINE(line, false, "--raw=yes");
	assert_refused(&line, "option --raw takes no argument");
}

static void options__posixly_correct__changes_nothing(void **state)
{
	(void)state;
	setenv("POSIXLY_CORRECT", "1", 1);
	options__any_order__is_read(state);
	unsetenv("POSIXLY_CORRECT");
}

static void options__help__has_a_line_an_option(void **state)
{
	struct buffer text = BUFFER_INIT;

	(void)state;
	assert_int_equal(options_help(specs, &text), 0);
	assert_string_equal(text.data,
			    "  -n, --nonblock            do not wait\n"
			    "  -r, --raw                 print raw\n"
			    "  -t, --timeout DURATION    wait so long\n"
			    "  -q                        say nothing\n"
			    "      --long-only           has no letter\n"
			    "      --backup[=N]          keep the last N\n"
			    "      --arg NAME VALUE      a variable\n");
	buffer_release(&text);
}

static void options__long_name_in_help__gets_a_line_of_its_own(void **state)
{
	static const struct option_spec wide[] = {
		{LONG_ONLY, "retry-after-status", "STATUS", "try again", false,
		 false},
		{0, NULL, NULL, NULL, false, false},
	};
	struct buffer text = BUFFER_INIT;

	(void)state;
	assert_int_equal(options_help(wide, &text), 0);
	assert_string_equal(text.data,
			    "      --retry-after-status STATUS\n"
			    "                            try again\n");
	buffer_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options__no_words__end_at_once),
		cmocka_unit_test(options__any_order__is_read),
		cmocka_unit_test(options__argument__in_every_spelling),
		cmocka_unit_test(options__argument_with_dashes__is_taken),
		cmocka_unit_test(options__letters_in_one_word__are_each_read),
		cmocka_unit_test(
			options__optional_argument__only_behind_equals),
		cmocka_unit_test(options__pair__takes_two_words),
		cmocka_unit_test(options__single_dash__is_an_operand),
		cmocka_unit_test(options__dashes__end_options_without_command),
		cmocka_unit_test(options__dashes__start_the_command),
		cmocka_unit_test(
			options__dashes_at_the_end__start_an_empty_command),
		cmocka_unit_test(options__unknown__is_refused),
		cmocka_unit_test(options__abbreviation__is_refused),
		cmocka_unit_test(options__missing_argument__is_refused),
		cmocka_unit_test(options__superfluous_argument__is_refused),
		cmocka_unit_test(options__posixly_correct__changes_nothing),
		cmocka_unit_test(options__help__has_a_line_an_option),
		cmocka_unit_test(
			options__long_name_in_help__gets_a_line_of_its_own),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
