// Paths that leave, loop, never end, or have names nobody should have.
#include "trouble.h"

static void dotdot_walk(void) {
  static char far[3 * 1000 + 16];
  for (int level = 0; level < 1000; level++) memcpy(far + 3 * level, "../", 3);
  strcpy(far + 3000, "etc/passwd");
  TELL("../x", try_open("../x"));
  TELL("a/../../x", try_open("a/../../x"));
  TELL("tmp/../../x", try_open("tmp/../../x"));
  TELL("tmp/../..", try_open("tmp/../.."));
  TELL("1000 levels", try_open(far));
}

static void absolute_open(void) {
  TELL("/etc/passwd", try_open("/etc/passwd"));
  TELL("//etc/passwd", try_open("//etc/passwd"));
  TELL("/", try_open("/"));
  TELL("/proc/1/root/etc/passwd", try_open("/proc/1/root/etc/passwd"));
}

static void relative_link_out(void) {
  TELL("make", __wasi_path_symlink("../../etc/passwd", ROOT_FD, "tmp/out"));
  TELL("open", try_open("tmp/out"));
  TELL("make up", __wasi_path_symlink("../..", ROOT_FD, "tmp/up"));
  TELL("open through", try_open("tmp/up/etc/passwd"));
}

/* arguments[2] is a path that exists on the host and not here. */
static void absolute_link_create(void) {
  __wasi_fd_t fd;
  TELL("make", __wasi_path_symlink(arguments[2], ROOT_FD, "tmp/abs"));
  __wasi_errno_t error = open_path(ROOT_FD, "tmp/abs", __WASI_OFLAGS_CREAT, WRITE, &fd);
  TELL("create through", error);
  if (error == 0) TELL("write", write_all(fd, "escaped", 7));
}

static void link_loops(void) {
  char from[16], to[16];
  __wasi_path_symlink("b", ROOT_FD, "tmp/a");
  __wasi_path_symlink("a", ROOT_FD, "tmp/b");
  __wasi_path_symlink("self", ROOT_FD, "tmp/self");
  make_file("tmp/l0", "x");
  for (int at = 1; at <= 41; at++) {
    snprintf(to, sizeof to, "l%d", at - 1);
    snprintf(from, sizeof from, "tmp/l%d", at);
    __wasi_path_symlink(to, ROOT_FD, from);
  }
  TELL("two", try_open("tmp/a"));
  TELL("itself", try_open("tmp/self"));
  TELL("in the middle", try_open("tmp/self/x"));
  TELL("chain of 40", try_open("tmp/l40"));
  TELL("chain of 41", try_open("tmp/l41"));
}

/* /ro and /rw are binds, /t is a tmpfs; /ro/f and /rw/f are there. */
static void links_between_mounts(void) {
  make_file("t/f", "x");
  make_file("tmp/f", "x");
  TELL("ro to root", __wasi_path_link(ROOT_FD, 0, "ro/f", ROOT_FD, "tmp/l"));
  TELL("ro to ro", __wasi_path_link(ROOT_FD, 0, "ro/f", ROOT_FD, "ro/l"));
  TELL("rw to ro", __wasi_path_link(ROOT_FD, 0, "rw/f", ROOT_FD, "ro/l"));
  TELL("rw to root", __wasi_path_link(ROOT_FD, 0, "rw/f", ROOT_FD, "tmp/l"));
  TELL("root to rw", __wasi_path_link(ROOT_FD, 0, "tmp/f", ROOT_FD, "rw/l"));
  TELL("tmpfs to root", __wasi_path_link(ROOT_FD, 0, "t/f", ROOT_FD, "tmp/l"));
  TELL("proc to root", __wasi_path_link(ROOT_FD, 0, "proc/version", ROOT_FD, "tmp/l"));
  TELL("write ro", make_file("ro/f", "y"));
  TELL("rename out of ro", __wasi_path_rename(ROOT_FD, "ro/f", ROOT_FD, "tmp/l"));
  TELL("symlink in rw", __wasi_path_symlink("/etc/passwd", ROOT_FD, "rw/s"));
}

static void rename_into_itself(void) {
  __wasi_path_create_directory(ROOT_FD, "tmp/p");
  __wasi_path_create_directory(ROOT_FD, "tmp/p/c");
  make_file("tmp/p/c/f", "x");
  TELL("p to p/c/q", __wasi_path_rename(ROOT_FD, "tmp/p", ROOT_FD, "tmp/p/c/q"));
  TELL("p to p/q", __wasi_path_rename(ROOT_FD, "tmp/p", ROOT_FD, "tmp/p/q"));
  TELL("p to p", __wasi_path_rename(ROOT_FD, "tmp/p", ROOT_FD, "tmp/p"));
  TELL("the file below", try_open("tmp/p/c/f"));
}

/* Each level is made below the one before it, so that no path is ever long. */
static void deep_directory(void) {
  __wasi_fd_t at, below;
  __wasi_errno_t error = open_path(ROOT_FD, "tmp", __WASI_OFLAGS_DIRECTORY, 0, &at);
  int depth = 0;
  for (; error == 0 && depth < 2000; depth++) {
    error = __wasi_path_create_directory(at, "d");
    if (error == 0) error = open_path(at, "d", __WASI_OFLAGS_DIRECTORY, 0, &below);
    if (error != 0) break;
    __wasi_fd_close(at);
    at = below;
  }
  printf("%d levels, then %s\n", depth, name_of(error));
  TELL("rename the top", __wasi_path_rename(ROOT_FD, "tmp/d", ROOT_FD, "tmp/e"));
  TELL("file at the bottom", __wasi_path_create_directory(at, "f"));
}

static void long_names(void) {
  static char text[(1 << 20) + 1];
  memset(text, 'n', 1 << 20);
  __wasi_fd_t fd;
  __wasi_filestat_t stat;
  TELL("open 1 MiB", open_path(ROOT_FD, text, __WASI_OFLAGS_CREAT, WRITE, &fd));
  TELL("mkdir 1 MiB", __wasi_path_create_directory(ROOT_FD, text));
  TELL("stat 1 MiB", __wasi_path_filestat_get(ROOT_FD, 0, text, &stat));
  TELL("unlink 1 MiB", __wasi_path_unlink_file(ROOT_FD, text));
  TELL("symlink to 1 MiB", __wasi_path_symlink(text, ROOT_FD, "tmp/s"));
  TELL("symlink at 1 MiB", __wasi_path_symlink("x", ROOT_FD, text));
  TELL("rename to 1 MiB", __wasi_path_rename(ROOT_FD, "tmp", ROOT_FD, text));
  text[256] = 0;
  TELL("mkdir 256", __wasi_path_create_directory(ROOT_FD, text));
  text[255] = 0;
  TELL("mkdir 255", __wasi_path_create_directory(ROOT_FD, text));
}

/* The generated call measures a path with strlen: names with NUL need the import itself. */
__attribute__((import_module("wasi_snapshot_preview1"), import_name("path_create_directory")))
extern int32_t raw_mkdir(int32_t fd, const char *path, size_t length);

static void evil_names(void) {
  static const char *const plain[] = {"__proto__", "constructor", "hasOwnProperty", "toString",
                                      "valueOf",   "prototype",   "...",            " ",
                                      "\x01\x1b[31m", "a\nb",     "\xe2\x80\xae"};
  char path[32];
  TELL("NUL inside", raw_mkdir(ROOT_FD, "tmp/a\0b", 7));
  TELL("bad UTF-8", raw_mkdir(ROOT_FD, "tmp/\xff\xfe", 6));
  TELL("surrogate", raw_mkdir(ROOT_FD, "tmp/\xed\xa0\x80", 7));
  TELL("overlong slash", raw_mkdir(ROOT_FD, "tmp/\xc0\xaf", 6));
  TELL(".", __wasi_path_create_directory(ROOT_FD, "tmp/."));
  TELL("..", __wasi_path_create_directory(ROOT_FD, "tmp/.."));
  TELL("empty", raw_mkdir(ROOT_FD, "", 0));
  int made = 0, there = 0;
  for (size_t at = 0; at < sizeof plain / sizeof *plain; at++) {
    snprintf(path, sizeof path, "tmp/%s", plain[at]);
    there += try_open(path) == 0;
    made += make_file(path, "x") == 0;
    there += try_open(path) == 0;
    made += __wasi_path_unlink_file(ROOT_FD, path) == 0;
  }
  printf("%d made and removed, %d seen\n", made, there);
}

/* Forty links of two thousand steps each: one call that walks 80,000 components, for ever. */
static void link_maze(void) {
  static char text[4096];
  char link[16];
  for (int step = 0; step < 1000; step++) memcpy(text + 4 * step, "a/..", 4);
  for (int step = 1; step < 1000; step++) text[4 * step - 1] = '/';
  __wasi_path_create_directory(ROOT_FD, "tmp/a");
  for (int at = 0; at < 40; at++) {
    size_t length = 0;
    for (int step = 0; step < 800; step++) length += (size_t)sprintf(text + length, "a/../");
    sprintf(text + length, at == 0 ? "a" : "l%d", at - 1);
    snprintf(link, sizeof link, "tmp/l%d", at);
    __wasi_path_symlink(text, ROOT_FD, link);
  }
  for (;;) try_open("tmp/l39");
}

int main(int argc, char **argv) {
  static const struct trouble troubles[] = {
      {"dotdot-walk", dotdot_walk},
      {"absolute-open", absolute_open},
      {"relative-link-out", relative_link_out},
      {"absolute-link-create", absolute_link_create},
      {"link-loops", link_loops},
      {"links-between-mounts", links_between_mounts},
      {"rename-into-itself", rename_into_itself},
      {"deep-directory", deep_directory},
      {"long-names", long_names},
      {"evil-names", evil_names},
      {"link-maze", link_maze},
      {NULL, NULL},
  };
  return make_trouble(troubles, argc, argv);
}
