// The archive as a stream of bytes, packed or not.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file/gzip/flate.h"
#include "lib/memory.h"
#include "lib/transfer.h"
#include "tar.h"

static int archive = -1;
static struct unpacker *unpacker;
static struct packer *packer;
static unsigned char *buffer;
static size_t buffer_next, buffer_filled;
static int64_t written;
static struct stat archive_info;

static bool is_standard(void) { return tar_job.archive == NULL || strcmp(tar_job.archive, "-") == 0; }
static const char *archive_name(void) { return is_standard() ? "-" : tar_job.archive; }

// Packed archives are known by their first bytes.
static bool begin_reading(void) {
  ssize_t count = read_full(archive, buffer, BLOCK);
  if (count < 0) {
    tar_errno("%s", archive_name());
    return false;
  }
  buffer_filled = (size_t)count;
  bool packed = count >= 2 && buffer[0] == 0x1f && buffer[1] == 0x8b;
  if (tar_job.packed && !packed) {
    tar_error("%s: not in gzip format", archive_name());
    return false;
  }
  if (!packed) return true;
  unpacker = open_unpacker(archive, buffer, buffer_filled);
  buffer_filled = 0;
  return true;
}

bool open_archive(void) {
  bool writing = tar_job.action == ACTION_CREATE;
  if (is_standard()) archive = writing ? STDOUT_FILENO : STDIN_FILENO;
  else archive = open(tar_job.archive, O_CLOEXEC | (writing ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY), 0666);
  if (archive < 0) {
    tar_errno("%s: Cannot open", tar_job.archive);
    return false;
  }
  fstat(archive, &archive_info);
  buffer = must_alloc(TRANSFER_SIZE);
  if (!writing) return begin_reading();
  if (tar_job.packed) packer = open_packer(archive, 6, NULL, 0);
  return true;
}

bool is_archive(const struct stat *info) {
  return S_ISREG(archive_info.st_mode) && info->st_ino == archive_info.st_ino && info->st_dev == archive_info.st_dev;
}

static ssize_t refill(void) {
  ssize_t count = unpacker != NULL ? read_unpacked(unpacker, buffer, TRANSFER_SIZE) : read_some(archive, buffer, TRANSFER_SIZE);
  if (count < 0 && unpacker != NULL) tar_error("%s: %s", archive_name(), unpacker_error(unpacker));
  else if (count < 0) tar_errno("%s: Cannot read", archive_name());
  buffer_next = 0;
  buffer_filled = count > 0 ? (size_t)count : 0;
  return count;
}

// As many bytes as there are, up to `length`; -1 told why not.
static ssize_t take(void *bytes, size_t length) {
  size_t done = 0;
  while (done < length) {
    if (buffer_next == buffer_filled) {
      ssize_t count = refill();
      if (count < 0) return -1;
      if (count == 0) break;
    }
    size_t part = buffer_filled - buffer_next < length - done ? buffer_filled - buffer_next : length - done;
    memcpy((char *)bytes + done, buffer + buffer_next, part);
    buffer_next += part;
    done += part;
  }
  return (ssize_t)done;
}

int read_tar_block(unsigned char block[BLOCK]) {
  ssize_t count = take(block, BLOCK);
  if (count < 0) return -1;
  if (count == 0) return 0;
  if (count == BLOCK) return 1;
  tar_error("Unexpected EOF in archive");
  return -1;
}

bool read_tar_data(void *bytes, size_t length) {
  ssize_t count = take(bytes, length);
  if (count == (ssize_t)length) return true;
  if (count >= 0) tar_error("Unexpected EOF in archive");
  return false;
}

bool skip_tar_data(int64_t length) {
  char *waste = must_alloc(TRANSFER_SIZE);
  bool good = true;
  while (good && length > 0) {
    size_t part = length < TRANSFER_SIZE ? (size_t)length : TRANSFER_SIZE;
    good = read_tar_data(waste, part);
    length -= (int64_t)part;
  }
  free(waste);
  return good;
}

bool write_archive(const void *bytes, size_t length) {
  bool good = packer != NULL ? write_packed(packer, bytes, length) : write_all(archive, bytes, length);
  if (!good) tar_errno("%s: Cannot write", archive_name());
  written += (int64_t)length;
  return good;
}

bool pad_archive(int64_t length) {
  static const char zeros[BLOCK];
  size_t rest = (size_t)(length % BLOCK);
  return rest == 0 || write_archive(zeros, BLOCK - rest);
}

static bool finish_writing(void) {
  static const char zeros[BLOCK];
  bool good = write_archive(zeros, BLOCK) && write_archive(zeros, BLOCK);
  while (good && written % RECORD != 0) good = write_archive(zeros, BLOCK);
  if (packer != NULL && !close_packer(packer) && good) {
    tar_errno("%s: Cannot write", archive_name());
    good = false;
  }
  return good;
}

// What is behind the end is read too: a writer must not get a broken pipe, and a checksum is to be checked.
static bool finish_reading(void) {
  ssize_t count;
  do count = refill();
  while (count > 0);
  return count == 0;
}

bool close_archive(void) {
  bool good = tar_job.action == ACTION_CREATE ? finish_writing() : finish_reading();
  if (unpacker != NULL) close_unpacker(unpacker);
  free(buffer);
  if (close(archive) == 0 || !good) return good;
  tar_errno("%s: Cannot close", archive_name());
  return false;
}
