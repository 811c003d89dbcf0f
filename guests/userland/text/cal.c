// cal: the days of a month or a year.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/bytes.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"monday", no_argument, NULL, 'm'},
                                      {"sunday", no_argument, NULL, 's'},
                                      {"year", no_argument, NULL, 'y'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-msy] [[MONTH] YEAR]", "msy", NAMES, 1};

static const char *const MONTHS[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                     "September", "October", "November", "December"};
static const char *const DAYS[] = {"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"};

// A month is its title, the names of the days, and six weeks.
enum { ROWS = 8, WIDTH = 20 };

// The English calendar: in September 1752 the 2nd was followed by the 14th.
static bool is_new_style(int year, int month) { return year > 1752 || (year == 1752 && month > 9); }

static bool is_leap(int year) {
  if (year % 4 != 0) return false;
  return year <= 1752 || year % 100 != 0 || year % 400 == 0;
}

static int days_in(int year, int month) {
  static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

// The day of the week (0 is Sunday) of the first of the month.
static int first_weekday(int year, int month) {
  long long days = 0;
  bool new_style = is_new_style(year, month);
  long long past = year - 1;
  days = past * 365 + past / 4;
  if (new_style) days += past / 400 - past / 100;
  for (int before = 1; before < month; before += 1) days += days_in(year, before);
  // The first of January of year 1 was a Saturday in the old calendar, a Monday in the new one.
  return (int)((days + (new_style ? 1 : 6)) % 7);
}

static void center(struct bytes *row, const char *text) {
  size_t length = strlen(text);
  size_t left = (WIDTH - length) / 2;
  bytes_repeat(row, ' ', left);
  bytes_text(row, text);
}

static void add_title(struct bytes *row, int year, int month, bool with_year) {
  char title[32] = "";
  strcat(title, MONTHS[month - 1]);
  if (with_year) {
    char digits[] = {' ', (char)('0' + year / 1000), (char)('0' + year / 100 % 10),
                     (char)('0' + year / 10 % 10), (char)('0' + year % 10), '\0'};
    char *start = digits + 1;
    while (*start == '0') start += 1;
    strcat(title, " ");
    strcat(title, start);
  }
  center(row, title);
}

static void add_weeks(struct bytes *rows, int year, int month, int week_start) {
  int column = (first_weekday(year, month) - week_start + 7) % 7;
  int row = 0;
  // Two blanks for each day that is not there, and those between.
  if (column > 0) bytes_repeat(&rows[0], ' ', (size_t)column * 3 - 1);
  for (int day = 1; day <= days_in(year, month); day += 1) {
    if (year == 1752 && month == 9 && day == 3) day = 14;
    if (column > 0) bytes_byte(&rows[row], ' ');
    bytes_byte(&rows[row], day < 10 ? ' ' : (char)('0' + day / 10));
    bytes_byte(&rows[row], (char)('0' + day % 10));
    if (++column < 7) continue;
    column = 0;
    row += 1;
  }
}

static void make_month(struct bytes *rows, int year, int month, int week_start, bool with_year) {
  for (int row = 0; row < ROWS; row += 1) bytes_clear(&rows[row]);
  add_title(&rows[0], year, month, with_year);
  for (int day = 0; day < 7; day += 1) {
    if (day > 0) bytes_byte(&rows[1], ' ');
    bytes_text(&rows[1], DAYS[(day + week_start) % 7]);
  }
  add_weeks(rows + 2, year, month, week_start);
  for (int row = 0; row < ROWS; row += 1) bytes_repeat(&rows[row], ' ', WIDTH - rows[row].length);
}

static void free_rows(struct bytes *rows) {
  for (int row = 0; row < ROWS; row += 1) bytes_free(&rows[row]);
}

static void print_month(int year, int month, int week_start) {
  struct bytes rows[ROWS] = {BYTES_NONE};
  make_month(rows, year, month, week_start, true);
  for (int row = 0; row < ROWS; row += 1) writer_format(&out, "%s\n", rows[row].data);
  free_rows(rows);
}

static void print_year(int year, int week_start) {
  struct bytes rows[3][ROWS] = {{BYTES_NONE}};
  writer_format(&out, "%*d\n", (3 * WIDTH + 4) / 2 + 2, year);
  for (int month = 1; month <= 12; month += 3) {
    for (int column = 0; column < 3; column += 1) {
      make_month(rows[column], year, month + column, week_start, false);
    }
    for (int row = 0; row < ROWS; row += 1) {
      writer_format(&out, "%s  %s  %s\n", rows[0][row].data, rows[1][row].data, rows[2][row].data);
    }
  }
  for (int column = 0; column < 3; column += 1) free_rows(rows[column]);
}

int cal_main(int argc, char **argv) {
  int week_start = 0;
  bool whole_year = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'm': week_start = 1; break;
      case 's': week_start = 0; break;
      case 'y': whole_year = true; break;
      default: return options_status;
    }
  }
  int count = argc - optind;
  if (count > 2) return usage_error(&OPTIONS, "extra operand");
  time_t now = time(NULL);
  const struct tm *today = localtime(&now);
  int64_t year = today == NULL ? 1970 : today->tm_year + 1900;
  int64_t month = today == NULL ? 1 : today->tm_mon + 1;
  if (count > 0 && (!parse_number(argv[argc - 1], 9999, &year) || year < 1)) {
    message("year '%s' not in range 1..9999", argv[argc - 1]);
    return 1;
  }
  if (count == 2 && (!parse_number(argv[optind], 12, &month) || month < 1)) {
    message("month '%s' not in range 1..12", argv[optind]);
    return 1;
  }
  if (whole_year || count == 1) print_year((int)year, week_start);
  else print_month((int)year, (int)month, week_start);
  return writer_finish(0);
}
