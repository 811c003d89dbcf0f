// Takes addresses apart as a web server does and puts them together in one form: percent signs
// decoded and written again, `..` resolved, parameters sorted by name and looked up.
#include "kernel.h"

#define ADDRESSES 64
#define ROOM 320
#define MOST 24

typedef struct {
  const char *name, *value;
} Parameter;

static char addresses[ADDRESSES][ROOM], bytes[ROOM], written[3 * ROOM];
static char *free_byte;
static const char *segments[MOST];
static Parameter parameters[MOST];
static int depth, known, port;

static inline int hex_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/** The text up to `end`, decoded into `bytes`. What only looks like an escape stays. */
static NOINLINE const char *decoded(const char *from, const char *end, int is_form) {
  const char *start = free_byte;
  while (from < end) {
    char c = *from++;
    if (c == '%' && end - from >= 2 && hex_of(from[0]) >= 0 && hex_of(from[1]) >= 0) {
      c = (char)(hex_of(from[0]) << 4 | hex_of(from[1]));
      from += 2;
    } else if (is_form && c == '+') {
      c = ' ';
    }
    *free_byte++ = c;
  }
  *free_byte++ = 0;
  return start;
}

static NOINLINE char *encoded(char *out, const char *text) {
  static const char DIGITS[] = "0123456789ABCDEF";
  for (; *text; text++) {
    uint8_t c = (uint8_t)*text, letter = c | 32;
    if ((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || strchr("-._~", c)) {
      *out++ = (char)c;
    } else {
      *out++ = '%';
      *out++ = DIGITS[c >> 4];
      *out++ = DIGITS[c & 15];
    }
  }
  *out = 0;
  return out;
}

static const char *or_end(const char *found, const char *end) {
  return found && found < end ? found : end;
}

static void read_path(const char *at, const char *end) {
  depth = 0;
  while (at < end) {
    const char *from = at + 1, *slash = or_end(memchr(from, '/', (size_t)(end - from)), end);
    const char *segment = decoded(from, slash, 0);
    if (strcmp(segment, "..") == 0) depth -= depth > 0;
    else if (*segment && strcmp(segment, ".") != 0) segments[depth++] = segment;
    at = slash;
  }
}

/** Sorted by name as they come; of one name in their order. */
static void add_parameter(const char *name, const char *value) {
  int at = known++;
  for (; at > 0 && strcmp(parameters[at - 1].name, name) > 0; at--) {
    parameters[at] = parameters[at - 1];
  }
  parameters[at] = (Parameter){name, value};
}

static void read_parameters(const char *at, const char *end) {
  known = 0;
  while (at < end) {
    const char *next = or_end(memchr(at, '&', (size_t)(end - at)), end);
    const char *equals = or_end(memchr(at, '=', (size_t)(next - at)), next);
    const char *name = decoded(at, equals, 1);
    add_parameter(name, equals < next ? decoded(equals + 1, next, 1) : "");
    at = next + 1;
  }
}

/** Answers the host's name in lower case. */
static NOINLINE const char *read_address(const char *at) {
  const char *end = at + strcspn(at, "#");
  free_byte = bytes;
  port = strncmp(at, "https", 5) == 0 ? 443 : 80;
  at = strstr(at, "://") + 3;
  const char *stop = at + strcspn(at, "/?#");
  const char *colon = or_end(memchr(at, ':', (size_t)(stop - at)), stop);
  if (colon < stop) port = atoi(colon + 1);
  char *host = free_byte;
  for (; at < colon; at++) *free_byte++ = *at >= 'A' && *at <= 'Z' ? (char)(*at | 32) : *at;
  *free_byte++ = 0;
  const char *question = or_end(memchr(stop, '?', (size_t)(end - stop)), end);
  read_path(stop, question);
  read_parameters(question + 1, end);
  return host;
}

static NOINLINE size_t write_address(const char *host) {
  char *out = stpcpy(stpcpy(written, "//"), host);
  for (int i = 0; i < depth; i++) {
    *out++ = '/';
    out = encoded(out, segments[i]);
  }
  for (int i = 0; i < known; i++) {
    *out++ = i == 0 ? '?' : '&';
    out = encoded(out, parameters[i].name);
    *out++ = '=';
    out = encoded(out, parameters[i].value);
  }
  return (size_t)(out - written);
}

static const char *parameter(const char *name) {
  for (int i = 0; i < known; i++) {
    if (strcmp(parameters[i].name, name) == 0) return parameters[i].value;
  }
  return 0;
}

static void make_addresses(void) {
  static const char *const HOSTS[] = {"http://example.org", "https://Shop.Example.COM:8443",
                                      "https://user.example.net", "http://10.1.2.3:80"};
  static const char *const STEPS[] = {"/a", "/images",   "/..",     "/caf%C3%A9",
                                      "/.", "/item%2F7", "/x.html", "/100%"};
  static const char *const PAIRS[] = {
      "q=two+words", "page=12",     "lang=de",          "redirect=%2Fhome%3Fa%3D1",
      "empty",       "sort=-price", "tag=%F0%9F%98%80", "page=%31"};
  seed = 223;
  for (int i = 0; i < ADDRESSES; i++) {
    char *end = stpcpy(addresses[i], HOSTS[next_random() % 4]);
    for (uint32_t steps = 1 + next_random() % 6; steps > 0; steps--) {
      end = stpcpy(end, STEPS[next_random() % 8]);
    }
    for (uint32_t pairs = next_random() % 9, j = 0; j < pairs; j++) {
      end = stpcpy(stpcpy(end, j == 0 ? "?" : "&"), PAIRS[next_random() % 8]);
    }
    if (i % 5 == 0) strcpy(end, "#top?not=this");
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_addresses();
  for (int round = 0; round < n; round++) {
    for (int i = 0; i < ADDRESSES; i++) {
      const char *host = read_address(addresses[(i + round) % ADDRESSES]);
      size_t length = write_address(host);
      const char *page = parameter("page");
      sum = mix(sum, (uint32_t)port + (uint32_t)length + (page ? (uint32_t)atoi(page) : 0));
      for (size_t j = 0; j < length; j += 3) sum = mix(sum, (uint8_t)written[j]);
    }
  }
  return sum;
}
