//! A phrase for each fact of the closed list, in both languages. What stands in braces is filled in from the entry.

/// The phrase of a fact's word: zh, en.
pub(crate) fn phrase(word: &str) -> Option<(&'static str, &'static str)> {
    PHRASES.iter().find(|(known, ..)| *known == word).map(|(_, zh, en)| (*zh, *en))
}

const PHRASES: &[(&str, &str, &str)] = &[
    // intake
    ("submission-received", "收到提交", "A submission was received"),
    (
        "case-registered",
        "登记案件 {number}，来源：{channel}，类型：{kind}",
        "Registered as {number}, by {channel}, kind: {kind}",
    ),
    ("case-supplemented", "补充材料", "Material was added"),
    ("case-withdrawn", "投诉人撤回", "Withdrawn by the complainant"),
    ("identity-read", "{staff}查看身份信息（{field}）", "{staff} read an identity field ({field})"),
    ("narrative-read", "{staff}查看诉求内容", "{staff} read the narrative"),
    // triage
    ("regime-published", "发布制度", "A regime was published"),
    ("case-accepted", "受理", "Accepted"),
    ("case-declined", "不予受理：{ground}", "Not taken: {ground}"),
    ("case-classified", "分类：{kind} {category}", "Classified: {kind} {category}"),
    ("case-graded", "定级为{severity} {cite}", "Graded {severity} {cite}"),
    ("validity-judged", "认定为{validity}", "Judged {validity}"),
    ("containment-recorded", "已先行止损", "The harm was contained first"),
    // assignment
    ("unit-changed", "单位变更", "A unit changed"),
    ("staff-changed", "人员变更", "A member of staff changed"),
    (
        "case-dispatched",
        "转办至{unit}，承办人：{staff}，转办单 {slip} {cite}",
        "Dispatched to {unit}, handler {staff}, slip {slip} {cite}",
    ),
    ("case-signed", "{staff}签收", "Signed for by {staff}"),
    ("case-returned", "{staff}退回", "Returned by {staff}"),
    ("handler-recused", "{staff}回避 {cite}", "{staff} was recused {cite}"),
    (
        "case-escalated",
        "因“{clock}”逾期，升级至第 {rung} 级：{role}",
        "Late on {clock}: came up to rung {rung}, {role}",
    ),
    // resolution
    ("investigation-opened", "{staff}开始办理", "{staff} began the handling"),
    ("note-added", "记录办理情况", "A note was added"),
    ("measures-ordered", "采取措施：{measures}", "Measures ordered: {measures}"),
    ("decision-proposed", "提出处理决定：{finding}", "Decision proposed: {finding}"),
    ("decision-approved", "{staff}批准处理决定", "{staff} approved the decision"),
    ("decision-refused", "{staff}退回处理决定", "{staff} refused the decision"),
    ("complainant-answered", "已明确答复投诉人", "The complainant has a clear answer"),
    ("case-resolved", "处理完毕：{finding}", "Resolved: {finding}"),
    ("step-done", "{staff}完成“{step}”", "{staff} did: {step}"),
    ("complainant-told", "{staff}已将结果告知投诉人（{way}）", "{staff} told the complainant the result ({way})"),
    ("case-called-back", "回访：{reached} {satisfaction}", "Called back: {reached} {satisfaction}"),
    ("case-closed", "结案：{outcome}", "Closed: {outcome}"),
    // deadline-watcher
    ("clock-started", "“{clock}”开始计时，{due_at}到期 {cite}", "{clock} started, due {due_at} {cite}"),
    ("clock-stopped", "“{clock}”停止计时：{on_time}", "{clock} stopped: {on_time}"),
    ("deadline-moved", "“{clock}”期限改为{due_at}", "{clock} is now due {due_at}"),
    ("deadline-near", "“{clock}”将于{due_at}到期，已提醒", "{clock} is due {due_at}; a reminder went out"),
    ("clock-missed", "“{clock}”逾期 {cite}", "{clock} was missed {cite}"),
    ("clock-overdue", "“{clock}”持续逾期", "{clock} is still overdue"),
    (
        "extension-asked",
        "{staff}申请将“{clock}”延至{until}，由{role}审批 {cite}",
        "{staff} asked for {clock} until {until}; {role} rules {cite}",
    ),
    ("extension-granted", "{staff}同意将“{clock}”延至{until}", "{staff} granted {clock} until {until}"),
    ("extension-refused", "{staff}不同意“{clock}”延期", "{staff} refused more time on {clock}"),
    // notification
    ("notice-sent", "已通知{recipient}（{way}）", "{recipient} was told ({way})"),
    ("notice-failed", "未能通知{recipient}（{way}）", "{recipient} could not be told ({way})"),
    ("notice-unknown", "通知{recipient}的结果不明（{way}）", "Whether {recipient} was told is not known ({way})"),
    ("task-opened", "待{role}联系投诉人：{purpose}", "{role} is to reach the complainant: {purpose}"),
    ("task-done", "{staff}联系投诉人（{way}）：{reached}", "{staff} tried to reach the complainant ({way}): {reached}"),
    // records
    ("case-archived", "归档，保存至{keep_until} {cite}", "Archived, kept until {keep_until} {cite}"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_of_the_house_has_a_phrase_and_no_phrase_stands_for_nothing() {
        let words: Vec<&str> = contracts::catalogue().into_iter().map(|(_, word, _)| word).collect();
        let without: Vec<_> = words.iter().filter(|word| phrase(word).is_none()).collect();
        assert!(without.is_empty(), "{without:?}");
        let stray: Vec<_> = PHRASES.iter().filter(|(word, ..)| !words.contains(word)).collect();
        assert!(stray.is_empty(), "{stray:?}");
    }

    #[test]
    fn both_languages_of_a_phrase_say_the_same_things() {
        let slots = |text: &str| {
            let mut slots: Vec<String> =
                text.split('{').skip(1).filter_map(|s| s.split('}').next()).map(str::to_owned).collect();
            slots.sort();
            slots
        };
        for (word, zh, en) in PHRASES {
            assert_eq!(slots(zh), slots(en), "{word}");
        }
    }
}
