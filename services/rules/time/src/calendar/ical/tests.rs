//! iCalendar as calendars of holidays really write it, and as they should not.

use super::*;
use crate::calendar::DayMark;
use crate::samples::{at, date};
use proptest::prelude::*;

fn calendar(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

fn event(lines: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n"))
}

fn days(text: &str) -> Vec<(String, DayMark, String)> {
    let layer = Layer::from_ical("x", text.as_bytes()).unwrap();
    layer.days().map(|(date, mark, name)| (date.to_string(), mark, name.to_owned())).collect()
}

fn error(text: &str) -> (u64, String) {
    let error = Layer::from_ical("x", text.as_bytes()).unwrap_err().remove(0);
    assert!(!error.zh.is_empty());
    (error.line, error.en)
}

#[test]
fn summaries_say_off_or_work_in_many_ways() {
    let read = |summary: &str| days(&event(&format!("DTSTART;VALUE=DATE:20260214\r\nSUMMARY:{summary}"))).pop();
    let mark = |summary: &str| read(summary).map(|(_, mark, name)| (mark, name));
    let (off, work) = (|| Some((DayMark::Off, "春节".to_owned())), || Some((DayMark::Work, "春节".to_owned())));
    for summary in
        ["春节(休)", "春节(休)", "休 春节", "【休】春节", "春节 假期 第1天/共9天", "春节放假", "春节调休放假"]
    {
        assert_eq!(mark(summary), off(), "{summary}");
    }
    for summary in ["春节(班)", "班 春节", "春节 补班 第1天/共2天", "春节调休上班", "春节休息日上班"]
    {
        assert_eq!(mark(summary), work(), "{summary}");
    }
    assert_eq!(mark("妇女节 下午休"), Some((DayMark::AfternoonOff, "妇女节".to_owned())));
    assert_eq!(mark("国庆节、中秋节\\, 休"), Some((DayMark::Off, "国庆节、中秋节,".to_owned())));
    assert_eq!(mark("元宵节"), None);
    let both = error(&event("DTSTART;VALUE=DATE:20260214\r\nSUMMARY:春节 休 班"));
    assert_eq!(both, (5, "`春节 休 班` says both 休 and 班; write one of them".to_owned()));
    assert!(error(&event("DTSTART;VALUE=DATE:20260214\r\nSUMMARY:春节调休")).1.contains("does not say whether"));
}

#[test]
fn an_end_is_the_day_after_the_last_and_a_folded_line_is_one_even_inside_a_character() {
    let three = event("DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20260104\r\nSUMMARY:元旦(休)");
    assert_eq!(days(&three).len(), 3);
    assert_eq!(days(&event("DTSTART:20260101\r\nDURATION:P3D\r\nSUMMARY:元旦(休)")), days(&three));
    assert_eq!(days(&event("DTSTART:20260101\r\nSUMMARY:元旦(休)")).len(), 1);
    // `休` is folded after its first octet; the name of the property in small letters; a colon in a parameter.
    let whole = event("dtstart;VALUE=DATE:20260101\r\nSUMMARY;ALTREP=\"cid:a\":元旦 休").replace("\r\n", "\n");
    let at = whole.find('休').unwrap() + 1;
    let folded = [&whole.as_bytes()[..at], b"\r\n\t", &whole.as_bytes()[at..]].concat();
    let layer = Layer::from_ical("x", &folded).unwrap();
    assert_eq!(layer.days().collect::<Vec<_>>(), [(date("2026-01-01"), DayMark::Off, "元旦")]);
}

#[test]
fn what_says_nothing_of_work_is_passed_over() {
    let cancelled = event("DTSTART:20260101\r\nSTATUS:CANCELLED\r\nSUMMARY:元旦(休)");
    let alarm =
        event("DTSTART:20260101\r\nBEGIN:VALARM\r\nSUMMARY:班\r\nDURATION:PT5M\r\nEND:VALARM\r\nSUMMARY:元旦(休)");
    assert_eq!((days(&cancelled).len(), days(&alarm).len()), (0, 1));
    assert_eq!(days(&event("DTSTART:20260101T090000Z\r\nSUMMARY:开会")).len(), 0);
}

#[test]
fn mistakes_have_their_line_and_the_nearest_right_value() {
    let start = "DTSTART;VALUE=DATE:20260215\r\n";
    let at = |lines: &str| error(&event(lines));
    assert_eq!(
        at(&format!("{start}DTEND;VALUE=DATE:20260215\r\nSUMMARY:春节 休")),
        (
            5,
            "it does not end after it starts (DTEND is the day after the last); the earliest end is 20260216"
                .to_owned()
        )
    );
    assert_eq!(at(&format!("SUMMARY:休\r\n{start}DTEND:20260101")).0, 6);
    assert_eq!(
        at("DTSTART:20260215T000000\r\nSUMMARY:春节 休"),
        (4, "`20260215T000000` is not a whole day; did you mean DTSTART;VALUE=DATE:20260215?".to_owned())
    );
    assert!(at("DTSTART:20260231\r\nSUMMARY:休").1.ends_with("did you mean DTSTART;VALUE=DATE:20260228?"));
    assert!(at("DTSTART:soon\r\nSUMMARY:休").1.contains("such as DTSTART;VALUE=DATE:20260214"));
    assert!(at(&format!("{start}RRULE:FREQ=YEARLY\r\nSUMMARY:休")).1.contains("cannot recur"));
    assert!(at(&format!("{start}DURATION:PT5H\r\nSUMMARY:休")).1.contains("not whole days such as P3D"));
    assert!(at(&format!("{start}DTEND:20360215\r\nSUMMARY:休")).1.contains("is the most"));
    assert_eq!(at("SUMMARY:休"), (3, "this event lacks DTSTART".to_owned()));
    assert_eq!(error(&calendar("BEGIN:VEVENT\r\nSUMMARY:休\r\n")).0, 3);
    assert_eq!(error(&calendar("END:VEVENT\r\n")).0, 3);
    assert_eq!(error(&calendar("SUMMARY 休\r\n")), (3, "this line lacks a colon, as in `SUMMARY:春节 休`".to_owned()));
    assert!(error("hello: world").1.contains("BEGIN:VCALENDAR"));
    assert!(error("").1.contains("BEGIN:VCALENDAR"));
    let both = |a: &str, b: &str| {
        format!(
            "BEGIN:VEVENT\r\n{start}SUMMARY:{a}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n{start}SUMMARY:{b}\r\nEND:VEVENT\r\n"
        )
    };
    let contradiction = error(&calendar(&both("春节 班", "春节 休")));
    assert_eq!(contradiction.0, 7);
    assert!(contradiction.1.ends_with("`work` on line 3, `off` here; did you mean `work`?"), "{}", contradiction.1);
}

#[test]
fn what_is_exported_is_folded_and_reads_as_the_same_days() {
    let text = packs::calendar("cn").unwrap();
    let nation = Layer::from_csv("cn", &text).unwrap();
    let ical = nation.to_ical(at("2026-11-27 12:00"));
    let again = Layer::from_ical("cn", ical.as_bytes()).unwrap();
    assert_eq!(again.to_csv(), text);
    assert!(ical.split("\r\n").all(|line| line.len() <= 75) && ical.contains("SUMMARY:春节(班)\r\n"));
    let long = "节".repeat(60);
    let layer =
        Layer::from_csv("x", &format!("date,kind,name\n2026-01-01,off,\"{long};a,b\"\n2026-01-05,morning-off,c\n"))
            .unwrap();
    let ical = layer.to_ical(at("2026-11-27 12:00"));
    assert!(ical.split("\r\n").all(|line| line.len() <= 75));
    assert_eq!(Layer::from_ical("x", ical.as_bytes()).unwrap().to_csv(), layer.to_csv());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..2000) {
        let _ = Layer::from_ical("x", &bytes);
        let text = Layer::from_csv("cn", &packs::calendar("cn").unwrap()).unwrap().to_ical(at("2026-11-27 12:00"));
        let _ = Layer::from_ical("x", &text.as_bytes()[..cut]);
        let _ = Layer::from_csv("x", &String::from_utf8_lossy(&bytes));
    }
}
