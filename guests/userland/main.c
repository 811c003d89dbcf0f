// All of the userland in one program: what it does is the last part of the name it is called by, or, called
// by its own name, its first argument.
#include <stdio.h>
#include <string.h>

#include "applets.h"
#include "lib/message.h"

static const char *base_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static const struct applet *find(const char *name) {
  // A login shell is called by a name with a dash in front.
  if (*name == '-') name += 1;
  for (const struct applet *applet = applets; applet->name != NULL; applet += 1) {
    if (strcmp(applet->name, name) == 0) return applet;
  }
  return NULL;
}

static int list(void) {
  for (const struct applet *applet = applets; applet->name != NULL; applet += 1) puts(applet->name);
  return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
  if (argc < 1) return 127;
  const struct applet *applet = find(base_of(argv[0]));
  if (applet == NULL) {
    if (argc < 2) return list();
    argc -= 1;
    argv += 1;
    applet = find(argv[0]);
  }
  message_name = base_of(argv[0]);
  if (applet == NULL) {
    message("applet not found");
    return 127;
  }
  return applet->run(argc, argv);
}
