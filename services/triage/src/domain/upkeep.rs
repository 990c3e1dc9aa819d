//! Who looks after a regime: who is asked about an amendment, who approves it and who publishes it. Pure.

use facts::Law;
use kit_core::{Problem, Text};
use organisation::Directory;
use regime::vocabulary::COMPLAINANT;
use regime::{Regime, Upkeep};
use std::collections::BTreeSet;

/// The longest opinion, in characters.
const LONGEST: usize = 20_000;

/// A regime in force and its rule of upkeep.
#[derive(Clone, Copy)]
pub(crate) struct Kept<'a> {
    pub regime: &'a Regime,
    pub upkeep: &'a Upkeep,
    /// Where it is in force; empty: everywhere.
    pub unit: &'a str,
}

impl Kept<'_> {
    /// Whether this person speaks for the regime in this role: they hold it in the unit of the regime or nearest above it;
    /// where nobody does, nearest below. So no branch approves what is the law of all, unless there is nothing above it.
    pub(crate) fn speaks(&self, directory: &Directory, staff: &str, role: &str) -> bool {
        let above = directory.holders(role, self.unit);
        if !above.is_empty() {
            return above.iter().any(|holder| holder.id == staff);
        }
        let is_below = |unit: &str| self.unit.is_empty() || directory.is_within(unit, self.unit);
        let depths = directory.all_staff().filter(|one| one.is_active).flat_map(|one| {
            let grants = one.grants.iter().filter(|grant| grant.role == role && is_below(&grant.unit));
            grants.map(|grant| (directory.chain(&grant.unit).len(), one.id.as_str()))
        });
        let depths: BTreeSet<(usize, &str)> = depths.collect();
        let least = depths.first().map(|(depth, _)| *depth);
        depths.iter().any(|(depth, id)| Some(*depth) == least && *id == staff)
    }

    /// Whether this person publishes an amendment, or writes down what others said of one; `is_administrator` counts where
    /// the regime names nobody.
    pub(crate) fn amends(&self, directory: &Directory, staff: &str, is_administrator: bool) -> bool {
        match &self.upkeep.amends {
            Some(role) => self.speaks(directory, staff, role),
            None => is_administrator,
        }
    }

    /// Refuses an opinion that nobody asked for, or that this person may not write down.
    pub(crate) fn check_opinion(
        &self,
        law: &Law,
        staff: &str,
        is_administrator: bool,
        (role, text): (&str, &str),
    ) -> Result<(), Problem> {
        let directory = law.directory();
        if !self.upkeep.consults.iter().any(|known| known == role) {
            return Err(self.not_asked(role));
        }
        let is_theirs = role != COMPLAINANT
            && directory.staff(staff).is_some_and(|one| one.grants.iter().any(|grant| grant.role == role));
        if !is_theirs && !self.amends(directory, staff, is_administrator) {
            return Err(self.not_theirs(role));
        }
        if text.trim().is_empty() {
            return Err(Problem::field("text", "text-needed", "请写明对方的意见", "Say what they said"));
        }
        if text.chars().count() > LONGEST {
            let (zh, en) = (format!("不得超过 {LONGEST} 字"), format!("At most {LONGEST} characters"));
            return Err(Problem::field("text", "too-long", zh, en));
        }
        Ok(())
    }

    /// What must come before the approval, and with `is_approved` false before the publication as well.
    pub(crate) fn lacks(&self, asked: &BTreeSet<String>, is_approved: bool) -> Vec<Text> {
        let cite = &self.upkeep.cite;
        let consult = self.upkeep.consults.iter().filter(|role| !asked.contains(*role)).map(|role| {
            let Text { zh, en } = self.regime.role_title(role);
            Text::new(format!("征求{zh}意见（{cite}）"), format!("asking {en} ({cite})"))
        });
        let approve = self.upkeep.approves.iter().filter(|_| !is_approved).map(|role| {
            let Text { zh, en } = self.regime.role_title(role);
            Text::new(format!("{zh}批准（{cite}）"), format!("the approval of {en} ({cite})"))
        });
        consult.chain(approve).collect()
    }

    fn not_asked(&self, role: &str) -> Problem {
        let (known, cite) = (&self.upkeep.consults, &self.upkeep.cite);
        let near = regime::nearest(role, known.iter().map(String::as_str));
        let (zh, en) = match (near, known.as_slice()) {
            (Some(near), _) => (format!("是否指“{near}”？"), format!("did you mean `{near}`?")),
            (None, []) => ("本制度未规定征求意见".to_owned(), "the regime asks nobody".to_owned()),
            (None, known) => (format!("可用：{}", known.join("、")), format!("there are: {}", known.join(", "))),
        };
        Problem::field(
            "role",
            "unknown-word",
            format!("本制度不要求征求“{role}”的意见（{cite}）；{zh}"),
            format!("The regime does not ask `{role}` ({cite}); {en}"),
        )
    }

    fn not_theirs(&self, role: &str) -> Problem {
        let (asked, cite) = (self.regime.role_title(role), &self.upkeep.cite);
        let by = self.upkeep.amends.as_ref().map_or_else(administrator, |role| self.regime.role_title(role));
        Problem::denied(
            "not-permitted",
            format!("{}的意见须由其本人或{}登记（{cite}）", asked.zh, by.zh),
            format!("What {} says is recorded by themselves or by {} ({cite})", asked.en, by.en),
        )
    }

    /// Somebody else approves.
    pub(crate) fn not_approver(&self, role: &str) -> Problem {
        let (by, cite) = (self.regime.role_title(role), &self.upkeep.cite);
        Problem::denied(
            "not-permitted",
            format!("修订须由{}批准（{cite}）", by.zh),
            format!("An amendment is approved by {} ({cite})", by.en),
        )
    }

    /// Somebody else publishes the amendment.
    pub(crate) fn not_amender(&self) -> Problem {
        let by = self.upkeep.amends.as_ref().map_or_else(administrator, |role| self.regime.role_title(role));
        let cite = &self.upkeep.cite;
        Problem::denied(
            "not-permitted",
            format!("施行中的制度须由{}修订（{cite}）", by.zh),
            format!("A regime in force is amended by {} ({cite})", by.en),
        )
    }
}

fn administrator() -> Text {
    Text::new("总部管理员", "an administrator of the root unit")
}

/// What must come first, all of it.
pub(crate) fn not_yet(lacks: &[Text]) -> Problem {
    let zh: Vec<&str> = lacks.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = lacks.iter().map(|text| text.en.as_str()).collect();
    Problem::conflict(
        "not-yet",
        format!("修订施行中的制度还缺：{}", zh.join("；")),
        format!("Before the regime in force is amended there must be: {}", en.join("; ")),
    )
}
