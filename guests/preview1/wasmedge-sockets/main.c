// A program that imports WasmEdge's socket calls, one of which preview 1 has in another form.
#include "cases.h"

#define SOCKET(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
SOCKET(sock_open) int sock_open(int family, int type, int *fd);
SOCKET(sock_bind) int sock_bind(int fd, void *address, int port);
SOCKET(sock_connect) int sock_connect(int fd, void *address, int port);
SOCKET(sock_listen) int sock_listen(int fd, int backlog);
SOCKET(sock_accept) int sock_accept(int fd, int *out);
SOCKET(sock_setsockopt) int sock_setsockopt(int fd, int level, int name, void *value, int length);
SOCKET(sock_getlocaladdr) int sock_getlocaladdr(int fd, void *address, int *type, int *port);
SOCKET(sock_getpeeraddr) int sock_getpeeraddr(int fd, void *address, int *type, int *port);
SOCKET(sock_getaddrinfo)
int sock_getaddrinfo(void *node, int node_length, void *service, int service_length, void *hints,
                     void *out, int most, int *count);

static int other = -1;

static void without_network(void) {
  EXPECT(sock_open(0, 0, &other), __WASI_ERRNO_NOSYS);
  EXPECT(sock_getaddrinfo("x", 1, "80", 2, 0, 0, 1, &other), __WASI_ERRNO_NOSYS);
  EXPECT(other, -1);
}

/* A closed descriptor is told from one that is no socket, and that before anything else. */
static void order(int fd, int errno_wanted) {
  EXPECT(sock_bind(fd, 0, 0), errno_wanted);
  EXPECT(sock_connect(fd, 0, 0), errno_wanted);
  EXPECT(sock_listen(fd, -1), errno_wanted);
  EXPECT(sock_accept(fd, &other), errno_wanted);
  EXPECT(sock_setsockopt(fd, 0, 0, 0, 0), errno_wanted);
  EXPECT(sock_getlocaladdr(fd, 0, 0, 0), errno_wanted);
  EXPECT(sock_getpeeraddr(fd, 0, 0, 0), errno_wanted);
  EXPECT(__wasi_sock_shutdown(fd, 1), errno_wanted);
  EXPECT(other, -1);
}
static void closed(void) { order(99, __WASI_ERRNO_BADF); }
static void no_socket(void) {
  order(ROOT_FD, __WASI_ERRNO_NOTSOCK);
  order(1, __WASI_ERRNO_NOTSOCK);
}

static const struct test_case CASES[] = {{"without_network", without_network},
                                         {"closed", closed},
                                         {"no_socket", no_socket},
                                         {NULL, NULL}};

int main(int argc, char **argv) { return run_cases(CASES, argc, argv); }
