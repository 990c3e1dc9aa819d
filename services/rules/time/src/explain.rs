//! The account of a deadline, day by day, in both languages: what started it, which days counted, which did not and
//! why, where it rolled to, what was granted, and each time the clause.

mod granting;
mod pausing;
mod wording;

use crate::count::{Counting, Days, Due};
use crate::day;
use crate::runs::counted_from;
use crate::state::ClockState;
use chrono::NaiveDate;
use kit_core::Text;
use regime::{Clock, FactRef, Length, Regime, Roll};
use wording::{cited, day_name, instant, off_reason};

/// A period of more days than this is told by its beginning and its end.
const TOLD_DAYS: usize = 40;
const TOLD_ENDS: usize = 5;

/// How the due instant of `clock` came about, one line for each step.
pub fn explain(regime: &Regime, counting: &Counting<'_>, clock: &ClockState) -> Vec<Text> {
    let rule = regime.clocks.iter().find(|rule| rule.name == clock.clock);
    let mut lines = vec![starts(regime, counting, rule, clock), limit(clock)];
    let base = clock.ungranted.as_ref().unwrap_or(&clock.due);
    lines.extend(pausing::lines(counting, clock));
    lines.extend(counted(counting, clock, base));
    if let Some(rolled_from) = base.rolled_from {
        lines.push(rolled(regime, counting, rolled_from, base));
    }
    lines.push(ends("到期", "Due", base, counting));
    lines.extend(granting::lines(counting, rule, clock));
    lines.extend(remarks(regime, counting, clock));
    lines.extend(rule.into_iter().flat_map(|rule| granting::brought(regime, rule, clock)));
    lines
}

fn starts(regime: &Regime, counting: &Counting<'_>, rule: Option<&Clock>, clock: &ClockState) -> Text {
    let at = instant(clock.started_at, counting.zone);
    let Some(rule) = rule else { return Text::new(format!("起算:{at}"), format!("Starts: {at}")) };
    if rule.is_from_date {
        let date = day::local(clock.started_at, counting.zone);
        let (fact, cite) = (titles(regime, &rule.from), cited(&rule.cite));
        return Text::new(
            format!("起算:{date},{}的日期{}", fact.zh, cite.zh),
            format!("Starts: {date}, the date that was set ({}){}", fact.en, cite.en),
        );
    }
    let is_by = |facts: &[FactRef]| facts.iter().any(|fact| fact.word == clock.started_by);
    let is_other = is_by(&rule.or_after) && !is_by(&rule.from);
    let fact = match clock.started_by.as_str() {
        "" => titles(regime, &rule.from),
        word => regime.fact_title(&FactRef::new(word)),
    };
    let (zh, en) = if is_other {
        let (awaited, cite) = (titles(regime, &rule.from), cited(&rule.cite));
        (
            format!(",“{}”至此未发生，自此起算{}", awaited.zh, cite.zh),
            format!(", since this had not happened by then: {}{}", awaited.en, cite.en),
        )
    } else {
        Default::default()
    };
    Text::new(format!("起算:{at},{}{zh}", fact.zh), format!("Starts: {at}, {}{en}", fact.en))
}

/// Several facts, any of which will do.
fn titles(regime: &Regime, facts: &[FactRef]) -> Text {
    let titles: Vec<Text> = facts.iter().map(|fact| regime.fact_title(fact)).collect();
    let zh: Vec<&str> = titles.iter().map(|title| title.zh.as_str()).collect();
    let en: Vec<&str> = titles.iter().map(|title| title.en.as_str()).collect();
    Text::new(zh.join("或"), en.join(" or "))
}

fn limit(clock: &ClockState) -> Text {
    let (taken, cite) = (clock.taken.title(), cited(&clock.cite));
    Text::new(format!("期限:{}{}", taken.zh, cite.zh), format!("Limit: {}{}", taken.en, cite.en))
}

/// The days of the period, one by one where it is counted in days.
fn counted(counting: &Counting<'_>, clock: &ClockState, due: &Due) -> Vec<Text> {
    let from = counted_from(&clock.taken, clock.started_at, &clock.started_by, counting.zone);
    let day_zero = day::local(from, counting.zone);
    let last = due.rolled_from.or(due.last_day).unwrap_or(day_zero);
    let zero = day_name(counting, day_zero);
    let not_counted = Text::new(
        format!("{}:起算当日,不计入(《民法典》第二百零一条)", zero.zh),
        format!("{}: the day of the starting fact, not counted (Civil Code, Art. 201)", zero.en),
    );
    let still = pausing::still(counting, clock);
    match clock.taken {
        Length::Days(_) | Length::WorkingDays(_) => {
            let is_working = matches!(clock.taken, Length::WorkingDays(_));
            [vec![not_counted], shortened(days(counting, is_working, &still, (day_zero, last)))].concat()
        }
        Length::Months(n) => [vec![not_counted], months(counting, day::add_months(day_zero, n), &still)].concat(),
        Length::Years(n) => [vec![not_counted], months(counting, day::add_years(day_zero, n), &still)].concat(),
        Length::Hours(_) | Length::Minutes(_) => vec![Text::new(
            "按小时、分钟计算的,自起算时刻开始,昼夜节假日不扣除(《民法典》第二百零一条)",
            "Hours and minutes run from the starting instant, through nights and holidays (Civil Code, Art. 201)",
        )],
        Length::BeforeDay(_) => vec![Text::new(
            format!("{}:该日零时起即为超期", day_name(counting, day::add(last, 1)).zh),
            format!("{}: with the beginning of this day it is late", day_name(counting, day::add(last, 1)).en),
        )],
        Length::SameDay | Length::Asked | Length::Set => Vec::new(),
    }
}

/// The last day by its number, and what pauses put on top.
fn months(counting: &Counting<'_>, end: NaiveDate, still: &[Days]) -> Vec<Text> {
    let name = day_name(counting, end);
    let line = Text::new(
        format!("{}:到期月的对应日;没有对应日的,为月末日(《民法典》第二百零二条)", name.zh),
        format!("{}: the same day of the last month, or that month's end (Civil Code, Art. 202)", name.en),
    );
    [vec![line], still.iter().map(|(first, next)| pausing::days(*first, *next)).collect()].concat()
}

/// Every day of the period. Those that are not counted and follow each other for one reason share a line.
fn days(counting: &Counting<'_>, is_working: bool, still: &[Days], ends: (NaiveDate, NaiveDate)) -> Vec<Text> {
    let days: Vec<_> = ends.0.iter_days().skip(1).take_while(|date| *date <= ends.1).collect();
    let reason = |date: &NaiveDate| {
        let off = || is_working.then(|| off_reason(&counting.calendar.day_kind(*date))).flatten();
        pausing::reason(still, *date).or_else(off)
    };
    let mut n = 0;
    days.chunk_by(|a, b| reason(a).is_some() && reason(a) == reason(b))
        .filter_map(|run| {
            let (first, end) = (*run.first()?, *run.last()?);
            let Some(reason) = reason(&first) else {
                n += 1;
                return Some(nth(&day_name(counting, first), n));
            };
            if first == end {
                let name = day_name(counting, first);
                let is_named = pausing::reason(still, first).is_none();
                let (zh, en) =
                    if is_named { Default::default() } else { (format!("{},", reason.zh), format!("{}, ", reason.en)) };
                return Some(Text::new(format!("{}:{zh}不计入", name.zh), format!("{}: {en}not counted", name.en)));
            }
            let zh = format!("{first} 至 {end}:{},不计入", reason.zh);
            Some(Text::new(zh, format!("{first} to {end}: {}, not counted", reason.en)))
        })
        .collect()
}

fn nth(name: &Text, n: u32) -> Text {
    Text::new(format!("{}:第 {n} 日", name.zh), format!("{}: day {n}", name.en))
}

fn shortened(lines: Vec<Text>) -> Vec<Text> {
    if lines.len() <= TOLD_DAYS {
        return lines;
    }
    let left_out = lines.len() - 2 * TOLD_ENDS;
    let gap = Text::new(format!("……(略去 {left_out} 行)"), format!("… ({left_out} lines left out)"));
    let (start, end) = (lines.iter().take(TOLD_ENDS), lines.iter().skip(TOLD_ENDS + left_out));
    start.cloned().chain([gap]).chain(end.cloned()).collect()
}

fn rolled(regime: &Regime, counting: &Counting<'_>, from: NaiveDate, due: &Due) -> Text {
    let from = day_name(counting, from);
    let to = due.last_day.map(|date| day_name(counting, date)).unwrap_or_default();
    let (off, cite) = match counting.roll {
        Roll::Holidays => (Text::new("法定节假日", "a statutory holiday"), cited(&regime.counting.cite)),
        _ => (Text::new("休息日", "a day off"), Text::new("(《民法典》第二百零三条)", " (Civil Code, Art. 203)")),
    };
    Text::new(
        format!("{}:期间的最后一日是{},顺延至 {}{}", from.zh, off.zh, to.zh, cite.zh),
        format!("{}: the last day is {}, so the period ends on {}{}", from.en, off.en, to.en, cite.en),
    )
}

fn ends(zh: &str, en: &str, due: &Due, counting: &Counting<'_>) -> Text {
    // The first instant of a day is better known as 24:00 of the day before.
    let midnight = due.last_day.filter(|date| due.at == day::end_of(*date, counting.zone));
    let at = midnight.map_or_else(|| instant(due.at, counting.zone), |date| format!("{date} 24:00"));
    Text::new(format!("{zh}:{at}"), format!("{en}: {at}"))
}

fn remarks(regime: &Regime, counting: &Counting<'_>, clock: &ClockState) -> Vec<Text> {
    let mut lines = Vec::new();
    if clock.due.is_provisional {
        let until = counting.calendar.covered_until();
        lines.push(Text::new(
            format!("暂定:工作日历公布至 {until},其后按周一至周五计,公布后可能变动"),
            format!("Provisional: the calendar is announced until {until}; beyond it Monday to Friday are assumed"),
        ));
    }
    if clock.due.is_cut {
        lines.push(Text::new(
            format!("期限过长:只计算至 {},此后不再计算", day::LAST),
            format!("Too far: nothing is counted beyond {}", day::LAST),
        ));
    }
    if clock.is_advisory {
        lines.push(Text::new("此为提示性期限,超过不构成违规", "This is a target: passing it warns, but is no breach"));
    }
    if let Some(stop) = &clock.stopped {
        let (at, fact) = (instant(stop.at, counting.zone), regime.fact_title(&FactRef::new(&*stop.word)));
        let (zh, en) = match (stop.is_dropped, stop.is_on_time) {
            (true, true) => ("未办结，不计是否按期", "not done, counted neither as kept nor as missed"),
            (true, false) => ("未办结，此前已超期", "not done, and late before that"),
            (false, true) => ("按期", "on time"),
            (false, false) => ("超期", "late"),
        };
        lines.push(Text::new(format!("停止:{at},{},{zh}", fact.zh), format!("Stopped: {at}, {}, {en}", fact.en)));
    }
    lines
}
