//! How a matter comes in: the doors, what is not taken, what belongs together or apart, and what taking it back does.

use crate::vocabulary::{ADMINISTRATOR, ANYONE, IDENTITIES};
use crate::{Case, Condition, FactRef, Length, Regime};
use kit_core::Text;
use std::collections::BTreeMap;

/// A door.
#[derive(Clone, Debug)]
pub struct Channel {
    pub id: String,
    pub title: Text,
    /// The kinds of matter that it takes; empty: all.
    pub kinds: Vec<String>,
    /// The roles that write it down, or `anyone`; empty where the door is open to the public.
    pub recorded_by: Vec<String>,
    /// Fields of the form that must not be empty; see `vocabulary::FIELDS`.
    pub requires: Vec<String>,
    /// The least that a complainant says of themselves, of `vocabulary::IDENTITIES`.
    pub identity: String,
    /// What comes by it is for whoever handles it alone.
    pub is_sealed: bool,
    /// What the public page prints beside it: a number, an address, hours.
    pub shows: Option<String>,
    /// The receipt is handed over on the spot.
    pub gives_receipt: bool,
    pub form: Option<String>,
    pub cite: String,
}

impl Channel {
    /// Whether a kind of matter comes by it.
    pub fn takes(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|one| one == kind)
    }

    pub fn is_open_to_public(&self) -> bool {
        self.recorded_by.is_empty()
    }

    /// Whether every member of staff of the unit may write it down.
    pub fn is_for_anyone(&self) -> bool {
        self.recorded_by.iter().any(|role| role == ANYONE)
    }

    /// Whether one may come by it without saying who one is.
    pub fn may_be_anonymous(&self) -> bool {
        self.identity == "anonymous"
    }
}

/// A ground on which a matter is not taken as any other is.
#[derive(Clone, Debug)]
pub struct Ground {
    pub id: String,
    pub title: Text,
    /// It is suggested where this holds; without a condition a person finds it.
    pub condition: Condition,
    pub outcome: Outcome,
    /// The body outside, or the role, to which it goes.
    pub to: Option<String>,
    /// Whoever it went to tells us what came of it, and until then it stays open.
    pub reports_back: bool,
    /// What the complainant is told.
    pub say: Text,
    pub cite: String,
}

/// What happens to such a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Refuse,
    Refer,
    Guide,
    /// Taken all the same.
    Courtesy,
}

impl Outcome {
    /// As packs and events name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Refer => "refer",
            Self::Guide => "guide",
            Self::Courtesy => "courtesy",
        }
    }
}

/// Kinds of matter of which each becomes a case of its own, though they come as one.
#[derive(Clone, Debug)]
pub struct Split {
    pub kinds: Vec<String>,
    /// The regime of a kind, where it is another one.
    pub regimes: BTreeMap<String, String>,
    pub cite: String,
}

/// When a matter has to do with an earlier one.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// `chase`, or one of `vocabulary::RELATIONS`.
    pub is: String,
    /// What both have in common.
    pub same: Vec<Alike>,
    pub during: While,
    /// No longer ago than this.
    pub within: Option<Length>,
    pub cite: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    Complainant,
    Respondent,
    Problem,
}

/// How far the earlier one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum While {
    Open,
    Answered,
    Any,
}

/// What taking it back does.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    pub condition: Condition,
    pub then: Withdrawn,
    pub cite: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Withdrawn {
    #[default]
    Ends,
    /// Whoever handles it ends it, or does not.
    Decided,
    GoesOn,
}

impl Withdrawn {
    /// As events name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ends => "",
            Self::Decided => "decide",
            Self::GoesOn => "go-on",
        }
    }
}

/// How the complainant may say afterwards whether they are satisfied.
#[derive(Clone, Debug)]
pub struct Rating {
    /// Any of these opens the way.
    pub after: Vec<FactRef>,
    /// So long after that; none: at any time.
    pub within: Option<Length>,
    pub cite: String,
}

/// What the version says becomes of cases under way when it comes into force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pending {
    /// They keep the version under which they came.
    #[default]
    VersionOfReception,
    /// Somebody is expected to move them to this one.
    MovedByDecision,
}

/// Who looks after the rules themselves, each a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upkeep {
    pub interprets: Option<String>,
    pub amends: Option<String>,
    /// Roles, or `complainant`.
    pub consults: Vec<String>,
    pub approves: Option<String>,
    pub cite: String,
}

impl Regime {
    /// The roles that decide which version a case has where the regime names none: whoever amends it, or else the
    /// uppermost rung of its ladder; and an administrator.
    pub fn keepers(&self) -> Vec<&str> {
        let amends = self.upkeep.as_ref().and_then(|upkeep| upkeep.amends.as_deref());
        let top = || self.ladder.last().into_iter().flat_map(|rung| rung.roles.iter().map(String::as_str));
        let mut keepers: Vec<&str> = amends.map_or_else(|| top().collect(), |role| vec![role]);
        keepers.push(ADMINISTRATOR);
        keepers
    }

    /// The door by which a kind of matter comes through a channel.
    pub fn door(&self, channel: &str, kind: &str) -> Option<&Channel> {
        self.channels.iter().find(|one| one.id == channel && one.takes(kind))
    }

    /// The least that whoever brings a kind of matter by a channel says of themselves.
    pub fn identity_least(&self, channel: &str, kind: &str) -> Option<&str> {
        self.door(channel, kind).map(|door| door.identity.as_str())
    }

    /// One of its grounds.
    pub fn ground(&self, id: &str) -> Option<&Ground> {
        self.scope.iter().find(|ground| ground.id == id)
    }

    /// The ground that the rules suggest for a case: the first whose condition holds.
    pub fn suggested_ground(&self, case: &dyn Case) -> Option<&Ground> {
        let speaks = |ground: &&Ground| !ground.condition.is_always() && ground.condition.holds(case);
        self.scope.iter().find(speaks)
    }

    /// The grounds on which this happens.
    pub fn grounds(&self, outcome: Outcome) -> impl Iterator<Item = &Ground> {
        self.scope.iter().filter(move |ground| ground.outcome == outcome)
    }

    /// The rule by which matters of these kinds are kept apart.
    pub fn split_of(&self, kinds: &[&str]) -> Option<&Split> {
        self.splitting.iter().find(|split| kinds.iter().all(|kind| split.kinds.iter().any(|one| one == kind)))
    }

    /// What taking the case back does, and the clause; without a rule it ends.
    pub fn withdrawal(&self, case: &dyn Case) -> (Withdrawn, &str) {
        let rule = self.withdrawal.iter().find(|rule| rule.condition.holds(case));
        rule.map_or((Withdrawn::Ends, ""), |rule| (rule.then, rule.cite.as_str()))
    }
}

/// Whether `known` says as much of a complainant as `least`, or more; words that are none of the scale say nothing.
pub fn says_enough(known: &str, least: &str) -> bool {
    let place = |word: &str| IDENTITIES.iter().position(|one| *one == word);
    place(known) >= place(least)
}
