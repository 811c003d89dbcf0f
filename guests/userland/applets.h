// The tools there are: the one table of names and functions.
#ifndef APPLETS_H
#define APPLETS_H

struct applet {
  const char *name;
  int (*run)(int argc, char **argv);
};

// Ends with a name that is NULL.
extern const struct applet applets[];

#endif
