//! The refusals of resolution, each with its code and both languages.

use kit_core::{Problem, Text};
use regime::{FactRef, Missing};

/// Something that the house itself wants before a step.
pub(crate) fn lack(needs: &str, zh: &str, en: &str) -> Missing {
    Missing { needs: Some(FactRef::new(needs)), say: Text::new(zh, en), cite: String::new() }
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

/// A step that is not open in this case.
pub(crate) fn not_available(say: Option<&Text>, cite: &str) -> Problem {
    let plain = Text::new("本案不适用这一步", "This step is not open in this case");
    let say = say.unwrap_or(&plain);
    Problem::conflict("not-available", format!("{}（{cite}）", say.zh), format!("{} ({cite})", say.en))
}

/// Everything that was left empty: (field, zh, en).
pub(crate) fn missing_input(fields: &[(String, Text)], cite: &str) -> Problem {
    let zh = fields.iter().map(|(_, text)| text.zh.as_str()).collect::<Vec<_>>().join("、");
    let en = fields.iter().map(|(_, text)| text.en.as_str()).collect::<Vec<_>>().join(", ");
    let problem = Problem::invalid(
        "missing-input",
        format!("还须填写：{zh}（{cite}）"),
        format!("Still to be filled in: {en} ({cite})"),
    );
    fields.iter().fold(problem, |problem, (field, text)| problem.with_field(field, text.zh.as_str(), text.en.as_str()))
}

pub(crate) fn too_few_staff(least: u32, cite: &str) -> Problem {
    Problem::field(
        "staff_ids",
        "too-few-staff",
        format!("须不少于 {least} 名工作人员（{cite}）"),
        format!("At least {least} members of staff take part ({cite})"),
    )
}

pub(crate) fn out_of_range(least: i64, most: Option<i64>, cite: &str) -> Problem {
    let most_zh = most.map_or_else(|| "不设上限".to_owned(), |most| format!("至多 {}", most / 100));
    let most_en = most.map_or_else(|| "without a limit".to_owned(), |most| format!("at most {}", most / 100));
    let least = least / 100;
    Problem::field(
        "amount",
        "out-of-range",
        format!("金额至少 {least}，{most_zh}（{cite}）"),
        format!("The sum is at least {least}, {most_en} ({cite})"),
    )
}

pub(crate) fn wrong_way(way: &str, allowed: &str, cite: &str) -> Problem {
    Problem::field(
        "way",
        "wrong-way",
        format!("不能以“{way}”告知，须为：{allowed}（{cite}）"),
        format!("It is not told by `{way}` but {allowed} ({cite})"),
    )
}

/// Nobody has to sign off on this act.
pub(crate) fn no_approval(act: &str) -> Problem {
    Problem::field("act", "no-approval", format!("“{act}”不需要审批"), format!("Nobody has to approve `{act}`"))
}

pub(crate) fn nothing_asked(act: &str) -> Problem {
    Problem::conflict(
        "nothing-asked",
        format!("没有等待审批的“{act}”"),
        format!("No request waits for approval of `{act}`"),
    )
}

pub(crate) fn not_owed(measure: &str) -> Problem {
    Problem::conflict(
        "not-owed",
        format!("措施“{measure}”没有等待落实或核查"),
        format!("The measure `{measure}` waits for nothing"),
    )
}

pub(crate) fn no_appeal(tier: &str) -> Problem {
    Problem::conflict(
        "no-appeal",
        format!("没有等待决定的申诉“{tier}”"),
        format!("No appeal `{tier}` waits for a decision"),
    )
}

/// The tier names another role.
pub(crate) fn not_judge(role: &Text, cite: &str) -> Problem {
    Problem::denied(
        "not-approver",
        format!("申诉须由“{}”决定（{cite}）", role.zh),
        format!("The appeal is for {} to decide ({cite})", role.en),
    )
}

/// Whoever handled the matter does not decide on an appeal against it.
pub(crate) fn handled_before(cite: &str) -> Problem {
    Problem::denied(
        "handled-before",
        format!("申诉须由未办理过本件的人决定（{cite}）"),
        format!("Somebody who did not handle the matter decides on the appeal ({cite})"),
    )
}
