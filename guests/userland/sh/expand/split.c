// Field splitting by IFS, and pathnames of the fields.
#include <string.h>

#include "sh/expand/expand.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

struct splitter {
  const struct marked *marked;
  struct fields *fields;
  size_t start;
  bool has;              // bytes or quotes since `start`
  bool ended_by_blank;   // an IFS byte that is no blank still belongs to the same end
};

static void end_field(struct splitter *s, size_t end) {
  struct pattern slice = {s->marked->data + s->start, s->marked->marks + s->start, end - s->start};
  if (!shell.options[OPTION_NO_GLOB] && marked_has_magic(slice) && expand_pathnames(slice, s->fields)) return;
  struct marked copy = {s->marked->data + s->start, s->marked->marks + s->start, slice.length, slice.length};
  fields_add(s->fields, marked_text(&copy));
}

static void separate(struct splitter *s, size_t at, bool blank) {
  if (s->has) end_field(s, at);
  else if (!blank && !s->ended_by_blank) fields_add(s->fields, arena_copy(&scratch, "", 0));
  s->ended_by_blank = blank && (s->has || s->ended_by_blank);
  s->has = false;
  s->start = at + 1;
}

void split_fields(const struct marked *marked, struct fields *fields) {
  const char *ifs = variable_value("IFS");
  if (ifs == NULL) ifs = " \t\n";
  struct splitter s = {.marked = marked, .fields = fields};
  for (size_t i = 0; i < marked->length; i += 1) {
    char c = marked->data[i];
    unsigned char mark = marked->marks[i];
    if (mark == MARK_BREAK) {
      if (s.has) end_field(&s, i);
      s.has = false;
      s.ended_by_blank = false;
      s.start = i + 1;
    } else if (mark == MARK_SPLIT && strchr(ifs, c) != NULL) {
      separate(&s, i, strchr(" \t\n", c) != NULL);
    } else {
      s.has = true;
    }
  }
  if (s.has) end_field(&s, marked->length);
}
