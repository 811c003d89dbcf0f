// yes: the same line until nobody reads it.
#include "lib/bytes.h"
#include "lib/writer.h"

int yes_main(int argc, char **argv) {
  struct bytes line = BYTES_NONE;
  for (int index = 1; index < argc; index += 1) {
    if (index > 1) bytes_byte(&line, ' ');
    bytes_text(&line, argv[index]);
  }
  bytes_text(&line, argc > 1 ? "\n" : "y\n");
  // A write that fails ends the tool.
  for (;;) writer_put(&out, line.data, line.length);
}
