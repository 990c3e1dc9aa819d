//! What the complainant is shown of their case: how far it is and what has happened, without names, units or grades,
//! and without promising a day.

use chrono::{DateTime, Utc};
use facts::{CaseView, Stage};
use kit_core::Text;
use std::collections::BTreeSet;

/// One line of the public course.
pub(crate) struct Step {
    pub(crate) at: DateTime<Utc>,
    pub(crate) text: Text,
}

/// The word and title of the stage. The public knows one stage between handling and the end.
pub(crate) fn stage(view: &CaseView) -> (&'static str, Text) {
    match view.stage() {
        Stage::Resolved => (Stage::Answered.word(), Stage::Resolved.title()),
        stage => (stage.word(), stage.title()),
    }
}

/// The course of the case, oldest first.
pub(crate) fn course(view: &CaseView) -> Vec<Step> {
    let mut told = BTreeSet::new();
    let mut steps = Vec::new();
    for happened in &view.history {
        let Some((text, may_repeat)) = wording(&happened.word) else { continue };
        // Passing a case on twice is our affair; that it was passed on is theirs.
        if told.insert(happened.word.as_str()) || may_repeat {
            steps.push(Step { at: happened.at, text });
        }
    }
    steps.sort_by_key(|step| step.at);
    steps
}

/// The neutral words for a fact, and whether it is told each time; most facts are not told at all.
fn wording(word: &str) -> Option<(Text, bool)> {
    let (zh, en, may_repeat) = match word {
        "case-registered" => ("已登记", "Registered", false),
        "case-accepted" => ("已受理", "Accepted", false),
        "case-declined" => ("不予受理", "Not taken", false),
        "case-dispatched" => ("已转交有关部门办理", "Passed to the department concerned", false),
        "case-signed" => ("有关部门已接收", "Received by the department concerned", false),
        "investigation-opened" => ("已开始办理", "Work has begun", false),
        "case-supplemented" => ("收到补充材料", "Further material received", true),
        "complainant-asked" => ("请您补充材料", "You were asked for more", true),
        "complainant-chased" => ("收到催问", "You asked when it will be done", true),
        "answered-at-once" => ("已当场答复", "Answered at once", false),
        "case-referred" => ("已移送有权处理的单位", "Passed to whoever is competent", false),
        "appeal-lodged" => ("收到申诉", "Your appeal was received", true),
        "appeal-decided" => ("申诉已有决定", "Your appeal was decided", true),
        "case-reopened" => ("重新办理", "Taken up again", true),
        "case-moved" => ("改按另一版办法办理", "Handled by another version of the rules from now on", true),
        "case-rated" => ("收到评价", "Your rating was received", false),
        "complainant-answered" => ("已作出答复", "An answer has been given", true),
        "case-resolved" => ("已处理完毕", "Resolved", false),
        "complainant-told" => ("已告知处理结果", "The result has been told", false),
        "case-called-back" => ("已回访", "Called back", true),
        "case-withdrawn" => ("已撤回", "Withdrawn", false),
        "case-closed" => ("已结案", "Closed", false),
        _ => return None,
    };
    Some((Text::new(zh, en), may_repeat))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use facts::Happened;

    fn view(words: &[&str]) -> CaseView {
        let at = |n: usize| DateTime::UNIX_EPOCH + TimeDelta::hours(i64::try_from(n).unwrap());
        let history = words.iter().enumerate().map(|(n, w)| Happened {
            word: (*w).to_owned(),
            arg: None,
            at: at(n),
            lapsed: false,
            dated: false,
        });
        CaseView { history: history.collect(), ..CaseView::default() }
    }

    #[test]
    fn the_course_tells_what_concerns_the_complainant_and_nothing_internal() {
        let view = view(&[
            "case-registered",
            "narrative-read",
            "identity-read",
            "case-graded",
            "clock-started",
            "case-dispatched",
            "case-returned",
            "case-dispatched",
            "case-escalated",
            "note-added",
            "case-supplemented",
            "case-supplemented",
        ]);
        let told: Vec<String> = course(&view).into_iter().map(|step| step.text.en).collect();
        assert_eq!(
            told,
            [
                "Registered",
                "Passed to the department concerned",
                "Further material received",
                "Further material received"
            ]
        );
    }

    #[test]
    fn the_stage_is_one_of_the_seven_public_words() {
        for (word, expected) in [
            ("case-registered", "received"),
            ("case-accepted", "accepted"),
            ("case-signed", "handling"),
            ("complainant-answered", "answered"),
            ("case-resolved", "answered"),
            ("case-closed", "closed"),
            ("case-declined", "declined"),
            ("case-withdrawn", "withdrawn"),
        ] {
            assert_eq!(stage(&view(&[word])).0, expected);
        }
    }
}
