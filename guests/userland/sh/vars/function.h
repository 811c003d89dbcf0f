// The functions there are.
#ifndef SH_FUNCTION_H
#define SH_FUNCTION_H

#include "sh/parse/ast.h"

struct function {
  struct function *next;
  char *name;
  const struct node *node;  // NODE_FUNCTION
  struct program *program;
};

const struct function *function_first(void);
const struct function *function_find(const char *name);
void function_define(const struct node *node, struct program *program);
void function_remove(const char *name);

#endif
