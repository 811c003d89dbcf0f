// What a user other than root may do in a container that root has filled.
#include "cases.h"

static __wasi_fd_t fd;
static __wasi_size_t done;

static void root_files_are_read_only(void) {
  EXPECT(open_path("srv/root.txt", 0, READ, 0, &fd), 0);
  EXPECT(open_path("srv/root.txt", 0, WRITE, 0, &fd), __WASI_ERRNO_ACCES);
  EXPECT(open_path("srv/root.txt", __WASI_OFLAGS_TRUNC, 0, 0, &fd), __WASI_ERRNO_ACCES);
  EXPECT(open_path("srv/new", __WASI_OFLAGS_CREAT, WRITE, 0, &fd), __WASI_ERRNO_ACCES);
  EXPECT(__wasi_path_unlink_file(ROOT_FD, "srv/root.txt"), __WASI_ERRNO_ACCES);
  EXPECT(__wasi_path_rename(ROOT_FD, "srv/root.txt", ROOT_FD, "tmp/x"), __WASI_ERRNO_ACCES);
  EXPECT(__wasi_path_link(ROOT_FD, 0, "srv/root.txt", ROOT_FD, "srv/x"), __WASI_ERRNO_ACCES);
  EXPECT(__wasi_path_symlink("x", ROOT_FD, "srv/x"), __WASI_ERRNO_ACCES);
  EXPECT(__wasi_path_create_directory(ROOT_FD, "srv/x"), __WASI_ERRNO_ACCES);
  EXPECT(__wasi_path_remove_directory(ROOT_FD, "srv"), __WASI_ERRNO_ACCES);
}

static void root_times_stay(void) {
  EXPECT(open_path("srv/root.txt", 0, READ, 0, &fd), 0);
  EXPECT(__wasi_fd_filestat_set_times(fd, 0, 1, __WASI_FSTFLAGS_MTIM), __WASI_ERRNO_PERM);
  EXPECT(__wasi_fd_filestat_set_times(fd, 0, 0, __WASI_FSTFLAGS_MTIM_NOW), __WASI_ERRNO_ACCES);
  EXPECT(__wasi_path_filestat_set_times(ROOT_FD, 1, "srv/root.txt", 0, 1, __WASI_FSTFLAGS_MTIM),
         __WASI_ERRNO_PERM);
  EXPECT(__wasi_fd_filestat_set_size(fd, 0), __WASI_ERRNO_INVAL);
}

static void no_way_round_through_proc(void) {
  __wasi_fd_t again;
  char path[40];
  EXPECT(open_path("srv/root.txt", 0, READ, 0, &fd), 0);
  snprintf(path, sizeof path, "proc/self/fd/%u", fd);
  EXPECT(open_path(path, 0, READ, 0, &again), 0);
  EXPECT(open_path(path, 0, WRITE, 0, &again), __WASI_ERRNO_ACCES);
  EXPECT(open_path(path, 0, READ | WRITE, 0, &again), __WASI_ERRNO_ACCES);
}

static void closed_directories(void) {
  __wasi_filestat_t stat;
  EXPECT(__wasi_path_filestat_get(ROOT_FD, 0, "root", &stat), 0);
  EXPECT(__wasi_path_filestat_get(ROOT_FD, 0, "root/secret.txt", &stat), __WASI_ERRNO_ACCES);
  EXPECT(open_path("root/secret.txt", 0, READ, 0, &fd), __WASI_ERRNO_ACCES);
  EXPECT(open_path("root", __WASI_OFLAGS_DIRECTORY, READ, 0, &fd), __WASI_ERRNO_ACCES);
  EXPECT(open_path("tmp/../root/../srv/root.txt", 0, READ, 0, &fd), __WASI_ERRNO_ACCES);
  EXPECT(__wasi_path_symlink("../root/secret.txt", ROOT_FD, "tmp/way"), 0);
  EXPECT(open_path("tmp/way", 0, READ, 0, &fd), __WASI_ERRNO_ACCES);
}

static void sticky_tmp(void) {
  EXPECT(__wasi_path_unlink_file(ROOT_FD, "tmp/root.txt"), __WASI_ERRNO_PERM);
  EXPECT(__wasi_path_rename(ROOT_FD, "tmp/root.txt", ROOT_FD, "tmp/x"), __WASI_ERRNO_PERM);
  make_file("tmp/mine", "m");
  EXPECT(__wasi_path_rename(ROOT_FD, "tmp/mine", ROOT_FD, "tmp/root.txt"), __WASI_ERRNO_PERM);
  EXPECT(__wasi_path_rename(ROOT_FD, "tmp/mine", ROOT_FD, "tmp/mine2"), 0);
  EXPECT(__wasi_path_unlink_file(ROOT_FD, "tmp/mine2"), 0);
  EXPECT(__wasi_path_create_directory(ROOT_FD, "tmp/own"), 0);
  make_file("tmp/own/f", "x");
}

static void binds_are_roots(void) {
  EXPECT(open_path("data/host.txt", 0, READ, 0, &fd), 0);
  EXPECT(open_path("data/host.txt", 0, WRITE, 0, &fd), __WASI_ERRNO_ACCES);
  EXPECT(open_path("data/new", __WASI_OFLAGS_CREAT, WRITE, 0, &fd), __WASI_ERRNO_ACCES);
}

static void root_may_everything(void) {
  make_file("srv/root.txt", "changed");
  make_file("data/new.txt", "from the container");
  EXPECT(open_path("root/secret.txt", 0, READ, 0, &fd), 0);
  __wasi_ciovec_t part = {(const uint8_t *)"+", 1};
  EXPECT(open_path("data/host.txt", 0, WRITE, __WASI_FDFLAGS_APPEND, &fd), 0);
  EXPECT(__wasi_fd_write(fd, &part, 1, &done), 0);
}

static const struct test_case CASES[] = {
    {"user-root-files-are-read-only", root_files_are_read_only},
    {"user-root-times-stay", root_times_stay},
    {"user-no-way-round-through-proc", no_way_round_through_proc},
    {"user-closed-directories", closed_directories},
    {"user-sticky-tmp", sticky_tmp},
    {"user-binds-are-roots", binds_are_roots},
    {"root-may-everything", root_may_everything},
    {NULL, NULL},
};

int main(int argc, char **argv) { return run_cases(CASES, argc, argv); }
