/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "diag.h"
#include "usage.h"

static const struct option_spec specs[] = {
	{'a', "all", "N", "all of it", false, false}, USAGE_SPECS, {0}};

/* Run CALL with standard output in the file "out", messages in "err". */
static int captured(int (*call)(void), const char *out)
{
	int saved[2] = {dup(1), dup(2)}, status;
	int fds[2] = {open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666),
		      open("err", O_WRONLY | O_CREAT | O_TRUNC, 0666)};

	fflush(stdout);
	dup2(fds[0], 1);
	dup2(fds[1], 2);
	status = call();
	for (int i = 0; i < 2; i++) {
		dup2(saved[i], i + 1);
		close(saved[i]);
		close(fds[i]);
	}
	return status;
}

static int help(void)
{
	const struct usage usage = {.synopsis = "  tool FILE\n",
				    .purpose = "Do it.\n",
				    .specs = specs,
				    .notes = "Mind the gap.\n"};

	return usage_help(&usage);
}

static void usage__help__is_on_standard_output(void **state)
{
	char text[4096];
	FILE *file;
	size_t length;

	(void)state;
	assert_int_equal(captured(help, "out"), STATUS_DONE);
	scratch_holds("err", "");
	file = fopen("out", "r");
	assert_non_null(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	assert_ptr_equal(strstr(text, "Usage:\n  tool FILE\n\nDo it.\n\n"
				      "Options:\n"), text);
	assert_non_null(strstr(text, "--all"));
	assert_non_null(strstr(text, "--help"));
	assert_non_null(strstr(text, "\n\nMind the gap.\n"));
}

static void usage__version__names_tool_and_package(void **state)
{
	(void)state;
	diag_init("tool");
	assert_int_equal(captured(usage_version, "out"), STATUS_DONE);
	scratch_holds("out", "tool (" PACKAGE_NAME ") " PACKAGE_VERSION "\n");
}

static void usage__full_disk__fails_with_a_message(void **state)
{
	(void)state;
	if (access("/dev/full", W_OK))
		skip();
	diag_init("tool");
	assert_int_equal(captured(usage_version, "/dev/full"), STATUS_FAILED);
	scratch_holds("err",
		      "tool: standard output: No space left on device\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(usage__help__is_on_standard_output),
		scratch_test(usage__version__names_tool_and_package),
		scratch_test(usage__full_disk__fails_with_a_message),
	};

	return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
