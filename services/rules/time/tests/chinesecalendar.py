"""Counts working days one by one with the package `chinesecalendar`, and compares with what comes in on standard input.

Each line is a start day and the first, second, third … working day after it, separated by commas. Days beyond the years
that the package knows are not compared. Prints how many were; the first difference ends it with status 1.
"""

import datetime
import sys

import chinese_calendar

ONE_DAY = datetime.timedelta(days=1)
LAST = datetime.date(2026, 12, 31)


def main() -> int:
    compared = 0
    for line in sys.stdin:
        start, *ends = (datetime.date.fromisoformat(field) for field in line.strip().split(","))
        day = start
        for n, end in enumerate(ends, 1):
            day += ONE_DAY
            while day <= LAST and not chinese_calendar.is_workday(day):
                day += ONE_DAY
            if day > LAST:
                break
            if day != end:
                print(f"working day {n} after {start}: chinesecalendar says {day}, the calculus {end}", file=sys.stderr)
                return 1
            compared += 1
    print(compared)
    return 0


sys.exit(main())
