// Modes, owners and what stat tells.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../check.h"

static mode_t mode_of(const char *path) {
  struct stat found;
  CHECK(lstat(path, &found), 0);
  return found.st_mode;
}

static void modes(void) {
  CHECK(umask(022), 022);
  int fd = open("/tmp/file", O_CREAT | O_WRONLY | O_EXCL, 0777);
  CHECK(fd >= 0, 1);
  CHECK(mode_of("/tmp/file"), S_IFREG | 0755);
  CHECK(fchmod(fd, 0600), 0);
  CHECK(mode_of("/tmp/file"), S_IFREG | 0600);
  CHECK(chmod("/tmp/file", 04711), 0);
  CHECK(mode_of("/tmp/file"), S_IFREG | 04711);
  CHECK(close(fd), 0);
  CHECK(umask(077), 022);
  CHECK(mkdir("/tmp/dir", 0777), 0);
  CHECK(mode_of("/tmp/dir"), S_IFDIR | 0700);
  CHECK(mkdirat(AT_FDCWD, "/tmp/dir/in", 01755), 0);
  CHECK(mode_of("/tmp/dir/in"), S_IFDIR | 01700);
  CHECK(umask(022), 077);
  CHECK_FAILS(chmod("/tmp/none", 0600), ENOENT);
  holds("modes");
}

static void owners(void) {
  struct stat found;
  CHECK(chown("/tmp/file", 1000, 1001), 0);
  CHECK(stat("/tmp/file", &found), 0);
  CHECK(found.st_uid, 1000);
  CHECK(found.st_gid, 1001);
  // Who has it now does not run it as who had it.
  CHECK(found.st_mode, S_IFREG | 0711);
  CHECK(chown("/tmp/file", (uid_t)-1, 7), 0);
  CHECK(stat("/tmp/file", &found), 0);
  CHECK(found.st_uid, 1000);
  CHECK(found.st_gid, 7);
  CHECK(symlink("file", "/tmp/link"), 0);
  CHECK(lchown("/tmp/link", 5, 6), 0);
  CHECK(lstat("/tmp/link", &found), 0);
  CHECK(found.st_uid, 5);
  CHECK(S_ISLNK(found.st_mode), 1);
  CHECK(stat("/tmp/link", &found), 0);
  CHECK(found.st_uid, 1000);
  holds("owners");
}

static void numbers(void) {
  struct stat file, other;
  CHECK(link("/tmp/file", "/tmp/other"), 0);
  CHECK(stat("/tmp/file", &file), 0);
  CHECK(stat("/tmp/other", &other), 0);
  CHECK(file.st_nlink, 2);
  CHECK(file.st_ino, other.st_ino);
  CHECK(truncate("/tmp/file", 1025), 0);
  CHECK(stat("/tmp/file", &file), 0);
  CHECK(file.st_size, 1025);
  CHECK(file.st_blocks, 3);
  CHECK(stat("/dev/null", &file), 0);
  CHECK(S_ISCHR(file.st_mode), 1);
  CHECK(major(file.st_rdev), 1);
  CHECK(minor(file.st_rdev), 3);
  int ends[2];
  CHECK(pipe(ends), 0);
  CHECK(fstat(ends[0], &file), 0);
  CHECK(S_ISFIFO(file.st_mode), 1);
  holds("numbers");
}

static void rights(void) {
  CHECK(access("/tmp/file", F_OK), 0);
  CHECK(access("/tmp/file", X_OK), 0);
  CHECK(chmod("/tmp/file", 0644), 0);
  CHECK_FAILS(access("/tmp/file", X_OK), EACCES);
  CHECK_FAILS(access("/tmp/none", F_OK), ENOENT);
  CHECK(access("/tmp", R_OK | W_OK | X_OK), 0);
  holds("rights");
}

static void file_systems(void) {
  struct statvfs found;
  CHECK(statvfs("/", &found), 0);
  CHECK(found.f_bsize, 4096);
  CHECK(found.f_blocks > 0, 1);
  CHECK(found.f_bavail <= found.f_blocks, 1);
  CHECK(found.f_namemax, 255);
  CHECK(statvfs("/proc", &found), 0);
  CHECK(found.f_blocks, 0);
  CHECK_FAILS(statvfs("/none", &found), ENOENT);
  holds("file systems");
}

int main(void) {
  mkdir("/tmp", 0777);
  modes();
  owners();
  numbers();
  rights();
  file_systems();
  return 0;
}
