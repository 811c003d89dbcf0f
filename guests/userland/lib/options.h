// How a tool reads its options: getopt_long, with --help and bad options dealt with in one place.
#ifndef LIB_OPTIONS_H
#define LIB_OPTIONS_H

#include <getopt.h>
#include <stddef.h>

struct options {
  const char *usage;              // what follows the tool's name
  const char *letters;            // as getopt's
  const struct option *names;     // as getopt_long's, or NULL
  int bad;                        // exit status of a bad option; 0 stands for 2
};

// Long options without a letter count from here.
enum { OPTION_NAMED = 256 };

#define OPTIONS_END (-1)
// What next_option answers after --help or a bad option: the tool returns options_status.
#define OPTIONS_OVER '?'
extern int options_status;

int next_option(int argc, char **argv, const struct options *options);

// Says that operands are missing, or that there are too many; answers 1, or the options' own status.
int usage_error(const struct options *options, const char *what);

#endif
