"""Random recurrence rules and the days that python-dateutil makes of them: `python3 generate.py > rules.txt`.

One rule a line: start | rule | the first days, the start among them. A rule that dateutil and RFC 5545 are known to read
in different ways is left in: our reader has to refuse it, or to agree. dateutil intersects weekdays with and without a
number (`BYDAY=MO,1TU`), so those are not made.
"""

import random
from datetime import date, datetime

from dateutil.rrule import rrulestr

WEEKDAYS = "MO TU WE TH FR SA SU".split()
RULES = 500
DAYS = 24
LAST = datetime(2032, 12, 31)


def some(values, most=3):
    return ",".join(map(str, sorted(set(random.choice(values) for _ in range(random.randint(1, most))), key=str)))


def signed(largest):
    return [n for n in range(-largest, largest + 1) if n != 0]


def random_start():
    if random.random() < 0.15:
        return random.choice([date(2016, 2, 29), date(2020, 2, 29), date(2019, 1, 31), date(2020, 12, 31)])
    return date(random.randint(2015, 2024), random.randint(1, 12), random.randint(1, 28))


def random_rule():
    frequency = random.choice(["YEARLY"] * 5 + ["MONTHLY"] * 3 + ["WEEKLY", "DAILY"])
    parts = ["FREQ=" + frequency]
    if random.random() < 0.4:
        parts.append(f"INTERVAL={random.randint(2, 4)}")
    by = []
    if random.random() < 0.4:
        by.append("BYMONTH=" + some(range(1, 13)))
    kind = random.random()
    if frequency == "YEARLY" and kind < 0.2:
        by.append("BYWEEKNO=" + some(signed(53)))
    elif frequency == "YEARLY" and kind < 0.35:
        by.append("BYYEARDAY=" + some(signed(366)))
    elif frequency != "WEEKLY" and kind < 0.6:
        by.append("BYMONTHDAY=" + some(signed(31)))
    has_week = any(part.startswith("BYWEEKNO") for part in by)
    if has_week or random.random() < 0.5:
        if frequency in ("YEARLY", "MONTHLY") and not has_week and random.random() < 0.6:
            of_year = frequency == "YEARLY" and not any(part.startswith("BYMONTH=") for part in by)
            nth = signed(53 if of_year else 5)
            days = {f"{random.choice(nth)}{random.choice(WEEKDAYS)}" for _ in range(random.randint(1, 3))}
            by.append("BYDAY=" + ",".join(sorted(days)))
        else:
            by.append("BYDAY=" + some(WEEKDAYS))
    if by and random.random() < 0.25:
        by.append("BYSETPOS=" + some(signed(6)))
    parts += by
    if random.random() < 0.3:
        parts.append("WKST=" + random.choice(WEEKDAYS))
    end = random.random()
    if end < 0.3:
        parts.append(f"COUNT={random.randint(1, 30)}")
    elif end < 0.5:
        parts.append(f"UNTIL={random.randint(2020, 2029)}{random.randint(1, 12):02}{random.randint(1, 28):02}")
    return ";".join(parts)


def days_of(rule, start):
    found = []
    for day in rrulestr(rule, dtstart=datetime(start.year, start.month, start.day)):
        if day > LAST or len(found) == DAYS:
            break
        found.append(day.date())
    return found


random.seed(5545)
made = 0
while made < RULES:
    rule, start = random_rule(), random_start()
    days = days_of(rule, start)
    # The start counts as the first occurrence, so it is one that the rule has.
    if not days or days_of(rule, days[0])[:1] != days[:1]:
        continue
    print(days[0], rule, " ".join(map(str, days_of(rule, days[0]))), sep=" | ")
    made += 1
