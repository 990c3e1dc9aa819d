//! Whether a hand-in can be taken as it is: everything that is wrong with it, at once.

mod about;
mod door;
mod form;

pub(crate) use door::{Asked, Door};

use crate::domain::{
    draft::{Arrival, Draft, Submitter},
    wrong::Wrong,
};
use chrono::{DateTime, NaiveDate, Utc};
use facts::Law;
use kit_core::Problem;
use regime::{Regime, Value, vocabulary};
use std::sync::Arc;

/// A hand-in that may be registered.
pub(crate) struct Checked {
    pub(crate) door: Door,
    pub(crate) received_at: DateTime<Utc>,
    pub(crate) asked_by: Option<String>,
    pub(crate) reach: Vec<String>,
    pub(crate) identity: &'static str,
    pub(crate) form_fields: Vec<String>,
    pub(crate) facts: Vec<(String, Value)>,
}

/// Checks a draft. `may_record` asks whether the member of staff may write it down at this door; it is asked before
/// anything else is told, so that nobody learns about a door that is not theirs.
pub(crate) fn check(
    draft: &Draft,
    law: &Law,
    who: &Submitter,
    now: DateTime<Utc>,
    may_record: impl FnOnce(&Door) -> Result<(), Problem>,
) -> Result<Checked, Problem> {
    let mut wrong = Wrong::default();
    form::texts(&mut wrong, draft);
    form::identity(&mut wrong, draft);
    about::staff(&mut wrong, draft, law);
    let received_at = arrival(&mut wrong, draft, who, now);
    let Some(door) = door::open(&mut wrong, draft, law, received_at, now) else {
        return Err(refusal(wrong));
    };
    match who {
        Submitter::Staff(_) => may_record(&door)?,
        Submitter::Public | Submitter::Service => door.open_to_public()?,
    }
    form::required(&mut wrong, draft, &door);
    form::anonymity(&mut wrong, draft, &door);
    about::parties(&mut wrong, draft, &door);
    about::unit(&mut wrong, draft, law, &door);
    about::asked_by(&mut wrong, draft, &door);
    let facts = about::facts(&mut wrong, draft, &door);
    wrong.into_result()?;
    let asked_by = draft.asked_by.clone().filter(|d| !d.is_empty());
    let filled = vocabulary::FIELDS.iter().filter(|field| draft.is_filled(field.id));
    let form_fields = filled.map(|field| field.id.to_owned()).collect();
    let (reach, identity) = (draft.identity.reach(), draft.known_as());
    Ok(Checked { door, received_at, asked_by, reach, identity, form_fields, facts })
}

/// The regime under which a matter comes that is asked for by its kind, with its version; as at a hand-in.
pub(crate) fn law_for(law: &Law, asked: &Asked<'_>, day: NaiveDate) -> Result<(Arc<Regime>, u32), Problem> {
    let mut wrong = Wrong::default();
    door::in_force(&mut wrong, asked, law, day).ok_or_else(|| refusal(wrong))
}

/// No door, so at least one mistake was noted.
fn refusal(wrong: Wrong) -> Problem {
    wrong
        .into_result()
        .err()
        .unwrap_or_else(|| Problem::invalid("no-open-door", "该单位没有开放的受理渠道", "This unit has no open door"))
}

fn arrival(wrong: &mut Wrong, draft: &Draft, who: &Submitter, now: DateTime<Utc>) -> DateTime<Utc> {
    match draft.received_at {
        Arrival::Now => return now,
        Arrival::At(at) if at > now => wrong.add(
            "received_at",
            "received-in-future",
            "收到时间不能晚于现在",
            "It cannot have been received in the future",
        ),
        // The law counts from this instant, so the complainant does not choose it.
        Arrival::At(_) if *who == Submitter::Public => wrong.add(
            "received_at",
            "received-at-by-staff-only",
            "收到时间只能由登记人员填写",
            "Only staff may say when it was received",
        ),
        Arrival::At(at) => return at,
        Arrival::Unreadable => {
            wrong.add(
                "received_at",
                "malformed-instant",
                "收到时间不是有效的时间",
                "This is no instant of any calendar",
            );
        }
    }
    now
}
