// ulimit: prints or sets a limit of the shell and of what it starts.
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

#include "sh/builtin/builtins.h"
#include "sh/builtin/number.h"
#include "sh/output.h"
#include "sh/shell.h"

struct row {
  char letter;
  int resource;
  long long unit;  // bytes, or 1
  const char *name;
};

static const struct row rows[] = {
  {'f', RLIMIT_FSIZE, 512, "file(blocks)"},
  {'n', RLIMIT_NOFILE, 1, "nofiles"},
  {'u', RLIMIT_NPROC, 1, "processes"},
  {'v', RLIMIT_AS, 1024, "vmemory(kbytes)"},
};

enum { COUNT = sizeof rows / sizeof *rows };

struct request {
  const struct row *row;
  bool all, hard, soft;
};

static bool read_options(const char *letters, struct request *request) {
  for (; *letters != '\0'; letters += 1) {
    const struct row *found = NULL;
    for (int i = 0; i < COUNT; i += 1) {
      if (rows[i].letter == *letters) found = &rows[i];
    }
    if (found != NULL) request->row = found;
    else if (*letters == 'a') request->all = true;
    else if (*letters == 'H') request->hard = true;
    else if (*letters == 'S') request->soft = true;
    else return false;
  }
  return true;
}

static void print_limit(const struct row *row, bool hard) {
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  getrlimit(row->resource, &limit);
  rlim_t value = hard ? limit.rlim_max : limit.rlim_cur;
  if (value == RLIM_INFINITY) output_string("unlimited\n");
  else output_format("%lld\n", (long long)value / row->unit);
}

static int set_limit(const struct request *request, const char *text) {
  struct rlimit limit;
  long long number = 0;
  bool unlimited = strcmp(text, "unlimited") == 0;
  if (!unlimited && !shell_number(text, &number)) {
    shell_error("ulimit: bad number: %s", text);
    return 2;
  }
  rlim_t value = unlimited ? RLIM_INFINITY : (rlim_t)(number * request->row->unit);
  bool given = request->hard || request->soft;
  getrlimit(request->row->resource, &limit);
  if (request->hard || !given) limit.rlim_max = value;
  if (request->soft || !given) limit.rlim_cur = value;
  if (setrlimit(request->row->resource, &limit) == 0) return 0;
  shell_error("ulimit: error setting limit");
  return 2;
}

int ulimit_main(int argc, char **argv) {
  struct request request = {.row = &rows[0]};
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; i += 1) {
    if (read_options(argv[i] + 1, &request)) continue;
    shell_error("ulimit: Illegal option %s", argv[i]);
    return 2;
  }
  if (request.all) {
    for (int row = 0; row < COUNT; row += 1) {
      output_format("%-20s ", rows[row].name);
      print_limit(&rows[row], request.hard);
    }
    return 0;
  }
  if (i < argc) return set_limit(&request, argv[i]);
  print_limit(request.row, request.hard);
  return 0;
}
