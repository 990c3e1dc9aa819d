//! The refusals of notification, each with its code and both languages.

use kit_core::{Problem, Text};
use regime::Regime;

pub(crate) fn unknown_task() -> Problem {
    Problem::not_found("unknown-task", "没有这项任务，或您无权查看", "There is no such task, or you may not see it")
}

pub(crate) fn not_open() -> Problem {
    Problem::conflict("task-not-open", "这项任务已经完成或已取消", "This task is done or no longer needed")
}

/// The task belongs to another role.
pub(crate) fn not_yours(regime: &Regime, role: &str) -> Problem {
    let Text { zh, en } = regime.role_title(role);
    Problem::denied("not-your-task", format!("这项任务由“{zh}”完成"), format!("This task is for {en} to do"))
}

/// A word that is not one of those offered.
pub(crate) fn unknown_word(field: &str, word: &str, known: &[String]) -> Problem {
    let word: String = word.chars().take(40).collect();
    let known = known.join(", ");
    Problem::field(
        field,
        "unknown-word",
        format!("“{word}”不在可选项中，可用：{known}"),
        format!("“{word}” is not one of the choices: {known}"),
    )
}

pub(crate) fn no_satisfaction() -> Problem {
    Problem::field(
        "satisfaction",
        "satisfaction-not-asked",
        "未联系上或不需回访时，不填满意度",
        "Satisfaction is given only where it is asked for and the complainant was reached",
    )
}

pub(crate) fn unknown_document() -> Problem {
    Problem::not_found(
        "unknown-document",
        "没有这份文书，或您无权查看",
        "There is no such document, or you may not see it",
    )
}

pub(crate) fn no_mail_folder() -> Problem {
    Problem::not_found(
        "no-mail-folder",
        "本系统通过邮件服务器发信，没有本地邮件夹",
        "This installation sends through a mail server and keeps no mail folder",
    )
}

pub(crate) fn unknown_mail() -> Problem {
    Problem::not_found("unknown-mail", "没有这封邮件，或您无权查看", "There is no such mail, or you may not see it")
}

/// A name that is not there, with the nearest that is.
pub(crate) fn unknown_near(field: &str, what: (&str, &str), name: &str, known: &[&str]) -> Problem {
    let (zh, en) = near(what, name, known);
    Problem::field(field, "unknown-word", zh, en)
}

fn near((zh, en): (&str, &str), name: &str, known: &[&str]) -> (String, String) {
    let name: String = name.chars().take(40).collect();
    match regime::nearest(&name, known.iter().copied()) {
        Some(near) => (
            format!("没有{zh}“{name}”；是否指“{near}”？"),
            format!("There is no {en} “{name}”; did you mean “{near}”?"),
        ),
        None => {
            let known = known.iter().take(12).copied().collect::<Vec<_>>().join(", ");
            (format!("没有{zh}“{name}”；可用：{known}"), format!("There is no {en} “{name}”; there are: {known}"))
        }
    }
}

/// A question that the survey does not ask: (zh, en).
pub(crate) fn no_question(name: &str, known: &[&str]) -> (String, String) {
    near(("题目", "question"), name, known)
}

/// An answer that the question does not offer: (zh, en).
pub(crate) fn no_choice(answer: &str, known: &[&str]) -> (String, String) {
    near(("选项", "choice"), answer, known)
}

/// A text that holds what is no character: (zh, en).
pub(crate) fn unreadable() -> (String, String) {
    ("含有无法保存的字符".to_owned(), "It holds a character that cannot be kept".to_owned())
}

pub(crate) fn no_sheet() -> Problem {
    Problem::field(
        "sheet",
        "sheet-needed",
        "答卷缺少随机编号，请重新打开页面",
        "The sheet lacks its random name; please open the page anew",
    )
}

pub(crate) fn no_day(text: &str) -> Problem {
    let text: String = text.chars().take(40).collect();
    Problem::field(
        "until",
        "no-date",
        format!("“{text}”不是日期，应如 2026-11-30"),
        format!("“{text}” is no date; write it as 2026-11-30"),
    )
}

pub(crate) fn day_out_of_reach(today: chrono::NaiveDate, most: i64) -> Problem {
    Problem::field(
        "until",
        "date-out-of-reach",
        format!("最后一天应在今天（{today}）起 {most} 天之内"),
        format!("The last day lies within {most} days from today ({today})"),
    )
}

pub(crate) fn unknown_survey() -> Problem {
    Problem::not_found(
        "unknown-survey",
        "没有这项调查，请核对网址",
        "There is no such survey; please check the address",
    )
}

pub(crate) fn survey_over() -> Problem {
    Problem::conflict("survey-closed", "调查已经结束，不再收答卷", "This survey is over and takes no more answers")
}

/// It is held already.
pub(crate) fn survey_open(cite: &str) -> Problem {
    Problem::conflict(
        "survey-open",
        format!("这项调查正在该单位进行（{cite}）"),
        format!("This survey is open in this unit already ({cite})"),
    )
}

/// It is for another role to hold.
pub(crate) fn not_your_survey(regime: &Regime, role: &str, cite: &str) -> Problem {
    let Text { zh, en } = regime.role_title(role);
    Problem::denied(
        "not-permitted",
        format!("这项调查由“{zh}”开展（{cite}）"),
        format!("This survey is for {en} to hold ({cite})"),
    )
}

pub(crate) fn not_your_results() -> Problem {
    Problem::denied("not-permitted", "您无权查看这项调查", "You may not see this survey")
}

pub(crate) fn too_many() -> Problem {
    Problem::new(
        kit_core::Class::Exhausted,
        "too-many-attempts",
        "此刻提交的人太多，请稍后再试；所填内容没有提交",
        "Too many at this moment; please try again in a little while. Nothing was sent",
    )
}
