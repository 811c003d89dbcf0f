// The import module `wasix_32v1`, as much of it as the host has: see docs/COMPATIBILITY.md.
//
// Every call answers an errno of WASI unless it says otherwise; structures are little-endian.
#ifndef BULKHEAD_WASIX_H
#define BULKHEAD_WASIX_H
#include <stddef.h>
#include <stdint.h>

#define WASIX_NAMED(name) __attribute__((import_module("wasix_32v1"), import_name(#name)))
#define WASIX_IMPORT(name) WASIX_NAMED(name) extern int wasix_##name

struct wasix_fd_op {
  // 0 close(fd), 1 dup2(src_fd, fd), 2 open(path) as fd, 3 chdir(path), 4 fchdir(fd)
  uint8_t cmd;
  int32_t fd;
  int32_t src_fd;
  const char *path;
  uint32_t path_len;
  uint32_t dirflags;
  uint16_t oflags;
  uint64_t rights_base;
  uint64_t rights_inheriting;
  uint16_t fdflags;
  uint16_t fdflagsext;
};

struct wasix_signal_disposition {
  uint8_t signal;
  // 0 default, 1 ignored
  uint8_t disposition;
};

struct wasix_option_pid {
  // 0 none, 1 some
  uint8_t tag;
  int32_t pid;
};

struct wasix_join_status {
  // 0 nothing, 1 exited, 2 ended by a signal, 3 stopped
  uint8_t tag;
  // Of a stopped one its low byte is the signal.
  uint16_t code;
  uint8_t signal;
};

struct wasix_option_timestamp {
  uint8_t tag;
  uint64_t ns;
};

struct wasix_tty {
  uint32_t cols;
  uint32_t rows;
  uint32_t width;
  uint32_t height;
  uint8_t stdin_tty;
  uint8_t stdout_tty;
  uint8_t stderr_tty;
  uint8_t echo;
  uint8_t line_buffered;
  uint8_t line_feeds;
};

#ifdef __wasm32__
_Static_assert(sizeof(struct wasix_fd_op) == 56, "layout");
_Static_assert(offsetof(struct wasix_fd_op, src_fd) == 8, "layout");
_Static_assert(offsetof(struct wasix_fd_op, path) == 12, "layout");
_Static_assert(offsetof(struct wasix_fd_op, dirflags) == 20, "layout");
_Static_assert(offsetof(struct wasix_fd_op, oflags) == 24, "layout");
_Static_assert(offsetof(struct wasix_fd_op, rights_base) == 32, "layout");
_Static_assert(offsetof(struct wasix_fd_op, fdflags) == 48, "layout");
_Static_assert(offsetof(struct wasix_fd_op, fdflagsext) == 50, "layout");
_Static_assert(sizeof(struct wasix_option_timestamp) == 16, "layout");
#endif
_Static_assert(sizeof(struct wasix_signal_disposition) == 2, "layout");
_Static_assert(sizeof(struct wasix_option_pid) == 8, "layout");
_Static_assert(sizeof(struct wasix_join_status) == 6, "layout");
_Static_assert(offsetof(struct wasix_join_status, signal) == 4, "layout");
_Static_assert(sizeof(struct wasix_tty) == 24, "layout");
_Static_assert(offsetof(struct wasix_tty, line_feeds) == 21, "layout");

#define WASIX_JOIN_NON_BLOCKING 1
#define WASIX_JOIN_STOPPED 2
#define WASIX_FDFLAGEXT_CLOEXEC 1

/// args and envs: one text, whose entries end in newlines.
WASIX_IMPORT(proc_spawn2)(const char *name, size_t name_len, const char *args, size_t args_len,
                          const char *envs, size_t envs_len, const struct wasix_fd_op *fd_ops,
                          size_t fd_op_count, const struct wasix_signal_disposition *signals,
                          size_t signal_count, int search_path, const char *path, size_t path_len,
                          int32_t *pid);
/// args and envs: pointers to texts that end in a NUL, and their number; envs NULL: the caller's.
WASIX_IMPORT(proc_spawn3)(const char *name, size_t name_len, const char *const *args,
                          size_t arg_count, const char *const *envs, size_t env_count,
                          const struct wasix_fd_op *fd_ops, size_t fd_op_count,
                          const struct wasix_signal_disposition *signals, size_t signal_count,
                          int search_path, const char *path, size_t path_len, int32_t *pid);
/// Returns only when it fails.
WASIX_IMPORT(proc_exec4)(const char *name, size_t name_len, const char *const *args,
                         size_t arg_count, const char *const *envs, size_t env_count,
                         int search_path, const char *path, size_t path_len);
WASIX_NAMED(proc_exit2) extern _Noreturn void wasix_proc_exit2(int status);
WASIX_IMPORT(proc_join)(struct wasix_option_pid *pid, uint32_t flags,
                        struct wasix_join_status *status);
WASIX_IMPORT(proc_signal)(int32_t pid, uint32_t signal);
WASIX_IMPORT(proc_signals_sizes_get)(size_t *count);
WASIX_IMPORT(proc_signals_get)(struct wasix_signal_disposition *signals);
WASIX_IMPORT(proc_raise_interval)(uint32_t signal, uint64_t ns, uint32_t repeat);
WASIX_IMPORT(proc_id)(int32_t *pid);
WASIX_IMPORT(proc_parent)(int32_t pid, int32_t *parent);
/// Of an export `void name(int signal)`; empty: there is none any more.
WASIX_NAMED(callback_signal) extern void wasix_callback_signal(const char *name, size_t length);
WASIX_IMPORT(thread_sleep)(uint64_t ns);
WASIX_IMPORT(fd_pipe)(int *read_end, int *write_end);
WASIX_IMPORT(fd_dup)(int fd, int *duplicate);
WASIX_IMPORT(fd_dup2)(int fd, int minimum, int cloexec, int *duplicate);
WASIX_IMPORT(fd_fdflags_get)(int fd, uint16_t *flags);
WASIX_IMPORT(fd_fdflags_set)(int fd, uint32_t flags);
WASIX_IMPORT(path_open2)(int fd, uint32_t dirflags, const char *path, size_t length, uint32_t oflags,
                         uint64_t rights_base, uint64_t rights_inheriting, uint32_t fdflags,
                         uint32_t fdflagsext, int *opened);
WASIX_IMPORT(tty_get)(struct wasix_tty *tty);
WASIX_IMPORT(tty_set)(const struct wasix_tty *tty);
/// `length` is the buffer's, then the text's. With a NUL behind it; ERANGE tells the size it takes.
WASIX_IMPORT(getcwd)(char *buffer, size_t *length);
WASIX_IMPORT(chdir)(const char *path, size_t length);

#endif
