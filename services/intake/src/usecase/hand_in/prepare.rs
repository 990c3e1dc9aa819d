//! Everything of a hand-in that needs no transaction: the checks, the seals, and the event but for its number.

use crate::{
    app::App,
    convert,
    domain::{
        check::{self, Checked, Door},
        draft::{Draft, Submitter},
        pii::Pii,
        receipt::Code,
        vault::{Master, Purpose},
    },
    receipts::failed,
    store::hand_in::Secrets,
    usecase::{
        hand_in::{Row, Who},
        seal::named,
    },
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
    /// What makes it like other cases: (sort, keyed digest).
    pub(crate) likeness: Vec<(&'static str, Vec<u8>)>,
    /// Other cases that it has to do with from the first moment: (relation, case).
    pub(crate) linked: Vec<(String, String)>,
    /// The cases that came of one submission; told with the first of them.
    pub(crate) of_submission: Vec<String>,
}

/// Whether the row can be taken in.
pub(crate) fn check(law: &Law, who: &Who, row: &Row, now: DateTime<Utc>) -> std::result::Result<Checked, Problem> {
    let may_record = |door: &Door| match &who.submitter {
        Submitter::Staff(staff) => may_record(law, &row.draft, door, staff),
        Submitter::Public | Submitter::Service => Ok(()),
    };
    check::check(&row.draft, law, &who.submitter, now, may_record)
}

/// What is not open to the public is written down by those whom the door names; any other door by whoever may record.
fn may_record(law: &Law, draft: &Draft, door: &Door, staff: &str) -> std::result::Result<(), Problem> {
    if draft.about_staff_ids.iter().any(|id| id == staff) {
        return Err(Problem::denied(
            "recorder-accused",
            "投诉涉及您本人,须由其他人员登记",
            "The complaint is about you; someone else has to record it",
        ));
    }
    if !door.channel.is_open_to_public() {
        return recorder(law, door, staff);
    }
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
    })
}

fn recorder(law: &Law, door: &Door, staff: &str) -> std::result::Result<(), Problem> {
    let (directory, unit) = (law.directory(), door.unit_id.as_str());
    let person = directory.staff(staff).filter(|person| person.is_active);
    let is_of_unit =
        |grant: &organisation::Grant| directory.is_within(unit, &grant.unit) || directory.is_within(&grant.unit, unit);
    let is_theirs = match door.channel.is_for_anyone() {
        true => person.is_some_and(|person| person.grants.iter().any(is_of_unit)),
        false => person.is_some() && door.channel.recorded_by.iter().any(|role| directory.holds(staff, role, unit)),
    };
    if is_theirs {
        return Ok(());
    }
    let titles: Vec<_> = door.channel.recorded_by.iter().map(|role| door.regime.role_title(role)).collect();
    let zh: Vec<&str> = titles.iter().map(|title| title.zh.as_str()).collect();
    let en: Vec<&str> = titles.iter().map(|title| title.en.as_str()).collect();
    let (zh, en, cite) = (zh.join("、"), en.join(", "), &door.channel.cite);
    let (zh, en) =
        (format!("此渠道由以下人员登记：{zh}（{cite}）"), format!("This channel is recorded by: {en} ({cite})"));
    Err(Problem::denied("not-permitted", zh, en))
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
        is_anonymous: checked.identity == "anonymous",
        reach: checked.reach,
        about_unit_id: draft.about_unit_id.clone().filter(|id| !id.is_empty()),
        about_staff_ids: draft.about_staff_ids.clone(),
        facts: checked.facts.into_iter().map(convert::fact).collect(),
        complainant: draft.complainant.clone(),
        respondent: draft.respondent.sort.clone(),
        identity: checked.identity.to_owned(),
        respondent_reach: draft.respondent.reach(),
        form_fields: checked.form_fields,
        is_sealed: checked.door.channel.is_sealed,
    };
    let content: Vec<_> = [("subject", &draft.subject), ("narrative", &draft.narrative)].into_iter().collect();
    let content = [content, draft.more_texts()].concat();
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
        secrets: seal(app, case, &draft.identity_texts(), &content)?,
        likeness: likeness(&app.master, draft),
        linked: Vec::new(),
        of_submission: vec![CaseId::new(case).to_string()],
    })
}

/// Digests by which other cases of the same people are found; the anonymous leave none.
fn likeness(master: &Master, draft: &Draft) -> Vec<(&'static str, Vec<u8>)> {
    let normal =
        |text: &Pii| text.expose().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let digest = |sort: &'static str, text: &Pii| {
        let text: zeroize::Zeroizing<String> = zeroize::Zeroizing::new(normal(text));
        (!text.is_empty()).then(|| (sort, master.digest(&[b"likeness", sort.as_bytes(), text.as_bytes()])))
    };
    let identity = &draft.identity;
    let complainant = [&identity.email, &identity.phone].map(|text| digest("complainant", text));
    let respondent = [&draft.respondent.name, &draft.respondent.contact].map(|text| digest("respondent", text));
    let mut all: Vec<_> = complainant.into_iter().chain(respondent).flatten().collect();
    all.sort();
    all.dedup();
    all
}

/// Seals what was said and who said it with new keys of the case.
pub(crate) fn seal(
    app: &App,
    case: Uuid,
    identity: &[(&'static str, &Pii)],
    content: &[(&'static str, &Pii)],
) -> Result<Secrets> {
    let mut secrets = Secrets::default();
    for purpose in Purpose::BOTH {
        let (key, wrapped) = app.master.new_key(case, purpose).map_err(failed)?;
        secrets.keys.push((purpose.word(), wrapped));
        let texts = match purpose {
            Purpose::Identity => identity,
            Purpose::Content => content,
        };
        for (field, text) in texts.iter().filter(|(_, text)| !text.is_blank()) {
            let ref_id = named(case, app.env.id());
            let sealed = key.seal(field, ref_id, text).map_err(failed)?;
            secrets.texts.push((ref_id, purpose.word(), field, sealed.nonce, sealed.body));
        }
    }
    Ok(secrets)
}
