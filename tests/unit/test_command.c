/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "command.h"
#include "other.h"

static struct problem problem;

/* command_start with up to three words, of which the last may be NULL. */
static int start(struct command *command, const struct command_files *files,
		 const char *one, const char *two, const char *three)
{
	char *argv[] = {strdup(one), two ? strdup(two) : NULL,
			three ? strdup(three) : NULL, NULL};
	int result = command_start(command, argv, files, &problem);

	for (int i = 0; i < 3; i++)
		free(argv[i]);
	return result;
}

static int run(const char *one, const char *two, const char *three)
{
	struct command command;
	int status;

	assert_int_equal(start(&command, NULL, one, two, three), 0);
	status = command_wait(&command);
	command_end(&command);
	return status;
}

static int run_shell(const char *text)
{
	return run("sh", "-c", text);
}

static enum exit_status failure(const char *name)
{
	struct command command;

	assert_int_equal(start(&command, NULL, name, NULL, NULL), -1);
	assert_string_equal(problem.subject, name);
	return problem.status;
}

static void command__status__is_the_commands(void **state)
{
	(void)state;
	assert_int_equal(run_shell("exit 0"), 0);
	assert_int_equal(run_shell("exit 1"), 1);
	assert_int_equal(run_shell("exit 75"), 75);
	assert_int_equal(run_shell("exit 255"), 255);
	assert_int_equal(run_shell("kill -9 $$"), 128 + 9);
	assert_int_equal(run_shell("kill -TERM $$"), 128 + 15);
}

static void command__that_cannot_run__is_told_apart(void **state)
{
	(void)state;
	scratch_write("plain", "echo");
	assert_int_equal(failure("no-such-command"), STATUS_NOTFOUND);
	assert_int_equal(failure("./missing"), STATUS_NOTFOUND);
	assert_int_equal(failure("plain/x"), STATUS_NOTFOUND);
	assert_int_equal(failure(""), STATUS_NOTFOUND);
	assert_int_equal(failure("./plain"), STATUS_NOEXEC);
	assert_int_equal(failure("/"), STATUS_NOEXEC);
}

static void command__script_without_interpreter__is_run_by_sh(void **state)
{
	(void)state;
	scratch_write("script", "exit $1\n");
	assert_int_equal(chmod("script", 0755), 0);
	assert_int_equal(run("./script", "7", NULL), 7);
}

static void command__files__are_its_input_and_output(void **state)
{
	struct command_files files;
	struct command command;

	(void)state;
	scratch_write("in", "text");
	files.in = open("in", O_RDONLY | O_CLOEXEC);
	files.out = open("out", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	assert_int_equal(start(&command, &files, "cat", NULL, NULL), 0);
	assert_int_equal(command_wait(&command), 0);
	command_end(&command);
	scratch_holds("out", "text");
	close(files.in);
	close(files.out);
}

static void command__mask__is_ours_before_and_after(void **state)
{
	sigset_t set, after;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* What was blocked is so in the command, what was not is not. */
	assert_int_equal(run_shell("kill -USR1 $$; exit 3"), 3);
	assert_int_equal(run_shell("kill -USR2 $$; exit 3"), 128 + SIGUSR2);
	sigprocmask(SIG_UNBLOCK, &set, &after);
	assert_true(sigismember(&after, SIGUSR1));
	assert_false(sigismember(&after, SIGTERM));
	assert_false(sigismember(&after, SIGCHLD));
}

static void command__ignored_children__are_waited_for(void **state)
{
	(void)state;
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(run_shell("exit 9"), 9);
	signal(SIGCHLD, SIG_DFL);
}

/* A wrapper: its command says "ready" and ends with 5 on TERM. */
static void wrap(const struct other *self, const char *text)
{
	const struct command_files files = {.in = self->told,
					    .out = self->said};
	struct command command;

	if (start(&command, &files, "sh", "-c", text))
		_exit(99);
	_exit(command_wait(&command));
}

static void command__signal_to_us_alone__reaches_it(void **state)
{
	struct other wrapper;

	(void)state;
	other_start(&wrapper, wrap,
		    "trap 'exit 5' TERM; trap 'exit 6' HUP; printf .;"
		    "while :; do read line; done");
	other_await(&wrapper);
	kill(wrapper.pid, SIGTERM);
	assert_int_equal(WEXITSTATUS(other_end(&wrapper, 0)), 5);
	other_start(&wrapper, wrap,
		    "trap 'exit 5' TERM; trap 'exit 6' HUP; printf .;"
		    "while :; do read line; done");
	other_await(&wrapper);
	kill(wrapper.pid, SIGHUP);
	assert_int_equal(WEXITSTATUS(other_end(&wrapper, 0)), 6);
}

static void command__that_lives_on_after_a_signal__is_waited_for(void **state)
{
	struct other wrapper;

	(void)state;
	other_start(&wrapper, wrap,
		    "trap 'printf .' USR1; printf .; "
		    "while :; do read line && exit 8; done");
	other_await(&wrapper);
	for (int i = 0; i < 3; i++) {
		kill(wrapper.pid, SIGUSR1);
		other_await(&wrapper);
		assert_int_equal(waitpid(wrapper.pid, NULL, WNOHANG), 0);
	}
	assert_int_equal(write(wrapper.told, "\n", 1), 1);
	assert_int_equal(WEXITSTATUS(other_end(&wrapper, 0)), 8);
}

static void command__ignored_signal__stays_ignored(void **state)
{
	struct other wrapper;

	(void)state;
	signal(SIGHUP, SIG_IGN);
	other_start(&wrapper, wrap,
		    "printf .; read line; kill -HUP $$; "
		    "exit 4");
	other_await(&wrapper);
	kill(wrapper.pid, SIGHUP);
	assert_int_equal(write(wrapper.told, "\n", 1), 1);
	assert_int_equal(WEXITSTATUS(other_end(&wrapper, 0)), 4);
	signal(SIGHUP, SIG_DFL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command__status__is_the_commands),
		scratch_test(command__that_cannot_run__is_told_apart),
		scratch_test(command__script_without_interpreter__is_run_by_sh),
		scratch_test(command__files__are_its_input_and_output),
		cmocka_unit_test(command__mask__is_ours_before_and_after),
		cmocka_unit_test(command__ignored_children__are_waited_for),
		cmocka_unit_test(command__signal_to_us_alone__reaches_it),
		cmocka_unit_test(
			command__that_lives_on_after_a_signal__is_waited_for),
		cmocka_unit_test(command__ignored_signal__stays_ignored),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
