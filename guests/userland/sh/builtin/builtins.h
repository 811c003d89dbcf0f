// The builtins: the one table of names, functions and what is particular about each.
#ifndef SH_BUILTINS_H
#define SH_BUILTINS_H

enum {
  BUILTIN_SPECIAL = 1,    // POSIX's special builtins: assignments stay, errors end a script
  BUILTIN_DECLARES = 2,   // arguments that look like assignments are expanded as such
  BUILTIN_TOOL = 4,       // a tool of the userland too, and the same there
  BUILTIN_PURE = 8,       // changes nothing that a substitution within the shell could not undo
  BUILTIN_PURE_BARE = 16, // the same without arguments
};

struct builtin {
  const char *name;
  int (*run)(int argc, char **argv);
  int flags;
};

// NULL: none. For going through them: builtin_at, up to NULL.
const struct builtin *builtin_find(const char *name);
const struct builtin *builtin_at(int index);

int alias_main(int argc, char **argv);
int unalias_main(int argc, char **argv);
int background_main(int argc, char **argv);
int foreground_main(int argc, char **argv);
int jobs_main(int argc, char **argv);
int break_main(int argc, char **argv);
int cd_main(int argc, char **argv);
int command_main(int argc, char **argv);
int type_main(int argc, char **argv);
int dot_main(int argc, char **argv);
int echo_main(int argc, char **argv);
int eval_main(int argc, char **argv);
int exec_main(int argc, char **argv);
int exit_main(int argc, char **argv);
int return_main(int argc, char **argv);
int export_main(int argc, char **argv);
int readonly_main(int argc, char **argv);
int local_main(int argc, char **argv);
int getopts_main(int argc, char **argv);
int hash_main(int argc, char **argv);
int history_main(int argc, char **argv);
int kill_main(int argc, char **argv);
int printf_main(int argc, char **argv);
int pwd_main(int argc, char **argv);
int read_main(int argc, char **argv);
int set_main(int argc, char **argv);
int shift_main(int argc, char **argv);
int test_main(int argc, char **argv);
int times_main(int argc, char **argv);
int trap_main(int argc, char **argv);
int true_main(int argc, char **argv);
int false_main(int argc, char **argv);
int ulimit_main(int argc, char **argv);
int umask_main(int argc, char **argv);
int unset_main(int argc, char **argv);
int wait_main(int argc, char **argv);

#endif
