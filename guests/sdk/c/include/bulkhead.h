// The import module `bulkhead_v1`: what POSIX programs need and WASI has not.
//
// Every call answers an errno of WASI, 0 for success. Structures are little-endian with the offsets
// below; paths are bytes and their number. The directory of a path is a descriptor, or
// BULKHEAD_CWD, and an absolute path needs none. Most programs want the POSIX headers beside this
// one instead.
#ifndef BULKHEAD_H
#define BULKHEAD_H
#include <stddef.h>
#include <stdint.h>

#define BULKHEAD_IMPORT(name) \
  __attribute__((import_module("bulkhead_v1"), import_name(#name))) extern int bulkhead_##name

/// Descriptors that are no numbers of the table: `/`, and the working directory.
#define BULKHEAD_ROOT 0x3fffffff
#define BULKHEAD_CWD 0x3ffffffe

// ---- descriptors

#define BULKHEAD_CLOEXEC 1
#define BULKHEAD_NONBLOCK 2

/// The lowest free number from `minimum` on. flags: CLOEXEC.
BULKHEAD_IMPORT(fd_dup)(int fd, int minimum, uint32_t flags, int *duplicate);
/// dup3, but for `from == to`, which does nothing.
BULKHEAD_IMPORT(fd_dup_to)(int from, int to, uint32_t flags);
/// pipes[0] is read, pipes[1] is written. flags: CLOEXEC, NONBLOCK.
BULKHEAD_IMPORT(fd_pipe)(uint32_t flags, int pipes[2]);
/// CLOEXEC or 0.
BULKHEAD_IMPORT(fd_flags_get)(int fd, uint32_t *flags);
BULKHEAD_IMPORT(fd_flags_set)(int fd, uint32_t flags);

// ---- files

#define BULKHEAD_OPEN_READ 0x001
#define BULKHEAD_OPEN_WRITE 0x002
#define BULKHEAD_OPEN_APPEND 0x004
#define BULKHEAD_OPEN_NONBLOCK 0x008
#define BULKHEAD_OPEN_CREATE 0x010
#define BULKHEAD_OPEN_EXCLUSIVE 0x020
#define BULKHEAD_OPEN_TRUNCATE 0x040
#define BULKHEAD_OPEN_DIRECTORY 0x080
#define BULKHEAD_OPEN_NOFOLLOW 0x100
#define BULKHEAD_OPEN_CLOEXEC 0x200

/// `mode` is a file's that is created; the umask is taken off it.
BULKHEAD_IMPORT(path_open)(int fd, const char *path, size_t length, uint32_t how, uint32_t mode,
                           int *opened);
BULKHEAD_IMPORT(path_mkdir)(int fd, const char *path, size_t length, uint32_t mode);

struct bulkhead_stat {
  uint64_t device;
  uint64_t inode;
  uint64_t rdev;
  uint64_t size;
  // Nanoseconds since 1970.
  uint64_t accessed;
  uint64_t modified;
  uint64_t changed;
  // Of 512 bytes.
  uint64_t blocks;
  // Type and permissions, with Linux's numbers.
  uint32_t mode;
  uint32_t links;
  uint32_t uid;
  uint32_t gid;
  uint32_t block_size;
  uint32_t reserved;
};
_Static_assert(sizeof(struct bulkhead_stat) == 88, "layout");
_Static_assert(offsetof(struct bulkhead_stat, mode) == 64, "layout");
_Static_assert(offsetof(struct bulkhead_stat, block_size) == 80, "layout");

/// Of a path call: a link at the end of the path is followed.
#define BULKHEAD_FOLLOW 1

BULKHEAD_IMPORT(fd_stat)(int fd, struct bulkhead_stat *stat);
BULKHEAD_IMPORT(path_stat)(int fd, uint32_t flags, const char *path, size_t length,
                           struct bulkhead_stat *stat);
BULKHEAD_IMPORT(fd_chmod)(int fd, uint32_t mode);
BULKHEAD_IMPORT(path_chmod)(int fd, uint32_t flags, const char *path, size_t length,
                            uint32_t mode);
/// -1 leaves an id alone.
BULKHEAD_IMPORT(fd_chown)(int fd, uint32_t uid, uint32_t gid);
BULKHEAD_IMPORT(path_chown)(int fd, uint32_t flags, const char *path, size_t length, uint32_t uid,
                            uint32_t gid);
/// mode: a sum of 4 read, 2 write, 1 execute; 0 asks whether it is there.
BULKHEAD_IMPORT(path_access)(int fd, uint32_t flags, const char *path, size_t length,
                             uint32_t mode);

struct bulkhead_statfs {
  uint64_t blocks;
  uint64_t blocks_free;
  uint64_t blocks_available;
  uint64_t files;
  uint64_t files_free;
  uint32_t block_size;
  // BULKHEAD_READ_ONLY or 0.
  uint32_t flags;
  uint32_t name_length;
  // Linux's magic number of the kind.
  uint32_t type;
};
_Static_assert(sizeof(struct bulkhead_statfs) == 56, "layout");
_Static_assert(offsetof(struct bulkhead_statfs, block_size) == 40, "layout");

#define BULKHEAD_READ_ONLY 1

BULKHEAD_IMPORT(fd_statfs)(int fd, struct bulkhead_statfs *statfs);
BULKHEAD_IMPORT(path_statfs)(int fd, const char *path, size_t length,
                             struct bulkhead_statfs *statfs);

/// Without a NUL. ERANGE: longer than `size`.
BULKHEAD_IMPORT(getcwd)(char *buffer, size_t size, size_t *length);
BULKHEAD_IMPORT(chdir)(const char *path, size_t length);
BULKHEAD_IMPORT(fchdir)(int fd);

// ---- processes

/// A request to spawn or to exec. It lies in one piece:
///
///   this header
///   file_count   x struct bulkhead_file_action
///   signal_count x struct bulkhead_signal_change
///   texts, each ended by a NUL: the program; with SEARCH the list of directories to search; the
///   arguments; the environment, unless INHERIT; the paths of the file actions OPEN and CHDIR
///
/// At most 1 MiB of it are texts. exec takes no file actions, group or session.
struct bulkhead_spawn {
  uint32_t version;
  uint32_t flags;
  // With SPAWN_GROUP: the group the child is put into; 0: one of its own.
  int32_t group;
  uint32_t argument_count;
  uint32_t environment_count;
  uint32_t file_count;
  uint32_t signal_count;
  uint32_t reserved;
};
_Static_assert(sizeof(struct bulkhead_spawn) == 32, "layout");

#define BULKHEAD_SPAWN_VERSION 1
/// The environment is the caller's own as it began: environment_count is 0.
#define BULKHEAD_SPAWN_INHERIT 1
/// A program without a slash in its name is looked for in these directories, parted by colons.
#define BULKHEAD_SPAWN_SEARCH 2
#define BULKHEAD_SPAWN_GROUP 4
/// It leads a session of its own.
#define BULKHEAD_SPAWN_SESSION 8

struct bulkhead_file_action {
  uint32_t kind;
  // What is closed, opened, gone to, or written over.
  int32_t fd;
  // DUP: what is there then.
  int32_t from;
  // OPEN: BULKHEAD_OPEN_...
  uint32_t how;
  uint32_t mode;
};
_Static_assert(sizeof(struct bulkhead_file_action) == 20, "layout");

#define BULKHEAD_ACTION_CLOSE 0
#define BULKHEAD_ACTION_DUP 1
#define BULKHEAD_ACTION_OPEN 2
#define BULKHEAD_ACTION_CHDIR 3
#define BULKHEAD_ACTION_FCHDIR 4

struct bulkhead_signal_change {
  uint8_t signal;
  uint8_t change;
};
_Static_assert(sizeof(struct bulkhead_signal_change) == 2, "layout");

#define BULKHEAD_CHANGE_DEFAULT 0
#define BULKHEAD_CHANGE_IGNORE 1
/// Held back, or not, whatever the parent does.
#define BULKHEAD_CHANGE_BLOCK 2
#define BULKHEAD_CHANGE_UNBLOCK 3

/// Anything that fails, fails here, and there is no child then.
BULKHEAD_IMPORT(proc_spawn)(const void *request, size_t length, int32_t *pid);
/// Returns only when it fails.
BULKHEAD_IMPORT(proc_exec)(const void *request, size_t length);

struct bulkhead_waited {
  // 0: with NOHANG, none yet.
  int32_t pid;
  // As wait(2) has it on Linux.
  int32_t status;
  // CPU of the child and of those it has waited for, in microseconds.
  uint64_t user;
  uint64_t system;
};
_Static_assert(sizeof(struct bulkhead_waited) == 24, "layout");

#define BULKHEAD_WAIT_NOHANG 1
#define BULKHEAD_WAIT_STOPPED 2
#define BULKHEAD_WAIT_CONTINUED 8

/// which: a pid; -1 any child; 0 any of the caller's group; below -1 any of the group -which.
BULKHEAD_IMPORT(proc_wait)(int32_t which, uint32_t options, struct bulkhead_waited *waited);
/// kill(2): a pid; 0 the caller's group; -1 all; below -1 a group. Signal 0 only asks.
BULKHEAD_IMPORT(proc_kill)(int32_t pid, uint32_t signal);

struct bulkhead_identity {
  int32_t pid;
  int32_t parent;
  int32_t group;
  int32_t session;
  uint32_t uid;
  uint32_t gid;
};
_Static_assert(sizeof(struct bulkhead_identity) == 24, "layout");

BULKHEAD_IMPORT(proc_identity)(struct bulkhead_identity *identity);
/// The supplementary groups: as many as fit, and how many there are.
BULKHEAD_IMPORT(proc_groups)(uint32_t *gids, size_t capacity, size_t *count);
/// pid 0: the caller.
BULKHEAD_IMPORT(proc_group_get)(int32_t pid, int32_t *group);
BULKHEAD_IMPORT(proc_group_set)(int32_t pid, int32_t group);
BULKHEAD_IMPORT(proc_session_get)(int32_t pid, int32_t *session);
BULKHEAD_IMPORT(proc_session_new)(int32_t *session);
BULKHEAD_IMPORT(proc_umask)(uint32_t mask, uint32_t *old);

struct bulkhead_times {
  // Microseconds of CPU.
  uint64_t user;
  uint64_t system;
  uint64_t children_user;
  uint64_t children_system;
};
_Static_assert(sizeof(struct bulkhead_times) == 32, "layout");

BULKHEAD_IMPORT(proc_times)(struct bulkhead_times *times);

struct bulkhead_limit {
  // ~0: none.
  uint64_t soft;
  uint64_t hard;
};
_Static_assert(sizeof(struct bulkhead_limit) == 16, "layout");

/// Linux's numbers.
#define BULKHEAD_LIMIT_FSIZE 1
#define BULKHEAD_LIMIT_NPROC 6
#define BULKHEAD_LIMIT_NOFILE 7
#define BULKHEAD_LIMIT_AS 9

BULKHEAD_IMPORT(proc_limit_get)(uint32_t resource, struct bulkhead_limit *limit);
BULKHEAD_IMPORT(proc_limit_set)(uint32_t resource, const struct bulkhead_limit *limit);

// ---- signals

#define BULKHEAD_SIGNAL_DEFAULT 0
#define BULKHEAD_SIGNAL_IGNORE 1
/// The handler of callback_signal (wasix.h) runs when a call returns; one that waits answers EINTR.
#define BULKHEAD_SIGNAL_HANDLE 2
/// As HANDLE, but that what waits goes on after it.
#define BULKHEAD_SIGNAL_RESTART 3
/// Only asks.
#define BULKHEAD_SIGNAL_KEEP 4

BULKHEAD_IMPORT(signal_action)(uint32_t signal, uint32_t action, uint32_t *old);

struct bulkhead_mask {
  // Bit 0 is signal 1.
  uint64_t blocked;
  // Those of them that have come.
  uint64_t pending;
};
_Static_assert(sizeof(struct bulkhead_mask) == 16, "layout");

#define BULKHEAD_MASK_BLOCK 0
#define BULKHEAD_MASK_UNBLOCK 1
#define BULKHEAD_MASK_SET 2
/// Only asks.
#define BULKHEAD_MASK_KEEP 3

/// What is held back stays so over exec, and in children.
BULKHEAD_IMPORT(signal_mask)(uint32_t how, uint64_t set, struct bulkhead_mask *old);

/// Another mask, and a wait for a signal with a handler, in one: EINTR. The mask stays.
BULKHEAD_IMPORT(signal_suspend)(uint64_t blocked);

struct bulkhead_timer {
  // Nanoseconds until SIGALRM is sent; 0: there is no timer.
  uint64_t first;
  // And from one to the next; 0: it comes once.
  uint64_t interval;
};
_Static_assert(sizeof(struct bulkhead_timer) == 16, "layout");

BULKHEAD_IMPORT(timer_get)(struct bulkhead_timer *timer);
BULKHEAD_IMPORT(timer_set)(uint64_t first, uint64_t interval, struct bulkhead_timer *old);

// ---- terminals

struct bulkhead_termios {
  // The flags have Linux's numbers.
  uint32_t iflag;
  uint32_t oflag;
  uint32_t cflag;
  uint32_t lflag;
  // By Linux's positions: 0 INTR, 1 QUIT, 2 ERASE, 3 KILL, 4 EOF, 5 TIME, 6 MIN, 8 START, ...
  uint8_t cc[32];
  uint32_t ispeed;
  uint32_t ospeed;
};
_Static_assert(sizeof(struct bulkhead_termios) == 56, "layout");

struct bulkhead_window {
  uint16_t rows;
  uint16_t columns;
  uint16_t width;
  uint16_t height;
};
_Static_assert(sizeof(struct bulkhead_window) == 8, "layout");

/// All of them: ENOTTY for what is no terminal.
BULKHEAD_IMPORT(tty_attributes_get)(int fd, struct bulkhead_termios *attributes);
/// when: 0 now, 1 once the output has gone, 2 and the input is thrown away.
BULKHEAD_IMPORT(tty_attributes_set)(int fd, uint32_t when,
                                    const struct bulkhead_termios *attributes);
BULKHEAD_IMPORT(tty_window_get)(int fd, struct bulkhead_window *window);
BULKHEAD_IMPORT(tty_window_set)(int fd, const struct bulkhead_window *window);
BULKHEAD_IMPORT(tty_group_get)(int fd, int32_t *group);
BULKHEAD_IMPORT(tty_group_set)(int fd, int32_t group);
BULKHEAD_IMPORT(tty_session_get)(int fd, int32_t *session);

#endif
