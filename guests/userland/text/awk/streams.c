// Files and commands that are printed to or read from, by their names.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "text/awk/machine.h"

extern char **environ;

enum stream_kind { STREAM_FILE, STREAM_COMMAND, STREAM_INPUT, STREAM_COMMAND_INPUT };

struct stream {
  enum stream_kind kind;
  struct text *name;
  struct writer own;
  struct writer *writer;
  struct lines lines;
  pid_t child;
  struct stream *next;
};

static bool is_input(enum stream_kind kind) { return kind == STREAM_INPUT || kind == STREAM_COMMAND_INPUT; }

static struct stream *find(struct machine *machine, enum stream_kind kind, const struct text *name) {
  for (struct stream *stream = machine->streams; stream != NULL; stream = stream->next) {
    bool same = stream->name->length == name->length && memcmp(stream->name->bytes, name->bytes, name->length) == 0;
    if (stream->kind == kind && same) return stream;
  }
  return NULL;
}

static struct stream *add(struct machine *machine, enum stream_kind kind, struct text *name) {
  struct stream *stream = must_alloc(sizeof *stream);
  *stream = (struct stream){.kind = kind, .name = text_keep(name), .child = -1, .next = machine->streams};
  machine->streams = stream;
  return stream;
}

// A shell that runs the command; `end` of it (0 or 1, or -1 for none) is a pipe's.
static pid_t start_shell(struct machine *machine, const struct text *command, int end, int pipe_end) {
  static char shell[] = "sh";
  static char dash_c[] = "-c";
  char *arguments[] = {shell, dash_c, must_copy(command->bytes), NULL};
  posix_spawn_file_actions_t actions;
  pid_t child = -1;
  streams_flush(machine, NULL);
  posix_spawn_file_actions_init(&actions);
  if (end >= 0) posix_spawn_file_actions_adddup2(&actions, pipe_end, end);
  int error = posix_spawn(&child, "/bin/sh", &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  free(arguments[2]);
  if (error == 0) return child;
  errno = error;
  message_errno("sh");
  return -1;
}

// As gawk has it: the exit status, or 256 and the signal.
static double wait_for(pid_t child) {
  int status;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

double run_system(struct machine *machine, const struct text *command) {
  pid_t child = start_shell(machine, command, -1, -1);
  return child < 0 ? -1 : wait_for(child);
}

static int open_file(const struct text *name, int how) {
  int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (how == T_APPEND ? O_APPEND : O_TRUNC);
  return open(name->bytes, flags, 0666);
}

static void open_command(struct machine *machine, struct stream *stream) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) machine_fail(machine, "cannot make a pipe: %s", strerror(errno));
  bool input = is_input(stream->kind);
  stream->child = start_shell(machine, stream->name, input ? 1 : 0, ends[input ? 1 : 0]);
  close(ends[input ? 1 : 0]);
  int ours = ends[input ? 0 : 1];
  if (input) lines_from(&stream->lines, ours, stream->name->bytes, '\n');
  else writer_open(&stream->own, ours, stream->name->bytes);
}

struct writer *stream_writer(struct machine *machine, int how, struct text *name) {
  if (how != T_PIPE && (strcmp(name->bytes, "/dev/stdout") == 0 || strcmp(name->bytes, "-") == 0)) return &out;
  enum stream_kind kind = how == T_PIPE ? STREAM_COMMAND : STREAM_FILE;
  struct stream *stream = find(machine, kind, name);
  if (stream != NULL) return stream->writer;
  if (name->length == 0) machine_fail(machine, "the name of a file to print to is empty");
  int fd = -1;
  bool standard = kind == STREAM_FILE && strcmp(name->bytes, "/dev/stderr") == 0;
  if (kind == STREAM_FILE) {
    fd = standard ? dup(2) : open_file(name, how);
    if (fd < 0) machine_fail(machine, "can't redirect to %s: %s", name->bytes, strerror(errno));
  }
  stream = add(machine, kind, name);
  stream->writer = &stream->own;
  if (kind == STREAM_FILE) writer_open(&stream->own, fd, stream->name->bytes);
  else open_command(machine, stream);
  return stream->writer;
}

struct lines *stream_reader(struct machine *machine, bool command, struct text *name) {
  enum stream_kind kind = command ? STREAM_COMMAND_INPUT : STREAM_INPUT;
  struct stream *stream = find(machine, kind, name);
  if (stream != NULL) return &stream->lines;
  int fd = -1;
  if (!command) {
    bool standard = strcmp(name->bytes, "-") == 0 || strcmp(name->bytes, "/dev/stdin") == 0;
    // Of what the main input has read of it, standard input has no more.
    if (standard && machine->main_open && machine->main.fd == 0) return &machine->main;
    fd = standard ? 0 : open(name->bytes, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
  }
  stream = add(machine, kind, name);
  if (command) open_command(machine, stream);
  else lines_from(&stream->lines, fd, stream->name->bytes, '\n');
  return &stream->lines;
}

static double end(struct stream *stream) {
  double status = 0;
  if (is_input(stream->kind)) lines_close(&stream->lines);
  else writer_close(&stream->own);
  if (stream->child >= 0) status = wait_for(stream->child);
  text_drop(stream->name);
  free(stream);
  return status;
}

double stream_close(struct machine *machine, const struct text *name) {
  double status = -1;
  for (struct stream **at = &machine->streams; *at != NULL;) {
    struct stream *stream = *at;
    bool same = stream->name->length == name->length && memcmp(stream->name->bytes, name->bytes, name->length) == 0;
    if (!same) {
      at = &stream->next;
      continue;
    }
    *at = stream->next;
    status = end(stream);
  }
  return status;
}

// What is printed to a terminal, to the errors' file or to a command is there when awk waits.
bool streams_flush(struct machine *machine, const struct text *name) {
  bool some = name == NULL;
  if (name == NULL) writer_flush(&out);
  for (struct stream *stream = machine->streams; stream != NULL; stream = stream->next) {
    bool same = name == NULL || (stream->name->length == name->length &&
                                 memcmp(stream->name->bytes, name->bytes, name->length) == 0);
    if (!same || is_input(stream->kind)) continue;
    writer_flush(&stream->own);
    some = true;
  }
  return some;
}

void streams_close(struct machine *machine) {
  writer_flush(&out);
  // Commands may wait for each other's output: what was begun first ends first.
  struct stream *first = NULL;
  while (machine->streams != NULL) {
    struct stream *stream = machine->streams;
    machine->streams = stream->next;
    stream->next = first;
    first = stream;
  }
  while (first != NULL) {
    struct stream *next = first->next;
    end(first);
    first = next;
  }
}
