#include "tar.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

enum { EXCLUDE = OPTION_NAMED, STRIP, NUMERIC, NO_RECURSION, WILDCARDS, NO_SAME_OWNER, SAME_OWNER, NO_SAME_MODE, ONE_DEVICE, OVERWRITE };

static const struct option NAMES[] = {
  {"create", no_argument, NULL, 'c'}, {"extract", no_argument, NULL, 'x'}, {"get", no_argument, NULL, 'x'},
  {"list", no_argument, NULL, 't'}, {"file", required_argument, NULL, 'f'}, {"gzip", no_argument, NULL, 'z'},
  {"gunzip", no_argument, NULL, 'z'}, {"verbose", no_argument, NULL, 'v'}, {"directory", required_argument, NULL, 'C'},
  {"files-from", required_argument, NULL, 'T'}, {"exclude-from", required_argument, NULL, 'X'},
  {"exclude", required_argument, NULL, EXCLUDE}, {"strip-components", required_argument, NULL, STRIP},
  {"preserve-permissions", no_argument, NULL, 'p'}, {"same-permissions", no_argument, NULL, 'p'},
  {"to-stdout", no_argument, NULL, 'O'}, {"dereference", no_argument, NULL, 'h'}, {"keep-old-files", no_argument, NULL, 'k'},
  {"touch", no_argument, NULL, 'm'}, {"absolute-names", no_argument, NULL, 'P'}, {"numeric-owner", no_argument, NULL, NUMERIC},
  {"no-recursion", no_argument, NULL, NO_RECURSION}, {"wildcards", no_argument, NULL, WILDCARDS},
  {"same-owner", no_argument, NULL, SAME_OWNER}, {"no-same-owner", no_argument, NULL, NO_SAME_OWNER},
  {"no-same-permissions", no_argument, NULL, NO_SAME_MODE}, {"one-file-system", no_argument, NULL, ONE_DEVICE},
  {"auto-compress", no_argument, NULL, 'a'}, {"overwrite", no_argument, NULL, OVERWRITE}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "c|x|t[zvpOhkmoaP] [-f ARCHIVE] [-C DIRECTORY] [-T FILE] [-X FILE] [--exclude=PATTERN] [--strip-components=N] [FILE]...",
  "-cxtf:zvC:T:X:pOhkmoaPjJ", NAMES, 2,
};

struct job tar_job;
int tar_status;

void tar_error(const char *format, ...) {
  va_list args;
  va_start(args, format);
  message_list(format, args);
  va_end(args);
  tar_status = 2;
}

void tar_errno(const char *format, ...) {
  va_list args;
  va_start(args, format);
  message_errno_list(format, args);
  va_end(args);
  tar_status = 2;
}

static void add_operand(char *name) {
  tar_job.operands = must_realloc(tar_job.operands, (tar_job.operand_count + 1) * sizeof *tar_job.operands);
  tar_job.operands[tar_job.operand_count] = (struct operand){name, tar_job.directory, false};
  tar_job.operand_count += 1;
}

// A line of a file each, handed on.
static bool read_lines(const char *path, void (*use)(char *line)) {
  FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
  if (file == NULL) {
    tar_errno("%s: Cannot open", path);
    return false;
  }
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  while ((length = getline(&line, &room, file)) >= 0) {
    if (length > 0 && line[length - 1] == '\n') line[length - 1] = '\0';
    if (*line != '\0') use(must_copy(line));
  }
  free(line);
  if (file != stdin) fclose(file);
  return true;
}

static void exclude(char *pattern) { add_name(&tar_job.excluded, pattern); }

static bool set_action(enum action action) {
  if (tar_job.action == ACTION_NONE || tar_job.action == action) return tar_job.action = action, true;
  tar_error("You may not specify more than one of c, x, t");
  return false;
}

static bool set_flag(int option) {
  switch (option) {
    case 'z': tar_job.packed = true; break;
    case 'v': tar_job.verbose = true; break;
    case 'p': tar_job.same_mode = true; break;
    case 'O': tar_job.to_output = true; break;
    case 'h': tar_job.follow = true; break;
    case 'k': tar_job.keep_old = true; break;
    case 'm': tar_job.no_times = true; break;
    case 'P': tar_job.absolute = true; break;
    case NUMERIC: tar_job.numeric = true; break;
    case NO_RECURSION: tar_job.no_recursion = true; break;
    case WILDCARDS: tar_job.wildcards = true; break;
    case SAME_OWNER: tar_job.same_owner = true; break;
    case 'o': case NO_SAME_OWNER: tar_job.same_owner = false; break;
    case NO_SAME_MODE: tar_job.same_mode = false; break;
    case ONE_DEVICE: tar_job.one_device = true; break;
    case OVERWRITE: break;
    default: return false;
  }
  return true;
}

static bool by_suffix;

// Each -C goes on from the one before.
static void change_directory(const char *path) {
  tar_job.directory = tar_job.directory == NULL || *path == '/' ? path : join_path(tar_job.directory, path);
}

static bool set_option(int option, char *argument) {
  switch (option) {
    case 1: add_operand(argument); return true;
    case 'c': return set_action(ACTION_CREATE);
    case 'x': return set_action(ACTION_EXTRACT);
    case 't': return set_action(ACTION_LIST);
    case 'f': tar_job.archive = argument; return true;
    case 'a': by_suffix = true; return true;
    case 'C': return change_directory(argument), true;
    case 'T': return read_lines(argument, add_operand);
    case 'X': return read_lines(argument, exclude);
    case EXCLUDE: exclude(must_copy(argument)); return true;
    case STRIP:
      if (parse_number(argument, INT32_MAX, &tar_job.strip)) return true;
      tar_error("%s: Invalid number of elements", argument);
      return false;
    default:
      tar_error("-%c: this compression is not supported", option);
      return false;
  }
}

// tar czf a.tgz d: the letters of the first word, as options with their arguments.
static char **old_style(int *argc, char **argv) {
  if (*argc < 2 || argv[1][0] == '-' || argv[1][0] == '\0') return argv;
  const char *letters = argv[1];
  size_t count = strlen(letters);
  char **words = must_alloc(((size_t)*argc + 2 * count + 1) * sizeof *words);
  int from = 2, to = 0;
  words[to++] = argv[0];
  for (; *letters != '\0'; letters += 1) {
    words[to++] = must_format("-%c", *letters);
    if (strchr("fCTX", *letters) != NULL && from < *argc) words[to++] = argv[from++];
  }
  while (from < *argc) words[to++] = argv[from++];
  words[to] = NULL;
  *argc = to;
  return words;
}

static void read_archive(void) {
  struct member member;
  enum header result;
  while ((result = read_member(&member)) == HEADER_READ) {
    bool wanted = is_wanted_member(member.path);
    if (wanted && tar_job.action == ACTION_EXTRACT) {
      extract_member(&member);
    } else {
      if (wanted) print_member(&member);
      if (!skip_tar_data(member.size + (BLOCK - member.size % BLOCK) % BLOCK)) result = HEADER_FAILED;
    }
    free_member(&member);
    if (result == HEADER_FAILED) return;
  }
}

static void tell_unused(void) {
  for (size_t index = 0; index < tar_job.operand_count; index += 1) {
    if (!tar_job.operands[index].used) tar_error("%s: Not found in archive", tar_job.operands[index].name);
  }
}

static bool ends_with(const char *text, const char *end) {
  size_t length = strlen(text), part = strlen(end);
  return length >= part && strcmp(text + length - part, end) == 0;
}

static void run(void) {
  if (!open_archive()) return;
  if (tar_job.action == ACTION_CREATE) {
    create_archive();
  } else {
    if (tar_job.directory != NULL && chdir(tar_job.directory) != 0) {
      tar_errno("%s: Cannot open", tar_job.directory);
      return;
    }
    read_archive();
    if (tar_job.action == ACTION_EXTRACT) finish_extraction();
    tell_unused();
  }
  close_archive();
}

int tar_main(int argc, char **argv) {
  argv = old_style(&argc, argv);
  tar_job.same_owner = tar_job.same_mode = geteuid() == 0;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (set_flag(option)) continue;
    if (option == OPTIONS_OVER) return options_status;
    if (!set_option(option, optarg)) return 2;
  }
  while (optind < argc) add_operand(argv[optind++]);
  if (tar_job.action == ACTION_NONE) return usage_error(&OPTIONS, "You must specify one of c, x, t");
  if (tar_job.action == ACTION_CREATE && tar_job.operand_count == 0) return usage_error(&OPTIONS, "Cowardly refusing to create an empty archive");
  if (by_suffix && tar_job.archive != NULL) tar_job.packed |= ends_with(tar_job.archive, ".gz") || ends_with(tar_job.archive, ".tgz");
  run();
  if (tar_status != 0) message("Exiting with failure status due to previous errors");
  return finish_output(tar_status);
}
