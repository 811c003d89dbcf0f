// Greets, in the manner of Docker's own hello-world, and tells what it took to print this.
#include <unistd.h>

static const char MESSAGE[] =
    "\n"
    "Hello from bulkhead!\n"
    "This message shows that your installation appears to be working correctly.\n"
    "\n"
    "To print it, bulkhead took the following steps:\n"
    " 1. It looked up the image \"hello-world\" and found its program, a WebAssembly module.\n"
    " 2. A builder thread checked the module against its limits and rewrote it, so that it\n"
    "    counts what it executes and can be stopped at any time.\n"
    " 3. A pooled worker thread booted a kernel for one container: a root file system,\n"
    "    /proc and /dev, a process table, and an account of everything it may use.\n"
    " 4. The module ran as PID 1 and wrote these lines to its standard output, which\n"
    "    travelled through shared memory to your terminal.\n"
    "\n"
    "To try something more ambitious, run Python in a container:\n"
    " $ bulkhead run python -c 'import sys; print(sys.version)'\n"
    "\n";

int main(void) {
  const char *rest = MESSAGE;
  size_t left = sizeof MESSAGE - 1;
  while (left > 0) {
    ssize_t done = write(1, rest, left);
    if (done < 0) return 1;
    rest += done;
    left -= (size_t)done;
  }
  return 0;
}
