//! A phrase for each fact of the closed list, in both languages. What stands in braces is filled in from the entry.

/// The phrase of a fact's word: zh, en.
pub(crate) fn phrase(word: &str) -> Option<(&'static str, &'static str)> {
    PHRASES.iter().find(|(known, ..)| *known == word).map(|(_, zh, en)| (*zh, *en))
}

const PHRASES: &[(&str, &str, &str)] = &[
    // intake
    ("submission-received", "收到来件", "A submission was received"),
    (
        "case-registered",
        "登记，编号 {number}，来源：{channel}，类型：{kind}",
        "Registered as {number}; came by: {channel}; kind: {kind}",
    ),
    ("case-supplemented", "补充材料", "Material was added"),
    ("case-withdrawn", "投诉人撤回{then}", "Withdrawn by the complainant{then}"),
    ("identity-read", "{staff}查看身份信息（{field}）", "{staff} read an identity field ({field})"),
    ("narrative-read", "{staff}查看诉求内容", "{staff} read the narrative"),
    ("answered-at-once", "{staff}当场答复（{way}）", "{staff} answered at once ({way})"),
    ("identity-verified", "{staff}核验身份", "{staff} verified the identity"),
    ("complainant-asked", "{staff}请投诉人补充", "{staff} asked the complainant for more"),
    ("complainant-chased", "投诉人催问", "The complainant asked when it will be done"),
    ("case-linked", "{staff}关联案件：{relation}", "Linked by {staff}: {relation}"),
    ("cases-merged", "{staff}并入另一案件", "{staff} merged another case into this one"),
    ("case-rated", "投诉人评价：{satisfaction}", "Rated by the complainant: {satisfaction}"),
    ("appeal-lodged", "{party}提出申诉：{tier}", "Appeal lodged by {party}: {tier}"),
    ("case-purged", "案件内容与身份信息已销毁 {cite}", "What was said, and by whom, is destroyed {cite}"),
    // triage
    ("regime-published", "发布制度", "A regime was published"),
    ("regime-consulted", "修订制度征求意见", "Somebody was asked about an amendment of a regime"),
    ("regime-approved", "批准修订制度", "An amendment of a regime was approved"),
    ("case-accepted", "受理{courtesy}", "Accepted{courtesy}"),
    ("case-declined", "不予受理：{ground}", "Declined: {ground}"),
    ("case-classified", "分类：{kind} {category}", "Classified: {kind} {category}"),
    ("case-graded", "定级为{severity} {cite}", "Graded {severity} {cite}"),
    ("validity-judged", "认定为{validity}", "Judged {validity}"),
    ("containment-recorded", "已先行处置，防止损害扩大", "The harm was contained"),
    ("case-referred", "移送：{ground}，移送至 {body} {unit} {cite}", "Referred ({ground}) to {body} {unit} {cite}"),
    ("report-back-received", "{staff}登记报备：{ground}", "{staff} recorded what came of it: {ground}"),
    ("facts-stated", "{staff}认定事实：{stated}", "{staff} stated facts: {stated}"),
    (
        "case-moved",
        "{staff}决定改用{regime}第 {version} 版（原为{from_regime}第 {from_version} 版）",
        "{staff} moved it to version {version} of {regime} (from version {from_version} of {from_regime})",
    ),
    // assignment
    ("unit-changed", "单位变更", "A unit changed"),
    ("staff-changed", "人员变更", "A member of staff changed"),
    (
        "case-dispatched",
        "转办至{unit}，承办人：{staff}，转办单 {slip} {cite}",
        "Dispatched to {unit}, handler {staff}, slip {slip} {cite}",
    ),
    ("case-signed", "{staff}签收", "Signed for by {staff}"),
    ("case-returned", "{staff}退回，待重新转办", "Returned by {staff}, to be dispatched anew"),
    ("handler-recused", "{staff}回避 {cite}", "{staff} was recused {cite}"),
    ("case-escalated", "升级至第 {rung} 级：{role} {clock} {cite}", "Escalated to level {rung}, {role} {clock} {cite}"),
    ("handler-named", "{by}指定承办人：{staff}", "{by} named the handler: {staff}"),
    ("dispatch-ruled", "{staff}裁定分办：{ruling}", "{staff} ruled on the dispatch: {ruling}"),
    ("recusal-asked", "申请{staff}回避", "Somebody asked that {staff} be recused"),
    ("recusal-granted", "{by}同意{staff}回避", "{by} granted the recusal of {staff}"),
    ("recusal-refused", "{by}不同意{staff}回避", "{by} refused the recusal of {staff}"),
    ("team-formed", "{by}成立{team}：{staff}", "{by} formed {team}: {staff}"),
    ("ordered", "{by}下达“{order}”给{role} {date} {cite}", "{by} gave {role} the order {order} {date} {cite}"),
    ("order-answered", "{staff}回复“{order}”", "{staff} answered the order {order}"),
    // resolution
    ("investigation-opened", "{staff}开始办理", "{staff} began handling the case"),
    ("note-added", "记录办理情况", "A note was added"),
    ("measures-ordered", "提出措施：{measures}", "Measures ordered: {measures}"),
    ("decision-proposed", "拟定处理意见：{finding}", "Decision proposed: {finding}"),
    ("decision-approved", "{staff}批准处理意见", "{staff} approved the decision"),
    ("decision-refused", "{staff}退回处理意见", "{staff} sent the decision back"),
    ("complainant-answered", "已明确答复投诉人", "The complainant was given a clear answer"),
    ("case-resolved", "处理完毕：{finding}", "Resolved: {finding}"),
    (
        "step-done",
        "{staff}完成“{step}” {outcome_of} {amount} {date} {cite}",
        "{staff} completed: {step} {outcome_of} {amount} {date} {cite}",
    ),
    ("complainant-told", "{staff}已将结果告知投诉人（{way}）", "{staff} told the complainant the result ({way})"),
    ("case-called-back", "已回访投诉人：{satisfaction}", "The complainant was called back: {satisfaction}"),
    ("case-closed", "结案：{outcome} {cite}", "Closed: {outcome} {cite}"),
    (
        "approval-asked",
        "{staff}报批“{act}”，由{role}审批 {cite}",
        "{staff} asked for approval of \"{act}\"; {role} decides {cite}",
    ),
    ("approval-given", "{staff}批准“{act}”", "{staff} approved \"{act}\""),
    ("approval-refused", "{staff}不批准“{act}”", "{staff} refused \"{act}\""),
    ("measure-done", "{staff}落实措施：{measures}", "{staff} carried out: {measures}"),
    ("measure-checked", "{staff}核查措施：{measures}，{checked}", "{staff} checked: {measures}, {checked}"),
    ("case-reopened", "重新办理（第 {round} 轮），自“{stage}” {cite}", "Reopened (round {round}) from {stage} {cite}"),
    (
        "appeal-decided",
        "{staff}决定申诉（{tier}）：{tier_outcome}",
        "{staff} decided the appeal ({tier}): {tier_outcome}",
    ),
    ("case-opened", "另立案件：{kind} {cite}", "A linked case is opened: {kind} {cite}"),
    // deadline-watcher
    ("clock-started", "“{clock}”开始计时，{due_at}到期 {cite}", "{clock} started, due {due_at} {cite}"),
    ("clock-stopped", "“{clock}”停止计时，{on_time}", "{clock} stopped, {on_time}"),
    ("clock-paused", "“{clock}”暂停计时 {cite}", "{clock} stands still {cite}"),
    ("clock-resumed", "“{clock}”恢复计时，{due_at}到期", "{clock} goes on, due {due_at}"),
    ("deadline-moved", "“{clock}”期限改为{due_at}", "{clock} is now due {due_at}"),
    ("deadline-near", "“{clock}”将于{due_at}到期，已提醒", "{clock} is due {due_at}; a reminder went out"),
    ("clock-missed", "“{clock}”超期 {cite}", "{clock} was missed {cite}"),
    ("clock-overdue", "“{clock}”持续超期", "{clock} is still overdue"),
    (
        "extension-asked",
        "{staff}申请将“{clock}”{until}，由{role}审批 {cite}",
        "{staff} asked to extend {clock} {until}; {role} decides {cite}",
    ),
    ("extension-granted", "{staff}同意将“{clock}”{until}", "{staff} extended {clock} {until}"),
    ("extension-refused", "{staff}不同意“{clock}”延期", "{staff} refused to extend {clock}"),
    (
        "suspension-asked",
        "{staff}申请“{clock}”挂账，由{role}审批 {cite}",
        "{staff} asked to suspend {clock}; {role} decides {cite}",
    ),
    ("suspension-granted", "{staff}同意“{clock}”挂账", "{staff} suspended {clock}"),
    ("suspension-refused", "{staff}不同意挂账", "{staff} refused the suspension"),
    ("suspension-ended", "{staff}结束挂账", "{staff} ended the suspension"),
    ("date-set", "{staff}为“{clock}”确定日期：{date} {cite}", "{staff} set a date for {clock}: {date} {cite}"),
    ("calendar-published", "发布工作日历", "A calendar was published"),
    ("breach-found", "发现失职：{breach} {cite}", "A failure was found: {breach} {cite}"),
    ("duty-due", "定期任务开始", "A recurring duty opened"),
    ("duty-missed", "定期任务逾期未完成", "A recurring duty was missed"),
    // notification
    (
        "notice-sent",
        "已通知{recipient}（{way}） {document} {cite}",
        "Notice sent to {recipient} ({way}) {document} {cite}",
    ),
    ("notice-failed", "未能通知{recipient}（{way}）", "Notice to {recipient} could not be delivered ({way})"),
    ("notice-unknown", "通知{recipient}的结果不明（{way}）", "Notice to {recipient}: outcome not known ({way})"),
    ("task-opened", "待{role}联系或送达：{purpose}", "{role} is to reach or deliver: {purpose}"),
    ("task-done", "{staff}联系或送达（{way}）：{reached}", "{staff} tried to reach or deliver ({way}): {reached}"),
    // records
    ("case-archived", "归档，{keep_until} {cite}", "Archived, {keep_until} {cite}"),
    ("ledger-entered", "登记{ledger} {points} {cite}", "Entered in {ledger} {points} {cite}"),
    ("case-published", "{staff}公示：{shows}", "{staff} published: {shows}"),
    ("case-withheld", "{staff}决定不予公示", "{staff} keeps it from the public"),
    (
        "destruction-proposed",
        "保存期限已于{date}届满，提请决定是否销毁 {cite}",
        "The time of keeping ended on {date}; a person decides what becomes of the file {cite}",
    ),
    (
        "destruction-ordered",
        "保存期限已于{date}届满，决定销毁{approved} {cite}",
        "The time of keeping ended on {date}; the file is destroyed{approved} {cite}",
    ),
    (
        "destruction-refused",
        "{staff}不同意销毁，{date}之后再行提请 {cite}",
        "{staff} keeps the file; it is proposed again after {date} {cite}",
    ),
    // any service
    (
        "event-skipped",
        "运维跳过{producer}的一个事件（{event}）",
        "An operator passed over an event of {producer} ({event})",
    ),
    ("fork-settled", "运维裁定日志分歧", "An operator settled a fork of the log"),
    ("duty-done", "完成定期任务", "A recurring duty was done"),
    ("figures-published", "公布统计数据", "Figures were published"),
    ("survey-opened", "匿名调查开始", "An anonymous survey began"),
    ("survey-closed", "匿名调查结束", "An anonymous survey ended"),
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
