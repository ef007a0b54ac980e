/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "metadata.h"

#if defined(__linux__) && defined(HAVE_SYS_XATTR_H)
#include <sys/xattr.h>
#define HAVE_ATTRIBUTES 1
#endif

static struct problem problem;

/* Give the file TO what FROM has. */
static int copy_metadata(const char *from, const char *to, bool new_owner)
{
	struct metadata metadata = METADATA_INIT;
	int source = open(from, O_RDONLY | O_CLOEXEC);
	int copy = open(to, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct stat status;
	int result;

	assert_true(source >= 0 && copy >= 0);
	assert_int_equal(fstat(source, &status), 0);
	assert_int_equal(metadata_read(&metadata, source, &status), 0);
	result = metadata_apply(&metadata, copy, new_owner, to, &problem);
	metadata_release(&metadata);
	close(source);
	close(copy);
	return result;
}

static void metadata__mode__is_given(void **state)
{
	(void)state;
	scratch_write("a", "");
	assert_int_equal(chmod("a", 0751), 0);
	assert_int_equal(copy_metadata("a", "b", false), 0);
	assert_int_equal(scratch_mode("b"), 0751);
}

static void metadata__owner__is_given_or_refused(void **state)
{
	struct stat status;
	pid_t privileged = geteuid() == 0;

	(void)state;
	if (!privileged)
		skip();
	scratch_write("a", "");
	assert_int_equal(chown("a", 1234, 5678), 0);
	assert_int_equal(chmod("a", 04755), 0);
	assert_int_equal(copy_metadata("a", "b", false), 0);
	assert_int_equal(stat("b", &status), 0);
	assert_int_equal(status.st_uid, 1234);
	assert_int_equal(status.st_gid, 5678);
	assert_int_equal(status.st_mode & 07777, 04755);
	/* As somebody who may not. */
	assert_int_equal(chmod(".", 0777), 0);
	assert_int_equal(seteuid(65534), 0);
	assert_int_equal(copy_metadata("a", "c", false), -1);
	assert_non_null(strstr(problem.reason, "--new-owner"));
	assert_non_null(strstr(problem.reason, "--in-place"));
	assert_int_equal(copy_metadata("a", "c", true), 0);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(scratch_mode("c"), 0755);
}

#ifdef HAVE_ATTRIBUTES
/* Skip where the file system has no such attributes. */
static void give_attribute(const char *name, const char *attribute,
			   const void *value, size_t size)
{
	if (!setxattr(name, attribute, value, size, 0))
		return;
	if (errno == ENOTSUP)
		skip();
	fail_msg("setxattr: %s", strerror(errno));
}

static void metadata__user_attributes__are_given(void **state)
{
	char value[16];

	(void)state;
	scratch_write("a", "");
	give_attribute("a", "user.one", "1", 1);
	give_attribute("a", "user.empty", "", 0);
	scratch_write("b", "");
	give_attribute("b", "user.stale", "x", 1);
	assert_int_equal(copy_metadata("a", "b", false), 0);
	assert_int_equal(getxattr("b", "user.one", value, sizeof(value)), 1);
	assert_int_equal(value[0], '1');
	assert_int_equal(getxattr("b", "user.empty", value, sizeof(value)), 0);
	assert_int_equal(getxattr("b", "user.stale", value, sizeof(value)),
			 -1);
}

/* An access control list as the kernel takes it: tag, permissions, id. */
struct acl {
	uint32_t version;
	struct {
		uint16_t tag, permissions;
		uint32_t id;
	} entries[5];
};

/* u::rw-, u:1234:r--, g::r--, m::r--, o::--- */
static const struct acl named_user = {
	2,
	{
		{0x01, 6, UINT32_MAX},
		{0x02, 4, 1234},
		{0x04, 4, UINT32_MAX},
		{0x10, 4, UINT32_MAX},
		{0x20, 0, UINT32_MAX},
	},
};

static void metadata__access_control_list__is_given(void **state)
{
	struct acl found;

	(void)state;
	scratch_write("a", "");
	give_attribute("a", "system.posix_acl_access", &named_user,
		       sizeof(named_user));
	assert_int_equal(copy_metadata("a", "b", false), 0);
	assert_int_equal(getxattr("b", "system.posix_acl_access", &found,
				  sizeof(found)),
			 sizeof(found));
	assert_memory_equal(&found, &named_user, sizeof(found));
	assert_int_equal(scratch_mode("b"), 0640);
}

/* A directory's default list must not open a file that has none. */
static void metadata__default_list__does_not_widen(void **state)
{
	struct acl found;

	(void)state;
	scratch_write("a", "");
	assert_int_equal(chmod("a", 0640), 0);
	give_attribute(".", "system.posix_acl_default", &named_user,
		       sizeof(named_user));
	assert_int_equal(copy_metadata("a", "b", false), 0);
	assert_int_equal(getxattr("b", "system.posix_acl_access", &found,
				  sizeof(found)),
			 -1);
	assert_int_equal(errno, ENODATA);
	assert_int_equal(scratch_mode("b"), 0640);
}
#endif

static void metadata__equal__compares_everything(void **state)
{
	struct metadata one = METADATA_INIT, other = METADATA_INIT;
	struct stat status;
	int fd;

	(void)state;
	scratch_write("a", "");
	fd = open("a", O_RDONLY | O_CLOEXEC);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(metadata_read(&one, fd, &status), 0);
	assert_int_equal(metadata_read(&other, fd, &status), 0);
	assert_true(metadata_equal(&one, &other));
	assert_int_equal(buffer_add_string(&other.attributes, "x"), 0);
	assert_false(metadata_equal(&one, &other));
	buffer_clear(&other.attributes);
	other.mode ^= 1;
	assert_false(metadata_equal(&one, &other));
	metadata_release(&one);
	metadata_release(&other);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(metadata__mode__is_given),
		scratch_test(metadata__owner__is_given_or_refused),
#ifdef HAVE_ATTRIBUTES
		scratch_test(metadata__user_attributes__are_given),
		scratch_test(metadata__access_control_list__is_given),
		scratch_test(metadata__default_list__does_not_widen),
#endif
		scratch_test(metadata__equal__compares_everything),
	};

	return cmocka_run_group_tests_name("metadata", tests, NULL, NULL);
}
