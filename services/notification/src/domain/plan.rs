//! What one fact of a case asks for: notices to people, and tasks for people.

mod outside;

pub(crate) use outside::by_hand;

use super::{CALLED_BACK, Case, EMAIL, Params, recipients};
use chrono::{DateTime, Utc};
use facts::DueEffect;
use kit_core::Text;
use organisation::Directory;
use regime::{Effect, FactRef, Recipient, Regime, Sending, Telling};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a fact asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) notices: Vec<PlannedNotice>,
    pub(crate) tasks: Vec<PlannedTask>,
}

/// Who is written to, as events and rows name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Complainant,
    Respondent,
    Staff,
    Body,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Complainant => "complainant",
            Self::Respondent => "respondent",
            Self::Staff => "staff",
            Self::Body => "body",
        }
    }

    /// The kind of this word.
    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::Complainant, Self::Respondent, Self::Staff, Self::Body].into_iter().find(|kind| kind.word() == word)
    }
}

/// A message to one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlannedNotice {
    /// What makes it the same notice as another: the fact, the text and the person.
    pub(crate) dedupe_key: String,
    pub(crate) kind: Kind,
    /// `complainant`, `respondent`, the body, or the role that the person is told in.
    pub(crate) recipient: String,
    /// Where it is a member of staff.
    pub(crate) staff_id: Option<String>,
    pub(crate) template: String,
    pub(crate) params: Params,
    /// The texts in the vault that fill placeholders, by their names.
    pub(crate) parts: BTreeMap<String, String>,
    /// What has happened once it is sent.
    pub(crate) done: String,
    pub(crate) is_document: bool,
    /// No machine can send it.
    pub(crate) is_by_hand: bool,
    /// What a person does where no machine can.
    pub(crate) owed: Option<Owed>,
    pub(crate) cite: String,
}

/// A delivery that somebody owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owed {
    pub(crate) purpose: String,
    pub(crate) title: Text,
    pub(crate) ways: Vec<String>,
    pub(crate) role: String,
}

/// A call, a visit or a delivery that the holders of a role owe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlannedTask {
    pub(crate) dedupe_key: String,
    pub(crate) purpose: String,
    pub(crate) title: Text,
    pub(crate) ways: Vec<String>,
    pub(crate) role: String,
    pub(crate) is_callback: bool,
}

/// The fact in question, once the case has taken it in.
pub(crate) struct Happening<'a> {
    /// All that it is known as.
    pub(crate) facts: Vec<FactRef>,
    /// Which occurrence it is: the place of the event in its producer's log.
    pub(crate) occurrence: String,
    /// When the clock that it is about ends.
    pub(crate) due_at: Option<DateTime<Utc>>,
    /// Whom the fact itself says to tell, whatever the regime's notices say.
    pub(crate) watchers: Watchers<'a>,
    /// What the rules bring about on it.
    pub(crate) effects: Vec<DueEffect>,
    /// What staff wrote for the complainant, by placeholder.
    pub(crate) parts: BTreeMap<String, String>,
    /// What staff wrote without saying for whom; only a text of the regime that asks for it tells it.
    pub(crate) text: Option<String>,
}

/// People named by the fact itself.
pub(crate) enum Watchers<'a> {
    Nobody,
    /// A reminder's roles.
    Roles(&'a [String]),
    /// The people of a rung of the ladder.
    Staff {
        role: &'a str,
        staff_ids: &'a [String],
    },
    /// The people of whom an order asks an answer; a notice to this role is for them.
    Ordered {
        role: &'a str,
        staff_ids: &'a [String],
    },
}

/// The template of a fact that names its own watchers.
pub(crate) const DEADLINE_NEAR: &str = "deadline-near";
pub(crate) const ESCALATED: &str = "escalated";

/// What `happening` asks for in `case`.
pub(crate) fn plan(case: &Case, regime: &Regime, directory: &Directory, happening: &Happening<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut planner = Planner { case, regime, directory, happening, told: BTreeSet::new(), plan: &mut plan };
    planner.notices();
    for due in &happening.effects {
        if let Effect::Tell { to, template } = &due.effect {
            let fact = happening.facts.first().cloned().unwrap_or_else(|| FactRef::new(""));
            planner.send(&fact, &sent(to, template), &due.cite);
        }
    }
    planner.watchers();
    planner.callbacks();
    plan
}

fn sent(to: &[Recipient], template: &str) -> Sending {
    let (to, template, by) = (to.to_vec(), template.to_owned(), vec![EMAIL.to_owned()]);
    Sending { to, template, by, done: None, role: None, is_document: false }
}

struct Planner<'a> {
    case: &'a Case,
    regime: &'a Regime,
    directory: &'a Directory,
    happening: &'a Happening<'a>,
    /// Who has been told what for this fact already, so that two roles in one person are told once.
    told: BTreeSet<String>,
    plan: &'a mut Plan,
}

impl Planner<'_> {
    /// Each notice speaks once, however many things the fact says.
    fn notices(&mut self) {
        let mut spoken = BTreeSet::new();
        for fact in &self.happening.facts {
            for notice in self.regime.notices_on(fact, &self.case.view) {
                if !spoken.insert(&notice.id) {
                    continue;
                }
                match &notice.telling {
                    Telling::Send(sending) => self.send(fact, sending, &notice.cite),
                    Telling::Task { to, role, ways, done, title } => {
                        let task = PlannedTask {
                            dedupe_key: self.key(fact, &notice.id, "task"),
                            purpose: done.word.clone(),
                            title: title.clone(),
                            ways: ways.clone(),
                            role: role.clone(),
                            is_callback: false,
                        };
                        self.task(task, to);
                    }
                }
            }
        }
    }

    fn send(&mut self, fact: &FactRef, sending: &Sending, cite: &str) {
        if !sending.by.iter().any(|way| way == EMAIL) {
            return;
        }
        for to in &sending.to {
            match to {
                Recipient::Complainant | Recipient::Respondent | Recipient::Body(_) => {
                    self.outside(fact, sending, to, cite);
                }
                other => self.staff(fact, other.name(), sending, cite),
            }
        }
    }

    fn staff(&mut self, fact: &FactRef, role: &str, sending: &Sending, cite: &str) {
        let (directory, regime) = (self.directory, self.regime);
        let role = facts::acting(directory, regime, &self.case.view, role);
        let staff = match &self.happening.watchers {
            Watchers::Ordered { role: to, staff_ids } if *to == role && !staff_ids.is_empty() => {
                staff_ids.iter().filter(|staff| !self.case.is_excluded(staff)).cloned().collect()
            }
            _ => recipients::of_role(self.case, regime, directory, role),
        };
        for staff in staff {
            let mut notice = self.notice(fact, (Kind::Staff, role), Some(staff), &sending.template, cite);
            notice.is_document = sending.is_document;
            notice.done = sending.done.as_ref().map(|done| done.word.clone()).unwrap_or_default();
            self.tell(notice);
        }
    }

    /// A notice as yet without anything that only some have.
    fn notice(
        &self,
        fact: &FactRef,
        (kind, recipient): (Kind, &str),
        staff_id: Option<String>,
        template: &str,
        cite: &str,
    ) -> PlannedNotice {
        let (clock, due) = (fact.arg.as_deref(), self.happening.due_at);
        PlannedNotice {
            dedupe_key: self.key(fact, template, staff_id.as_deref().unwrap_or(recipient)),
            kind,
            recipient: recipient.to_owned(),
            staff_id,
            template: template.to_owned(),
            params: Params::of(self.case, self.regime, self.directory, clock, due),
            parts: BTreeMap::new(),
            done: String::new(),
            is_document: false,
            is_by_hand: false,
            owed: None,
            cite: cite.to_owned(),
        }
    }

    fn tell(&mut self, notice: PlannedNotice) {
        if self.told.insert(notice.dedupe_key.clone()) {
            self.plan.notices.push(notice);
        }
    }

    fn watchers(&mut self) {
        let Some(fact) = self.happening.facts.first().cloned() else { return };
        match self.happening.watchers {
            Watchers::Nobody | Watchers::Ordered { .. } => {}
            Watchers::Roles(roles) => {
                let sending = sent(&[], DEADLINE_NEAR);
                roles.iter().for_each(|role| self.staff(&fact, role, &sending, ""));
            }
            Watchers::Staff { role, staff_ids } => {
                for staff in staff_ids.iter().filter(|staff| !self.case.is_excluded(staff)) {
                    self.tell(self.notice(&fact, (Kind::Staff, role), Some(staff.clone()), ESCALATED, ""));
                }
            }
        }
    }

    fn callbacks(&mut self) {
        let view = &self.case.view;
        for fact in &self.happening.facts {
            for (at, callback) in self.regime.callbacks_after(fact, view, &view.case_id) {
                let name = if at == 0 { "callback".to_owned() } else { format!("callback#{}", at + 1) };
                let task = PlannedTask {
                    dedupe_key: self.key(fact, &name, "task"),
                    purpose: CALLED_BACK.to_owned(),
                    title: callback.title.clone(),
                    ways: callback.ways.clone(),
                    role: callback.by.clone(),
                    is_callback: true,
                };
                self.task(task, &Recipient::Complainant);
            }
        }
    }

    /// A person without any way to reach them is owed no call that nobody can make.
    fn task(&mut self, mut task: PlannedTask, to: &Recipient) {
        task.role = facts::acting(self.directory, self.regime, &self.case.view, &task.role).to_owned();
        if *to != Recipient::Complainant || !self.is_beyond_reach() {
            self.plan.tasks.push(task);
        }
    }

    fn is_beyond_reach(&self) -> bool {
        self.case.view.is_anonymous && self.case.view.reach.is_empty()
    }

    fn key(&self, fact: &FactRef, what: &str, whom: &str) -> String {
        format!("{}|{fact}|{}|{what}|{whom}", self.case.view.case_id, self.happening.occurrence)
    }
}
