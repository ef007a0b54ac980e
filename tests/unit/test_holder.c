/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <sys/mman.h>

#include "holder.h"
#include "other.h"

static int open_file(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	assert_true(fd >= 0);
	return fd;
}

/* What holder_read makes of a file of these bytes. */
static enum holder_content read_bytes(const void *bytes, size_t length,
				      struct holder *holder)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0666);
	enum holder_content content;

	assert_int_equal(write(fd, bytes, length), length);
	content = holder_read(fd, holder);
	close(fd);
	return content;
}

static enum holder_content read_text(const char *text, struct holder *holder)
{
	return read_bytes(text, strlen(text), holder);
}

static void assert_foreign(const char *text)
{
	struct holder holder;

	if (read_text(text, &holder) != HOLDER_FOREIGN)
		fail_msg("not foreign: %s", text);
	assert_int_equal(holder.pid, 0);
	assert_string_equal(holder.command, "");
}

static void holder__written__is_read_again(void **state)
{
	int fd = open_file();
	struct holder self, again;

	(void)state;
	holder_self(&self, "cursor", "/usr/bin/sleep");
	assert_int_equal(self.pid, getpid());
	assert_string_equal(self.command, "sleep");
	assert_string_equal(self.client, "cursor");
	assert_int_equal(strlen(self.since), UTC_SIZE - 1);
	assert_int_equal(self.owner.pid, 0);
	assert_int_equal(holder_write(fd, &self, 0), 0);
	assert_int_equal(holder_read(fd, &again), HOLDER_RECORD);
	assert_memory_equal(&again.owner, &self.owner, sizeof(self.owner));
	assert_int_equal(again.pid, self.pid);
	assert_true(again.start == self.start);
	assert_string_equal(again.since, self.since);
	assert_string_equal(again.host, self.host);
	assert_string_equal(again.client, self.client);
	assert_string_equal(again.command, self.command);
	close(fd);
}

static void holder__no_client__leaves_its_line_out(void **state)
{
	struct buffer text = BUFFER_INIT;
	struct holder self;
	char expected[512];

	(void)state;
	holder_self(&self, NULL, "true");
	assert_int_equal(holder_format(&text, &self), 0);
	snprintf(expected, sizeof(expected),
		 "PID: %ld\nACQUIRED: %s\nHOSTNAME: %s\nCOMMAND: true\n"
		 "START: %llu\n", (long)getpid(), self.since, self.host,
		 (unsigned long long)self.start);
	assert_string_equal(text.data, expected);
	buffer_release(&text);
}

static void holder__words_that_could_forge_lines__are_masked(void **state)
{
	int fd = open_file();
	struct holder self, again;
	char client[200];

	(void)state;
	memset(client, 'c', sizeof(client));
	client[sizeof(client) - 1] = '\0';
	holder_self(&self, "x\nPID: 1\t\x1b[2J", "a\nb");
	assert_string_equal(self.client, "x?PID: 1??[2J");
	assert_string_equal(self.command, "a?b");
	holder_self(&self, client, client);
	assert_int_equal(strlen(self.client), sizeof(self.client) - 1);
	assert_int_equal(strlen(self.command), sizeof(self.command) - 1);
	assert_int_equal(holder_write(fd, &self, 0), 0);
	assert_int_equal(holder_read(fd, &again), HOLDER_RECORD);
	assert_string_equal(again.client, self.client);
	close(fd);
}

static void holder__longer_old_record__is_cut_off(void **state)
{
	int fd = open_file();
	struct holder self, again;
	struct stat status;

	(void)state;
	holder_self(&self, "a client with a long name", "command");
	assert_int_equal(holder_write(fd, &self, 0), 0);
	fstat(fd, &status);
	holder_self(&self, NULL, "c");
	assert_int_equal(holder_write(fd, &self, status.st_size), 0);
	assert_int_equal(holder_read(fd, &again), HOLDER_RECORD);
	assert_string_equal(again.command, "c");
	assert_string_equal(again.client, "");
	close(fd);
}

static void holder__largest_record__is_read_again(void **state)
{
	int fd = open_file();
	struct holder self, again;
	char word[100];

	(void)state;
	memset(word, 'w', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	holder_self(&self, word, word);
	memset(self.host, 'h', sizeof(self.host) - 1);
	self.owner.pid = 4194304;
	self.owner.start = self.owner.taken = UINT64_MAX;
	self.start = UINT64_MAX;
	for (int i = 0; i < 32; i++)
		self.owner.children[self.owner.count++] = 4194304 - i;
	assert_int_equal(holder_write(fd, &self, 0), 0);
	assert_int_equal(holder_read(fd, &again), HOLDER_RECORD);
	assert_true(again.start == UINT64_MAX);
	assert_memory_equal(&again.owner, &self.owner, sizeof(self.owner));
	self.owner.count = -1;
	assert_int_equal(holder_write(fd, &self, HOLDER_RECORD_MAX), 0);
	assert_int_equal(holder_read(fd, &again), HOLDER_RECORD);
	assert_int_equal(again.owner.count, -1);
	close(fd);
}

static void holder__empty__is_empty(void **state)
{
	struct holder holder;

	(void)state;
	assert_int_equal(read_text("", &holder), HOLDER_EMPTY);
	assert_int_equal(holder.pid, 0);
}

#define HEAD "PID: 12\nACQUIRED: 2026-01-25T10:30:00Z\nHOSTNAME: h\n"

static void holder__what_is_not_quite_a_record__is_foreign(void **state)
{
	struct holder holder;

	(void)state;
	assert_int_equal(read_text(HEAD "START: 34\n", &holder),
			 HOLDER_RECORD);
	assert_int_equal(holder.pid, 12);
	assert_int_equal(holder.start, 34);
	assert_foreign(HEAD);
	assert_foreign(HEAD "START: 34");
	assert_foreign(HEAD "START: 34\nmore\n");
	assert_foreign(HEAD "START: 34\n\n");
	assert_foreign(HEAD "START: x\n");
	assert_foreign(HEAD "START: \n");
	assert_foreign(HEAD "START: -3\n");
	assert_foreign(HEAD "OTHER: x\nSTART: 34\n");
	assert_foreign(HEAD "COMMAND: c\nCLIENT: c\nSTART: 34\n");
	assert_foreign(HEAD "OWNER: x\nSTART: 34\n");
	assert_foreign(HEAD "OWNER: 1 2\nSTART: 34\n");
	assert_foreign(HEAD "OWNER: 1 2 3 x\nSTART: 34\n");
	assert_foreign("PID: 12\nHOSTNAME: h\nSTART: 34\n");
	assert_foreign("PID: \nACQUIRED: x\nHOSTNAME: h\nSTART: 34\n");
	assert_foreign("PID: -1\nACQUIRED: x\nHOSTNAME: h\nSTART: 34\n");
	assert_foreign("PID: 0\nACQUIRED: x\nHOSTNAME: h\nSTART: 34\n");
	assert_foreign("PID: 99999999999\nACQUIRED: x\nHOSTNAME: h\n"
		       "START: 34\n");
	assert_foreign("pid: 12\n");
}

static void holder__somebodys_data__is_foreign(void **state)
{
	static char large[HOLDER_RECORD_MAX + 2];
	struct holder holder;

	(void)state;
	assert_foreign("{\"a\": 1}\n");
	assert_foreign("hello\n");
	assert_foreign("\n");
	assert_foreign("\n12\n");
	assert_foreign("12 monkeys\n");
	assert_foreign("-12\n");
	assert_foreign("1.5\n");
	assert_foreign("0\n");
	assert_foreign("123456789012345678901234567890\n");
	assert_foreign("99999999999\n");
	assert_foreign("\xff\xfe\n");
	assert_int_equal(read_bytes("12\n\0", 4, &holder), HOLDER_FOREIGN);
	assert_int_equal(read_bytes("\0", 1, &holder), HOLDER_FOREIGN);
	memset(large, '1', sizeof(large));
	assert_int_equal(read_bytes(large, sizeof(large), &holder),
			 HOLDER_FOREIGN);
	memset(large, '\n', sizeof(large));
	memcpy(large, HEAD "START: 34\n", strlen(HEAD "START: 34\n"));
	assert_int_equal(read_bytes(large, sizeof(large), &holder),
			 HOLDER_FOREIGN);
}

static void holder__pid_of_another_tool__is_existence(void **state)
{
	struct holder holder;
	char text[64], name[16];

	(void)state;
	snprintf(text, sizeof(text), "%ld\nhost\n", (long)getpid());
	assert_int_equal(read_text(text, &holder), HOLDER_EXISTENCE);
	assert_int_equal(holder.pid, getpid());
	process_name(getpid(), name);
	assert_string_equal(holder.command, name);
	assert_int_equal(read_text("12\n", &holder), HOLDER_EXISTENCE);
	assert_int_equal(read_text("12", &holder), HOLDER_EXISTENCE);
	/* UUCP's way: ten characters, right-justified */
	assert_int_equal(read_text("        12\n", &holder),
			 HOLDER_EXISTENCE);
	assert_int_equal(holder.pid, 12);
}

static void holder__unreadable__is_foreign(void **state)
{
	int fd = open("file", O_WRONLY | O_CREAT, 0666);
	struct holder holder;

	(void)state;
	assert_int_equal(holder_read(fd, &holder), HOLDER_FOREIGN);
	close(fd);
	assert_int_equal(holder_read(-1, &holder), HOLDER_FOREIGN);
}

static void holder__lost__leaves_word(void **state)
{
	int fd = open_file();
	struct holder self, lost;
	uint64_t start = 0;

	(void)state;
	holder_self(&self, "a long enough client", "command");
	assert_int_equal(holder_write(fd, &self, 0), 0);
	holder_write_lost(fd, getpid());
	process_start(getpid(), &start);
	assert_int_equal(holder_read(fd, &lost), HOLDER_LOST);
	assert_int_equal(lost.pid, getpid());
	assert_true(lost.start == start);
	assert_int_equal(strlen(lost.since), UTC_SIZE - 1);
	assert_string_equal(lost.client, "");
	close(fd);
}

static void holder__erase__takes_only_the_own_record(void **state)
{
	int fd = open_file();
	struct holder self;
	struct stat status;

	(void)state;
	holder_self(&self, NULL, "c");
	assert_int_equal(holder_write(fd, &self, 0), 0);
	holder_erase(fd, getpid() + 1);
	fstat(fd, &status);
	assert_true(status.st_size > 0);
	errno = EXDEV;
	holder_erase(fd, getpid());
	assert_int_equal(errno, EXDEV);
	fstat(fd, &status);
	assert_int_equal(status.st_size, 0);
	assert_int_equal(pwrite(fd, "data", 4, 0), 4);
	holder_erase(fd, getpid());
	fstat(fd, &status);
	assert_int_equal(status.st_size, 4);
	close(fd);
}

static void holder__write_that_fails__is_told(void **state)
{
	int fd;
	struct holder self;

	(void)state;
	scratch_write("file", "");
	fd = open("file", O_RDONLY);
	holder_self(&self, NULL, "c");
	errno = 0;
	assert_int_equal(holder_write(fd, &self, 0), -1);
	assert_int_equal(errno, EBADF);
	close(fd);
}

/* --- who holds ----------------------------------------------------------- */

static void need_proc(void)
{
	if (access("/proc/locks", F_OK))
		skip();
}

static void holder__nobody_holds__has_no_pid(void **state)
{
	int fd = open_file();
	struct holder record, found;
	char words[HOLDER_WORDS];

	(void)state;
	holder_self(&record, NULL, "c");
	holder_find(fd, &record, &found);
	assert_int_equal(found.pid, 0);
	holder_describe(&found, words);
	assert_string_equal(words, "a process that cannot be seen from here");
	close(fd);
}

static void holder__record_that_the_system_bears_out__counts(void **state)
{
	int fd = open_file();
	struct holder record, found;

	(void)state;
	need_proc();
	assert_int_equal(flock(fd, LOCK_EX), 0);
	holder_self(&record, "cursor", "c");
	holder_find(fd, &record, &found);
	assert_int_equal(found.pid, getpid());
	assert_string_equal(found.client, "cursor");
	close(fd);
}

static void holder__record_of_another__gives_way_to_the_system(void **state)
{
	int fd = open_file();
	struct holder record, found;
	struct other other;
	char name[16];

	(void)state;
	need_proc();
	holder_self(&record, "cursor", "c");
	other_hold(&other, "file", false);
	holder_find(fd, &record, &found);
	assert_int_equal(found.pid, other.pid);
	assert_string_equal(found.client, "");
	assert_string_equal(found.since, "");
	process_name(other.pid, name);
	assert_string_equal(found.command, name);
	/* The right pid with the wrong start is another process. */
	record.pid = other.pid;
	record.start = 1;
	holder_find(fd, &record, &found);
	assert_int_equal(found.pid, other.pid);
	assert_string_equal(found.client, "");
	holder_find(fd, NULL, &found);
	assert_int_equal(found.pid, other.pid);
	other_end(&other, 0);
	close(fd);
}

/* As `flock 9` in a shell: who called flock is gone, who has it lives. */
static void lock_by_a_child(const struct other *self, const char *name)
{
	int fd = open(name, O_RDWR), status;
	pid_t child = fork();

	if (child == 0)
		_exit(flock(fd, LOCK_EX) ? 1 : 0);
	if (waitpid(child, &status, 0) != child || status)
		_exit(1);
	other_say(self);
	other_stay(self);
}

static void holder__lock_of_a_dead_caller__is_found_with_its_heir(void **state)
{
	int fd = open_file();
	struct other other;
	struct holder found;

	(void)state;
	need_proc();
	other_start(&other, lock_by_a_child, "file");
	other_await(&other);
	holder_find(fd, NULL, &found);
	assert_int_equal(found.pid, other.pid);
	other_end(&other, 0);
	close(fd);
}

static void holder__words__tell_what_is_known(void **state)
{
	struct holder holder = {.pid = 12};
	char words[HOLDER_WORDS];

	(void)state;
	holder_describe(&holder, words);
	assert_string_equal(words, "a process (pid 12)");
	strcpy(holder.command, "sleep");
	holder_describe(&holder, words);
	assert_string_equal(words, "sleep (pid 12)");
	strcpy(holder.since, "2026-01-25T10:30:00Z");
	strcpy(holder.client, "cursor");
	holder_describe(&holder, words);
	assert_string_equal(words, "sleep (pid 12, client cursor) since "
				   "2026-01-25T10:30:00Z");
}

/* --- owners -------------------------------------------------------------- */

static struct holder_owner owned;

/* Exit 0 if the owner covers this process. */
static void ask(const struct other *self, const char *name)
{
	(void)self;
	(void)name;
	_exit(!holder_owner_covers(&owned));
}

/* The same, started before the lock was taken. */
static struct holder_owner *shared_owner;

static void ask_when_told(const struct other *self, const char *name)
{
	char byte;

	(void)name;
	other_say(self);
	if (read(self->told, &byte, 1) != 1)
		_exit(2);
	_exit(!holder_owner_covers(shared_owner));
}

static void holder__owner__covers_itself_and_what_it_starts(void **state)
{
	struct holder holder = {.pid = 1};
	struct other later;

	(void)state;
	need_proc();
	holder_set_owner(&holder, getpid());
	owned = holder.owner;
	assert_int_equal(owned.pid, getpid());
	assert_true(holder_owner_covers(&owned));
	other_start(&later, ask, "");
	assert_int_equal(other_end(&later, 0), 0);
}

static void holder__owner__does_not_cover_what_ran_before(void **state)
{
	struct holder holder = {.pid = 1};
	struct other before;
	int name = open("owner", O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	(void)state;
	need_proc();
	assert_int_equal(ftruncate(name, sizeof(*shared_owner)), 0);
	shared_owner = mmap(NULL, sizeof(*shared_owner),
			    PROT_READ | PROT_WRITE, MAP_SHARED, name, 0);
	assert_ptr_not_equal(shared_owner, MAP_FAILED);
	other_start(&before, ask_when_told, "");
	other_await(&before);
	holder_set_owner(&holder, getpid());
	*shared_owner = holder.owner;
	assert_int_equal(WEXITSTATUS(other_end(&before, 0)), 1);
	munmap(shared_owner, sizeof(*shared_owner));
	close(name);
}

static void holder__owner_that_is_no_ancestor__covers_nobody(void **state)
{
	struct holder holder = {.pid = 1};
	struct other other;

	(void)state;
	need_proc();
	other_hold(&other, "file", false);
	holder_set_owner(&holder, other.pid);
	assert_false(holder_owner_covers(&holder.owner));
	holder_set_owner(&holder, getpid());
	holder.owner.start++;
	assert_false(holder_owner_covers(&holder.owner));
	holder.owner.pid = 0;
	assert_false(holder_owner_covers(&holder.owner));
	other_end(&other, 0);
}

static void carry__record__reads_back(void **state)
{
	struct holder self, back;
	int fd;

	(void)state;
	holder_self(&self, "cursor", "/bin/sh");
	fd = holder_carry(&self);
	if (fd < 0 && errno == ENOSYS)
		skip();
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(holder_read(fd, &back), HOLDER_RECORD);
	assert_int_equal(back.pid, getpid());
	assert_string_equal(back.client, "cursor");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(holder__written__is_read_again),
		scratch_test(holder__no_client__leaves_its_line_out),
		scratch_test(holder__words_that_could_forge_lines__are_masked),
		scratch_test(holder__longer_old_record__is_cut_off),
		scratch_test(holder__largest_record__is_read_again),
		scratch_test(holder__empty__is_empty),
		scratch_test(holder__what_is_not_quite_a_record__is_foreign),
		scratch_test(holder__somebodys_data__is_foreign),
		scratch_test(holder__pid_of_another_tool__is_existence),
		scratch_test(holder__unreadable__is_foreign),
		scratch_test(holder__lost__leaves_word),
		scratch_test(holder__erase__takes_only_the_own_record),
		scratch_test(holder__write_that_fails__is_told),
		scratch_test(holder__nobody_holds__has_no_pid),
		scratch_test(holder__record_that_the_system_bears_out__counts),
		scratch_test(
			holder__record_of_another__gives_way_to_the_system),
		scratch_test(
			holder__lock_of_a_dead_caller__is_found_with_its_heir),
		scratch_test(holder__words__tell_what_is_known),
		scratch_test(holder__owner__covers_itself_and_what_it_starts),
		scratch_test(holder__owner__does_not_cover_what_ran_before),
		scratch_test(holder__owner_that_is_no_ancestor__covers_nobody),
		cmocka_unit_test(carry__record__reads_back),
	};

	return cmocka_run_group_tests_name("holder", tests, NULL, NULL);
}
