//! Compares the notices and tasks of a case with those that are expected.

use super::{
    super::{
        play::{Failure, Passed, Play, Stop},
        script::{Expect, NoticeWanted},
        seen::Entry,
    },
    listed, told_of,
};

/// Each notice that is expected is there once, in any order.
pub(super) fn notices(play: &Play<'_>, expect: &Expect, new: &[Entry]) -> Passed {
    let mut left: Vec<&Entry> = new.iter().collect();
    for wanted in &expect.notices {
        match left.iter().position(|entry| is_notice(wanted, entry)) {
            Some(place) => drop(left.remove(place)),
            None => {
                let all: Vec<Entry> = new.iter().filter(|entry| is_telling(entry)).cloned().collect();
                return Err(Stop::Unexpected(Failure::new(wanted.line, notice_text(wanted), listed(play, &all))));
            }
        }
    }
    for wanted in &expect.no_notices {
        if let Some(entry) = new.iter().find(|entry| is_notice(wanted, entry)) {
            let expected = format!("no {}", notice_text(wanted));
            return Err(Stop::Unexpected(Failure::new(wanted.line, expected, told_of(play, entry))));
        }
    }
    Ok(())
}

fn is_telling(entry: &Entry) -> bool {
    entry.fact.word.starts_with("notice-") || entry.fact.word == "task-opened"
}

fn is_notice(wanted: &NoticeWanted, entry: &Entry) -> bool {
    let is_task = wanted.task.is_some();
    let word = if is_task { "task-opened".to_owned() } else { format!("notice-{}", wanted.state) };
    let (arg, to) = if is_task { (&wanted.task, "role") } else { (&wanted.template, "recipient") };
    let by = entry.detail("way").unwrap_or_default();
    entry.fact.word == word
        && arg.as_ref().is_none_or(|arg| entry.fact.arg.as_ref() == Some(arg))
        && wanted.to.as_ref().is_none_or(|wanted| entry.detail(to).as_ref() == Some(wanted))
        && (is_task || wanted.by.is_empty() || wanted.by.contains(&by))
}

fn notice_text(wanted: &NoticeWanted) -> String {
    let to = wanted.to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
    let by = if wanted.by.is_empty() { String::new() } else { format!(" by {}", wanted.by.join(", ")) };
    match (&wanted.task, &wanted.template) {
        (Some(task), _) => format!("task {task}{to}{by}"),
        (None, template) => {
            format!("notice {} ({}){to}{by}", template.as_deref().unwrap_or("of any template"), wanted.state)
        }
    }
}
