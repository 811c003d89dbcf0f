// What runs an awk program.
#ifndef TEXT_AWK_MACHINE_H
#define TEXT_AWK_MACHINE_H

#include "lib/lines.h"
#include "lib/writer.h"
#include "text/awk/tree.h"

// A variable. One that is only passed on may become an array where it came from, by way of `origin`.
struct cell {
  struct value value;
  struct array *array;
  struct cell *origin;
  bool borrowed;  // the array is another's
};

// What a statement left behind for those around it.
enum unwind { UNWIND_NONE, UNWIND_BREAK, UNWIND_CONTINUE, UNWIND_NEXT, UNWIND_NEXTFILE, UNWIND_EXIT, UNWIND_RETURN };

// The fields of the record. Split when one is asked for; joined when the record is.
struct fields {
  struct value record;
  struct value *list;  // the first is not used
  size_t count;
  size_t size;
  bool is_split;
  bool is_joined;
};

struct stream;
enum { REGEXES = 64, DEEPEST_CALL = 1200 };

struct machine {
  struct program *program;
  struct cell *globals;
  struct cell *locals;
  struct fields fields;
  enum unwind unwind;
  struct value result;  // of a return
  int status;
  int depth;
  struct stream *streams;
  // The main input.
  struct lines main;
  bool main_open;
  bool main_over;
  bool had_operand;
  double next_argument;
  double record_number;
  double file_record_number;
  bool failed;
  uint64_t random;
  double seed;
  // Regular expressions that were texts, by their text.
  struct {
    struct text *text;
    struct pattern *pattern;
  } regexes[REGEXES];
};

// Says why and ends awk with 2.
void machine_fail(struct machine *machine, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

// evaluate.c
struct value awk_evaluate(struct machine *machine, struct node *node);
struct text *awk_evaluate_text(struct machine *machine, struct node *node);
double awk_evaluate_number(struct machine *machine, struct node *node);
bool awk_evaluate_condition(struct machine *machine, struct node *node);
// The text of a value, which is dropped.
struct text *take_text(struct machine *machine, struct value value);
// What ~ matches with: a regular expression, or a text that becomes one.
struct pattern *awk_evaluate_pattern(struct machine *machine, struct node *node);
struct pattern *pattern_of(struct machine *machine, struct text *text);
// The key of an element: the list's texts with SUBSEP between them.
struct text *awk_evaluate_key(struct machine *machine, struct node *list);

// variables.c
struct cell *cell_of(struct machine *machine, const struct node *node);
struct array *array_of(struct machine *machine, const struct node *node);
// Both take over the value.
void awk_assign(struct machine *machine, struct node *node, struct value value);
void awk_assign_global(struct machine *machine, int slot, struct value value);
const char *convert_format(struct machine *machine);
// The text of a variable that means something, until it is assigned to.
struct text *special_text(struct machine *machine, enum special special);
void cell_free(struct cell *cell);

// call.c
struct value awk_call_function(struct machine *machine, struct node *node);

// fields.c
void fields_set_record(struct machine *machine, struct text *record);
struct text *fields_record(struct machine *machine);
struct value field_get(struct machine *machine, double index);
void field_set(struct machine *machine, double index, struct value value);
void fields_split(struct machine *machine);
void fields_set_count(struct machine *machine, double count);
void fields_free(struct machine *machine);
// Splits a text as FS says, or as `separator` does.
typedef void take_part(void *context, const char *text, size_t length);
void split_text(struct machine *machine, const struct text *text, struct text *separator, take_part *take,
                void *context);

// builtins.c, substitute.c, arithmetic.c
struct value awk_call_builtin(struct machine *machine, struct node *node);
struct value builtin_substitute(struct machine *machine, struct node *node);
struct value builtin_gensub(struct machine *machine, struct node *node);
struct value builtin_match(struct machine *machine, struct node *node);
struct value builtin_split(struct machine *machine, struct node *node);
struct value builtin_number(struct machine *machine, struct node *node);

// statements.c
void awk_execute(struct machine *machine, struct node *node);

// records.c: false at the end. The main input counts NR and FNR itself.
bool record_read(struct machine *machine, struct lines *lines, struct text **record);
bool main_record(struct machine *machine, struct text **record);
void main_next_file(struct machine *machine);
void awk_assign_operand(struct machine *machine, const char *operand, size_t name_length);
// How long the name of NAME=VALUE is; 0 when it is no such thing.
size_t operand_name(const char *operand);

// streams.c
struct writer *stream_writer(struct machine *machine, int how, struct text *name);
struct lines *stream_reader(struct machine *machine, bool command, struct text *name);
double stream_close(struct machine *machine, const struct text *name);
// All that was printed is on its way. False when there is no stream by that name.
bool streams_flush(struct machine *machine, const struct text *name);
void streams_close(struct machine *machine);
double run_system(struct machine *machine, const struct text *command);

// run.c
int awk_run(struct machine *machine);

#endif
