//! Days and instants as a scenario writes them.

use super::super::reader::Reader;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use regime::node::Node;

const INSTANT: (&str, &str) = ("时刻，如 2026-02-12 10:00", "an instant such as 2026-02-12 10:00");
const DAY: (&str, &str) = ("日期，如 2026-02-12", "a day such as 2026-02-12");

/// `2026-02-12 10:00` in the zone, `24:00` being the end of the day; or with an offset, as in `2026-02-12T10:00:00+08:00`.
pub(super) fn instant(reader: &Reader, node: &Node, zone: Tz) -> Option<DateTime<Utc>> {
    reader.parsed(node, INSTANT, |text| parse(text, zone))
}

/// `2026-02-12`.
pub(super) fn day(reader: &Reader, node: &Node) -> Option<NaiveDate> {
    reader.parsed(node, DAY, |text| text.parse().ok())
}

/// The same, of a text.
pub(super) fn parse(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let (day, time) = text.split_once([' ', 'T'])?;
    let day: NaiveDate = day.parse().ok()?;
    let (day, time) = match time {
        "24:00" | "24:00:00" => (day.checked_add_days(Days::new(1))?, NaiveTime::MIN),
        _ => (day, NaiveTime::parse_from_str(time, "%H:%M").or(NaiveTime::parse_from_str(time, "%H:%M:%S")).ok()?),
    };
    zone.from_local_datetime(&day.and_time(time)).earliest().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_of_its_zone_and_a_day_ends_at_24_o_clock() {
        let read = |text| parse(text, Tz::Asia__Shanghai).map(|at| at.to_rfc3339());
        assert_eq!(read("2026-02-12 10:00").as_deref(), Some("2026-02-12T02:00:00+00:00"));
        assert_eq!(read("2026-02-14 24:00"), read("2026-02-15 00:00"));
        assert_eq!(read("2026-02-12T10:00:30+08:00").as_deref(), Some("2026-02-12T02:00:30+00:00"));
        for wrong in ["2026-02-30 10:00", "2026-02-12", "10:00", "2026-02-12 25:00", "2026-02-12 24:01"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
