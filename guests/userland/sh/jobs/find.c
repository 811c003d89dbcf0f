// Jobs by what people call them.
#include <stdlib.h>
#include <string.h>

#include "sh/jobs/job.h"
#include "sh/shell.h"

static struct job *nth_current(int n) {
  for (struct job *job = job_first(); job != NULL; job = job->next) {
    if (job->id == 0) continue;
    if (n == 0) return job;
    n -= 1;
  }
  return NULL;
}

static struct job *by_number(const char *digits) {
  long number = strtol(digits, NULL, 10);
  for (struct job *job = job_first(); job != NULL; job = job->next) {
    if (job->id != 0 && job->id == number) return job;
  }
  return NULL;
}

static struct job *by_text(const char *text, bool anywhere) {
  for (struct job *job = job_first(); job != NULL; job = job->next) {
    if (job->id == 0 || job->text == NULL) continue;
    const char *found = strstr(job->text, text);
    if (found != NULL && (anywhere || found == job->text)) return job;
  }
  return NULL;
}

static struct job *find(const char *name) {
  if (*name != '%') {
    char *end;
    long pid = strtol(name, &end, 10);
    return *end == '\0' && end != name && pid > 0 ? job_of_process((pid_t)pid) : NULL;
  }
  name += 1;
  if (*name == '\0' || strcmp(name, "%") == 0 || strcmp(name, "+") == 0) return nth_current(0);
  if (strcmp(name, "-") == 0) return nth_current(1);
  if (*name >= '0' && *name <= '9') return by_number(name);
  return *name == '?' ? by_text(name + 1, true) : by_text(name, false);
}

struct job *job_find(const char *name, bool quiet) {
  struct job *job = find(name);
  if (job == NULL && !quiet) shell_warn("No such job: %s", name);
  return job;
}
