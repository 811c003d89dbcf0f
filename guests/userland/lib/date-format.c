#include "date-format.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { MOST_WIDTH = 1024 };

struct directive {
  char flag;      // - _ 0 ^ #, or none
  int width;      // -1: the letter's own
  int colons;
  char letter;
};

static const char *parse(const char *at, struct directive *directive) {
  *directive = (struct directive){'\0', -1, 0, '\0'};
  while (*at != '\0' && strchr("-_0^#+", *at) != NULL) directive->flag = *at++;
  if (isdigit((unsigned char)*at)) directive->width = 0;
  for (; isdigit((unsigned char)*at); at += 1) {
    if (directive->width < MOST_WIDTH) directive->width = directive->width * 10 + (*at - '0');
  }
  while (*at == ':') directive->colons += 1, at += 1;
  if ((*at == 'E' || *at == 'O') && at[1] != '\0') at += 1;
  directive->letter = *at;
  return *at == '\0' ? at : at + 1;
}

// %z, %:z, %::z, %:::z
static char *zone_text(const struct tm *tm, int colons) {
  long offset = tm->tm_gmtoff;
  char sign = offset < 0 ? '-' : '+';
  if (offset < 0) offset = -offset;
  int hours = (int)(offset / 3600), minutes = (int)(offset / 60 % 60), seconds = (int)(offset % 60);
  if (colons == 0) return must_format("%c%02d%02d", sign, hours, minutes);
  if (colons == 1 || (colons == 3 && minutes != 0)) return must_format("%c%02d:%02d", sign, hours, minutes);
  if (colons == 2) return must_format("%c%02d:%02d:%02d", sign, hours, minutes, seconds);
  return must_format("%c%02d", sign, hours);
}

static char *nanoseconds_text(long nanoseconds, int width) {
  char *text = must_format("%09ld", nanoseconds);
  if (width > 0 && width < 9) text[width] = '\0';
  return text;
}

static char *plain_text(const struct directive *directive, const struct tm *tm, struct timespec moment) {
  if (directive->letter == 'N') return nanoseconds_text(moment.tv_nsec, directive->width);
  if (directive->letter == 's') return must_format("%lld", (long long)moment.tv_sec);
  if (directive->letter == 'z') return zone_text(tm, directive->colons);
  if (directive->letter == 'q') return must_format("%d", tm->tm_mon / 3 + 1);
  // Not in every strftime: the hour of 24 and of 12, padded with a blank.
  if (directive->letter == 'k') return must_format("%2d", tm->tm_hour);
  if (directive->letter == 'l') return must_format("%2d", (tm->tm_hour + 11) % 12 + 1);
  if (directive->letter == 'P') {
    return must_copy(tm->tm_hour < 12 ? "am" : "pm");
  }
  if (strchr("aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYZ%", directive->letter) == NULL) return NULL;
  char format[3] = {'%', directive->letter, '\0'}, text[256];
  size_t length = strftime(text, sizeof text, format, tm);
  text[length] = '\0';
  return must_copy(text);
}

static bool is_number(char letter) { return strchr("CdegGHIjklmMSuUVwWyYs", letter) != NULL; }

static void change_case(char *text, bool swap) {
  for (; *text != '\0'; text += 1) {
    *text = (char)(swap && isupper((unsigned char)*text) ? tolower((unsigned char)*text) : toupper((unsigned char)*text));
  }
}

static char *without_padding(char *text) {
  size_t skip = strspn(text, "0 ");
  if (text[skip] == '\0' && skip > 0) skip -= 1;
  char *rest = must_copy(text + skip);
  free(text);
  return rest;
}

static char *padded(char *text, char with, int width) {
  size_t length = strlen(text);
  if (width <= 0 || length >= (size_t)width) return text;
  char *longer = must_alloc((size_t)width + 1);
  memset(longer, with, (size_t)width - length);
  strcpy(longer + (size_t)width - length, text);
  free(text);
  return longer;
}

static char *apply_flags(char *text, const struct directive *directive) {
  bool number = is_number(directive->letter);
  int own_width = number ? (int)strlen(text) : 0;
  char padding = !number || directive->letter == 'e' || directive->letter == 'k' || directive->letter == 'l' ? ' ' : '0';
  if (directive->flag == '^') change_case(text, false);
  if (directive->flag == '#') {
    if (directive->letter == 'Z' || directive->letter == 'p') change_case(text, true);
    else change_case(text, false);
  }
  if (directive->flag == '_') padding = ' ';
  if (directive->flag == '0' || directive->flag == '+') padding = '0';
  bool repad = number && (directive->flag == '-' || directive->flag == '_' || directive->flag == '0');
  if (repad) text = without_padding(text);
  if (directive->flag == '-') return text;
  int width = directive->width >= 0 ? directive->width : own_width;
  return directive->letter == 'N' && directive->width < 9 ? text : padded(text, padding, width);
}

char *format_date(const char *format, struct timespec moment) {
  struct tm tm = {0};
  if (localtime_r(&moment.tv_sec, &tm) == NULL) return NULL;
  char *text = NULL;
  size_t length = 0;
  FILE *to = open_memstream(&text, &length);
  if (to == NULL) return NULL;
  while (*format != '\0') {
    if (*format != '%') {
      putc(*format++, to);
      continue;
    }
    struct directive directive;
    const char *start = format;
    format = parse(format + 1, &directive);
    char *part = directive.letter == '\0' ? NULL : plain_text(&directive, &tm, moment);
    if (part == NULL) {
      fwrite(start, 1, (size_t)(format - start), to);
      continue;
    }
    part = apply_flags(part, &directive);
    fputs(part, to);
    free(part);
  }
  return fclose(to) == 0 ? text : NULL;
}
