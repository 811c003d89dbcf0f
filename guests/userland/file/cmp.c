#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"silent", no_argument, NULL, 's'}, {"quiet", no_argument, NULL, 's'}, {"verbose", no_argument, NULL, 'l'},
  {"print-bytes", no_argument, NULL, 'b'}, {"bytes", required_argument, NULL, 'n'},
  {"ignore-initial", required_argument, NULL, 'i'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-bls] [-i SKIP] [-n BYTES] FILE1 [FILE2 [SKIP1 [SKIP2]]]", "bi:ln:s", NAMES, 0};
enum { SAME = 0, DIFFERENT = 1, TROUBLE = 2 };

static bool silent, list;
static int64_t limit = INT64_MAX;

static FILE *open_side(const char *path) {
  FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
  if (file == NULL && !silent) message_errno("%s", path);
  return file;
}

static bool skip(FILE *file, int64_t count) {
  while (count > 0 && getc(file) != EOF) count -= 1;
  return ferror(file) == 0;
}

struct place {
  int64_t byte, line;
  bool at_start;  // of a line
};

static int report_end(const char *shorter, struct place place) {
  if (silent) return DIFFERENT;
  fflush(stdout);
  if (place.byte == 0) fprintf(stderr, "cmp: EOF on %s which is empty\n", shorter);
  else if (list) fprintf(stderr, "cmp: EOF on %s after byte %lld\n", shorter, (long long)place.byte);
  else fprintf(stderr, "cmp: EOF on %s after byte %lld, %sline %lld\n", shorter, (long long)place.byte,
               place.at_start ? "" : "in ", (long long)place.line - (place.at_start ? 1 : 0));
  return DIFFERENT;
}

static int report_trouble(const char *left, FILE *left_file, const char *right) {
  message_errno("%s", ferror(left_file) ? left : right);
  return TROUBLE;
}

// As many digits as the last place of the shorter file has.
static int place_width(FILE *left, FILE *right) {
  struct stat info;
  int64_t size = INT64_MAX;
  if (fstat(fileno(left), &info) == 0 && S_ISREG(info.st_mode)) size = info.st_size;
  if (fstat(fileno(right), &info) == 0 && S_ISREG(info.st_mode) && info.st_size < size) size = info.st_size;
  if (limit < size) size = limit;
  return snprintf(NULL, 0, "%lld", (long long)size);
}

static int compare(const char *left, const char *right, FILE *left_file, FILE *right_file) {
  struct place place = {0, 1, true};
  int result = SAME;
  int width = place_width(left_file, right_file);
  while (place.byte < limit) {
    int a = getc(left_file), b = getc(right_file);
    if (ferror(left_file) || ferror(right_file)) return report_trouble(left, left_file, right);
    if (a == EOF && b == EOF) break;
    if (a == EOF || b == EOF) return report_end(a == EOF ? left : right, place);
    place.byte += 1;
    if (a != b) {
      result = DIFFERENT;
      if (silent) break;
      if (!list) {
        printf("%s %s differ: char %lld, line %lld\n", left, right, (long long)place.byte, (long long)place.line);
        break;
      }
      printf("%*lld %3o %3o\n", width, (long long)place.byte, (unsigned)a, (unsigned)b);
    }
    place.at_start = a == '\n';
    if (place.at_start) place.line += 1;
  }
  return result;
}

static bool parse_skips(const char *text, int64_t skips[2]) {
  char first[32];
  size_t length = strcspn(text, ":");
  if (length >= sizeof first) return false;
  memcpy(first, text, length);
  first[length] = '\0';
  if (!parse_size(first, &skips[0])) return false;
  skips[1] = skips[0];
  return text[length] == '\0' || parse_size(text + length + 1, &skips[1]);
}

static int run(char **operands, int count, int64_t skips[2]) {
  const char *left = operands[0];
  const char *right = count > 1 ? operands[1] : "-";
  for (int index = 2; index < count; index += 1) {
    if (!parse_size(operands[index], &skips[index - 2])) return usage_error(&OPTIONS, "invalid SKIP"), TROUBLE;
  }
  FILE *left_file = open_side(left);
  if (left_file == NULL) return TROUBLE;
  FILE *right_file = open_side(right);
  if (right_file == NULL) return TROUBLE;
  if (!skip(left_file, skips[0]) || !skip(right_file, skips[1])) return report_trouble(left, left_file, right);
  return compare(left, right, left_file, right_file);
}

int cmp_main(int argc, char **argv) {
  int64_t skips[2] = {0, 0};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    bool good = true;
    switch (option) {
      case 'b': break;
      case 'i': good = parse_skips(optarg, skips); break;
      case 'l': list = true; break;
      case 'n': good = parse_size(optarg, &limit); break;
      case 's': silent = true; break;
      default: return options_status;
    }
    if (good) continue;
    message("invalid number '%s'", optarg);
    return TROUBLE;
  }
  if (optind == argc || argc - optind > 4) {
    usage_error(&OPTIONS, optind == argc ? "missing operand" : "extra operand");
    return TROUBLE;
  }
  int result = run(argv + optind, argc - optind, skips);
  return finish_output(0) == 0 ? result : TROUBLE;
}
