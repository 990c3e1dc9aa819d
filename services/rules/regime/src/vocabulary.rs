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
    }
    /// What a person may do with a case; `who` of a pack says which roles may. A pack's own steps stand beside them.
    COMMANDS {
        "record" "登记" "Record",
        "triage" "受理定级" "Triage",
        "decline" "不予受理" "Decline",
        "regrade" "重新定级" "Re-grade",
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
    }
    /// The ways in which a machine or a person reaches somebody.
    WAYS {
        "email" "电子邮件" "E-mail",
        "call" "电话" "Telephone call",
        "visit" "上门" "Visit",
    }
    /// What a template may put into its text.
    PLACEHOLDERS {
        "number" "编号" "Number",
        "unit" "单位" "Unit",
        "due" "期限" "Due",
        "stage" "进度" "Stage",
        "clock" "时限名称" "Clock",
    }
}

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

/// The role that is whoever handles the case.
pub const HANDLER: &str = "handler";

/// What an approval may be of.
pub const APPROVALS: &[&str] = &["overrun", "extension", "suspension", "decision"];

/// The variables of `case` that every pack has; its own questions stand beside them.
pub const VARIABLES: &[&str] = &["kind", "category", "severity", "validity", "valid", "channel", "anonymous"];
