#include "diff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/mode.h"
#include "lib/name-list.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

enum { COLOR = OPTION_NAMED };

static const struct option NAMES[] = {
  {"unified", optional_argument, NULL, 'U'}, {"brief", no_argument, NULL, 'q'}, {"recursive", no_argument, NULL, 'r'},
  {"new-file", no_argument, NULL, 'N'}, {"report-identical-files", no_argument, NULL, 's'},
  {"ignore-case", no_argument, NULL, 'i'}, {"ignore-all-space", no_argument, NULL, 'w'},
  {"ignore-space-change", no_argument, NULL, 'b'}, {"ignore-blank-lines", no_argument, NULL, 'B'},
  {"text", no_argument, NULL, 'a'}, {"label", required_argument, NULL, 'L'}, {"normal", no_argument, NULL, 'n'},
  {"color", optional_argument, NULL, COLOR}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-abBiNqrsuw] [-U LINES] [-L LABEL] FILE1 FILE2", "abBiL:NnqrsU:uw", NAMES, TROUBLE};

struct ways diff_ways = {.context = 3};
// The words the tool was called with, for the line above each file of two directories.
static char *command_words;

static int worse(int left, int right) { return left > right ? left : right; }

static int compare_sides(struct side *left, struct side *right) {
  if (are_equal_sides(left, right)) return SAME;
  bool binary = is_binary_side(left) || is_binary_side(right);
  if (binary && !diff_ways.brief) printf("Binary files %s and %s differ\n", left->path, right->path);
  if (binary && !diff_ways.brief) return TROUBLE;
  if (!binary) {
    split_side(left);
    split_side(right);
    class_sides(left, right);
    mark_changes(left, right);
  }
  if (!diff_ways.brief) return (diff_ways.unified ? print_unified : print_normal)(left, right) ? DIFFERENT : SAME;
  size_t at_left = 0, at_right = 0;
  struct change change;
  if (!binary && !next_change(left, right, &at_left, &at_right, &change)) return SAME;
  printf("Files %s and %s differ\n", left->path, right->path);
  return DIFFERENT;
}

// `titled`: the command stands above what is printed.
static int compare_files(const char *left_path, const char *right_path, bool titled) {
  struct side left, right;
  if (!read_side(&left, left_path)) return free_side(&left), TROUBLE;
  bool good = read_side(&right, right_path);
  if (good && titled && !diff_ways.brief && !are_equal_sides(&left, &right) && !is_binary_side(&left) && !is_binary_side(&right)) {
    printf("diff%s %s %s\n", command_words, left_path, right_path);
  }
  int result = good ? compare_sides(&left, &right) : TROUBLE;
  if (result == SAME && diff_ways.report_same) printf("Files %s and %s are identical\n", left_path, right_path);
  free_side(&left);
  free_side(&right);
  return result;
}

static int compare_directories(const char *left, const char *right);

// Both are there, or -N takes one that is not as empty.
static int compare_children(const char *left, const char *right, bool both) {
  struct stat left_info, right_info;
  bool left_there = stat(left, &left_info) == 0, right_there = stat(right, &right_info) == 0;
  if (both && (!left_there || !right_there)) {
    message_errno("%s", left_there ? right : left);
    return TROUBLE;
  }
  bool left_directory = left_there && S_ISDIR(left_info.st_mode), right_directory = right_there && S_ISDIR(right_info.st_mode);
  if (!both && (left_directory || right_directory)) return compare_directories(left, right);
  if (left_directory && right_directory) {
    if (diff_ways.recursive) return compare_directories(left, right);
    printf("Common subdirectories: %s and %s\n", left, right);
    return SAME;
  }
  if (!left_directory && !right_directory) return compare_files(left, right, true);
  printf("File %s is a %s while file %s is a %s\n", left, type_name(left_info.st_mode, left_info.st_size == 0), right,
         type_name(right_info.st_mode, right_info.st_size == 0));
  return DIFFERENT;
}

static int compare_named(const char *left, const char *right, const char *name, bool in_left, bool in_right) {
  bool both = in_left && in_right;
  if (!both && !diff_ways.new_files) {
    printf("Only in %s: %s\n", in_left ? left : right, name);
    return DIFFERENT;
  }
  char *left_path = join_path(left, name), *right_path = join_path(right, name);
  int result = compare_children(left_path, right_path, both);
  free(left_path);
  free(right_path);
  return result;
}

static bool read_names(const char *path, struct name_list *list) {
  if (read_directory(path, list)) return true;
  if (errno == ENOENT && diff_ways.new_files) return true;
  message_errno("%s", path);
  return false;
}

static int compare_directories(const char *left, const char *right) {
  struct name_list left_names = {NULL, 0, 0}, right_names = {NULL, 0, 0};
  bool good = read_names(left, &left_names) && read_names(right, &right_names);
  int result = good ? SAME : TROUBLE;
  size_t at_left = 0, at_right = 0;
  while (good && (at_left < left_names.count || at_right < right_names.count)) {
    const char *left_name = at_left < left_names.count ? left_names.names[at_left] : NULL;
    const char *right_name = at_right < right_names.count ? right_names.names[at_right] : NULL;
    int order = left_name == NULL ? 1 : right_name == NULL ? -1 : strcmp(left_name, right_name);
    int one = compare_named(left, right, order <= 0 ? left_name : right_name, order <= 0, order >= 0);
    if (order <= 0) at_left += 1;
    if (order >= 0) at_right += 1;
    result = worse(result, one);
  }
  free_names(&left_names);
  free_names(&right_names);
  return result;
}

// diff file directory is diff file directory/file.
static int compare_operands(const char *left, const char *right) {
  bool left_directory = is_directory(left), right_directory = is_directory(right);
  if (left_directory && right_directory) return compare_directories(left, right);
  if (!left_directory && !right_directory) return compare_files(left, right, false);
  char *path = left_directory ? path_in(left, right) : path_in(right, left);
  int result = left_directory ? compare_files(path, right, false) : compare_files(left, path, false);
  free(path);
  return result;
}

static bool set_option(int option) {
  switch (option) {
    case 'a': diff_ways.text = true; break;
    case 'b': diff_ways.ignore_space_change = true; break;
    case 'B': diff_ways.ignore_blank_lines = true; break;
    case 'i': diff_ways.ignore_case = true; break;
    case 'N': diff_ways.new_files = true; break;
    case 'n': diff_ways.unified = false; break;
    case 'q': diff_ways.brief = true; break;
    case 'r': diff_ways.recursive = true; break;
    case 's': diff_ways.report_same = true; break;
    case 'u': diff_ways.unified = true; break;
    case 'w': diff_ways.ignore_all_space = true; break;
    case 'L': diff_ways.labels[diff_ways.labels[0] == NULL ? 0 : 1] = optarg; break;
    case COLOR: break;
    default: return false;
  }
  return true;
}

static char *words_between(char **argv, int from, int to) {
  char *words = must_copy("");
  for (int index = from; index < to; index += 1) {
    char *longer = must_format("%s %s", words, argv[index]);
    free(words);
    words = longer;
  }
  return words;
}

int diff_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (set_option(option)) continue;
    if (option == OPTIONS_OVER) return options_status;
    diff_ways.unified = true;
    if (optarg != NULL && !parse_number(optarg, INT32_MAX, &diff_ways.context)) {
      message("invalid context length '%s'", optarg);
      return TROUBLE;
    }
  }
  if (argc - optind < 2) return usage_error(&OPTIONS, "missing operand");
  if (argc - optind > 2) return usage_error(&OPTIONS, "extra operand");
  // getopt has moved the operands to the end.
  command_words = words_between(argv, 1, optind);
  int result = compare_operands(argv[optind], argv[optind + 1]);
  free(command_words);
  return finish_output(0) == 0 ? result : TROUBLE;
}
