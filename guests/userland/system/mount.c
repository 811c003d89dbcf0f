#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/message.h"
#include "lib/mounts.h"
#include "lib/options.h"
#include "lib/transfer.h"

static const struct options OPTIONS = {"[-t TYPE]", "alrt:o:v", NULL, 1};

int mount_main(int argc, char **argv) {
  const char *type = NULL;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (option == 't') type = optarg;
  }
  if (optind < argc) {
    message("%s: mounting is not permitted here: mounts are made when the container is", argv[optind]);
    return 1;
  }
  size_t count;
  struct mount *mounts = read_mounts(&count);
  if (mounts == NULL) {
    message_errno("/proc/mounts");
    return 1;
  }
  for (size_t index = 0; index < count; index += 1) {
    const struct mount *mount = &mounts[index];
    if (type != NULL && strcmp(type, mount->type) != 0) continue;
    printf("%s on %s type %s (%s)\n", mount->source, mount->target, mount->type, mount->flags);
  }
  free_mounts(mounts, count);
  return finish_output(0);
}
