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
