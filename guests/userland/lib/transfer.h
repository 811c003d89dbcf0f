// Bytes from one descriptor to another.
#ifndef LIB_TRANSFER_H
#define LIB_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// What a request to the kernel holds, and half of what a pipe does.
enum { TRANSFER_SIZE = 131072 };

// A read that begins again when a signal came between.
ssize_t read_some(int from, void *bytes, size_t room);
// Reads until `room` is full or the input ends; -1 with errno.
ssize_t read_full(int from, void *bytes, size_t room);
// All of it, or false with errno.
bool write_all(int to, const void *bytes, size_t length);

enum transfer { TRANSFER_DONE, TRANSFER_READ_FAILED, TRANSFER_WRITE_FAILED };
// Everything there is to read. errno says why it failed.
enum transfer transfer_all(int from, int to);

// Flushes standard output, and says when what was printed did not arrive. Answers `status`, or 1.
int finish_output(int status);

#endif
