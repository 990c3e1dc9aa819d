//! Who is told, and who is called back, in sentences.

use super::Page;
use crate::{Callback, Notice, Recipient, Sending, Telling};

impl Page<'_> {
    pub(super) fn telling(&mut self) {
        let regime = self.regime;
        if !regime.notices.is_empty() {
            self.section("通知", "Notices");
        }
        for notice in &regime.notices {
            let what = self.notice(notice);
            self.item(&what, &notice.cite);
        }
        if !regime.callbacks.is_empty() {
            self.section("回访", "Callback");
        }
        for callback in &regime.callbacks {
            let what = self.callback(callback);
            self.item(&what, &callback.cite);
        }
    }

    fn notice(&self, notice: &Notice) -> String {
        let on: Vec<String> = notice.on.iter().map(|fact| self.fact(fact)).collect();
        let on = on.join(&self.say("或", " or "));
        let only = if notice.condition.is_always() {
            String::new()
        } else {
            let told = self.pick(&notice.condition.told(self.regime));
            self.say(&format!("，{told}的"), &format!(", if {told}"))
        };
        let does = match &notice.telling {
            Telling::Send(sending) => self.sending(sending),
            Telling::Task { to, role, ways, title, .. } => {
                let ways: Vec<String> = ways.iter().map(|way| self.way(way)).collect();
                let (role, title) = (self.role(role), self.pick(title));
                let ways = ways.join(&self.say("或", " or "));
                let to = match to {
                    Recipient::Complainant => String::new(),
                    other => self.say("向", "to the ") + &self.recipient(other) + &self.say("", ", "),
                };
                self.say(&format!("{role}须以{ways}{to}{title}"), &format!("the {role} does by {ways}: {to}{title}"))
            }
        };
        self.say(&format!("“{on}”时{only}，{does}"), &format!("On \"{on}\"{only}: {does}"))
    }

    fn sending(&self, sending: &Sending) -> String {
        let to: Vec<String> = sending.to.iter().map(|to| self.recipient(to)).collect();
        let to = to.join(&self.say("、", ", "));
        let subject = self.regime.template(&sending.template).map(|template| self.pick(&template.subject));
        let subject = subject.unwrap_or_default();
        let mut said = self.say(&format!("通知{to}：《{subject}》"), &format!("tells {to}: \"{subject}\""));
        if sending.is_document {
            said += &self.say("（编号文书）", ", as a numbered document");
        }
        if let Some(done) = &sending.done {
            let done = self.fact(done);
            let role = self.role(sending.role.as_deref().unwrap_or(crate::vocabulary::HANDLER));
            said += &self.say(
                &format!("；发出即视为“{done}”，无法发出的由{role}送达"),
                &format!("; once sent, \"{done}\"; what cannot be sent the {role} delivers"),
            );
        }
        said
    }

    fn callback(&self, callback: &Callback) -> String {
        let (after, by) = (self.fact(&callback.after), self.role(&callback.by));
        let ways: Vec<String> = callback.ways.iter().map(|way| self.way(way)).collect();
        let ordered = callback.ordered_by.as_ref().map(|role| {
            let role = self.role(role);
            self.say(&format!("，由{role}安排"), &format!(", ordered by the {role}"))
        });
        let share = match callback.share {
            100 => String::new(),
            share => self.say(&format!("，抽取 {share}%"), &format!(", of {share} cases in 100")),
        };
        let (only, ordered, title) =
            (self.only(&callback.condition), ordered.unwrap_or_default(), self.pick(&callback.title));
        let ways = ways.join(&self.say("或", " or "));
        self.say(
            &format!("{only}“{after}”之后由{by}以{ways}{title}{share}{ordered}"),
            &format!("{only}after \"{after}\", the {by} does by {ways}: {title}{share}{ordered}"),
        )
    }

    pub(super) fn recipient(&self, to: &Recipient) -> String {
        match to {
            Recipient::Complainant => self.say("投诉人", "the complainant"),
            Recipient::Respondent => self.say("被投诉人", "the respondent"),
            other => self.role(other.name()),
        }
    }
}
