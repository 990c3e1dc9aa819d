//! Everything of a hand-in that needs no transaction: the checks, the seals, and the event but for its number.

use crate::{
    app::App,
    convert,
    domain::{
        check::{self, Checked, Door},
        draft::{Draft, Submitter},
        pii::Pii,
        receipt::Code,
        vault::{DataKey, Purpose},
    },
    receipts::failed,
    store::hand_in::Secrets,
    usecase::hand_in::{Row, Who},
};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::intake::CaseRegistered;
use facts::{CaseView, Law};
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, SubmissionId};
use regime::Regime;
use std::sync::Arc;
use uuid::Uuid;

/// A matter that lacks nothing but its number.
pub(crate) struct Prepared {
    pub(crate) case_id: CaseId,
    pub(crate) submission_id: SubmissionId,
    pub(crate) registered: CaseRegistered,
    pub(crate) regime: Arc<Regime>,
    pub(crate) today: NaiveDate,
    pub(crate) language: String,
    pub(crate) request_id: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) code: Code,
    pub(crate) quick: Vec<u8>,
    pub(crate) sealed_code: Vec<u8>,
    pub(crate) secrets: Secrets,
}

/// Whether the row can be taken in.
pub(crate) fn check(law: &Law, who: &Who, row: &Row, now: DateTime<Utc>) -> std::result::Result<Checked, Problem> {
    let may_record = |door: &Door| match &who.submitter {
        Submitter::Staff(staff) => may_record(law, &row.draft, door, staff),
        Submitter::Public | Submitter::Service => Ok(()),
    };
    check::check(&row.draft, law, &who.submitter, now, may_record)
}

/// The role is asked for as for any command on the case; it is only not there yet.
fn may_record(law: &Law, draft: &Draft, door: &Door, staff: &str) -> std::result::Result<(), Problem> {
    let case = CaseView {
        regime_id: door.regime.id.clone(),
        regime_version: door.version,
        unit_id: door.unit_id.clone(),
        ..CaseView::default()
    };
    // To somebody without any role here the case "is not there"; of a case that nobody made yet that would be odd.
    facts::authorise(law, &case, staff, "record").map_err(|problem| {
        if problem.class != kit_core::Class::NotFound {
            return problem;
        }
        Problem::denied("not-permitted", "您无权在该单位登记", "You may not record matters at this unit")
    })?;
    if draft.about_staff_ids.iter().any(|id| id == staff) {
        return Err(Problem::denied(
            "recorder-accused",
            "投诉涉及您本人,须由其他人员登记",
            "The complaint is about you; someone else has to record it",
        ));
    }
    Ok(())
}

/// Draws the receipt, seals what was said and who said it, and writes the event.
pub(crate) fn prepare(app: &App, who: &Who, row: &Row, checked: Checked) -> Result<Prepared> {
    let (case, submission) = (app.env.id(), app.env.id());
    let (code, quick) = app.receipts.issue()?;
    let sealed_code = app.master.seal_waiting(case, code.expose()).map_err(failed)?;
    let draft = &row.draft;
    let registered = CaseRegistered {
        case_id: CaseId::new(case).to_string(),
        submission_id: SubmissionId::new(submission).to_string(),
        number: String::new(),
        regime_id: checked.door.regime.id.clone(),
        regime_version: checked.door.version,
        unit_id: checked.door.unit_id.clone(),
        channel: draft.channel.clone(),
        kind: draft.kind.clone(),
        received_at: Some(kit_grpc::timestamp(checked.received_at)),
        asked_by: checked.asked_by,
        recorded_by: match &who.submitter {
            Submitter::Staff(staff) => Some(staff.clone()),
            Submitter::Public | Submitter::Service => None,
        },
        is_anonymous: draft.is_anonymous,
        reach: checked.reach,
        about_unit_id: draft.about_unit_id.clone().filter(|id| !id.is_empty()),
        about_staff_ids: draft.about_staff_ids.clone(),
        facts: checked.facts.into_iter().map(convert::fact).collect(),
    };
    Ok(Prepared {
        case_id: CaseId::new(case),
        submission_id: SubmissionId::new(submission),
        registered,
        regime: checked.door.regime,
        today: checked.door.today,
        language: who.language.clone(),
        request_id: row.request_id.clone(),
        digest: row.digest.clone(),
        code,
        quick,
        sealed_code,
        secrets: seal(app, case, draft)?,
    })
}

fn seal(app: &App, case: Uuid, draft: &Draft) -> Result<Secrets> {
    let mut secrets = Secrets::default();
    let mut texts = |key: &DataKey, purpose: Purpose, fields: &[(&'static str, &Pii)]| -> Result<()> {
        for (field, text) in fields.iter().filter(|(_, text)| !text.is_blank()) {
            let ref_id = app.env.id();
            let sealed = key.seal(field, ref_id, text).map_err(failed)?;
            secrets.texts.push((ref_id, purpose.word(), field, sealed.nonce, sealed.body));
        }
        Ok(())
    };
    let mut keys = Vec::new();
    for purpose in Purpose::BOTH {
        let (key, wrapped) = app.master.new_key(case, purpose).map_err(failed)?;
        keys.push((purpose.word(), wrapped));
        match purpose {
            Purpose::Identity => texts(&key, purpose, &draft.identity.fields())?,
            Purpose::Content => {
                texts(&key, purpose, &[("subject", &draft.subject), ("narrative", &draft.narrative)])?;
            }
        }
    }
    secrets.keys = keys;
    Ok(secrets)
}
