//! What the summary of an event says of work: 休 or 班, in the many ways in which calendars write it.

use crate::calendar::DayMark;
use kit_core::Text;

/// Words that hold a 休 or a 班 and mean neither: 调休 is the exchange of days as such, and the rest name the kind of
/// day that is exchanged.
const NEUTRAL: [&str; 5] = ["调休", "休息日", "双休日", "公休日", "值班"];
/// Words that are no part of the holiday's name.
const NOISE: [&str; 8] = ["放假", "假期", "补班", "上班", "上午", "下午", "休", "班"];

/// The mark and the name of the holiday; none where the summary speaks of neither.
pub(super) fn read(summary: &str) -> Result<Option<(DayMark, String)>, Text> {
    let plain = NEUTRAL.iter().fold(summary.to_owned(), |text, word| text.replace(word, ""));
    let is_off = plain.contains('休') || plain.contains("放假") || plain.contains("假期");
    let is_work = plain.contains('班');
    let half = match (plain.contains("上午"), plain.contains("下午")) {
        (true, false) => DayMark::MorningOff,
        (false, true) => DayMark::AfternoonOff,
        _ => DayMark::Off,
    };
    match (is_off, is_work) {
        (true, true) => Err(Text::new(
            format!("“{summary}”既是休又是班；请只写“休”或“班”"),
            format!("`{summary}` says both 休 and 班; write one of them"),
        )),
        (false, false) if summary.contains("调休") => Err(Text::new(
            format!("“{summary}”没有说明是休还是班；请写“休”或“班”"),
            format!("`{summary}` does not say whether it is 休 or 班; write one of them"),
        )),
        (false, false) => Ok(None),
        (true, false) => Ok(Some((half, name(&plain)))),
        (false, true) => Ok(Some((DayMark::Work, name(&plain)))),
    }
}

/// As calendars write the marks.
pub(super) fn write(mark: DayMark, name: &str) -> String {
    let word = match mark {
        DayMark::Off => "休",
        DayMark::Work => "班",
        DayMark::MorningOff => "上午休",
        DayMark::AfternoonOff => "下午休",
    };
    format!("{name}({word})")
}

/// `春节` of `春节(休)`, `【休】春节` or `春节 假期 第1天/共9天`.
fn name(plain: &str) -> String {
    let without = NOISE.iter().fold(plain.to_owned(), |text, word| text.replace(word, " "));
    let is_bracket = |c: char| "()()[]【】〔〕<>《》:：-–—/".contains(c);
    let parts = without.split(|c: char| c.is_whitespace() || is_bracket(c)).filter(|part| !part.is_empty());
    let is_count =
        |part: &&str| part.starts_with('第') && part.ends_with('天') || part.starts_with('共') && part.ends_with('天');
    parts.filter(|part| !is_count(part)).collect::<Vec<_>>().join(" ")
}
