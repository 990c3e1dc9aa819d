//! What happens in the cases of the simulation, as the services that are followed say it: anything at any time, for the
//! watcher must count whatever order its packs did not foresee.

use super::announce::UNITS;
use crate::harness::{HANDLER, REGIME, staff};
use chrono::{DateTime, Days, TimeDelta, Utc};
use contracts::Fact;
use contracts::assignment::{CaseDispatched, CaseReturned, CaseSigned, RoleGrant, StaffChanged, UnitChanged};
use contracts::common::Text;
use contracts::intake::{CaseRegistered, CaseSupplemented, CaseWithdrawn};
use contracts::notification::{TaskDone, TaskOpened};
use contracts::resolution::{
    CaseClosed, CaseResolved, ComplainantAnswered, ComplainantTold, DecisionProposed, InvestigationOpened, NoteAdded,
    StepDone,
};
use contracts::triage::{CaseAccepted, CaseDeclined, CaseGraded, ContainmentRecorded, RegimePublished, ValidityJudged};
use kit_grpc::timestamp;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

/// The regimes of the simulation, by id: the shipped one, and two that have what it has not.
pub(super) fn packs() -> [(&'static str, String); 3] {
    [
        (REGIME, packs::regime(REGIME).unwrap().yaml),
        ("century-by-days", include_str!("regimes/by-days.yaml").to_owned()),
        ("century-by-hours", include_str!("regimes/by-hours.yaml").to_owned()),
    ]
}

/// The organisation and the regimes, each with its key.
pub(super) fn law() -> Vec<(String, Fact)> {
    let units = UNITS.map(|(unit, parent, kind, zone)| {
        let name = Some(Text { zh: unit.to_owned(), en: unit.to_owned() });
        let (parent_id, kind, zone) = (parent.to_owned(), kind.to_owned(), zone.to_owned());
        let event = UnitChanged { unit_id: unit.to_owned(), parent_id, kind, name, zone, ..Default::default() };
        (unit.to_owned(), Fact::UnitChanged(event))
    });
    let roles = [(HANDLER, "head"), (2, "manager-in-charge"), (3, "general-manager")];
    let people = roles.map(|(n, role)| {
        let grants = vec![RoleGrant { role: role.to_owned(), unit_id: "g".to_owned() }];
        let event = StaffChanged {
            staff_id: staff(n),
            login: format!("login-{n}"),
            grants,
            is_active: true,
            ..StaffChanged::default()
        };
        (staff(n), Fact::StaffChanged(event))
    });
    let regimes = packs().map(|(id, pack)| {
        let event = RegimePublished {
            regime_id: id.to_owned(),
            version: 1,
            pack,
            in_force_from: "2020-01-01".to_owned(),
            ..RegimePublished::default()
        };
        (id.to_owned(), Fact::RegimePublished(event))
    });
    units.into_iter().chain(people).chain(regimes).collect()
}

/// A case while things happen in it.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) id: String,
    /// Somebody has been given it, who may ask for more time.
    pub(super) is_handled: bool,
    /// What is still to come before it is forgotten.
    pub(super) left: u32,
}

impl Life {
    /// A new case. `late` is how long it may have lain about before somebody registered it.
    pub(super) fn begin(rng: &mut StdRng, id: String, now: DateTime<Utc>, late: TimeDelta) -> (Self, Fact) {
        let (regime, _) = packs()[*[0, 0, 0, 1, 1, 1, 2, 2].choose(rng).unwrap()];
        let received = now - TimeDelta::seconds(rng.random_range(0..=late.num_seconds()));
        let asked = now.date_naive() + Days::new(rng.random_range(0..25));
        let event = CaseRegistered {
            case_id: id.clone(),
            number: "TS-b03-2026-00001".to_owned(),
            regime_id: regime.to_owned(),
            regime_version: 1,
            unit_id: unit(rng),
            channel: "web".to_owned(),
            kind: "complaint".to_owned(),
            received_at: Some(timestamp(received)),
            asked_by: rng.random_bool(0.3).then(|| asked.to_string()),
            ..CaseRegistered::default()
        };
        (Self { id, is_handled: false, left: rng.random_range(4..14) }, Fact::CaseRegistered(event))
    }

    /// The next thing that happens in it.
    pub(super) fn next(&mut self, rng: &mut StdRng) -> Fact {
        self.left = self.left.saturating_sub(1);
        let case_id = self.id.clone();
        let severity = (*["minor", "minor", "important", "major"].choose(rng).unwrap()).to_owned();
        let validity = (*["valid", "valid", "invalid"].choose(rng).unwrap()).to_owned();
        let (unit_id, staff_id) = (unit(rng), staff(HANDLER));
        // Most cases are given to somebody before long.
        let chance = if !self.is_handled && rng.random_bool(0.3) { 17 } else { rng.random_range(0..60) };
        self.is_handled = matches!(chance, 17..23) || self.is_handled && !matches!(chance, 26..29);
        match chance {
            0..10 => Fact::CaseGraded(CaseGraded { case_id, severity, ..CaseGraded::default() }),
            10..14 => Fact::ValidityJudged(ValidityJudged { case_id, validity, reason: None }),
            14..17 => Fact::CaseAccepted(CaseAccepted { case_id, ..Default::default() }),
            17..23 => {
                let role = "head".to_owned();
                Fact::CaseDispatched(CaseDispatched { case_id, unit_id, role, staff_id, ..CaseDispatched::default() })
            }
            23..26 => Fact::CaseSigned(CaseSigned { case_id, staff_id }),
            26..29 => Fact::CaseReturned(CaseReturned { case_id, staff_id, reason: None }),
            29..33 => Fact::InvestigationOpened(InvestigationOpened { case_id, staff_id }),
            33..36 => {
                Fact::DecisionProposed(DecisionProposed { case_id, finding: "partly".to_owned(), ..Default::default() })
            }
            36..39 => Fact::TaskOpened(TaskOpened {
                case_id,
                purpose: "complainant-told".to_owned(),
                ..TaskOpened::default()
            }),
            39..42 => {
                Fact::TaskDone(TaskDone { case_id, purpose: "complainant-told".to_owned(), ..TaskDone::default() })
            }
            42..45 => Fact::ComplainantAnswered(ComplainantAnswered { case_id, text: None }),
            45..48 => Fact::CaseResolved(CaseResolved { case_id, ..CaseResolved::default() }),
            48..50 => Fact::ComplainantTold(ComplainantTold { case_id, ..ComplainantTold::default() }),
            50..52 => {
                let step = "opinion-form-returned".to_owned();
                Fact::StepDone(StepDone { case_id, step, ..StepDone::default() })
            }
            52 => Fact::NoteAdded(NoteAdded { case_id, ..Default::default() }),
            53 => Fact::ContainmentRecorded(ContainmentRecorded { case_id, text: None }),
            54 => Fact::CaseSupplemented(CaseSupplemented { case_id, ..CaseSupplemented::default() }),
            _ if self.left > 2 => Fact::ComplainantAnswered(ComplainantAnswered { case_id, text: None }),
            55 => Fact::CaseWithdrawn(CaseWithdrawn { case_id, by: "complainant".to_owned(), ..Default::default() }),
            56 => Fact::CaseDeclined(CaseDeclined {
                case_id,
                ground: "between-neighbours".to_owned(),
                ..CaseDeclined::default()
            }),
            _ => Fact::CaseClosed(CaseClosed { case_id, outcome: "resolved".to_owned(), ..Default::default() }),
        }
    }
}

fn unit(rng: &mut StdRng) -> String {
    UNITS.choose(rng).unwrap().0.to_owned()
}
