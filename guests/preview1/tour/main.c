// A tour of preview 1 below tmp/: each line is a step, what it answered, and what it showed. Run by
// several engines, whose answers a test compares.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

// Where an engine refuses to set the scene, later steps show it.
#pragma clang diagnostic ignored "-Wunused-result"

/* The directory of the tour: the last that is preopened. */
static __wasi_fd_t top = 3;
#define READ __WASI_RIGHTS_FD_READ
#define WRITE __WASI_RIGHTS_FD_WRITE
/* Everything a newer libc asks for: engines that enforce rights want to be asked. */
#define ALL ((__wasi_rights_t)0x0fffffff)
#define CREAT __WASI_OFLAGS_CREAT
#define EXCL __WASI_OFLAGS_EXCL
#define TRUNC __WASI_OFLAGS_TRUNC
#define DIRECTORY __WASI_OFLAGS_DIRECTORY
#define FOLLOW __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW

/* Where nothing is open. */
#define CLOSED 999

static __wasi_size_t done;
static uint8_t bytes[256];

static void say(const char *step, int answer, const char *shown) {
  printf("%s\t%d\t%s\n", step, answer, shown);
}
static void tell(const char *step, int answer) { say(step, answer, ""); }
static void count(const char *step, int answer, unsigned long long number) {
  char text[32];
  snprintf(text, sizeof text, "%llu", number);
  say(step, answer, answer == 0 ? text : "");
}

static int open_with(const char *path, int lookup, int oflags, __wasi_rights_t rights, int flags,
                     __wasi_fd_t *fd) {
  return __wasi_path_open(top, lookup, path, oflags, rights, ALL, flags, fd);
}
static void opened(const char *step, const char *path, int lookup, int oflags, __wasi_rights_t rights,
                   int flags) {
  __wasi_fd_t fd = CLOSED;
  int answer = open_with(path, lookup, oflags, rights, flags, &fd);
  if (answer == 0) __wasi_fd_close(fd);
  tell(step, answer);
}
static int put(__wasi_fd_t fd, const char *text) {
  __wasi_ciovec_t part = {(const uint8_t *)text, strlen(text)};
  return __wasi_fd_write(fd, &part, 1, &done);
}
static int get(__wasi_fd_t fd, size_t size) {
  __wasi_iovec_t part = {bytes, size};
  memset(bytes, 0, sizeof bytes);
  done = 0;
  return __wasi_fd_read(fd, &part, 1, &done);
}
static void shown(const char *step, int answer) {
  char text[64] = "";
  size_t at = 0;
  for (size_t index = 0; answer == 0 && index < done && at < 60; index += 1) {
    text[at++] = bytes[index] == 0 ? '0' : (char)bytes[index];
  }
  say(step, answer, text);
}
static void file(const char *path, const char *text) {
  __wasi_fd_t fd = CLOSED;
  if (open_with(path, FOLLOW, CREAT | TRUNC, READ | WRITE, 0, &fd) != 0) return;
  put(fd, text);
  __wasi_fd_close(fd);
}
static void statted(const char *step, const char *path, int lookup) {
  __wasi_filestat_t stat;
  char text[64] = "";
  int answer = __wasi_path_filestat_get(top, lookup, path, &stat);
  if (answer == 0) {
    snprintf(text, sizeof text, "type %d links %llu size %llu", stat.filetype,
             (unsigned long long)stat.nlink,
             stat.filetype == __WASI_FILETYPE_DIRECTORY ? 0ULL : (unsigned long long)stat.size);
    if (stat.filetype == __WASI_FILETYPE_DIRECTORY) snprintf(text, sizeof text, "type 3");
  }
  say(step, answer, text);
}
static int make(const char *path) { return __wasi_path_create_directory(top, path); }
static int unmake(const char *path) { return __wasi_path_remove_directory(top, path); }
static int unlinked(const char *path) { return __wasi_path_unlink_file(top, path); }
static int moved(const char *from, const char *to) {
  return __wasi_path_rename(top, from, top, to);
}

static void files(void) {
  __wasi_fd_t fd = CLOSED;
  __wasi_filesize_t at;
  __wasi_filestat_t stat;
  __wasi_iovec_t into = {bytes, 3};
  __wasi_ciovec_t from = {(const uint8_t *)"XY", 2};
  tell("create", open_with("tmp/f", FOLLOW, CREAT | EXCL, ALL, 0, &fd));
  count("write", put(fd, "hello"), done);
  count("tell", __wasi_fd_tell(fd, &at), at);
  count("seek", __wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &at), at);
  shown("read", get(fd, 3));
  shown("read-rest", get(fd, 30));
  shown("read-end", get(fd, 30));
  count("pread", __wasi_fd_pread(fd, &into, 1, 1, &done), done);
  count("pread-behind", __wasi_fd_pread(fd, &into, 1, 99, &done), done);
  count("pwrite", __wasi_fd_pwrite(fd, &from, 1, 8, &done), done);
  count("tell-kept", __wasi_fd_tell(fd, &at), at);
  count("seek-end", __wasi_fd_seek(fd, -1, __WASI_WHENCE_END, &at), at);
  tell("seek-negative", __wasi_fd_seek(fd, -99, __WASI_WHENCE_CUR, &at));
  count("seek-behind", __wasi_fd_seek(fd, 99, __WASI_WHENCE_SET, &at), at);
  shown("read-behind", get(fd, 3));
  count("set-size", __wasi_fd_filestat_set_size(fd, 7), 0);
  count("stat-size", __wasi_fd_filestat_get(fd, &stat), stat.size);
  count("stat-links", 0, stat.nlink);
  __wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &at);
  shown("read-cut", get(fd, 30));
  tell("close", __wasi_fd_close(fd));
  tell("close-again", __wasi_fd_close(fd));
  tell("read-closed", get(fd, 1));
  tell("stat-closed", __wasi_fd_filestat_get(fd, &stat));
  unlinked("tmp/f");
}

static void settings(void) {
  __wasi_fd_t fd = CLOSED;
  __wasi_filesize_t at;
  __wasi_filestat_t stat;
  __wasi_iovec_t into = {bytes, 3};
  file("tmp/f", "hello");
  open_with("tmp/f", FOLLOW, 0, ALL, 0, &fd);
  tell("times", __wasi_fd_filestat_set_times(fd, 0, 5000000000ULL, __WASI_FSTFLAGS_MTIM));
  __wasi_fd_filestat_get(fd, &stat);
  count("times-shown", 0, stat.mtim);
  tell("times-both", __wasi_fd_filestat_set_times(
                         fd, 0, 0, __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW));
  tell("sync", __wasi_fd_sync(fd));
  tell("datasync", __wasi_fd_datasync(fd));
  tell("advise", __wasi_fd_advise(fd, 0, 0, __WASI_ADVICE_NORMAL));
  tell("advise-unknown", __wasi_fd_advise(fd, 0, 0, 9));
  tell("allocate", __wasi_fd_allocate(fd, 0, 20));
  tell("set-flags-append", __wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_APPEND));
  count("write-append", put(fd, "!"), done);
  count("tell-append", __wasi_fd_tell(fd, &at), at);
  __wasi_fd_close(fd);
  open_with("tmp/f", FOLLOW, 0, READ, 0, &fd);
  tell("write-read-only", put(fd, "x"));
  tell("set-size-read-only", __wasi_fd_filestat_set_size(fd, 1));
  __wasi_fd_close(fd);
  open_with("tmp/f", FOLLOW, TRUNC, WRITE, 0, &fd);
  tell("read-write-only", get(fd, 1));
  __wasi_fd_close(fd);
  statted("stat-truncated", "tmp/f", FOLLOW);
  tell("seek-stream", __wasi_fd_seek(1, 0, __WASI_WHENCE_CUR, &at));
  tell("pread-stream", __wasi_fd_pread(0, &into, 1, 0, &done));
  unlinked("tmp/f");
}

static void opens(void) {
  char name[300];
  memset(name, 'n', sizeof name);
  memcpy(name, "tmp/", 4);
  name[299] = 0;
  file("tmp/f", "hello");
  make("tmp/d");
  opened("open-missing", "tmp/none", FOLLOW, 0, READ, 0);
  opened("open-below-missing", "tmp/none/f", FOLLOW, CREAT, READ | WRITE, 0);
  opened("open-below-file", "tmp/f/x", FOLLOW, 0, READ, 0);
  opened("open-new-taken", "tmp/f", FOLLOW, CREAT | EXCL, READ | WRITE, 0);
  opened("open-no-rights", "tmp/f", FOLLOW, 0, 0, 0);
  opened("open-directory", "tmp/d", FOLLOW, DIRECTORY, READ, 0);
  opened("open-directory-plain", "tmp/d", FOLLOW, 0, READ, 0);
  opened("open-directory-write", "tmp/d", FOLLOW, 0, READ | WRITE, 0);
  opened("open-directory-create", "tmp/d", FOLLOW, CREAT, READ | WRITE, 0);
  opened("open-file-as-directory", "tmp/f", FOLLOW, DIRECTORY, READ, 0);
  opened("open-file-slash", "tmp/f/", FOLLOW, 0, READ, 0);
  opened("open-file-dot", "tmp/f/.", FOLLOW, 0, READ, 0);
  opened("open-new-slash", "tmp/new/", FOLLOW, CREAT, READ | WRITE, 0);
  opened("open-directory-slash", "tmp/d/", FOLLOW, DIRECTORY, READ, 0);
  opened("open-dots", "tmp/d/../d/./../f", FOLLOW, 0, READ, 0);
  opened("open-empty", "", FOLLOW, 0, READ, 0);
  opened("open-absolute", "/tmp/f", FOLLOW, 0, READ, 0);
  opened("open-escape", "../../tmp/f", FOLLOW, 0, READ, 0);
  opened("open-long", name, FOLLOW, CREAT, READ | WRITE, 0);
  opened("open-synchronous", "tmp/f", FOLLOW, 0, READ, __WASI_FDFLAGS_SYNC);
  opened("open-nonblock", "tmp/f", FOLLOW, 0, READ, __WASI_FDFLAGS_NONBLOCK);
  unlinked("tmp/f");
  unmake("tmp/d");
}

static void directories(void) {
  __wasi_fd_t fd = CLOSED, other = CLOSED;
  __wasi_filesize_t at;
  tell("mkdir", make("tmp/d"));
  tell("mkdir-again", make("tmp/d"));
  tell("mkdir-slash", make("tmp/d/e/"));
  tell("mkdir-below-missing", make("tmp/none/x"));
  file("tmp/d/f", "f");
  tell("mkdir-on-file", make("tmp/d/f"));
  tell("rmdir-full", unmake("tmp/d"));
  tell("rmdir-file", unmake("tmp/d/f"));
  tell("rmdir-missing", unmake("tmp/none"));
  tell("unlink-directory", unlinked("tmp/d/e"));
  tell("unlink-missing", unlinked("tmp/none"));
  tell("unlink-file-slash", unlinked("tmp/d/f/"));
  statted("stat-file-slash", "tmp/d/f/", FOLLOW);
  statted("stat-directory-slash", "tmp/d/e/", FOLLOW);
  open_with("tmp/d", FOLLOW, DIRECTORY, READ | __WASI_RIGHTS_FD_READDIR, 0, &fd);
  tell("directory-read", get(fd, 1));
  tell("directory-write", put(fd, "x"));
  tell("directory-seek", __wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &at));
  tell("directory-sync", __wasi_fd_sync(fd));
  tell("directory-set-size", __wasi_fd_filestat_set_size(fd, 0));
  tell("directory-advise", __wasi_fd_advise(fd, 0, 0, 0));
  count("directory-list", __wasi_fd_readdir(fd, bytes, sizeof bytes, 0, &done), done);
  count("directory-list-short", __wasi_fd_readdir(fd, bytes, 30, 0, &done), done);
  count("directory-list-behind", __wasi_fd_readdir(fd, bytes, 30, 1000, &done), done);
  open_with("tmp/d/f", FOLLOW, 0, READ, 0, &other);
  tell("list-file", __wasi_fd_readdir(other, bytes, 30, 0, &done));
  tell("renumber-closed", __wasi_fd_renumber(other, 77));
  tell("renumber", __wasi_fd_renumber(other, fd));
  shown("renumbered", get(fd, 3));
  tell("renumber-gone", get(other, 3));
  tell("close-renumbered", __wasi_fd_close(fd));
  tell("rmdir", unmake("tmp/d/e"));
  unlinked("tmp/d/f");
  tell("rmdir-slash", unmake("tmp/d/"));
}

static void links(void) {
  __wasi_filestat_t one, two;
  file("tmp/f", "hello");
  make("tmp/d");
  tell("symlink", __wasi_path_symlink("f", top, "tmp/l"));
  tell("symlink-taken", __wasi_path_symlink("x", top, "tmp/f"));
  tell("symlink-empty", __wasi_path_symlink("", top, "tmp/e"));
  __wasi_path_symlink("loop", top, "tmp/loop");
  __wasi_path_symlink("none", top, "tmp/dangling");
  __wasi_path_symlink("d", top, "tmp/ld");
  statted("stat-link", "tmp/l", FOLLOW);
  statted("stat-link-itself", "tmp/l", 0);
  statted("stat-dangling", "tmp/dangling", FOLLOW);
  statted("stat-loop", "tmp/loop", FOLLOW);
  statted("stat-link-slash", "tmp/ld/", 0);
  tell("readlink", __wasi_path_readlink(top, "tmp/dangling", bytes, 99, &done));
  count("readlink-short", __wasi_path_readlink(top, "tmp/dangling", bytes, 2, &done), done);
  tell("readlink-file", __wasi_path_readlink(top, "tmp/f", bytes, 99, &done));
  opened("open-link", "tmp/l", FOLLOW, 0, READ, 0);
  opened("open-link-itself", "tmp/l", 0, 0, READ, 0);
  opened("open-loop", "tmp/loop", FOLLOW, 0, READ, 0);
  opened("open-dangling-new", "tmp/dangling", 0, CREAT | EXCL, READ | WRITE, 0);
  tell("rmdir-link", unmake("tmp/ld"));
  tell("unlink-link", unlinked("tmp/ld"));
  tell("link", __wasi_path_link(top, 0, "tmp/f", top, "tmp/g"));
  tell("link-taken", __wasi_path_link(top, 0, "tmp/f", top, "tmp/l"));
  tell("link-directory", __wasi_path_link(top, 0, "tmp/d", top, "tmp/h"));
  tell("link-missing", __wasi_path_link(top, 0, "tmp/none", top, "tmp/h"));
  __wasi_path_filestat_get(top, 0, "tmp/f", &one);
  __wasi_path_filestat_get(top, 0, "tmp/g", &two);
  count("link-same-inode", 0, one.ino == two.ino);
  statted("stat-two-names", "tmp/g", 0);
  tell("rename-one-file", moved("tmp/f", "tmp/g"));
  statted("stat-still-two-names", "tmp/g", 0);
  unlinked("tmp/f"), unlinked("tmp/g"), unlinked("tmp/l");
  unlinked("tmp/loop"), unlinked("tmp/dangling"), unmake("tmp/d");
}

static void renames(void) {
  file("tmp/a", "a");
  file("tmp/b", "b");
  make("tmp/d"), make("tmp/e"), make("tmp/e/x");
  __wasi_path_symlink("a", top, "tmp/l");
  tell("rename-missing", moved("tmp/none", "tmp/x"));
  tell("rename-file-to-directory", moved("tmp/a", "tmp/d"));
  tell("rename-directory-to-file", moved("tmp/d", "tmp/a"));
  tell("rename-directory-to-full", moved("tmp/d", "tmp/e"));
  tell("rename-into-itself", moved("tmp/e", "tmp/e/x/y"));
  tell("rename-directory-to-empty", moved("tmp/e", "tmp/d"));
  tell("rename-to-itself", moved("tmp/a", "tmp/a"));
  tell("rename-file-slash", moved("tmp/a", "tmp/c/"));
  tell("rename-directory-slash", moved("tmp/d/", "tmp/e/"));
  tell("rename-link", moved("tmp/l", "tmp/m"));
  statted("stat-renamed-link", "tmp/m", 0);
  tell("rename-over-file", moved("tmp/a", "tmp/b"));
  statted("stat-gone", "tmp/a", 0);
  unlinked("tmp/b"), unlinked("tmp/m"), unmake("tmp/e/x"), unmake("tmp/e");
}

static void waits(void) {
  __wasi_event_t event;
  __wasi_subscription_t one;
  memset(&one, 0, sizeof one);
  tell("poll-none", __wasi_poll_oneoff(&one, &event, 0, &done));
  count("poll-clock", __wasi_poll_oneoff(&one, &event, 1, &done), done);
  one.u.tag = __WASI_EVENTTYPE_FD_READ;
  one.u.u.fd_read.file_descriptor = CLOSED;
  tell("poll-closed", __wasi_poll_oneoff(&one, &event, 1, &done));
}

static void numbers(void) {
  __wasi_timestamp_t time;
  __wasi_prestat_t stat;
  tell("clock-unknown", __wasi_clock_time_get(9, 0, &time));
  tell("clock", __wasi_clock_time_get(0, 0, &time));
  tell("resolution", __wasi_clock_res_get(1, &time));
  tell("random", __wasi_random_get(bytes, sizeof bytes));
  tell("random-none", __wasi_random_get(bytes, 0));
  tell("yield", __wasi_sched_yield());
  tell("prestat-closed", __wasi_fd_prestat_get(CLOSED, &stat));
  tell("prestat-stream", __wasi_fd_prestat_get(1, &stat));
  tell("shutdown-closed", __wasi_sock_shutdown(CLOSED, __WASI_SDFLAGS_RD));
}

int main(int argc, char **argv) {
  __wasi_prestat_t stat;
  for (__wasi_fd_t fd = 3; __wasi_fd_prestat_get(fd, &stat) == 0; fd += 1) top = fd;
  for (int index = 1; index < argc; index += 1) {
    if (strcmp(argv[index], "files") == 0) files();
    if (strcmp(argv[index], "settings") == 0) settings();
    if (strcmp(argv[index], "opens") == 0) opens();
    if (strcmp(argv[index], "directories") == 0) directories();
    if (strcmp(argv[index], "links") == 0) links();
    if (strcmp(argv[index], "renames") == 0) renames();
    if (strcmp(argv[index], "numbers") == 0) numbers();
    if (strcmp(argv[index], "waits") == 0) waits();
    if (strcmp(argv[index], "words") == 0) {
      const char *word = getenv("WORD");
      say("words", argc, word == NULL ? "" : word);
      int letter = getchar();
      count("stdin", 0, letter);
      return 7;
    }
  }
  return 0;
}
