//! The refusals of resolution, each with its code and both languages.

use kit_core::{Problem, Text};

/// One thing that is missing before a step, and the clause behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lack {
    /// The fact or the duty that is missing, as packs name it.
    pub(crate) needs: String,
    pub(crate) say: Text,
    pub(crate) cite: String,
}

impl Lack {
    pub(crate) fn new(needs: &str, zh: &str, en: &str) -> Self {
        Self { needs: needs.to_owned(), say: Text::new(zh, en), cite: String::new() }
    }

    /// What is missing, with its clause in brackets.
    pub(crate) fn line(&self) -> Text {
        if self.cite.is_empty() {
            self.say.clone()
        } else {
            Text::new(format!("{}（{}）", self.say.zh, self.cite), format!("{} ({})", self.say.en, self.cite))
        }
    }
}

/// The step is right, but its turn has not come: everything that is missing, at once.
pub(crate) fn not_yet(lacks: &[Lack]) -> Problem {
    let lines: Vec<Text> = lacks.iter().map(Lack::line).collect();
    let zh: Vec<&str> = lines.iter().map(|l| l.zh.as_str()).collect();
    let en: Vec<&str> = lines.iter().map(|l| l.en.as_str()).collect();
    let mut problem = Problem::conflict(
        "not-yet",
        format!("还不能办理，尚缺：{}", zh.join("；")),
        format!("Not yet; missing: {}", en.join("; ")),
    );
    for (lack, line) in lacks.iter().zip(&lines) {
        problem = problem.with_field(&lack.needs, line.zh.as_str(), line.en.as_str());
    }
    problem
}

pub(crate) fn already_closed() -> Problem {
    Problem::conflict("already-closed", "案件已办结，不能再办理", "The case is closed; nothing more can be done to it")
}

pub(crate) fn already_resolved() -> Problem {
    Problem::conflict("already-resolved", "案件已处理完毕", "The case has been resolved already")
}

pub(crate) fn already_done() -> Problem {
    Problem::conflict("already-done", "这一步已经办过", "This step has been done already")
}

pub(crate) fn no_proposal() -> Problem {
    Problem::conflict("no-proposal", "没有等待批准的处理决定", "No proposed decision waits for approval")
}

pub(crate) fn own_proposal() -> Problem {
    Problem::denied("own-proposal", "不能批准自己提出的处理决定", "You may not rule on a decision that you proposed")
}

pub(crate) fn not_approver(role: &Text) -> Problem {
    Problem::denied(
        "not-approver",
        format!("这项决定须由“{}”批准", role.zh),
        format!("This decision is for {} to approve", role.en),
    )
}

pub(crate) fn other_finding() -> Problem {
    Problem::field(
        "finding",
        "finding-not-approved",
        "处理结论与已批准的决定不一致",
        "The finding differs from the decision that was approved",
    )
}

/// A word that the regime does not know, and those it does.
pub(crate) fn unknown_word(field: &str, word: &str, known: &[&str]) -> Problem {
    let word: String = word.chars().take(40).collect();
    let known = known.join(", ");
    Problem::field(
        field,
        "unknown-word",
        format!("制度里没有“{word}”，可用：{known}"),
        format!("The regime has no word “{word}”; it has: {known}"),
    )
}

pub(crate) fn missing_text(field: &str) -> Problem {
    Problem::field(field, "missing-text", "请先填写说明", "A text is needed here")
}
