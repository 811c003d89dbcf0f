// Memory that is asked for without end, and memory that changes under the host's hands.
#include "trouble.h"

/* Asks for pages until there are none, and tells how many came. */
static void grow(void) {
  size_t pages = 0;
  while (__builtin_wasm_memory_grow(0, 16) != (size_t)-1) pages += 16;
  printf("denied after %zu pages\n", pages);
}

/* All that 32 bits can say, in one call each. */
static void grow_at_once(void) {
  static const size_t wanted[] = {65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff};
  for (size_t at = 0; at < sizeof wanted / sizeof *wanted; at++) {
    size_t got = __builtin_wasm_memory_grow(0, wanted[at]);
    printf("%zx: %s\n", wanted[at], got == (size_t)-1 ? "denied" : "granted");
  }
}

/* The host's views of memory are from before; each call must see the memory as it is now. */
static void grow_between_calls(void) {
  __wasi_fd_t fd;
  __wasi_size_t done;
  int right = 0;
  make_file("tmp/f", "0123456789");
  open_path(ROOT_FD, "tmp/f", 0, READ, &fd);
  for (int round = 0; round < 100; round++) {
    size_t page = __builtin_wasm_memory_grow(0, 1);
    if (page == (size_t)-1) break;
    uint8_t *fresh = (uint8_t *)(page * 65536);
    __wasi_iovec_t parts[2] = {{fresh, 4}, {fresh + 65532, 4}};
    if (__wasi_fd_pread(fd, parts, 2, 0, &done) != 0 || done != 8) continue;
    if (__wasi_random_get(fresh + 100, 65536 - 200) != 0) continue;
    right += memcmp(fresh, "0123", 4) == 0 && memcmp(fresh + 65532, "4567", 4) == 0;
  }
  printf("%d of 100\n", right);
}

/* Takes what it may, and touches every page of it. */
static void hold(void) {
  size_t pages = 0;
  while (__builtin_wasm_memory_grow(0, 1) != (size_t)-1) {
    memset((void *)((__builtin_wasm_memory_size(0) - 1) * 65536), 1, 65536);
    pages += 1;
  }
  printf("%zu pages\n", pages);
}

int main(int argc, char **argv) {
  static const struct trouble troubles[] = {
      {"grow", grow},
      {"grow-at-once", grow_at_once},
      {"grow-between-calls", grow_between_calls},
      {"hold", hold},
      {NULL, NULL},
  };
  return make_trouble(troubles, argc, argv);
}
