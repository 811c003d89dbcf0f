// The aliases there are.
#ifndef SH_ALIAS_H
#define SH_ALIAS_H

struct alias {
  struct alias *next;
  char *name;
  char *value;
};

// In the order of their names.
const struct alias *alias_first(void);
const struct alias *alias_find(const char *name);
void alias_set(const char *name, const char *value);
// 0, or -1 when there is none of that name.
int alias_remove(const char *name);
void alias_remove_all(void);

#endif
