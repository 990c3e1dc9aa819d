//! The words the services use among themselves, as people read them. Words of a regime are not here: those are
//! learned (`wordbook`).

use kit_core::Text;
use serde::Serialize;

/// An id together with what people call it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) title: Text,
}

impl Named {
    pub(crate) fn new(id: impl Into<String>, title: Text) -> Self {
        Self { id: id.into(), title }
    }
}

/// States and stages of a case, a task, a request or a delivery; an unknown one stands for itself.
pub(crate) fn state(id: &str) -> Named {
    let (zh, en) = match id {
        "received" | "pending" => ("已收到", "Received"),
        "accepted" => ("已受理", "Accepted"),
        "to-dispatch" => ("待派单", "To be dispatched"),
        "dispatched" => ("待签收", "Dispatched, not yet signed for"),
        "signed" => ("已签收", "Signed for"),
        "held" => ("须先采取措施", "Held until a step is done"),
        "returned" => ("已退回", "Returned"),
        "waiting" => ("等待办理", "Waiting"),
        "handling" => ("办理中", "Being handled"),
        "answered" => ("已答复", "Answered"),
        "resolved" => ("已解决", "Resolved"),
        "closed" => ("已办结", "Closed"),
        "declined" => ("不予受理", "Declined"),
        "referred" => ("已移送", "Referred"),
        "withdrawn" => ("已撤回", "Withdrawn"),
        "open" => ("办理中", "Open"),
        "done" => ("已完成", "Done"),
        "asked" => ("待批", "Asked for"),
        "granted" => ("已批准", "Granted"),
        "refused" => ("未批准", "Refused"),
        "queued" => ("待发送", "Queued"),
        "sending" => ("发送中", "Being sent"),
        "sent" => ("已发送", "Sent"),
        "by-hand" => ("人工送达", "By hand"),
        "ended" => ("已结束", "Ended"),
        "failed" => ("失败", "Failed"),
        "unknown" => ("结果不明", "Outcome unknown"),
        "behind" => ("排在后面", "Behind another"),
        "running" => ("计时中", "Running"),
        "stopped" => ("已停止", "Stopped"),
        "missed" => ("已超期", "Missed"),
        "paused" => ("暂停计时", "Paused"),
        other => (other, other),
    };
    Named::new(id, Text::new(zh, en))
}

/// Ways in and ways to reach someone.
pub(crate) fn way(id: &str) -> Named {
    let (zh, en) = match id {
        "web" => ("网页", "Web"),
        "phone" => ("电话", "Phone"),
        "call" => ("电话", "Call"),
        "walk-in" => ("来访", "Walk-in"),
        "visit" => ("走访", "Visit"),
        "in-person" => ("当面", "In person"),
        "letter" => ("信函", "Letter"),
        "document" => ("书面文书", "Document"),
        "email" => ("电子邮件", "E-mail"),
        "sms" => ("短信", "Text message"),
        "wechat" => ("微信", "WeChat"),
        "id-card" => ("查验证件", "Papers seen"),
        "origin" => ("原渠道", "The way it came"),
        other => (other, other),
    };
    Named::new(id, Text::new(zh, en))
}

/// The ways in which a person tells somebody.
pub(crate) fn ways_to_tell() -> Vec<Named> {
    ["call", "visit", "in-person", "letter", "document", "email"].into_iter().map(way).collect()
}

/// The ways in which somebody shows who they are.
pub(crate) fn ways_to_prove() -> Vec<Named> {
    ["in-person", "id-card", "document", "call"].into_iter().map(way).collect()
}

/// What another case is to this one.
pub(crate) fn relation(id: &str) -> Named {
    let (zh, en) = match id {
        "repeat" => ("重复投诉", "The same matter again"),
        "over-level" => ("越级投诉", "The same matter at another level"),
        "same-report" => ("同一举报", "The same report"),
        "twin" => ("同时提出", "Handed in together"),
        "lead" => ("线索", "A lead"),
        "merged" => ("已并案", "Merged"),
        "related" => ("相关", "Related"),
        other => (other, other),
    };
    Named::new(id, Text::new(zh, en))
}

/// The relations that a person may see between two cases.
pub(crate) fn relations() -> Vec<Named> {
    ["related", "repeat", "over-level", "same-report", "twin", "lead"].into_iter().map(relation).collect()
}

/// How well a complainant is known, or wants to be.
pub(crate) fn known_as(id: &str) -> Named {
    let (zh, en) = match id {
        "anonymous" => ("匿名", "Anonymous"),
        "contact" => ("只留联系方式", "A way to reach you"),
        "named" => ("署名", "By name"),
        "real-name" => ("实名", "By name, with proof"),
        other => (other, other),
    };
    Named::new(id, Text::new(zh, en))
}

/// A field of the form beyond the fixed ones.
pub(crate) fn form_field(id: &str) -> Option<Named> {
    let (zh, en) = match id {
        "place" => ("地点", "Place"),
        "time" => ("时间", "Time"),
        "persons" => ("涉及人员", "Persons involved"),
        "evidence" => ("证据", "Evidence"),
        "request" => ("请求", "What you ask for"),
        "reasons" => ("理由", "Reasons"),
        "channel-used" => ("反映途径", "Way it came"),
        _ => return None,
    };
    Some(Named::new(id, Text::new(zh, en)))
}

/// What an answer may have to hold.
pub(crate) fn part(id: &str) -> Text {
    let (zh, en) = match id {
        "process" => ("办理程序", "How it will be handled"),
        "time" => ("办理时间", "By when"),
        "reasons" => ("理由", "Reasons"),
        "course" => ("办理经过", "What was done"),
        "remedies" => ("处理结果", "What they get"),
        "other-ways" => ("其他途径", "Other ways open to them"),
        "redress" => ("救济途径", "Where they can turn against it"),
        "explanation" => ("说明", "Explanation"),
        other => (other, other),
    };
    Text::new(zh, en)
}

/// A length of time as services write it, such as `3 working-days`.
pub(crate) fn length(text: &str) -> Text {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let (zh, en) = match unit {
        "working-days" => ("个工作日", "working days"),
        "days" => ("天", "days"),
        "working-hours" => ("个工作小时", "working hours"),
        "hours" => ("小时", "hours"),
        "minutes" => ("分钟", "minutes"),
        "months" => ("个月", "months"),
        other => (other, other),
    };
    Text::new(format!("{number} {zh}").trim_end(), format!("{number} {en}").trim_end())
}

/// Fields of an identity.
pub(crate) fn identity(id: &str) -> Named {
    let (zh, en) = match id {
        "name" => ("姓名", "Name"),
        "phone" => ("电话", "Phone"),
        "email" => ("电子邮件", "E-mail"),
        "address" => ("地址", "Address"),
        other => (other, other),
    };
    Named::new(id, Text::new(zh, en))
}

/// What a sealed text is.
pub(crate) fn purpose(id: &str) -> Named {
    let (zh, en) = match id {
        "subject" => ("事由", "Subject"),
        "narrative" => ("陈述", "Narrative"),
        "supplement" => ("补充", "Supplement"),
        "note" => ("记录", "Note"),
        "reason" => ("理由", "Reason"),
        "decision" => ("处理决定", "Decision"),
        "answer" => ("答复", "Answer"),
        "call-record" => ("回访记录", "Call record"),
        "chase" => ("催问", "Chase"),
        "rating" => ("评价", "Rating"),
        "reasons-of-appeal" => ("申诉理由", "Reasons of the appeal"),
        "request-of-appeal" => ("申诉请求", "Request of the appeal"),
        "file" => ("文件", "File"),
        other => (other, other),
    };
    Named::new(id, Text::new(zh, en))
}

/// The services, as an administrator reads them.
pub(crate) fn service(id: &str) -> Text {
    match id {
        "intake" => Text::new("收件", "Intake"),
        "triage" => Text::new("分级", "Triage"),
        "assignment" => Text::new("派单", "Assignment"),
        "resolution" => Text::new("办理", "Resolution"),
        "deadline-watcher" => Text::new("时限", "Deadlines"),
        "notification" => Text::new("通知", "Notification"),
        "records" => Text::new("档案", "Records"),
        other => Text::new(other, other),
    }
}

/// How the history of a service and what another applied of it fell apart.
pub(crate) fn fork(id: &str) -> Named {
    let (zh, en) = match id {
        "behind" => ("对方日志短于已处理的部分", "Its log ends before what was applied"),
        "other" => ("同一序号处的链值不同", "Another link at the number last applied"),
        "broken" => ("对方的下一事件不相衔接", "Its next event does not link"),
        other => (other, other),
    };
    Named::new(id, Text::new(zh, en))
}

/// What an operator decided about a log.
pub(crate) fn decision(id: &str) -> Named {
    let (zh, en) = match id {
        "skip" => ("跳过事件", "Skipped an event"),
        "recheck" => ("重新核对", "Rechecked a fork"),
        "accept" => ("接受对方历史", "Accepted a history"),
        "detach" => ("卸下月份", "Detached a month"),
        "attach" => ("挂回月份", "Attached a month"),
        other => (other, other),
    };
    Named::new(id, Text::new(zh, en))
}

/// A part of a page whose service does not answer.
pub(crate) fn part_missing(name: &str) -> Text {
    let name = service(name);
    Text::new(
        format!("“{}”部分暂时读不到，其余内容照常显示", name.zh),
        format!("The part “{}” cannot be read for the moment; the rest is shown", name.en),
    )
}
