// A process that starts others, with the raw calls: itself as a child with an argument.
#include <bulkhead.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int spawn(const char *program, const char *argument, int32_t *pid) {
  char request[512];
  struct bulkhead_spawn head = {.version = BULKHEAD_SPAWN_VERSION, .flags = BULKHEAD_SPAWN_INHERIT, .argument_count = 2};
  memcpy(request, &head, sizeof head);
  char *at = request + sizeof head;
  at += sprintf(at, "%s", program) + 1;
  at += sprintf(at, "%s", program) + 1;
  at += sprintf(at, "%s", argument) + 1;
  return bulkhead_proc_spawn(request, (size_t)(at - request), pid);
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "child") == 0) {
    printf("child\n");
    return 7;
  }
  int count = argc > 1 ? atoi(argv[1]) : 1;
  for (int turn = 0; turn < count; turn += 1) {
    int32_t pid = 0;
    int error = spawn("/p", "child", &pid);
    if (error != 0) {
      printf("spawn: errno %d\n", error);
      return 1;
    }
    struct bulkhead_waited waited;
    error = bulkhead_proc_wait(pid, 0, &waited);
    printf("wait: errno %d, same pid %d, status %d\n", error, waited.pid == pid, waited.status);
  }
  return 0;
}
