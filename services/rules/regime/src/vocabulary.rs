//! The closed vocabulary that all packs share: facts, commands, channels, form fields, ways and placeholders. A pack
//! adds words of its own only where the language has a place for them.

/// A name that every pack may use, with its titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub id: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

impl Term {
    /// Its title in both languages.
    pub fn title(&self) -> kit_core::Text {
        kit_core::Text::new(self.zh, self.en)
    }
}

/// The term `id` of a list.
pub fn term(list: &'static [Term], id: &str) -> Option<&'static Term> {
    list.iter().find(|term| term.id == id)
}

macro_rules! terms {
    ($( $(#[$doc:meta])* $name:ident { $($id:literal $zh:literal $en:literal),* $(,)? } )*) => {
        $( $(#[$doc])* pub const $name: &[Term] = &[ $(Term { id: $id, zh: $zh, en: $en }),* ]; )*
    };
}

terms! {
    /// What can happen in a case.
    FACTS {
        "case-registered" "登记" "Registered",
        "case-supplemented" "补充材料" "Material added",
        "case-withdrawn" "撤回" "Withdrawn",
        "identity-read" "查看身份信息" "Identity read",
        "narrative-read" "查看诉求内容" "Narrative read",
        "case-accepted" "受理" "Accepted",
        "case-declined" "不予受理" "Declined",
        "case-classified" "分类" "Classified",
        "case-graded" "定级" "Graded",
        "validity-judged" "认定有效性" "Validity judged",
        "containment-recorded" "先行处置" "Harm contained",
        "case-dispatched" "转办" "Dispatched",
        "case-signed" "签收" "Signed for",
        "case-returned" "退回" "Returned",
        "handler-recused" "回避" "Recused",
        "case-escalated" "升级" "Escalated",
        "investigation-opened" "开始办理" "Handling begun",
        "note-added" "办理记录" "Note added",
        "measures-ordered" "提出措施" "Measures ordered",
        "decision-proposed" "拟定处理意见" "Decision proposed",
        "decision-approved" "批准处理意见" "Decision approved",
        "decision-refused" "退回处理意见" "Decision refused",
        "complainant-answered" "明确答复" "Clear answer given",
        "case-resolved" "处理完毕" "Resolved",
        "complainant-told" "告知结果" "Result told",
        "case-called-back" "回访" "Called back",
        "case-closed" "结案" "Closed",
        "clock-started" "开始计时" "Clock started",
        "clock-stopped" "停止计时" "Clock stopped",
        "clock-paused" "暂停计时" "Clock paused",
        "clock-resumed" "恢复计时" "Clock resumed",
        "deadline-moved" "期限变更" "Deadline moved",
        "deadline-near" "期限将至" "Deadline near",
        "clock-missed" "超期" "Deadline missed",
        "clock-overdue" "持续超期" "Still overdue",
        "extension-asked" "申请延期" "More time asked for",
        "extension-granted" "同意延期" "More time granted",
        "extension-refused" "不同意延期" "More time refused",
        "suspension-asked" "申请挂账" "Suspension asked for",
        "suspension-granted" "同意挂账" "Suspended",
        "suspension-refused" "不同意挂账" "Suspension refused",
        "suspension-ended" "挂账结束" "Suspension ended",
        "date-set" "确定日期" "Date set",
        "breach-found" "发现失职" "Failure found",
        "notice-sent" "已发通知" "Notice sent",
        "notice-failed" "通知未达" "Notice failed",
        "notice-unknown" "通知结果不明" "Notice outcome unknown",
        "task-opened" "待办通知" "Call or visit owed",
        "task-done" "已联系" "Call or visit made",
        "case-archived" "归档" "Archived",
        "case-recorded" "录入" "Recorded",
        "answered-at-once" "当场答复" "Answered at once",
        "complainant-asked" "请投诉人补充" "Complainant asked",
        "complainant-chased" "催问" "Chased by the complainant",
        "case-linked" "关联" "Linked",
        "cases-merged" "并案" "Merged",
        "identity-verified" "身份核验" "Identity verified",
        "case-rated" "评价" "Rated",
        "appeal-lodged" "提出申诉" "Appeal lodged",
        "case-opened" "另立案件" "Linked case opened",
        "case-referred" "移送" "Referred",
        "report-back-received" "收到报备" "Report-back received",
        "facts-stated" "认定事实" "Facts stated",
        "case-moved" "改用制度版本" "Moved to another version",
        "handler-named" "确定承办人" "Handler named",
        "dispatch-ruled" "裁定分办" "Dispatch ruled on",
        "recusal-asked" "申请回避" "Recusal asked for",
        "recusal-granted" "同意回避" "Recusal granted",
        "recusal-refused" "不同意回避" "Recusal refused",
        "team-formed" "成立工作组" "Team formed",
        "ordered" "下达指令" "Order given",
        "order-answered" "指令已回复" "Order answered",
        "measure-done" "措施已落实" "Measure carried out",
        "measure-checked" "措施已核查" "Measure checked",
        "approval-asked" "报批" "Approval asked for",
        "approval-given" "批准" "Approval given",
        "approval-refused" "不予批准" "Approval refused",
        "appeal-decided" "申诉决定" "Appeal decided",
        "case-reopened" "重新办理" "Reopened",
        "case-published" "公示" "Published",
        "case-withheld" "不予公示" "Withheld",
        "ledger-entered" "登记台账" "Entered in a ledger",
        "destruction-proposed" "提请销毁" "Destruction proposed",
        "destruction-ordered" "决定销毁" "Destruction ordered",
        "destruction-refused" "不予销毁" "Destruction refused",
        "case-purged" "内容已销毁" "Content destroyed",
    }
    /// What a person may do with a case; `who` of a pack says which roles may. A pack's own steps stand beside them.
    COMMANDS {
        "record" "登记" "Record",
        "triage" "受理定级" "Triage",
        "decline" "不予受理" "Decline",
        "regrade" "重新定级" "Re-grade",
        "move-to-version" "改用制度版本" "Move to another version",
        "judge-validity" "认定有效性" "Judge validity",
        "contain" "先行处置" "Record containment",
        "dispatch" "转办" "Dispatch",
        "sign" "签收" "Sign for it",
        "return" "退回" "Return",
        "recuse" "回避" "Recuse",
        "note" "记录" "Add a note",
        "measure" "提出措施" "Order measures",
        "decide" "拟定处理意见" "Propose a decision",
        "approve-decision" "审批处理意见" "Rule on a decision",
        "answer" "答复" "Answer clearly",
        "resolve" "处理完毕" "Resolve",
        "tell" "告知结果" "Tell the result",
        "call-back" "回访" "Call back",
        "close" "结案" "Close",
        "ask-overrun" "申请延期" "Ask for more time",
        "ask-extension" "申请延期" "Ask for more time",
        "ask-suspension" "申请挂账" "Ask for a suspension",
        "end-suspension" "结束挂账" "End a suspension",
        "set-date" "确定日期" "Set a date",
        "withdraw" "代为撤回" "Withdraw for them",
        "reveal-identity" "查看身份信息" "Reveal the identity",
        "statistics" "统计" "See statistics",
        "answer-at-once" "当场答复" "Answer at once",
        "verify-identity" "核验身份" "Verify the identity",
        "supplement" "补充材料" "Add material",
        "ask-complainant" "请投诉人补充" "Ask the complainant",
        "chase" "登记催问" "Record a chase",
        "link" "关联" "Link",
        "merge" "并案" "Merge",
        "appeal" "代为申诉" "Lodge an appeal for them",
        "rate" "评价" "Rate",
        "accept" "受理" "Accept",
        "refer" "移送" "Refer",
        "report-back" "报备" "Report back",
        "state" "认定事实" "State facts",
        "rule-dispatch" "裁定分办" "Rule on a dispatch",
        "delegate" "确定承办人" "Name the handler",
        "ask-recusal" "申请回避" "Ask for recusal",
        "rule-recusal" "决定回避" "Rule on recusal",
        "form-team" "成立工作组" "Form a team",
        "escalate" "上报" "Escalate",
        "order" "下达指令" "Give an order",
        "answer-order" "回复指令" "Answer an order",
        "carry-out" "落实措施" "Carry out a measure",
        "check-measure" "核查措施" "Check a measure",
        "ask-approval" "报批" "Ask for approval",
        "approve" "审批" "Rule on an approval",
        "decide-appeal" "决定申诉" "Decide an appeal",
        "publish" "公示" "Publish",
        "withhold" "不予公示" "Withhold",
        "enter" "登记台账" "Enter in a ledger",
        "reopen" "重新办理" "Reopen",
        "approve-destruction" "审批销毁" "Rule on a destruction",
        "split" "分案" "Split the matter",
    }
    /// Steps that mean the same in every regime: a pack opens one by naming it, and may add its own.
    STEPS {
        "case-verified" "初步核实" "Preliminary verification",
        "complainant-contacted" "联系投诉人" "Complainant contacted",
        "representation-proved" "代理资格核验" "Power of attorney checked",
        "representatives-elected" "推选代表人" "Representatives elected",
        "consent-of-represented" "被代表人同意" "Consent of those represented",
        "copy-served" "送达副本" "Copy served",
        "respondent-answered" "被投诉方答辩" "Respondent's defence",
        "statement-taken" "听取陈述申辩" "Statements heard",
        "evidence-collected" "调查取证" "Evidence collected",
        "site-visited" "现场核查" "Scene visited",
        "investigation-reported" "提交调查报告" "Investigation report",
        "appraisal-started" "委托鉴定" "Appraisal commissioned",
        "appraisal-ended" "鉴定完成" "Appraisal finished",
        "conference-held" "会商" "Conference held",
        "plan-made" "制定方案" "Plan made",
        "reply-drafted" "拟定答复" "Reply drafted",
        "reply-reviewed" "审核答复" "Reply reviewed",
        "reply-sent" "报送答复" "Reply sent in",
        "mediation-agreed" "同意调解" "Both sides agree to mediate",
        "mediation-arranged" "告知调解安排" "Mediation arranged",
        "mediation-started" "开始调解" "Mediation begun",
        "mediation-session" "调解" "Mediation session",
        "mediation-entrusted" "委托调解" "Mediation entrusted",
        "mediation-ended" "终止或完成调解" "Mediation ended",
        "violation-suspected" "发现涉嫌违法" "Violation suspected",
        "lead-verified" "线索核查" "Lead verified",
        "case-filed" "立案决定" "Filing decision",
        "penalty-decided" "处罚决定" "Penalty decision",
        "case-file-entered" "平台录入" "Entered on the platform",
        "cause-found" "原因分析" "Cause found",
        "corrected" "整改" "Corrected",
        "explained" "说明解释" "Explained",
        "complainant-consented" "投诉人同意公示" "Complainant consents to publication",
        "respondent-told" "告知被投诉方" "Respondent told",
        "protection-given" "采取保护措施" "Protection given",
        "retaliation-reported" "反映打击报复" "Retaliation reported",
        "reward-granted" "奖励" "Reward granted",
        "leniency-ruled" "从宽处理" "Leniency ruled on",
        "loss-recovered" "挽回损失" "Loss recovered",
        "transferred-out" "移送" "Transferred out",
        "announced" "公告" "Announced",
        "suggested" "提出建议" "Suggestion made",
        "supervision-reviewed" "监督评议" "Supervision reviewed",
        "expert-consulted" "专家论证" "Experts consulted",
        "handed-over" "移交" "Handed over",
        "reported-up" "上报" "Reported up",
        "settled" "和解" "Settled",
    }
    /// The doors through which a matter may come.
    CHANNELS {
        "web" "网上" "Web",
        "phone" "电话" "Telephone",
        "walk-in" "来访" "Walk-in",
        "letter" "来信" "Letter",
        "email" "电子邮件" "E-mail",
        "box" "意见箱" "Suggestion box",
        "wechat" "微信" "WeChat",
        "transfer" "上级或其他单位转来" "Transferred to us",
        "fax" "传真" "Fax",
        "sms" "短信" "Text message",
        "official-account" "公众号" "Official account",
        "platform" "平台" "Platform",
        "association" "协会或第三方" "Association or third party",
        "callback" "电话回访" "Telephone callback",
    }
    /// The fields of the hand-in form that a channel may require. `contact` is any one way to reach the complainant.
    FIELDS {
        "contact" "联系方式" "A way to reach you",
        "name" "姓名" "Name",
        "phone" "电话" "Telephone",
        "email" "电子邮箱" "E-mail address",
        "address" "住址" "Address",
        "subject" "事由" "Subject",
        "narrative" "诉求内容" "What happened",
        "about-unit" "被投诉部门" "Department complained of",
        "asked-by" "希望办结的日期" "When you want it done",
        "respondent-name" "被投诉人名称" "Name complained of",
        "respondent-address" "被投诉人地址" "Their address",
        "respondent-contact" "被投诉人联系方式" "How to reach them",
        "agent-name" "代理人姓名" "Agent's name",
        "agent-contact" "代理人联系方式" "How to reach the agent",
        "place" "地点" "Place",
        "time" "时间" "Time",
        "persons" "涉及人员" "Persons involved",
        "evidence" "证据" "Evidence",
        "request" "请求" "What you ask for",
        "reasons" "理由" "Reasons",
        "channel-used" "反映途径" "Way it came",
    }
    /// The ways in which a machine or a person reaches somebody.
    WAYS {
        "email" "电子邮件" "E-mail",
        "call" "电话" "Telephone call",
        "visit" "上门" "Visit",
        "letter" "信函" "Letter",
    }
    /// What an answer may have to hold.
    PARTS {
        "process" "办理程序" "How it will be handled",
        "time" "办理时间" "By when",
        "reasons" "理由" "Reasons",
        "course" "办理经过" "What was done",
        "remedies" "处理结果" "What you get",
        "other-ways" "其他途径" "Other ways open to you",
        "redress" "救济途径" "Where you can turn against it",
        "explanation" "说明" "Explanation",
    }
    /// The templates of the house; a pack writes one of its own only where its text prescribes what it says.
    TEMPLATES {
        "receipt" "登记回执" "Receipt",
        "accepted" "受理通知" "Taken",
        "declined" "不予受理通知" "Not taken",
        "referred" "移送通知" "Referred",
        "progress" "进展告知" "Progress",
        "result" "结果告知" "Result",
        "delay" "延期告知" "Delay",
        "extended" "延长期限告知" "More time",
        "reminder" "催办" "Reminder",
        "overdue" "超期提醒" "Overdue",
        "alert" "重要情况提醒" "Alert",
        "report" "办理情况报告" "Report",
        "ordered" "指令通知" "Order",
        "escalated" "升级通知" "Escalated",
        "termination" "终止告知" "Ended",
        "copy" "副本送达" "Copy",
        "appeal-received" "申诉收到" "Appeal received",
        "appeal-result" "申诉结果" "Appeal decided",
        "protection" "保护告知" "Protection",
        "published" "公示告知" "Published",
        "assessed" "考核告知" "Assessed",
        "duty-opened" "定期任务提醒" "Duty opened",
        "duty-missed" "定期任务逾期" "Duty missed",
    }
    /// What a template may put into its text.
    PLACEHOLDERS {
        "number" "编号" "Number",
        "unit" "单位" "Unit",
        "due" "期限" "Due",
        "stage" "进度" "Stage",
        "clock" "时限名称" "Clock",
        "ground" "不予受理的情形" "Ground",
        "say" "对该情形的说明" "What is said of the ground",
        "promised" "承诺的日期" "Date promised",
        "process" "办理程序" "How it will be handled",
        "time" "办理时间" "By when",
        "reasons" "理由" "Reasons",
        "course" "办理经过" "What was done",
        "remedies" "处理结果" "What you get",
        "redress" "救济途径" "Where you can turn against it",
        "explanation" "说明" "Explanation",
        "other_ways" "其他途径" "Other ways open to you",
        "duty" "定期任务" "Recurring duty",
        "period" "周期" "Period",
    }
    /// What of a case may be shown to the public.
    SHOWN {
        "narrative" "诉求内容" "What it was about",
        "result" "处理结果" "Result",
        "announcement" "公告" "Announcement",
        "respondent" "被投诉人类型" "Whom it was about",
        "category" "类别" "Category",
        "kind" "事项类型" "Kind",
        "unit" "单位" "Unit",
        "finding" "认定结果" "Finding",
    }
}

/// The placeholders that are filled from the vault: what staff wrote for the complainant, whom alone it is told.
pub const SEALED: &[&str] =
    &["process", "time", "reasons", "course", "remedies", "redress", "explanation", "other_ways"];

/// Commands of which no fact says who gave them.
pub const UNSIGNED: &[&str] = &[
    "answer",
    "regrade",
    "judge-validity",
    "contain",
    "supplement",
    "chase",
    "rate",
    "withdraw",
    "recuse",
    "statistics",
    "reopen",
];

/// What staff write themselves before it is shown to the public; all else is taken from the case.
pub const PUBLIC_TEXTS: &[&str] = &["narrative", "result", ANNOUNCEMENT];
/// What is written beside figures that are published.
pub const ANNOUNCEMENT: &str = "announcement";

/// What a duty may hold besides ledgers and surveys: the figures of its period.
pub const STATISTICS: &str = "statistics";

/// Facts that happen to a clock: a pack may name it in brackets, as in `clock-missed(one-month)`.
pub const CLOCK_FACTS: &[&str] = &[
    "clock-started",
    "clock-stopped",
    "clock-paused",
    "clock-resumed",
    "deadline-moved",
    "deadline-near",
    "clock-missed",
    "clock-overdue",
    "extension-asked",
    "extension-granted",
    "extension-refused",
    "date-set",
];

/// What happens to a clock by itself, with nobody's word: from these alone could clocks start each other for ever.
pub const CLOCK_CHANGES: &[&str] = &[
    "clock-started",
    "clock-stopped",
    "clock-paused",
    "clock-resumed",
    "deadline-moved",
    "deadline-near",
    "clock-missed",
    "clock-overdue",
];

/// The fact of a failure that is no time limit: a pack may name it in brackets, as in `breach-found(chased)`.
pub const BREACH_FACT: &str = "breach-found";

/// Who filed, and whom it is about.
pub const COMPLAINANT: &str = "complainant";
pub const RESPONDENT: &str = "respondent";
/// Who is told as the head of the unit that handles the case: whoever holds there the role to which it was routed.
pub const UNIT_HEAD: &str = "unit-head";
/// The role that is whoever handles the case.
pub const HANDLER: &str = "handler";
/// The role that is whoever took the matter in, until somebody has signed for it.
pub const FIRST_CONTACT: &str = "first-contact";
/// The role that is every member of a team formed in the case.
pub const TEAM: &str = "team";
/// The role that is every member of staff of the unit.
pub const ANYONE: &str = "anyone";

/// The role of the house that keeps the organisation, the regimes and the calendars, in its unit and below.
pub const ADMINISTRATOR: &str = "administrator";
/// The act by which a case moves to another version, and the fact that it has.
pub const MOVE_TO_VERSION: &str = "move-to-version";
pub const MOVED_FACT: &str = "case-moved";

/// The roles that a case gives, rather than the organisation.
pub const CASE_ROLES: &[&str] = &[HANDLER, FIRST_CONTACT, TEAM, ANYONE];

/// What an approval may be of beside the acts and steps.
pub const APPROVALS: &[&str] = &["overrun", "extension", "suspension", "decision"];

/// The variables of `case` that every pack has; its own questions stand beside them.
pub const VARIABLES: &[&str] = &[
    "kind",
    "category",
    "severity",
    "validity",
    "valid",
    "channel",
    "anonymous",
    "handler_role",
    "identity",
    "real_name",
    "complainant",
    "respondent",
    "courtesy",
    "finding",
    "satisfaction",
    "outcome",
    "rung",
    "round",
    "chases",
    "repeats",
];

/// By what cases may be counted; a pack's own word facts stand beside them.
pub const AXES: &[&str] = &[
    "kind",
    "category",
    "severity",
    "validity",
    "channel",
    "unit",
    "finding",
    "complainant",
    "respondent",
    "satisfaction",
    "outcome",
];

/// Those of the variables that are numbers.
pub const COUNTS: &[&str] = &["rung", "round", "chases", "repeats"];

/// How well a complainant is known, from the least to the most.
pub const IDENTITIES: &[&str] = &["anonymous", "contact", "named", "real-name"];

/// How two cases have to do with each other.
pub const RELATIONS: &[&str] = &["repeat", "over-level", "same-report", "twin", "lead", "merged", "related"];

/// How a case may end.
pub const OUTCOMES: &[&str] = &["resolved", "declined", "referred", "withdrawn", "answered-at-once", "merged"];

/// What a number that answers a question may be.
pub const NUMBERS: std::ops::RangeInclusive<i64> = 0..=1_000_000_000_000;
