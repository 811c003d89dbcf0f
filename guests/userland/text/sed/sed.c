#include "lib/options.h"

#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "text/sed/sed.h"

enum { POSIX = OPTION_NAMED, SANDBOX, DEBUG };

static const struct option NAMES[] = {{"quiet", no_argument, NULL, 'n'},
                                      {"silent", no_argument, NULL, 'n'},
                                      {"expression", required_argument, NULL, 'e'},
                                      {"file", required_argument, NULL, 'f'},
                                      {"regexp-extended", no_argument, NULL, 'E'},
                                      {"in-place", optional_argument, NULL, 'i'},
                                      {"line-length", required_argument, NULL, 'l'},
                                      {"separate", no_argument, NULL, 's'},
                                      {"unbuffered", no_argument, NULL, 'u'},
                                      {"null-data", no_argument, NULL, 'z'},
                                      {"posix", no_argument, NULL, POSIX},
                                      {"sandbox", no_argument, NULL, SANDBOX},
                                      {"debug", no_argument, NULL, DEBUG},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "[-nErsuz] [-i[SUFFIX]] [-l WIDTH] [-e SCRIPT] [-f FILE] [SCRIPT] [FILE]...", "ne:f:Eri::l:suz", NAMES, 1};

// Pieces of the script are lines of it.
static void add_script(struct bytes *script, bool *some, const char *text, size_t length) {
  if (*some) bytes_byte(script, '\n');
  bytes_add(script, text, length);
  *some = true;
}

static bool add_file(struct bytes *script, bool *some, const char *name) {
  struct lines input;
  if (!lines_open(&input, name, '\n')) return false;
  while (lines_fill(&input)) continue;
  size_t length = input.end;
  if (length > 0 && input.buffer[length - 1] == '\n') length -= 1;
  add_script(script, some, length == 0 ? "" : input.buffer, length);
  return lines_close(&input);
}

static bool set(struct options_of_sed *options, int option) {
  switch (option) {
    case 'n': options->quiet = true; return true;
    case 'E':
    case 'r': options->extended = true; return true;
    case 's': options->separate = true; return true;
    case 'i':
      options->in_place = options->separate = true;
      options->suffix = optarg;
      return true;
    case 'u': options->unbuffered = true; return true;
    case 'z': options->line_end = '\0'; return true;
    case 'l':
      if (parse_number(optarg, INT32_MAX, &options->wrap)) return true;
      message("invalid line length: %s", optarg);
      return false;
    default: return true;
  }
}

static int run(struct script *script, const struct options_of_sed *options, char *const *names) {
  static char *const standard[] = {"-", NULL};
  struct machine machine = {.options = options, .script = script, .hold_ended = true};
  machine.input = (struct input){.options = options, .names = *names == NULL ? standard : names,
                                 .standard = &script->standard};
  bytes_clear(&machine.space);
  bytes_clear(&machine.hold);
  sed_run(&machine);
  appends_free(&machine);
  bytes_free(&machine.space);
  bytes_free(&machine.hold);
  bytes_free(&machine.scratch);
  if (machine.status != 0) return machine.status;
  return machine.input.failed ? BAD_INPUT : 0;
}

int sed_main(int argc, char **argv) {
  struct options_of_sed options = {.line_end = '\n', .wrap = 70};
  struct script script = {.standard = {.writer = &out}};
  struct bytes text = BYTES_NONE;
  bool some = false;
  int option;
  failure_status = BAD_OUTPUT;
  bytes_clear(&text);
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    bool good = true;
    if (option == OPTIONS_OVER) return options_status;
    if (option == 'e') add_script(&text, &some, optarg, strlen(optarg));
    else if (option == 'f') good = add_file(&text, &some, optarg);
    else good = set(&options, option);
    if (!good) return BAD_SCRIPT;
  }
  if (!some) {
    if (optind >= argc) return usage_error(&OPTIONS, "no script");
    add_script(&text, &some, argv[optind], strlen(argv[optind]));
    optind += 1;
  }
  // #n as the first line is -n.
  if (text.length >= 2 && memcmp(text.data, "#n", 2) == 0 && (text.length == 2 || text.data[2] == '\n')) {
    options.quiet = true;
  }
  int status = BAD_SCRIPT;
  if (script_parse(&script, text.data, text.length, &options)) status = run(&script, &options, argv + optind);
  writer_flush(&out);
  script_free(&script);
  bytes_free(&text);
  return status;
}
