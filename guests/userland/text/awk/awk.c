// awk: patterns and what to do with the lines that match.
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "lib/message.h"
#include "lib/options.h"
#include "text/awk/machine.h"

extern char **environ;

static const struct option NAMES[] = {{"field-separator", required_argument, NULL, 'F'},
                                      {"awk_assign", required_argument, NULL, 'v'},
                                      {"file", required_argument, NULL, 'f'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-F SEPARATOR] [-v NAME=VALUE]... PROGRAM | -f FILE... [FILE | NAME=VALUE]...",
                                       "+F:v:f:", NAMES, 2};

static bool add_file(struct bytes *source, const char *name) {
  struct lines input;
  if (!lines_open(&input, name, '\n')) return false;
  while (lines_fill(&input)) continue;
  if (input.end > 0) bytes_add(source, input.buffer, input.end);
  bytes_byte(source, '\n');
  return lines_close(&input);
}

static void set_text(struct machine *machine, enum special special, const char *text) {
  awk_assign_global(machine, special, value_text(text_new(text, strlen(text))));
}

static void set_element(struct array *array, const char *key, size_t length, const char *text) {
  struct text *name = text_new(key, length);
  struct element *element = array_at(array, name);
  value_drop(&element->value);
  element->value = value_input(text_new(text, strlen(text)));
  text_drop(name);
}

static void set_environment(struct machine *machine) {
  struct array *array = machine->globals[V_ENVIRON].array = array_new();
  for (char **entry = environ; *entry != NULL; entry += 1) {
    const char *equals = strchr(*entry, '=');
    if (equals != NULL) set_element(array, *entry, (size_t)(equals - *entry), equals + 1);
  }
}

static void set_operands(struct machine *machine, const char *name, char *const *operands, int count) {
  struct array *array = machine->globals[V_ARGV].array = array_new();
  set_element(array, "0", 1, name);
  for (int index = 0; index < count; index += 1) {
    struct text *key = number_to_text(index + 1, "%.6g");
    set_element(array, key->bytes, key->length, operands[index]);
    text_drop(key);
  }
  awk_assign_global(machine, V_ARGC, value_number(count + 1));
  machine->next_argument = 1;
}

static void start(struct machine *machine, struct program *program) {
  *machine = (struct machine){.program = program};
  machine->globals = must_grow(NULL, program->global_count, sizeof *machine->globals);
  for (size_t slot = 0; slot < program->global_count; slot += 1) machine->globals[slot] = (struct cell){.borrowed = false};
  machine->fields.is_joined = machine->fields.is_split = true;
  machine->globals[V_NF].value = value_number(0);
  static const struct {
    enum special special;
    const char *text;
  } texts[] = {{V_FS, " "}, {V_OFS, " "}, {V_ORS, "\n"}, {V_RS, "\n"}, {V_SUBSEP, "\034"}, {V_CONVFMT, "%.6g"},
               {V_OFMT, "%.6g"}, {V_FILENAME, ""}};
  for (size_t index = 0; index < sizeof texts / sizeof *texts; index += 1) {
    set_text(machine, texts[index].special, texts[index].text);
  }
  static const enum special numbers[] = {V_NR, V_FNR, V_RSTART, V_RLENGTH};
  for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index += 1) {
    machine->globals[numbers[index]].value = value_number(numbers[index] == V_RLENGTH ? -1 : 0);
  }
}

static void stop(struct machine *machine) {
  for (size_t slot = 0; slot < machine->program->global_count; slot += 1) cell_free(&machine->globals[slot]);
  free(machine->globals);
  for (size_t place = 0; place < REGEXES; place += 1) {
    if (machine->regexes[place].text == NULL) continue;
    text_drop(machine->regexes[place].text);
    pattern_free(machine->regexes[place].pattern);
  }
  value_drop(&machine->result);
  fields_free(machine);
}

// What the options say, in their order.
struct wish {
  struct bytes source;
  bool has_source;
  const char *separator;
  const char **assignments;
  size_t assignment_count;
};

static bool read_options(struct wish *wish, int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'F': wish->separator = optarg; break;
      case 'f':
        wish->has_source = true;
        options_status = 2;
        if (!add_file(&wish->source, optarg)) return false;
        break;
      case 'v':
        if (operand_name(optarg) == 0) {
          message("'%s' is no NAME=VALUE", optarg);
          options_status = 2;
          return false;
        }
        wish->assignments = must_grow(wish->assignments, wish->assignment_count + 1, sizeof *wish->assignments);
        wish->assignments[wish->assignment_count++] = optarg;
        break;
      default: return false;
    }
  }
  return true;
}

static void set_separator(struct machine *machine, const char *separator) {
  struct bytes text = BYTES_NONE;
  // -Ft is a tab.
  if (strcmp(separator, "t") == 0) separator = "\t";
  unescape_string(separator, strlen(separator), &text);
  awk_assign_global(machine, V_FS, value_text(text_new(text.data, text.length)));
  bytes_free(&text);
}

static int run(struct program *program, const struct wish *wish, const char *name, char *const *operands, int count) {
  // The machine is large, and the stack small.
  struct machine *machine = must_grow(NULL, 1, sizeof *machine);
  start(machine, program);
  set_environment(machine);
  set_operands(machine, name, operands, count);
  if (wish->separator != NULL) set_separator(machine, wish->separator);
  for (size_t index = 0; index < wish->assignment_count; index += 1) {
    awk_assign_operand(machine, wish->assignments[index], operand_name(wish->assignments[index]));
  }
  int status = awk_run(machine);
  stop(machine);
  free(machine);
  return status;
}

int awk_main(int argc, char **argv) {
  struct wish wish = {.source = BYTES_NONE};
  struct program program;
  failure_status = 2;
  bytes_clear(&wish.source);
  if (!read_options(&wish, argc, argv)) return options_status;
  if (!wish.has_source) {
    if (optind >= argc) return usage_error(&OPTIONS, "no program");
    bytes_text(&wish.source, argv[optind++]);
  }
  program_start(&program);
  int status = 2;
  if (program_parse(&program, wish.source.data, wish.source.length)) {
    status = run(&program, &wish, argv[0], argv + optind, argc - optind);
  }
  program_free(&program);
  bytes_free(&wish.source);
  free(wish.assignments);
  return writer_finish(status);
}
