// libc's, and what it lacks.
#ifndef BULKHEAD_UNISTD_H
#define BULKHEAD_UNISTD_H

// Its getpid is said to be wrong otherwise.
#ifndef _WASI_EMULATED_GETPID
#define _WASI_EMULATED_GETPID
#endif
#include_next <unistd.h>

#define _POSIX_JOB_CONTROL 1
#define _POSIX_SPAWN _POSIX_VERSION

#ifdef __cplusplus
extern "C" {
#endif

extern char **environ;

int pipe(int[2]);
int pipe2(int[2], int);
int dup(int);
int dup2(int, int);
int dup3(int, int, int);

int chown(const char *, uid_t, gid_t);
int fchown(int, uid_t, gid_t);
int lchown(const char *, uid_t, gid_t);
int fchownat(int, const char *, uid_t, gid_t, int);
int fchdir(int);
char *get_current_dir_name(void);
int eaccess(const char *, int);
int euidaccess(const char *, int);
// What is written is as safe as it gets.
void sync(void);

int execve(const char *, char *const[], char *const[]);
int execv(const char *, char *const[]);
int execvp(const char *, char *const[]);
int execvpe(const char *, char *const[], char *const[]);
int execl(const char *, const char *, ...);
int execlp(const char *, const char *, ...);
int execle(const char *, const char *, ...);

pid_t getppid(void);
pid_t getpgrp(void);
pid_t getpgid(pid_t);
int setpgid(pid_t, pid_t);
int setpgrp(void);
pid_t setsid(void);
pid_t getsid(pid_t);
pid_t tcgetpgrp(int);
int tcsetpgrp(int, pid_t);
char *ttyname(int);
int ttyname_r(int, char *, size_t);

uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int getgroups(int, gid_t[]);

unsigned alarm(unsigned);
useconds_t ualarm(useconds_t, useconds_t);
int pause(void);
int getdtablesize(void);

#ifdef __cplusplus
}
#endif
#endif
