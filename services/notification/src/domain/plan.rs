//! What one fact of a case asks for: notices to people, and tasks for people.

use super::{CALLED_BACK, COMPLAINANT, Case, EMAIL, Params, recipients};
use chrono::{DateTime, Utc};
use kit_core::Text;
use organisation::Directory;
use regime::{FactRef, Notice, Recipient, Regime, Telling};
use std::collections::BTreeSet;

/// What a fact asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) notices: Vec<PlannedNotice>,
    pub(crate) tasks: Vec<PlannedTask>,
}

/// A message to one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlannedNotice {
    /// What makes it the same notice as another: the fact, the text and the person.
    pub(crate) dedupe_key: String,
    /// `complainant`, or the role that the person is told in.
    pub(crate) recipient: String,
    /// None for the complainant.
    pub(crate) staff_id: Option<String>,
    pub(crate) template: String,
    pub(crate) params: Params,
}

/// A call or a visit that the holders of a role owe.
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
    pub(crate) fact: FactRef,
    /// Which occurrence it is: the place of the event in its producer's log.
    pub(crate) occurrence: String,
    /// When the clock that it is about ends.
    pub(crate) due_at: Option<DateTime<Utc>>,
    /// Whom the fact itself says to tell, whatever the regime's notices say.
    pub(crate) watchers: Watchers<'a>,
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
}

/// The template of a fact that names its own watchers.
pub(crate) const DEADLINE_NEAR: &str = "deadline-near";
pub(crate) const ESCALATED: &str = "escalated";

/// What `happening` asks for in `case`.
pub(crate) fn plan(case: &Case, regime: &Regime, directory: &Directory, happening: &Happening<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut planner = Planner { case, regime, directory, happening, told: BTreeSet::new(), plan: &mut plan };
    for notice in regime.notices_on(&happening.fact, &case.view) {
        planner.notice(notice);
    }
    planner.watchers();
    planner.callback();
    plan
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
    fn notice(&mut self, notice: &Notice) {
        match &notice.telling {
            Telling::Send { to, template, by } if by.iter().any(|way| way == EMAIL) => {
                for recipient in to {
                    match recipient {
                        Recipient::Complainant => self.complainant(template),
                        Recipient::Handler => self.role(regime::vocabulary::HANDLER, template),
                        Recipient::Role(role) => self.role(role, template),
                    }
                }
            }
            Telling::Send { .. } => {}
            Telling::Task { role, ways, done, title } => self.task(PlannedTask {
                dedupe_key: self.key(&notice.id, "task"),
                purpose: done.word.clone(),
                title: title.clone(),
                ways: ways.clone(),
                role: role.clone(),
                is_callback: false,
            }),
        }
    }

    /// Nobody who stayed anonymous is written to, and nobody without an address.
    fn complainant(&mut self, template: &str) {
        if !self.case.view.is_anonymous && self.case.view.reach.iter().any(|way| way == EMAIL) {
            self.tell(COMPLAINANT, None, template);
        }
    }

    fn role(&mut self, role: &str, template: &str) {
        for staff in recipients::of_role(self.case, self.directory, role) {
            self.tell(role, Some(staff), template);
        }
    }

    fn tell(&mut self, recipient: &str, staff_id: Option<String>, template: &str) {
        let person = staff_id.as_deref().unwrap_or(COMPLAINANT);
        let dedupe_key = self.key(template, person);
        if self.told.insert(dedupe_key.clone()) {
            let (clock, due) = (self.happening.fact.arg.as_deref(), self.happening.due_at);
            let params = Params::of(self.case, self.regime, self.directory, clock, due);
            let recipient = recipient.to_owned();
            self.plan.notices.push(PlannedNotice {
                dedupe_key,
                recipient,
                staff_id,
                template: template.to_owned(),
                params,
            });
        }
    }

    fn watchers(&mut self) {
        match self.happening.watchers {
            Watchers::Nobody => {}
            Watchers::Roles(roles) => roles.iter().for_each(|role| self.role(role, DEADLINE_NEAR)),
            Watchers::Staff { role, staff_ids } => {
                for staff in staff_ids.iter().filter(|staff| !self.case.is_excluded(staff)) {
                    self.tell(role, Some(staff.clone()), ESCALATED);
                }
            }
        }
    }

    fn callback(&mut self) {
        let Some(callback) = &self.regime.callback else { return };
        let fact = &self.happening.fact;
        if callback.after.matches(&fact.word, fact.arg.as_deref()) && callback.condition.holds(&self.case.view) {
            self.task(PlannedTask {
                dedupe_key: self.key("callback", "task"),
                purpose: CALLED_BACK.to_owned(),
                title: callback.title.clone(),
                ways: callback.ways.clone(),
                role: callback.by.clone(),
                is_callback: true,
            });
        }
    }

    /// A person without any way to reach them is owed no call that nobody can make.
    fn task(&mut self, task: PlannedTask) {
        if !(self.case.view.is_anonymous && self.case.view.reach.is_empty()) {
            self.plan.tasks.push(task);
        }
    }

    fn key(&self, what: &str, whom: &str) -> String {
        let Happening { fact, occurrence, .. } = self.happening;
        format!("{}|{fact}|{occurrence}|{what}|{whom}", self.case.view.case_id)
    }
}
