//! What must come first, who approves, who is told, what is kept, who may do what.

use super::Page;
use crate::{Condition, DutyDue, Keep, Recipient, Telling};
use std::collections::BTreeMap;

impl Page<'_> {
    /// The condition before a rule; nothing where it always holds.
    pub(super) fn only(&self, condition: &Condition) -> String {
        if condition.is_always() {
            return String::new();
        }
        let told = self.pick(&condition.told(self.regime));
        self.say(&format!("{told}的，"), &format!("If {told}: "))
    }

    pub(super) fn handling(&mut self) {
        let regime = self.regime;
        if !regime.guards.is_empty() {
            self.section("前置条件", "What must come first");
        }
        for guard in &regime.guards {
            let before: Vec<String> = guard.before.iter().map(|step| self.step(step)).collect();
            let needs: Vec<String> = guard.needs.iter().map(|fact| self.fact(fact)).collect();
            let (before, needs) = (before.join(&self.say("、", ", ")), needs.join(&self.say("、", ", ")));
            let only = self.only(&guard.condition);
            let rule =
                self.say(&format!("“{before}”之前须已“{needs}”"), &format!("before \"{before}\" comes \"{needs}\""));
            let what = format!("{only}{rule}{}{}", self.say("：", ": "), self.pick(&guard.say));
            self.item(&what, &guard.cite);
        }
        if !regime.approvals.is_empty() {
            self.section("审批", "Approvals");
        }
        for approval in &regime.approvals {
            let of = self.approvable(&approval.of);
            let by: Vec<String> = approval.by.iter().map(|role| self.role(role)).collect();
            let by = self.say("须经", " is approved by the ")
                + &by.join(&self.say("、再经", ", then by the "))
                + &self.say("批准", "");
            let what = self.only(&approval.condition) + &of + &by;
            self.item(&what, &approval.cite);
        }
        if !regime.guidance.is_empty() {
            self.section("办理提示（不作强制）", "Advice, which binds nobody");
        }
        for guidance in &regime.guidance {
            let at = self.step(&guidance.at);
            let what =
                format!("{}{}{at}{}", self.only(&guidance.condition), self.say("“", "\""), self.say("”时：", "\": "))
                    + &self.pick(&guidance.say);
            self.item(&what, &guidance.cite);
        }
    }

    pub(super) fn telling(&mut self) {
        let regime = self.regime;
        if !regime.notices.is_empty() {
            self.section("通知", "Notices");
        }
        for notice in &regime.notices {
            let on = self.fact(&notice.on);
            let only = if notice.condition.is_always() {
                String::new()
            } else {
                let told = self.pick(&notice.condition.told(regime));
                self.say(&format!("，{told}的"), &format!(", if {told}"))
            };
            let does = match &notice.telling {
                Telling::Send { to, template, .. } => {
                    let to: Vec<String> = to.iter().map(|to| self.recipient(to)).collect();
                    let subject =
                        regime.templates.get(template).map(|template| self.pick(&template.subject)).unwrap_or_default();
                    let to = to.join(&self.say("、", ", "));
                    self.say(&format!("通知{to}：《{subject}》"), &format!("tells {to}: \"{subject}\""))
                }
                Telling::Task { role, ways, title, .. } => {
                    let ways: Vec<String> = ways.iter().map(|way| self.way(way)).collect();
                    let (role, title) = (self.role(role), self.pick(title));
                    let ways = ways.join(&self.say("或", " or "));
                    self.say(&format!("{role}须以{ways}{title}"), &format!("the {role} does by {ways}: {title}"))
                }
            };
            let what = self.say(&format!("“{on}”时{only}，{does}"), &format!("On \"{on}\"{only}: {does}"));
            self.item(&what, &notice.cite);
        }
        if let Some(callback) = &regime.callback {
            self.section("回访", "Callback");
            let (after, by) = (self.fact(&callback.after), self.role(&callback.by));
            let ways: Vec<String> = callback.ways.iter().map(|way| self.way(way)).collect();
            let ordered = callback.ordered_by.as_ref().map(|role| {
                let role = self.role(role);
                self.say(&format!("，由{role}安排"), &format!(", ordered by the {role}"))
            });
            let (only, ordered, title) =
                (self.only(&callback.condition), ordered.unwrap_or_default(), self.pick(&callback.title));
            let ways = ways.join(&self.say("或", " or "));
            let what = self.say(
                &format!("{only}“{after}”之后由{by}以{ways}{title}{ordered}"),
                &format!("{only}after \"{after}\", the {by} does by {ways}: {title}{ordered}"),
            );
            self.item(&what, &callback.cite);
        }
    }

    pub(super) fn records(&mut self) {
        let records = &self.regime.records;
        self.section("档案与定期任务", "Records and duties");
        let holds: Vec<String> = records.holds.iter().map(|form| self.form(form)).collect();
        let from = self.fact(&records.from);
        let keep = match records.keep {
            Keep::Forever => self.say("永久保存", "kept forever"),
            Keep::For(length) => self.say("保存", "kept for ") + &self.length(length),
        };
        let holds = match holds.len() {
            0 => String::new(),
            _ => self.say("，内含", ", holding ") + &holds.join(&self.say("、", ", ")),
        };
        let what =
            self.say(&format!("案卷自“{from}”起{keep}{holds}"), &format!("The file is {keep} from \"{from}\"{holds}"));
        self.item(&what, &records.cite);
        for duty in &records.duties {
            let (role, to, title) = (self.role(&duty.role), self.role(&duty.to), self.pick(&duty.title));
            let every = match duty.months {
                1 => self.say("每月", "each month"),
                3 => self.say("每季度", "each quarter"),
                6 => self.say("每半年", "each half-year"),
                12 => self.say("每年", "each year"),
                months => self.say(&format!("每 {months} 个月"), &format!("every {months} months")),
            };
            let due = match duty.due {
                DutyDue::BeforeDay(day) => {
                    self.say(&format!("，末月 {day} 日前"), &format!(", before day {day} of its last month"))
                }
                DutyDue::Within(length) => {
                    self.say("结束后 ", ", within ") + &self.length(length) + &self.say("内", " after it")
                }
                DutyDue::PeriodEnd => self.say("，期末前", ", by its last day"),
            };
            let what = self.say(
                &format!("{every}{due}，{role}向{to}提交：{title}"),
                &format!("For {every}{due}, the {role} gives the {to}: {title}"),
            );
            self.item(&what, &duty.cite);
        }
    }

    pub(super) fn who(&mut self) {
        self.section("权限", "Who may do what");
        let mut may: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (command, roles) in &self.regime.who {
            for role in roles {
                may.entry(role).or_default().push(self.step(command));
            }
        }
        let rows: Vec<(String, String)> =
            may.into_iter().map(|(role, steps)| (self.role(role), steps.join(&self.say("、", ", ")))).collect();
        for (role, steps) in rows {
            let what = format!("{role}{}{steps}", self.say("：", ": "));
            self.item(&what, "");
        }
    }

    pub(super) fn recipient(&self, to: &Recipient) -> String {
        match to {
            Recipient::Complainant => self.say("投诉人", "the complainant"),
            Recipient::Handler => self.role(crate::vocabulary::HANDLER),
            Recipient::Role(role) => self.role(role),
        }
    }
}
