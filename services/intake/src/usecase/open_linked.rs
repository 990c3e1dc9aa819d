//! A rule of a regime wants a linked case, such as a lead that follows from a complaint: it is registered here, with what was
//! said of the matter and with nothing of who said it.

use crate::{
    app::App,
    domain::{doors, draft::FORM_FIELDS, pii::Pii, vault::Purpose},
    receipts::failed,
    store::{case::CaseRow, vault},
    usecase::{
        hand_in::{
            prepare::{self, Prepared},
            register,
        },
        seal,
    },
};
use contracts::{
    Fact,
    intake::{CaseLinked, CaseRegistered},
    resolution::LinkedCaseOwed,
};
use kit_db::{Error, Result};
use kit_ids::{CaseId, SubmissionId};
use kit_messaging::{Received, Tx};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// The fields of the matter that go along; what was added later is read in the case that it was added to.
const GO_ALONG: [&str; 5] = ["subject", "narrative", "respondent-name", "respondent-address", "respondent-contact"];

/// Registers it, and links it with the one that it came of.
pub(crate) async fn open_linked(
    tx: &mut Tx,
    app: &App,
    origin: &mut CaseRow,
    owed: &LinkedCaseOwed,
    cause: &Received,
) -> Result<()> {
    let law = app.law();
    let view = &origin.view.0;
    let zone = doors::zone(law.0.directory(), &view.unit_id);
    let today = tx.now().with_timezone(&zone).date_naive();
    let named = |id: &str| owed.regime_id.is_empty() || owed.regime_id == id;
    let mut regimes = law.0.regimes_for(&view.unit_id, &owed.kind, today).into_iter();
    let found = regimes.find(|(regime, _)| named(&regime.id));
    let (regime, version) =
        found.ok_or_else(|| Error::NotYet(format!("a regime for {} at {}", owed.kind, view.unit_id)))?;
    let case = id(origin.case_id, &cause.envelope.event_id);
    let case_id = CaseId::new(case).to_string();
    let origin_id = CaseId::new(origin.case_id).to_string();
    let known = |name: &String| regime.words.facts.iter().any(|question| question.name == *name);
    let facts = view.facts.iter().filter(|(name, _)| known(name));
    let is_respondent = regime.words.respondents.iter().any(|word| word.id == view.respondent);
    let fields: Vec<String> = view.form_fields.iter().filter(|name| goes_along(name).is_some()).cloned().collect();
    let (about_unit_id, about_staff_ids) = (view.about_unit_id.clone(), view.excluded.iter().cloned().collect());
    let submission = tx.id();
    let registered = CaseRegistered {
        case_id: case_id.clone(),
        submission_id: SubmissionId::new(submission).to_string(),
        regime_id: regime.id.clone(),
        regime_version: version,
        unit_id: view.unit_id.clone(),
        channel: view.channel.clone(),
        kind: owed.kind.clone(),
        received_at: Some(kit_grpc::timestamp(tx.now())),
        is_anonymous: true,
        identity: "anonymous".to_owned(),
        about_unit_id,
        about_staff_ids,
        facts: facts.map(|(name, value)| crate::convert::fact((name.clone(), value.clone()))).collect(),
        respondent: if is_respondent { view.respondent.clone() } else { String::new() },
        respondent_reach: view.respondent_reach.clone(),
        form_fields: fields,
        is_sealed: view.is_sealed,
        ..CaseRegistered::default()
    };
    let texts = texts(tx, app, origin.case_id).await?;
    let content: Vec<(&'static str, &Pii)> = texts.iter().map(|(field, text)| (*field, text)).collect();
    let (code, quick) = app.receipts.issue()?;
    let sealed_code = app.master.seal_waiting(case, code.expose()).map_err(failed)?;
    let prepared = Prepared {
        case_id: CaseId::new(case),
        submission_id: SubmissionId::new(submission),
        of_submission: vec![case_id.clone()],
        linked: vec![(owed.relation.clone(), origin_id.clone())],
        likeness: Vec::new(),
        registered,
        regime,
        today,
        language: origin.language.clone(),
        request_id: format!("linked {}", cause.envelope.event_id),
        digest: app.master.digest(&[case.as_bytes()]),
        code,
        quick,
        sealed_code,
        secrets: prepare::seal(app, case, &[], &content)?,
    };
    register::register(tx, Arc::clone(&app.master), vec![prepared]).await?;
    let event = CaseLinked {
        case_id: origin_id,
        other_case_id: case_id,
        relation: owed.relation.clone(),
        staff_id: String::new(),
    };
    tx.publish_after(cause, &event.case_id, &event);
    origin.view.apply(&Fact::CaseLinked(event), tx.now());
    Ok(())
}

/// The same for the same event, whoever applies it.
fn id(origin: Uuid, event_id: &str) -> Uuid {
    let digest = Sha256::new().chain_update(origin.as_bytes()).chain_update(event_id.as_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn goes_along(field: &str) -> Option<&'static str> {
    GO_ALONG.into_iter().chain(FORM_FIELDS).find(|known| *known == field)
}

/// What was said of the matter, opened to be sealed anew; nothing, where it was destroyed.
async fn texts(tx: &mut Tx, app: &App, origin: Uuid) -> Result<Vec<(&'static str, Pii)>> {
    let key = match seal::key(tx.conn(), &app.master, origin, Purpose::Content).await {
        Ok(key) => key,
        Err(Error::Problem(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut texts = Vec::new();
    for row in vault::told_by_complainant(tx.conn(), origin).await? {
        if let Some(field) = goes_along(&row.field) {
            texts.push((field, seal::open(&key, row)?));
        }
    }
    Ok(texts)
}
