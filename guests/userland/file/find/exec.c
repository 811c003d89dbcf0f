// -exec, -execdir and -ok.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "lib/memory.h"
#include "lib/path.h"
#include "lib/run-program.h"

// Bytes of paths handed to one run of a command with +.
enum { MOST_BYTES = 65536 };

// The word with the path in place of each {}.
static char *substitute(const char *word, const char *path) {
  size_t count = 0;
  for (const char *at = word; (at = strstr(at, "{}")) != NULL; at += 2) count += 1;
  char *text = must_alloc(strlen(word) + count * strlen(path) + 1);
  char *to = text;
  const char *hit;
  while ((hit = strstr(word, "{}")) != NULL) {
    memcpy(to, word, (size_t)(hit - word));
    to += hit - word;
    strcpy(to, path);
    to += strlen(path);
    word = hit + 2;
  }
  strcpy(to, word);
  return text;
}

static void free_words(char **argv) {
  for (char **word = argv; *word != NULL; word += 1) free(*word);
  free(argv);
}

static bool agrees(char **argv, const char *path) {
  fflush(stdout);
  fprintf(stderr, "< %s ... %s > ? ", argv[0], path);
  int first = getchar();
  for (int next = first; next != '\n' && next != EOF; next = getchar()) continue;
  return first == 'y' || first == 'Y';
}

static bool run_one(const struct command *command, struct visit *visit) {
  char *shown = command->in_directory ? must_format("./%s", visit->name) : must_copy(visit->path);
  char *directory = command->in_directory ? directory_name(visit->path) : NULL;
  char **argv = must_alloc((size_t)(command->argc + 1) * sizeof *argv);
  for (int index = 0; index < command->argc; index += 1) argv[index] = substitute(command->argv[index], shown);
  argv[command->argc] = NULL;
  bool good = !command->ask || agrees(argv, shown);
  struct start how = {.directory = directory, .no_input = command->ask};
  if (good) good = run_program(argv, &how) == 0;
  free_words(argv);
  free(directory);
  free(shown);
  return good;
}

static void run_batch(const struct command *command) {
  struct name_list *paths = command->paths;
  if (paths->count == 0) return;
  // The last word is the {}.
  size_t front = (size_t)command->argc - 1;
  char **argv = must_alloc((front + paths->count + 1) * sizeof *argv);
  for (size_t index = 0; index < front; index += 1) argv[index] = command->argv[index];
  for (size_t index = 0; index < paths->count; index += 1) argv[front + index] = paths->names[index];
  argv[front + paths->count] = NULL;
  struct start how = {0};
  if (run_program(argv, &how) != 0) find_search.status = 1;
  free(argv);
  free_names(paths);
  *command->length = 0;
}

bool run_find_command(const struct node *node, struct visit *visit) {
  const struct command *command = &node->command;
  if (!command->batch) return run_one(command, visit);
  add_name(command->paths, must_copy(visit->path));
  *command->length += strlen(visit->path) + 1;
  if (*command->length > MOST_BYTES) run_batch(command);
  return true;
}

void finish_find_commands(const struct node *node) {
  if (node == NULL) return;
  finish_find_commands(node->left);
  finish_find_commands(node->right);
  if (node->test == run_find_command && node->command.batch) run_batch(&node->command);
}
