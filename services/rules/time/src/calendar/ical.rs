//! Layers as iCalendar (RFC 5545): all-day events whose summary says 休 or 班, as calendars of holidays are published.

mod event;
mod lines;
mod summary;
mod write;

use super::CalendarError;
use super::layer::{Draft, Layer};
use event::Event;
use kit_core::Text;
use lines::unfold;

impl Layer {
    /// Reads iCalendar. Events that speak neither of 休 nor of 班, such as the day of a festival, say nothing of work and
    /// are passed over; so are cancelled ones.
    ///
    /// # Errors
    /// Everything that is wrong with it, at the line of the file.
    pub fn from_ical(id: &str, text: &[u8]) -> Result<Self, Vec<CalendarError>> {
        let mut draft = Draft::new(id, text);
        let mut event: Option<Event> = None;
        let mut is_calendar = false;
        for line in unfold(text) {
            let line = match line {
                Ok(line) => line,
                Err((number, text)) => {
                    draft.fail(number, text);
                    continue;
                }
            };
            match (line.name.as_str(), line.value.to_ascii_uppercase().as_str()) {
                ("BEGIN", "VCALENDAR") => is_calendar = true,
                ("BEGIN", "VEVENT") => {
                    let open = event.replace(Event::at(line.number));
                    if let Some(open) = open {
                        unclosed(&mut draft, open.line);
                    }
                }
                ("END", "VEVENT") => match event.take() {
                    Some(event) => event.note(&mut draft),
                    None => draft.fail(
                        line.number,
                        Text::new("END:VEVENT 之前没有 BEGIN:VEVENT", "END:VEVENT without BEGIN:VEVENT"),
                    ),
                },
                // The parts of an event, such as an alarm, have properties of their own names.
                ("BEGIN", _) => event.iter_mut().for_each(|event| event.depth += 1),
                ("END", _) => event.iter_mut().for_each(|event| event.depth = event.depth.saturating_sub(1)),
                _ => event.iter_mut().filter(|event| event.depth == 0).for_each(|event| event.take(&line)),
            }
        }
        if let Some(open) = event {
            unclosed(&mut draft, open.line);
        }
        if !is_calendar {
            draft.fail(
                1,
                Text::new(
                    "不是 iCalendar 文件：缺少 BEGIN:VCALENDAR",
                    "this is no iCalendar file: it lacks BEGIN:VCALENDAR",
                ),
            );
        }
        draft.finish()
    }
}

fn unclosed(draft: &mut Draft, line: u64) {
    draft.fail(line, Text::new("VEVENT 没有结束(END:VEVENT)", "this VEVENT has no END:VEVENT"));
}

#[cfg(test)]
mod tests;
