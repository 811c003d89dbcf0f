// gzip, gunzip, zcat.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flate.h"
#include "lib/copy-tree.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/name-list.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"stdout", no_argument, NULL, 'c'}, {"to-stdout", no_argument, NULL, 'c'}, {"decompress", no_argument, NULL, 'd'},
  {"uncompress", no_argument, NULL, 'd'}, {"force", no_argument, NULL, 'f'}, {"keep", no_argument, NULL, 'k'},
  {"list", no_argument, NULL, 'l'}, {"no-name", no_argument, NULL, 'n'}, {"name", no_argument, NULL, 'N'},
  {"quiet", no_argument, NULL, 'q'}, {"recursive", no_argument, NULL, 'r'}, {"suffix", required_argument, NULL, 'S'},
  {"test", no_argument, NULL, 't'}, {"verbose", no_argument, NULL, 'v'}, {"fast", no_argument, NULL, '1'},
  {"best", no_argument, NULL, '9'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-cdfklnqrtv123456789] [-S SUFFIX] [FILE]...", "cdfhklnNqrS:tv123456789", NAMES, 1};
enum { FAILED = 1, WARNED = 2 };

enum mode { MODE_PACK, MODE_UNPACK, MODE_TEST, MODE_LIST };

static enum mode mode;
static bool to_output, force, keep, no_name, quiet, recursive, verbose;
static int level = 6;
static const char *suffix = ".gz";
static int status;

static void fail(const char *path, const char *why) {
  message("%s: %s", path, why);
  status = FAILED;
}

static void fail_errno(const char *path) {
  message_errno("%s", path);
  status = FAILED;
}

static void warn(const char *path, const char *why) {
  if (!quiet) message("%s: %s", path, why);
  if (status == 0) status = WARNED;
}

static bool pack(int from, int to, const char *path, const char *name, uint32_t modified) {
  struct packer *packer = open_packer(to, level, name, modified);
  char *bytes = must_alloc(TRANSFER_SIZE);
  ssize_t count;
  bool written = true;
  while (written && (count = read_some(from, bytes, TRANSFER_SIZE)) > 0) written = write_packed(packer, bytes, (size_t)count);
  if (written && count < 0) fail_errno(path);
  bool read_all = written && count == 0;
  free(bytes);
  written = close_packer(packer) && written;
  if (!written) fail_errno("write error");
  return read_all && written;
}

// `to` below zero: only look.
static bool unpack(int from, int to, const char *path, uint64_t *size) {
  struct unpacker *unpacker = open_unpacker(from, NULL, 0);
  char *bytes = must_alloc(TRANSFER_SIZE);
  ssize_t count;
  bool written = true;
  while (written && (count = read_unpacked(unpacker, bytes, TRANSFER_SIZE)) > 0) {
    *size += (uint64_t)count;
    written = to < 0 || write_all(to, bytes, (size_t)count);
  }
  if (!written) fail_errno("write error");
  else if (count < 0) fail(path, unpacker_error(unpacker));
  else if (unpacker_has_garbage(unpacker)) warn(path, "decompression OK, trailing garbage ignored");
  free(bytes);
  bool good = written && count == 0;
  close_unpacker(unpacker);
  return good;
}

// The name without its ending, or NULL when it has none of ours.
static char *unpacked_name(const char *path) {
  static const struct { const char *ending, *instead; } ENDINGS[] = {
    {".gz", ""}, {".tgz", ".tar"}, {".taz", ".tar"}, {"-gz", ""}, {".z", ""},
  };
  size_t length = strlen(path), own = strlen(suffix);
  if (length > own && own > 0 && strcmp(path + length - own, suffix) == 0) return must_copy_part(path, length - own);
  for (size_t index = 0; index < sizeof ENDINGS / sizeof *ENDINGS; index += 1) {
    size_t end = strlen(ENDINGS[index].ending);
    if (length <= end || strcmp(path + length - end, ENDINGS[index].ending) != 0) continue;
    return must_format("%.*s%s", (int)(length - end), path, ENDINGS[index].instead);
  }
  return NULL;
}

static void print_list(int from, const char *path) {
  static bool titled;
  struct stat info;
  uint64_t size = 0;
  if (!unpack(from, -1, path, &size) || fstat(from, &info) != 0) return;
  if (!titled && !quiet) puts("         compressed        uncompressed  ratio uncompressed_name");
  titled = true;
  // The header and the trailer are not what was saved or lost.
  double saved = size == 0 ? 0 : 1 - ((double)info.st_size - 18) / (double)size;
  char *name = unpacked_name(path);
  printf("%19lld %19llu %5.1f%% %s\n", (long long)info.st_size, (unsigned long long)size, saved * 100,
         name == NULL ? path : name);
  free(name);
}

static void tell(const char *path, const char *target, const struct stat *before) {
  struct stat after;
  if (!verbose || stat(target, &after) != 0) return;
  double whole = (double)(mode == MODE_PACK ? before->st_size : after.st_size);
  double part = (double)(mode == MODE_PACK ? after.st_size : before->st_size);
  fprintf(stderr, "%s:\t%5.1f%% -- %s %s\n", path, whole == 0 ? 0 : (1 - part / whole) * 100,
          keep ? "created" : "replaced with", target);
}

static char *target_name(const char *path) {
  if (mode == MODE_UNPACK) {
    char *name = unpacked_name(path);
    if (name == NULL) warn(path, "unknown suffix -- ignored");
    return name;
  }
  size_t length = strlen(path), end = strlen(suffix);
  if (length > end && strcmp(path + length - end, suffix) == 0 && !force) {
    // There is nothing to do, so nothing went wrong.
    if (!quiet) message("%s already has %s suffix -- unchanged", path, suffix);
    return NULL;
  }
  return must_format("%s%s", path, suffix);
}

static void convert_file(int from, const char *path, const struct stat *info) {
  char *target = target_name(path);
  if (target == NULL) return;
  if (force) unlink(target);
  int to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (to < 0) {
    if (errno == EEXIST) warn(target, "already exists; not overwritten");
    else fail_errno(target);
    free(target);
    return;
  }
  char *name = base_name(path);
  uint64_t size = 0;
  bool good = mode == MODE_PACK ? pack(from, to, path, no_name ? NULL : name, no_name ? 0 : (uint32_t)info->st_mtim.tv_sec)
                                : unpack(from, to, path, &size);
  if (close(to) != 0 && good) {
    fail_errno(target);
    good = false;
  }
  if (good) copy_attributes(target, info);
  else unlink(target);
  if (good) tell(path, target, info);
  if (good && !keep && unlink(path) != 0) fail_errno(path);
  free(name);
  free(target);
}

static void convert_to_output(int from, const char *path, const struct stat *info) {
  uint64_t size = 0;
  bool file = info != NULL && S_ISREG(info->st_mode);
  char *name = file && !no_name ? base_name(path) : NULL;
  if (mode == MODE_PACK) pack(from, STDOUT_FILENO, path, name, file && !no_name ? (uint32_t)info->st_mtim.tv_sec : 0);
  else unpack(from, mode == MODE_TEST ? -1 : STDOUT_FILENO, path, &size);
  if (mode == MODE_TEST && verbose && status == 0) fprintf(stderr, "%s:\t OK\n", path);
  free(name);
}

static void process(const char *path);

static void process_directory(const char *path) {
  if (!recursive) {
    warn(path, "is a directory -- ignored");
    return;
  }
  struct name_list list = {NULL, 0, 0};
  if (!read_directory(path, &list)) fail_errno(path);
  for (size_t index = 0; index < list.count; index += 1) {
    char *child = join_path(path, list.names[index]);
    process(child);
    free(child);
  }
  free_names(&list);
}

static bool may_replace(const char *path, const struct stat *info) {
  if (!S_ISREG(info->st_mode)) {
    warn(path, "is not a directory or a regular file - ignored");
    return false;
  }
  if (info->st_nlink > 1 && !force && !keep) {
    warn(path, "has other links -- unchanged");
    return false;
  }
  return true;
}

static void process_open(int from, const char *path) {
  struct stat info;
  bool standard = from == STDIN_FILENO;
  if (fstat(from, &info) != 0) return fail_errno(path);
  if (mode == MODE_LIST) return print_list(from, path);
  if (to_output || standard || mode == MODE_TEST) return convert_to_output(from, path, standard ? NULL : &info);
  if (may_replace(path, &info)) convert_file(from, path, &info);
}

// zcat name finds name.gz.
static int open_input(const char **path, char **longer) {
  int from = open(*path, O_RDONLY | O_CLOEXEC);
  if (from >= 0 || errno != ENOENT || mode == MODE_PACK) return from;
  *longer = must_format("%s%s", *path, suffix);
  from = open(*longer, O_RDONLY | O_CLOEXEC);
  if (from >= 0) *path = *longer;
  else errno = ENOENT;
  return from;
}

static void process(const char *path) {
  struct stat info;
  char *longer = NULL;
  if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) return process_directory(path);
  bool replaces = !to_output && mode != MODE_TEST && mode != MODE_LIST;
  if (replaces && !force && lstat(path, &info) == 0 && S_ISLNK(info.st_mode)) {
    errno = ELOOP;
    return fail_errno(path);
  }
  int from = open_input(&path, &longer);
  if (from < 0) fail_errno(path);
  else process_open(from, path);
  if (from >= 0) close(from);
  free(longer);
}

static void process_input(void) {
  if (mode == MODE_PACK && !force && isatty(STDOUT_FILENO) == 1) {
    message("compressed data not written to a terminal. Use -f to force compression.");
    status = FAILED;
    return;
  }
  process_open(STDIN_FILENO, "stdin");
}

static bool set_option(int option) {
  if (option >= '1' && option <= '9') return level = option - '0', true;
  switch (option) {
    case 'c': to_output = true; break;
    case 'd': mode = MODE_UNPACK; break;
    case 'f': force = true; break;
    case 'k': keep = true; break;
    case 'l': mode = MODE_LIST; break;
    case 'n': no_name = true; break;
    case 'N': no_name = false; break;
    case 'q': quiet = true; break;
    case 'r': recursive = true; break;
    case 'S': suffix = optarg; break;
    case 't': mode = MODE_TEST; break;
    case 'v': verbose = true; break;
    default: return false;
  }
  return true;
}

int gzip_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (!set_option(option)) return options_status;
  }
  if (optind == argc) process_input();
  for (int index = optind; index < argc; index += 1) {
    if (strcmp(argv[index], "-") == 0) process_input();
    else process(argv[index]);
  }
  return finish_output(status);
}

int gunzip_main(int argc, char **argv) {
  mode = MODE_UNPACK;
  return gzip_main(argc, argv);
}

int zcat_main(int argc, char **argv) {
  mode = MODE_UNPACK;
  to_output = true;
  return gzip_main(argc, argv);
}
