// A calendar's appointments that come again: rules like iCalendar's read from text, days and months
// counted, summer time by zone, each written as ISO 8601 has it and read back. Divisions, text.
#include "kernel.h"

#define MINUTES 1440
#define MOST_TIMES 60

typedef struct {
  int year, month, day;
} Date;

typedef enum { DAILY, WEEKLY, MONTHLY, YEARLY } Frequency;

typedef struct {
  Frequency frequency;
  int interval, count;
  /** A bit for each, Monday's first; 0: the one of the first time. */
  int weekdays;
  /** Of a month's weekdays the one, from the end if negative; 0: each. */
  int nth;
  /** From the end if negative; 0: the one of the first time. */
  int month_day;
  /** The month; 0: the one of the first time, or each. */
  int month;
  int until;
} Rule;

/** In minutes. Summer time begins and ends on a month's first or last Sunday, at that minute. */
typedef struct {
  int offset, saving, begin, end, is_first, minute;
} Zone;

static const Zone ZONES[] = {
    {0, 0, 1, 1, 0, 0},       // UTC
    {60, 60, 3, 10, 0, 120},  // Zurich
    {570, 60, 10, 4, 1, 120}, // Adelaide
    {345, 0, 1, 1, 0, 0},     // Kathmandu
    {-60, 60, 3, 10, 0, 0},   // the Azores
};
static const char *const TEXTS[] = {
    "FREQ=DAILY;INTERVAL=3;COUNT=20",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR;INTERVAL=2;COUNT=30",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=24",
    "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20310630",
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=12",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=15",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=4",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU,TH;COUNT=40",
    "FREQ=WEEKLY;UNTIL=20290101",
};

static int is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month) {
  return month == 2 ? 28 + is_leap(year) : 30 + (month + month / 8) % 2;
}

/** Days since the first of January of the year 1, which was a Monday. */
static NOINLINE int to_days(Date date) {
  int years = date.year - 1;
  int before = (367 * date.month - 362) / 12;
  if (date.month > 2) before -= 2 - is_leap(date.year);
  return years * 365 + years / 4 - years / 100 + years / 400 + before + date.day - 1;
}

static NOINLINE Date to_date(int days) {
  int year = (int)((int64_t)days * 400 / 146097) + 1;
  while (to_days((Date){year, 1, 1}) > days) year--;
  while (to_days((Date){year + 1, 1, 1}) <= days) year++;
  int day = days - to_days((Date){year, 1, 1}), month = 1;
  for (; day >= days_in(year, month); month++) day -= days_in(year, month);
  return (Date){year, month, day + 1};
}

/** The number of the week, whose year is that of its Thursday. */
static int week_of(int days) {
  int thursday = days - days % 7 + 3;
  return (thursday - to_days((Date){to_date(thursday).year, 1, 1})) / 7 + 1;
}

/** The Sunday after the first full moon of spring, by the age of the moon at each century's turn. */
static NOINLINE int easter(int year) {
  int century = year / 100, golden = year % 19;
  int lag = century - century / 4 - (century * 8 + 13) / 25 + 15;
  int age = (golden * 19 + lag) % 30;
  age -= age == 29 || (age == 28 && golden > 10);
  int moon = to_days((Date){year, 3, 21}) + age;
  return moon + 7 - (moon + 1) % 7;
}

static int number(const char **at, int most) {
  int value = 0, is_negative = **at == '-';
  *at += is_negative;
  for (; most > 0 && **at >= '0' && **at <= '9'; ++*at, most--) value = value * 10 + (**at - '0');
  return is_negative ? -value : value;
}

static void by_day(Rule *rule, const char **at) {
  static const char DAYS[] = "MOTUWETHFRSASU";
  for (;; ++*at) {
    if (**at < 'A') rule->nth = number(at, 2);
    int day = 0;
    while (day < 7 && memcmp(DAYS + day * 2, *at, 2) != 0) day++;
    rule->weekdays |= 1 << day;
    *at += 2;
    if (**at != ',') return;
  }
}

static NOINLINE Rule read_rule(const char *at) {
  static const char *const NAMES[] = {"FREQ=", "INTERVAL=", "COUNT=", "BYDAY=", "BYMONTHDAY=",
                                      "BYMONTH=", "UNTIL="};
  Rule rule = {.interval = 1, .count = MOST_TIMES, .until = 1 << 30};
  for (; *at; at += *at == ';') {
    size_t name = 0;
    while (strncmp(at, NAMES[name], strlen(NAMES[name])) != 0) name++;
    at += strlen(NAMES[name]);
    switch (name) {
      case 0:
        rule.frequency = *at == 'D' ? DAILY : *at == 'W' ? WEEKLY : *at == 'M' ? MONTHLY : YEARLY;
        while (*at && *at != ';') at++;
        break;
      case 1: rule.interval = number(&at, 4); break;
      case 2: rule.count = number(&at, 4); break;
      case 3: by_day(&rule, &at); break;
      case 4: rule.month_day = number(&at, 2); break;
      case 5: rule.month = number(&at, 2); break;
      default: {
        int year = number(&at, 4), month = number(&at, 2);
        rule.until = to_days((Date){year, month, number(&at, 2)});
      }
    }
  }
  return rule;
}

/** The days of one month that the rule names, in order. Answers how many. */
static int days_of_month(const Rule *rule, int year, int month, int month_day, int *days) {
  int first = to_days((Date){year, month, 1}), size = days_in(year, month), found = 0;
  if (rule->weekdays == 0) {
    int day = month_day < 0 ? size + month_day : month_day - 1;
    if (day >= 0 && day < size) days[found++] = first + day;
    return found;
  }
  for (int day = 0; day < size; day++) {
    int nth = rule->nth < 0 ? -((size - 1 - day) / 7 + 1) : day / 7 + 1;
    int is_named = rule->weekdays >> (first + day) % 7 & 1;
    if (is_named && (rule->nth == 0 || rule->nth == nth)) days[found++] = first + day;
  }
  return found;
}

/** The days of the period after so many others, counted from the first time's. */
static int days_of_period(const Rule *rule, int start, int period, int *days) {
  Date first = to_date(start);
  int steps = period * rule->interval, found = 0;
  int month_day = rule->month_day == 0 ? first.day : rule->month_day;
  switch (rule->frequency) {
    case DAILY: days[found++] = start + steps; break;
    case WEEKLY: {
      int monday = start - start % 7 + steps * 7;
      int wanted = rule->weekdays == 0 ? 1 << start % 7 : rule->weekdays;
      for (int day = 0; day < 7; day++) {
        if (wanted >> day & 1) days[found++] = monday + day;
      }
      break;
    }
    case MONTHLY: {
      int month = first.month - 1 + steps;
      return days_of_month(rule, first.year + month / 12, month % 12 + 1, month_day, days);
    }
    case YEARLY: {
      int month = rule->month == 0 ? first.month : rule->month;
      return days_of_month(rule, first.year + steps, month, month_day, days);
    }
  }
  return found;
}

static int change_day(const Zone *zone, int year, int month) {
  int latest = to_days((Date){year, month, zone->is_first ? 7 : days_in(year, month)});
  return latest - (latest + 1) % 7;
}

/** What a zone's clocks are ahead by when they show that minute. */
static NOINLINE int offset_at(const Zone *zone, int64_t minute) {
  if (zone->saving == 0) return zone->offset;
  int year = to_date((int)(minute / MINUTES)).year;
  int64_t begin = (int64_t)change_day(zone, year, zone->begin) * MINUTES + zone->minute;
  int64_t end = (int64_t)change_day(zone, year, zone->end) * MINUTES + zone->minute + zone->saving;
  int is_summer = begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
  return zone->offset + (is_summer ? zone->saving : 0);
}

static char *digits(char *to, int value, int width) {
  for (int i = width - 1; i >= 0; i--, value /= 10) to[i] = (char)('0' + value % 10);
  return to + width;
}

static NOINLINE void write_time(char *to, int64_t minute, int offset) {
  Date date = to_date((int)(minute / MINUTES));
  int of_day = (int)(minute % MINUTES), size = abs(offset);
  to = digits(to, date.year, 4);
  *to++ = '-';
  to = digits(to, date.month, 2);
  *to++ = '-';
  to = digits(to, date.day, 2);
  *to++ = 'T';
  to = digits(to, of_day / 60, 2);
  *to++ = ':';
  to = digits(to, of_day % 60, 2);
  *to++ = offset < 0 ? '-' : '+';
  to = digits(to, size / 60, 2);
  *to++ = ':';
  *digits(to, size % 60, 2) = 0;
}

/** In minutes of UTC. */
static NOINLINE int64_t read_time(const char *at) {
  int parts[5];
  for (int i = 0; i < 5; i++, at++) parts[i] = number(&at, i == 0 ? 4 : 2);
  int is_behind = at[-1] == '-', hours = number(&at, 2);
  at++;
  int offset = hours * 60 + number(&at, 2);
  int64_t days = to_days((Date){parts[0], parts[1], parts[2]});
  return days * MINUTES + parts[3] * 60 + parts[4] - (is_behind ? -offset : offset);
}

static NOINLINE uint32_t list_times(const Rule *rule, const Zone *zone, int start, int of_day) {
  uint32_t sum = 0;
  char text[32];
  int days[31], left = rule->count;
  for (int period = 0; left > 0 && period < 400; period++) {
    int found = days_of_period(rule, start, period, days);
    for (int i = 0; i < found && left > 0; i++) {
      if (days[i] < start) continue;
      if (days[i] > rule->until) return sum;
      int64_t minute = (int64_t)days[i] * MINUTES + of_day;
      write_time(text, minute, offset_at(zone, minute));
      for (const char *c = text; *c; c++) sum = mix(sum, (uint8_t)*c);
      sum = mix(mix(sum, (uint32_t)read_time(text)), (uint32_t)week_of(days[i]));
      left--;
    }
  }
  return mix(sum, (uint32_t)left);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 337;
  for (int round = 0; round < n; round++) {
    int year = 2020 + round % 8;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
      Rule rule = read_rule(TEXTS[i]);
      const Zone *zone = &ZONES[(i + (size_t)round) % (sizeof ZONES / sizeof *ZONES)];
      int start = to_days((Date){year, 1, 1}) + (int)(next_random() % 365);
      sum = mix(sum, list_times(&rule, zone, start, (int)(next_random() % MINUTES)));
    }
    sum = mix(sum, (uint32_t)easter(1900 + (int)(next_random() % 300)));
  }
  return sum;
}
