#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"append", no_argument, NULL, 'a'}, {"ignore-interrupts", no_argument, NULL, 'i'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-ai] [FILE]...", "ai", NAMES, 0};

struct output {
  int descriptor;  // -1: it failed
  const char *name;
};

static int open_outputs(struct output *outputs, char **names, bool append) {
  int status = 0;
  outputs[0] = (struct output){STDOUT_FILENO, "standard output"};
  for (int index = 0; names[index] != NULL; index += 1) {
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC);
    int descriptor = open(names[index], flags, 0666);
    if (descriptor < 0) {
      message_errno("%s", names[index]);
      status = 1;
    }
    outputs[index + 1] = (struct output){descriptor, names[index]};
  }
  return status;
}

static bool write_to(struct output *output, const char *bytes, size_t length) {
  if (output->descriptor < 0 || write_all(output->descriptor, bytes, length)) return true;
  message_errno("%s", output->name);
  output->descriptor = -1;
  return false;
}

int tee_main(int argc, char **argv) {
  bool append = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'a': append = true; break;
      case 'i': signal(SIGINT, SIG_IGN); break;
      default: return options_status;
    }
  }
  int count = argc - optind + 1;
  struct output *outputs = must_alloc((size_t)count * sizeof *outputs);
  int status = open_outputs(outputs, argv + optind, append);
  char *bytes = must_alloc(TRANSFER_SIZE);
  ssize_t length;
  while ((length = read_some(STDIN_FILENO, bytes, TRANSFER_SIZE)) > 0) {
    for (int index = 0; index < count; index += 1) {
      if (!write_to(&outputs[index], bytes, (size_t)length)) status = 1;
    }
  }
  if (length < 0) {
    message_errno("read error");
    status = 1;
  }
  free(bytes);
  free(outputs);
  return status;
}
