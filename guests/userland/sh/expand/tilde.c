// ~ and ~name.
#include <pwd.h>
#include <string.h>

#include "sh/expand/expand.h"
#include "sh/vars/variable.h"

static const char *home_of(const char *name) {
  if (*name == '\0') return variable_value("HOME");
  const struct passwd *entry = getpwnam(name);
  return entry == NULL ? NULL : entry->pw_dir;
}

size_t expand_tilde(struct expansion *e, const char *text, bool whole, bool in_assignment) {
  size_t length = strcspn(text, in_assignment ? "/:" : "/");
  // The name goes on in quotes or an expansion: then it is none.
  if (text[length] == '\0' && !whole) return 0;
  const char *home = home_of(arena_copy(&scratch, text + 1, length - 1));
  if (home == NULL) return 0;
  marked_string(&e->out, home, MARK_QUOTED);
  if (*home == '\0' && e->splits) marked_char(&e->out, '\0', MARK_EMPTY);
  return length;
}
