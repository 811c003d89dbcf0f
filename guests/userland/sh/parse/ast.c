#include "sh/parse/ast.h"

#include <stdlib.h>

struct program *program_new(void) {
  struct program *program = shell_alloc(sizeof *program);
  *program = (struct program){.references = 1};
  return program;
}

struct program *program_keep(struct program *program) {
  program->references += 1;
  return program;
}

void program_drop(struct program *program) {
  program->references -= 1;
  if (program->references > 0) return;
  arena_free(&program->arena);
  free(program);
}

const char *plain_text(const struct part *parts) {
  if (parts == NULL || parts->next != NULL || parts->kind != PART_TEXT) return NULL;
  return parts->text;
}
