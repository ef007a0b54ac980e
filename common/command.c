/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * What would end or be meant for us. They are blocked and fetched with
 * sigwaitinfo, so no handler runs and nothing needs to be undone for the
 * command; an ignored one is never delivered, which is what ignoring means.
 */
static const int forwarded[] = {SIGHUP,	 SIGINT,  SIGQUIT,
				SIGTERM, SIGUSR1, SIGUSR2};

static void signals_of_interest(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		sigaddset(set, forwarded[i]);
	sigaddset(set, SIGCHLD);
}

/*
 * With SIGCHLD ignored (inherited from who started us) the system would throw
 * away the command's status.
 */
static void unignore_children(void)
{
	struct sigaction action;

	if (sigaction(SIGCHLD, NULL, &action) || action.sa_handler != SIG_IGN)
		return;
	action.sa_handler = SIG_DFL;
	sigaction(SIGCHLD, &action, NULL);
}

static int add_files(posix_spawn_file_actions_t *actions,
		     const struct command_files *files)
{
	int error = 0;

	if (files && files->in >= 0)
		error |= posix_spawn_file_actions_adddup2(actions, files->in,
							  0);
	if (files && files->out >= 0)
		error |= posix_spawn_file_actions_adddup2(actions, files->out,
							  1);
	return error;
}

/*
 * posix_spawnp does not run a script that has no "#!" line, execvp and every
 * shell do: by /bin/sh.
 */
static int fork_and_exec(pid_t *pid, char *const argv[], const sigset_t *mask,
			 const struct command_files *files)
{
	*pid = fork();
	if (*pid < 0)
		return errno;
	if (*pid > 0)
		return 0;
	if (!(files && files->in >= 0 && dup2(files->in, 0) < 0) &&
	    !(files && files->out >= 0 && dup2(files->out, 1) < 0)) {
		sigprocmask(SIG_SETMASK, mask, NULL);
		execvp(argv[0], argv);
	}
	_exit(STATUS_NOEXEC);
}

static int spawn(pid_t *pid, char *const argv[], const sigset_t *mask,
		 const struct command_files *files)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, mask);
	error = add_files(&actions, files);
	if (!error)
		error = posix_spawnp(pid, argv[0], &actions, &attributes, argv,
				     environ);
	if (error == ENOEXEC)
		error = fork_and_exec(pid, argv, mask, files);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/*
 * A directory in PATH that we may not search hides whether NAME is in it. The
 * system then says EACCES, a shell "not found".
 */
static bool found_in_path(const char *name)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];
	int length;

	if (strchr(name, '/') || !path)
		return true;
	for (; *path; path += length + (path[length] == ':')) {
		length = (int)strcspn(path, ":");
		snprintf(file, sizeof(file), "%.*s%s%s", length, path,
			 length ? "/" : "", name);
		if (!access(file, F_OK))
			return true;
	}
	return false;
}

static int start_problem(const char *name, int error, struct problem *problem)
{
	if (error == ENOENT || error == ENOTDIR ||
	    (error == EACCES && !found_in_path(name)))
		return problem_set(problem, STATUS_NOTFOUND, name,
				   "command not found");
	if (error == EAGAIN || error == ENOMEM)
		return problem_set(problem, STATUS_TOOL, name,
				   "cannot start: %s", strerror(error));
	return problem_set(problem, STATUS_NOEXEC, name, "cannot run: %s",
			   strerror(error));
}

int command_start(struct command *command, char *const argv[],
		  const struct command_files *files, struct problem *problem)
{
	sigset_t block;
	int error;

	unignore_children();
	signals_of_interest(&block);
	sigprocmask(SIG_BLOCK, &block, &command->before);
	error = spawn(&command->pid, argv, &command->before, files);
	if (!error)
		return 0;
	sigprocmask(SIG_SETMASK, &command->before, NULL);
	return start_problem(argv[0], error, problem);
}

int command_become(char *const argv[], struct problem *problem)
{
	execvp(argv[0], argv);
	return start_problem(argv[0], errno, problem);
}

/*
 * si_code > 0 means that the kernel sent it: the terminal's signals, which go
 * to the whole foreground process group and so to the command as well.
 */
static void forward(const struct command *command, const siginfo_t *info)
{
	if (info->si_signo != SIGCHLD && info->si_code <= 0)
		kill(command->pid, info->si_signo);
}

int command_wait(struct command *command)
{
	sigset_t wanted;
	siginfo_t info;
	pid_t ended;
	int status;

	signals_of_interest(&wanted);
	for (;;) {
		ended = waitpid(command->pid, &status, WNOHANG);
		if (ended == command->pid || (ended < 0 && errno == ECHILD))
			break;
		if (sigwaitinfo(&wanted, &info) > 0)
			forward(command, &info);
	}
	if (ended < 0)
		return STATUS_TOOL;
	return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

void command_end(const struct command *command)
{
	sigprocmask(SIG_SETMASK, &command->before, NULL);
}
