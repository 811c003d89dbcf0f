#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/date-format.h"
#include "lib/date-text.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/transfer.h"

enum { RFC_3339 = OPTION_NAMED };

static const struct option NAMES[] = {
  {"date", required_argument, NULL, 'd'}, {"file", required_argument, NULL, 'f'}, {"iso-8601", optional_argument, NULL, 'I'},
  {"reference", required_argument, NULL, 'r'}, {"rfc-email", no_argument, NULL, 'R'}, {"rfc-2822", no_argument, NULL, 'R'},
  {"rfc-3339", required_argument, NULL, RFC_3339}, {"set", required_argument, NULL, 's'},
  {"utc", no_argument, NULL, 'u'}, {"universal", no_argument, NULL, 'u'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-uR] [-I[WHAT]] [-d DATE | -r FILE] [+FORMAT]", "d:I::r:Rs:u", NAMES, 1};

struct precision {
  const char *name, *iso, *rfc;
};
static const struct precision PRECISIONS[] = {
  {"date", "%Y-%m-%d", "%Y-%m-%d"},
  {"hours", "%Y-%m-%dT%H%:z", NULL},
  {"minutes", "%Y-%m-%dT%H:%M%:z", NULL},
  {"seconds", "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%d %H:%M:%S%:z"},
  {"ns", "%Y-%m-%dT%H:%M:%S,%N%:z", "%Y-%m-%d %H:%M:%S.%N%:z"},
  {NULL, NULL, NULL},
};

static const char *format_named(const char *name, bool iso) {
  for (const struct precision *precision = PRECISIONS; precision->name != NULL; precision += 1) {
    if (strncmp(precision->name, name, strlen(name)) == 0) return iso ? precision->iso : precision->rfc;
  }
  return NULL;
}

static bool read_reference(const char *path, struct timespec *moment) {
  struct stat info;
  if (stat(path, &info) != 0) {
    message_errno("%s", path);
    return false;
  }
  *moment = info.st_mtim;
  return true;
}

static int print(const char *format, struct timespec moment) {
  char *text = format_date(format, moment);
  if (text == NULL) {
    message("time %lld is out of range", (long long)moment.tv_sec);
    return 1;
  }
  puts(text);
  free(text);
  return finish_output(0);
}

int date_main(int argc, char **argv) {
  const char *format = NULL, *text = NULL, *reference = NULL;
  bool utc = false, set = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'd': text = optarg; break;
      case 'r': reference = optarg; break;
      case 's': set = true; break;
      case 'u': utc = true; break;
      case 'R': format = "%a, %d %b %Y %H:%M:%S %z"; break;
      case 'I': case RFC_3339:
        format = format_named(optarg == NULL ? "date" : optarg, option == 'I');
        if (format != NULL) break;
        message("invalid argument '%s'", optarg);
        return 1;
      default: return options_status;
    }
  }
  if (argc - optind > 1) return usage_error(&OPTIONS, "extra operand");
  if (set || (optind < argc && argv[optind][0] != '+')) {
    message("cannot set date: Operation not permitted");
    return 1;
  }
  if (optind < argc) format = argv[optind] + 1;
  // Before any time is looked at: then it rules what local means.
  if (utc) setenv("TZ", "UTC0", 1);
  struct timespec moment;
  clock_gettime(CLOCK_REALTIME, &moment);
  if (reference != NULL && !read_reference(reference, &moment)) return 1;
  if (text != NULL && !parse_date(text, moment, &moment)) {
    message("invalid date '%s'", text);
    return 1;
  }
  return print(format == NULL ? "%a %b %e %H:%M:%S %Z %Y" : format, moment);
}
