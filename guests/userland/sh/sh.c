// sh: how a shell starts and ends.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/message.h"
#include "sh/builtin/directory.h"
#include "sh/jobs/control.h"
#include "sh/line/prompt.h"
#include "sh/line/terminal.h"
#include "sh/output.h"
#include "sh/parse/input.h"
#include "sh/run/command.h"
#include "sh/run/redirect.h"
#include "sh/run/run.h"
#include "sh/run/spawn.h"
#include "sh/run/subshell.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"
#include "sh/vars/variable.h"

extern char **environ;

static void set_default(const char *name, const char *value) {
  if (variable_value(name) == NULL) variable_set(name, value);
}

static void start_directory(void) {
  const char *logical = variable_value("PWD");
  if (logical != NULL && directory_is_here(logical)) return;
  char *path = directory_now();
  if (path != NULL) variable_set("PWD", path);
  free(path);
}

static void start_variables(void) {
  // Never taken from the environment.
  variable_set("IFS", " \t\n");
  variable_export("IFS", false);
  variable_set("OPTIND", "1");
  variable_set_number("PPID", getppid());
  set_default("PATH", STANDARD_PATH);
  set_default("PS2", "> ");
  set_default("PS4", "+ ");
  set_default("PS1", geteuid() == 0 ? "# " : "$ ");
  start_directory();
}

static void become_interactive(void) {
  trap_set_own(SIGINT, OWN_NOTE);
  trap_set_own(SIGQUIT, OWN_IGNORE);
  trap_set_own(SIGTERM, OWN_IGNORE);
  if (!shell.options[OPTION_MONITOR]) shell.options[OPTION_MONITOR] = true;
  job_control_set(true);
}

// What is not there is not read, and an error in it does not keep a person out.
static void read_profile(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0) run_file(move_fd_up(fd));
  if (shell.control != CONTROL_EXIT) shell.control = CONTROL_NONE;
}

static void read_profiles(void) {
  if (shell.options[OPTION_LOGIN]) {
    read_profile("/etc/profile");
    const char *home = variable_value("HOME");
    if (home != NULL && !shell_stopped()) {
      struct text path = {NULL, 0, 0, NULL};
      text_string(&path, home);
      text_string(&path, "/.profile");
      read_profile(text_end(&path));
      text_free(&path);
    }
  }
  if (!shell.options[OPTION_INTERACTIVE] || shell_stopped()) return;
  char *path = prompt_expanded("ENV");
  if (path != NULL && *path != '\0') read_profile(path);
}

static int run_script(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    int error = errno;
    shell.line = 0;
    shell_warn("cannot open %s: %s", path, strerror(error));
    return error == ENOENT ? 127 : 126;
  }
  return run_file(move_fd_up(fd));
}

static int run_stdin(void) {
  struct input input;
  if (shell.options[OPTION_INTERACTIVE]) input_from_terminal(&input);
  else input_from_fd(&input, 0, true);
  int status = run_input(&input, false);
  shell_input_close(&input);
  return status;
}

// The options; what follows them is left at *argv. False after a message.
static bool read_options(int *argc, char ***argv, bool *command_text) {
  while (*argc > 0) {
    if (strcmp(**argv, "--") == 0 || strcmp(**argv, "-") == 0) {
      *argc -= 1;
      *argv += 1;
      return true;
    }
    int used = options_parse(*argc, *argv, true, command_text);
    if (used < 0) return false;
    if (used == 0) return true;
    *argc -= used;
    *argv += used;
  }
  return true;
}

static int run_arguments(int argc, char **argv, bool command_text) {
  const char *source = NULL;
  bool from_stdin = !command_text && (shell.options[OPTION_STDIN] || argc == 0);
  if (!from_stdin) {
    if (argc == 0) {
      shell_warn("-c requires an argument");
      return 2;
    }
    source = argv[0];
    // sh -c TEXT NAME ARGS, sh FILE ARGS.
    if (!command_text) shell.name = argv[0];
    else if (argc > 1) shell.name = argv[1];
    int skipped = command_text && argc > 1 ? 2 : 1;
    argc -= skipped;
    argv += skipped;
  } else if (isatty(0) && isatty(2)) {
    shell.options[OPTION_INTERACTIVE] = true;
  }
  if (from_stdin) shell.options[OPTION_STDIN] = true;
  shell_set_params(argv, argc);
  if (shell.options[OPTION_INTERACTIVE]) become_interactive();
  read_profiles();
  if (shell_stopped()) return shell.status;
  if (from_stdin) return run_stdin();
  return command_text ? run_text(source, false, !shell.options[OPTION_INTERACTIVE]) : run_script(source);
}

static int finish(int status) {
  if (shell_stopped()) status = shell.status;
  shell.status = status;
  trap_run_exit();
  if (shell.options[OPTION_MONITOR]) job_control_set(false);
  output_flush();
  return shell.status & 255;
}

int sh_main(int argc, char **argv) {
  bool command_text = false;
  char here = 0;
  bool subshell = argc == 2 && strcmp(argv[1], SUBSHELL_OPTION) == 0;
  shell.name = argc > 0 ? argv[0] : "sh";
  shell.pid = getpid();
  shell.stack = &here;
  message_name = "sh";
  traps_start(subshell);
  variables_start(environ);
  if (subshell) return finish(subshell_main());
  start_variables();
  shell.options[OPTION_LOGIN] = *shell.name == '-';
  argc -= 1;
  argv += 1;
  if (!read_options(&argc, &argv, &command_text)) return 2;
  return finish(run_arguments(argc, argv, command_text));
}
