/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "diag.h"

/*
 * Standard error is a datagram socket here: one read gives what one write put
 * in, so a message that took two writes is seen as two.
 */
static int reader, standard_error;
static char packet[16384];

static int set_up(void **state)
{
	int ends[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) ||
	    fcntl(ends[0], F_SETFL, O_NONBLOCK))
		return -1;
	reader = ends[0];
	standard_error = dup(STDERR_FILENO);
	if (standard_error < 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return -1;
	close(ends[1]);
	diag_init("tool");
	diag_set_verbose(false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dup2(standard_error, STDERR_FILENO);
	close(standard_error);
	close(reader);
	return 0;
}

/* What the next write put into standard error; "" if there was none. */
static const char *next_write(void)
{
	ssize_t n = read(reader, packet, sizeof(packet) - 1);

	packet[n > 0 ? n : 0] = '\0';
	return packet;
}

static void diag__error__names_tool_subject_and_reason(void **state)
{
	(void)state;
	diag_error("a.json", "cannot %s", "rename");
	assert_string_equal(next_write(), "tool: a.json: cannot rename\n");
	assert_string_equal(next_write(), "");
}

static void diag__no_subject__leaves_no_gap(void **state)
{
	(void)state;
	diag_error(NULL, "why");
	assert_string_equal(next_write(), "tool: why\n");
	diag_error("", "why");
	assert_string_equal(next_write(), "tool: why\n");
}

static void diag__name__is_the_tool(void **state)
{
	(void)state;
	diag_init("other");
	assert_string_equal(diag_name(), "other");
	diag_error("x", "y");
	assert_string_equal(next_write(), "other: x: y\n");
}

static void diag__problem__is_printed_and_gives_its_status(void **state)
{
	struct problem problem;

	(void)state;
	problem_set(&problem, STATUS_BUSY, "100%s.json", "50%% done %s", "%n");
	assert_int_equal(diag_problem(&problem), 75);
	assert_string_equal(next_write(),
			    "tool: 100%s.json: 50% done %n\n");
}

static void diag__misuse__adds_where_to_look(void **state)
{
	(void)state;
	assert_int_equal(diag_misuse("--x", "unknown"), 2);
	assert_string_equal(next_write(), "tool: --x: unknown\n");
	assert_string_equal(next_write(),
			    "Try 'tool --help' for more information.\n");
	assert_string_equal(next_write(), "");
}

static void diag__ok__speaks_only_if_verbose(void **state)
{
	(void)state;
	diag_ok("saved %s", "a.json");
	assert_string_equal(next_write(), "");
	diag_set_verbose(true);
	diag_ok("saved %s", "a.json");
	assert_string_equal(next_write(), "[OK] saved a.json\n");
}

static void diag__mark__starts_the_line(void **state)
{
	(void)state;
	diag_mark("[INFO]", "checking %d", 3);
	assert_string_equal(next_write(), "[INFO] checking 3\n");
}

static void diag__control_characters__are_masked(void **state)
{
	(void)state;
	diag_error("a\nb\033[2J\177c\t.json", "why");
	assert_string_equal(next_write(), "tool: a?b?[2J?c?.json: why\n");
	/* C1 as UTF-8 spells it; the letters beside that range stay. */
	diag_error("\xc2\x80\xc2\x9f\xc2\xa0\xc3\x80", "why");
	assert_string_equal(next_write(), "tool: ????\xc2\xa0\xc3\x80: why\n");
	/* Half a character at the very end. */
	diag_error("x", "\xc2");
	assert_string_equal(next_write(), "tool: x: \xc2\n");
}

static void diag__long_message__is_cut_but_one_line(void **state)
{
	char *subject = malloc(20001);
	const char *line;

	(void)state;
	assert_non_null(subject);
	memset(subject, 's', 20000);
	subject[20000] = '\0';
	diag_error(subject, "why");
	line = next_write();
	assert_true(strlen(line) > 4096);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	assert_string_equal(next_write(), "");
	free(subject);
}

static void diag__errno__is_kept(void **state)
{
	(void)state;
	errno = EXDEV;
	diag_error("x", "y");
	assert_int_equal(errno, EXDEV);
	close(STDERR_FILENO);
	diag_error("x", "y");
	assert_int_equal(errno, EXDEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			diag__error__names_tool_subject_and_reason, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			diag__no_subject__leaves_no_gap, set_up, tear_down),
		cmocka_unit_test_setup_teardown(diag__name__is_the_tool, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			diag__problem__is_printed_and_gives_its_status, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			diag__misuse__adds_where_to_look, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			diag__ok__speaks_only_if_verbose, set_up, tear_down),
		cmocka_unit_test_setup_teardown(diag__mark__starts_the_line,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			diag__control_characters__are_masked, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			diag__long_message__is_cut_but_one_line, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(diag__errno__is_kept, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
