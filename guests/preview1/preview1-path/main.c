// The calls of preview 1 on paths: making, removing, linking, renaming and listing.
#include "cases.h"

static __wasi_errno_t rename_path(const char *from, const char *to) {
  return __wasi_path_rename(ROOT_FD, from, ROOT_FD, to);
}
static __wasi_errno_t make_directory(const char *path) {
  return __wasi_path_create_directory(ROOT_FD, path);
}
static __wasi_errno_t remove_directory(const char *path) {
  return __wasi_path_remove_directory(ROOT_FD, path);
}
static __wasi_errno_t unlink_file(const char *path) {
  return __wasi_path_unlink_file(ROOT_FD, path);
}
static __wasi_errno_t make_symlink(const char *text, const char *path) {
  return __wasi_path_symlink(text, ROOT_FD, path);
}
static __wasi_errno_t make_link(const char *from, const char *to) {
  return __wasi_path_link(ROOT_FD, 0, from, ROOT_FD, to);
}

static void create_and_remove(void) {
  EXPECT(make_directory("tmp/d"), 0);
  EXPECT(make_directory("tmp/d"), __WASI_ERRNO_EXIST);
  EXPECT(make_directory("tmp/d/"), __WASI_ERRNO_EXIST);
  EXPECT(make_directory("tmp/none/d"), __WASI_ERRNO_NOENT);
  make_file("tmp/d/f", "x");
  EXPECT(remove_directory("tmp/d"), __WASI_ERRNO_NOTEMPTY);
  EXPECT(unlink_file("tmp/d"), __WASI_ERRNO_ISDIR);
  EXPECT(remove_directory("tmp/d/f"), __WASI_ERRNO_NOTDIR);
  EXPECT(unlink_file("tmp/d/f/"), __WASI_ERRNO_NOTDIR);
  EXPECT(unlink_file("tmp/d/f"), 0);
  EXPECT(remove_directory("tmp/d/"), 0);
  EXPECT(remove_directory("tmp/d"), __WASI_ERRNO_NOENT);
}

static void open_flags(void) {
  __wasi_fd_t fd;
  EXPECT(open_path("tmp/new", 0, READ, 0, &fd), __WASI_ERRNO_NOENT);
  EXPECT(open_path("tmp/new", __WASI_OFLAGS_CREAT, WRITE, 0, &fd), 0);
  EXPECT(open_path("tmp/new", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_EXCL, WRITE, 0, &fd),
         __WASI_ERRNO_EXIST);
  EXPECT(open_path("tmp", __WASI_OFLAGS_DIRECTORY, 0, 0, &fd), 0);
  EXPECT(open_path("tmp/new", __WASI_OFLAGS_DIRECTORY, 0, 0, &fd), __WASI_ERRNO_NOTDIR);
  EXPECT(open_path("tmp", 0, WRITE, 0, &fd), __WASI_ERRNO_ISDIR);
  EXPECT(open_path("tmp/new/", 0, READ, 0, &fd), __WASI_ERRNO_NOTDIR);
  EXPECT(open_path("tmp/new", 0, READ, __WASI_FDFLAGS_SYNC, &fd), __WASI_ERRNO_NOTSUP);
  EXPECT(open_path("", 0, READ, 0, &fd), __WASI_ERRNO_NOENT);
}

static void symlinks(void) {
  __wasi_fd_t fd;
  __wasi_size_t length;
  uint8_t text[16];
  make_file("tmp/f", "x");
  EXPECT(make_symlink("f", "tmp/l"), 0);
  EXPECT(make_symlink("f", "tmp/l"), __WASI_ERRNO_EXIST);
  EXPECT(make_symlink("loop", "tmp/loop"), 0);
  EXPECT(__wasi_path_readlink(ROOT_FD, "tmp/l", text, sizeof text, &length), 0);
  EXPECT(length, 1);
  EXPECT(__wasi_path_readlink(ROOT_FD, "tmp/f", text, sizeof text, &length), __WASI_ERRNO_INVAL);
  EXPECT(__wasi_path_readlink(ROOT_FD, "tmp/loop", text, 2, &length), 0);
  EXPECT(length, 2);
  EXPECT(open_path("tmp/l", 0, READ, 0, &fd), 0);
  EXPECT(open_path("tmp/loop", 0, READ, 0, &fd), __WASI_ERRNO_LOOP);
  EXPECT(__wasi_path_open(ROOT_FD, 0, "tmp/l", 0, READ, 0, 0, &fd), __WASI_ERRNO_LOOP);
  EXPECT(make_symlink("nowhere", "tmp/dangling"), 0);
  EXPECT(open_path("tmp/dangling", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_EXCL, WRITE, 0, &fd),
         __WASI_ERRNO_EXIST);
  EXPECT(open_path("tmp/dangling", __WASI_OFLAGS_CREAT, WRITE, 0, &fd), 0);
  EXPECT(unlink_file("tmp/nowhere"), 0);
}

static void hard_links(void) {
  __wasi_filestat_t one, two;
  make_file("tmp/f", "x");
  EXPECT(make_link("tmp/f", "tmp/g"), 0);
  EXPECT(make_link("tmp/f", "tmp/g"), __WASI_ERRNO_EXIST);
  EXPECT(make_link("tmp", "tmp/h"), __WASI_ERRNO_PERM);
  EXPECT(__wasi_path_link(ROOT_FD, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, "tmp/f", ROOT_FD, "tmp/h"),
         __WASI_ERRNO_INVAL);
  EXPECT(__wasi_path_filestat_get(ROOT_FD, 0, "tmp/f", &one), 0);
  EXPECT(__wasi_path_filestat_get(ROOT_FD, 0, "tmp/g", &two), 0);
  EXPECT(one.ino, two.ino);
  EXPECT(two.nlink, 2);
  EXPECT(unlink_file("tmp/f"), 0);
  EXPECT(__wasi_path_filestat_get(ROOT_FD, 0, "tmp/g", &two), 0);
  EXPECT(two.nlink, 1);
}

static void renames(void) {
  make_file("tmp/a", "a");
  make_file("tmp/b", "b");
  EXPECT(make_directory("tmp/d"), 0);
  EXPECT(make_directory("tmp/e"), 0);
  make_file("tmp/e/f", "f");
  EXPECT(rename_path("tmp/a", "tmp/d"), __WASI_ERRNO_ISDIR);
  EXPECT(rename_path("tmp/d", "tmp/a"), __WASI_ERRNO_NOTDIR);
  EXPECT(rename_path("tmp/d", "tmp/e"), __WASI_ERRNO_NOTEMPTY);
  EXPECT(rename_path("tmp/e", "tmp/d"), 0);
  EXPECT(rename_path("tmp/d", "tmp/d/f/x"), __WASI_ERRNO_NOTDIR);
  EXPECT(rename_path("tmp/d", "tmp/d/x"), __WASI_ERRNO_INVAL);
  EXPECT(rename_path("tmp/a", "tmp/b"), 0);
  EXPECT(rename_path("tmp/a", "tmp/b"), __WASI_ERRNO_NOENT);
  EXPECT(rename_path("tmp/b", "tmp/b"), 0);
  EXPECT(rename_path("tmp/b", "tmp/c/"), __WASI_ERRNO_NOTDIR);
}

static void readdir_small_buffer(void) {
  char path[32];
  __wasi_fd_t fd;
  __wasi_dircookie_t cookie = 0;
  int seen = 0;
  EXPECT(make_directory("tmp/many"), 0);
  for (int index = 0; index < 1000; index += 1) {
    snprintf(path, sizeof path, "tmp/many/%d", index);
    make_file(path, "");
  }
  EXPECT(open_path("tmp/many", __WASI_OFLAGS_DIRECTORY, READ, 0, &fd), 0);
  for (;;) {
    uint8_t buffer[100];
    __wasi_size_t used, at = 0;
    EXPECT(__wasi_fd_readdir(fd, buffer, sizeof buffer, cookie, &used), 0);
    while (at + sizeof(__wasi_dirent_t) <= used) {
      __wasi_dirent_t entry;
      memcpy(&entry, buffer + at, sizeof entry);
      if (at + sizeof entry + entry.d_namlen > used) break;
      at += sizeof entry + entry.d_namlen;
      cookie = entry.d_next;
      seen += 1;
      /* What is removed while it is listed is neither skipped nor seen twice. */
      if (seen == 500) EXPECT(unlink_file("tmp/many/999"), 0);
    }
    if (used < sizeof buffer) break;
  }
  EXPECT(seen, 1002);
}

static void root_is_the_top(void) {
  __wasi_filestat_t root, above;
  EXPECT(__wasi_path_filestat_get(ROOT_FD, 0, ".", &root), 0);
  EXPECT(__wasi_path_filestat_get(ROOT_FD, 0, "../../..", &above), 0);
  EXPECT(root.ino, above.ino);
  EXPECT(root.filetype, __WASI_FILETYPE_DIRECTORY);
}

static void preopens_end_with_badf(void) {
  __wasi_prestat_t stat;
  uint8_t name[4];
  EXPECT(__wasi_fd_prestat_get(3, &stat), 0);
  EXPECT(stat.u.dir.pr_name_len, 1);
  EXPECT(__wasi_fd_prestat_dir_name(3, name, 1), 0);
  EXPECT(name[0], '/');
  EXPECT(__wasi_fd_prestat_get(4, &stat), __WASI_ERRNO_BADF);
  EXPECT(__wasi_fd_close(3), 0);
  EXPECT(__wasi_fd_prestat_get(3, &stat), __WASI_ERRNO_BADF);
}

static const struct test_case CASES[] = {
    {"path_create_directory-and-remove", create_and_remove},
    {"path_open-flags", open_flags},
    {"path_symlink-and-readlink", symlinks},
    {"path_link-counts-names", hard_links},
    {"path_rename-table", renames},
    {"fd_readdir-small-buffer", readdir_small_buffer},
    {"path_filestat_get-root-is-the-top", root_is_the_top},
    {"fd_prestat_get-ends-with-badf", preopens_end_with_badf},
    {NULL, NULL},
};

int main(int argc, char **argv) { return run_cases(CASES, argc, argv); }
