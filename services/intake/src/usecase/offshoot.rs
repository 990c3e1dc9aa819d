//! A case that comes of another one: the same matter under a number, keys and a regime of its own, linked with it.

use crate::{
    app::App,
    domain::{
        doors,
        draft::{FORM_FIELDS, IDENTITY_FIELDS},
        pii::Pii,
        vault::Purpose,
    },
    receipts::failed,
    store::{case, case::CaseRow, likeness, vault},
    usecase::{
        hand_in::{
            prepare::{self, Prepared},
            register,
        },
        seal,
    },
};
use contracts::intake::{CaseLinked, CaseRegistered};
use kit_db::{Error, Result};
use kit_ids::{CaseId, SubmissionId};
use kit_messaging::Tx;
use regime::{Regime, Word};
use std::sync::Arc;
use uuid::Uuid;

/// The fields of the matter that go along.
const MATTER: [&str; 5] = ["subject", "narrative", "respondent-name", "respondent-address", "respondent-contact"];
/// What was added later goes along with the complainant; else it is read in the case that it was added to.
const LATER: &str = "supplement";

/// What is to be opened.
pub(crate) struct Offshoot {
    pub(crate) case: Uuid,
    pub(crate) kind: String,
    pub(crate) regime: Arc<Regime>,
    pub(crate) version: u32,
    /// What each of the two is to the other.
    pub(crate) relation: String,
    /// Another part of the same submission, of the same complainant; else a matter of its own, with nothing of who said it.
    pub(crate) is_twin: bool,
}

/// Registers it; answers its number, and the link by which the case that it came of is told.
pub(crate) async fn open(tx: &mut Tx, app: &App, origin: &CaseRow, new: Offshoot) -> Result<(String, CaseLinked)> {
    let submission = match new.is_twin {
        true => case::submission(tx.conn(), origin.case_id).await?.ok_or_else(lost)?,
        false => tx.id(),
    };
    let mut registered = registered(tx, origin, &new);
    registered.submission_id = SubmissionId::new(submission).to_string();
    let content = content(tx, app, origin.case_id, new.is_twin).await?;
    let (identity, likeness) = match new.is_twin {
        true => (identity(tx, app, origin.case_id).await?, likeness::of(tx.conn(), origin.case_id).await?),
        false => Default::default(),
    };
    let case_id = registered.case_id.clone();
    let origin_id = CaseId::new(origin.case_id).to_string();
    // Nobody is given this code: the complainant has one for the submission, or is not known here.
    let (code, quick) = app.receipts.issue()?;
    let sealed_code = app.master.seal_waiting(new.case, code.expose()).map_err(failed)?;
    let zone = doors::zone(app.law().directory(), &registered.unit_id);
    let prepared = Prepared {
        case_id: CaseId::new(new.case),
        submission_id: SubmissionId::new(submission),
        // A submission is told once, with its first cases.
        of_submission: if new.is_twin { Vec::new() } else { vec![case_id.clone()] },
        linked: vec![(new.relation.clone(), origin_id.clone())],
        likeness,
        registered,
        regime: new.regime,
        today: tx.now().with_timezone(&zone).date_naive(),
        language: origin.language.clone(),
        request_id: format!("of {case_id}"),
        digest: app.master.digest(&[new.case.as_bytes()]),
        code,
        quick,
        sealed_code,
        secrets: prepare::seal(app, new.case, &borrowed(&identity), &borrowed(&content))?,
    };
    let done = register::register(tx, Arc::clone(&app.master), vec![prepared]).await?;
    let number = done.into_iter().next().ok_or_else(lost)?.number;
    Ok((number, register::linked(&origin_id, &(new.relation, case_id))))
}

/// The event but for its number and its submission: what the new regime has words for.
fn registered(tx: &Tx, origin: &CaseRow, new: &Offshoot) -> CaseRegistered {
    let (view, regime) = (&origin.view.0, &new.regime);
    let is_known = |name: &String| regime.words.facts.iter().any(|question| question.name == *name);
    let facts = view.facts.iter().filter(|(name, _)| is_known(name));
    let word =
        |words: &[Word], id: &String| words.iter().find(|word| word.id == *id).map_or_else(String::new, |_| id.clone());
    let fields = view.form_fields.iter().filter(|name| new.is_twin || of_matter(name).is_some());
    let lead = CaseRegistered {
        case_id: CaseId::new(new.case).to_string(),
        regime_id: regime.id.clone(),
        regime_version: new.version,
        unit_id: view.unit_id.clone(),
        channel: view.channel.clone(),
        kind: new.kind.clone(),
        received_at: Some(kit_grpc::timestamp(tx.now())),
        is_anonymous: true,
        identity: "anonymous".to_owned(),
        about_unit_id: view.about_unit_id.clone(),
        // Whoever may not read the one may not read the same in the other.
        about_staff_ids: view.excluded.iter().cloned().collect(),
        facts: facts.map(|(name, value)| facts::answer(name, value)).collect(),
        respondent: word(&regime.words.respondents, &view.respondent),
        respondent_reach: view.respondent_reach.clone(),
        form_fields: fields.cloned().collect(),
        is_sealed: view.is_sealed,
        ..CaseRegistered::default()
    };
    if !new.is_twin {
        return lead;
    }
    let is_sealed = regime.door(&view.channel, &new.kind).is_some_and(|channel| channel.is_sealed);
    CaseRegistered {
        // The matter was received when it came, and whoever took it in did so for both.
        received_at: Some(kit_grpc::timestamp(view.received_at)),
        recorded_by: view.first_contact.clone(),
        asked_by: view.asked_by.map(|day| day.to_string()),
        is_anonymous: view.is_anonymous,
        identity: view.identity.clone(),
        reach: view.reach.clone(),
        complainant: word(&regime.words.complainants, &view.complainant),
        is_sealed: view.is_sealed || is_sealed,
        ..lead
    }
}

fn of_matter(field: &str) -> Option<&'static str> {
    MATTER.into_iter().chain(FORM_FIELDS).find(|known| *known == field)
}

fn known(list: &[&'static str], name: &str) -> Option<&'static str> {
    list.iter().copied().find(|known| *known == name)
}

type Texts = Vec<(&'static str, Pii)>;

fn borrowed(texts: &Texts) -> Vec<(&'static str, &Pii)> {
    texts.iter().map(|(field, text)| (*field, text)).collect()
}

/// What was said of the matter, opened to be sealed anew; nothing, where it was destroyed.
async fn content(tx: &mut Tx, app: &App, origin: Uuid, is_twin: bool) -> Result<Texts> {
    let key = match seal::key(tx.conn(), &app.master, origin, Purpose::Content).await {
        Ok(key) => key,
        Err(Error::Problem(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut texts = Vec::new();
    for row in vault::told_by_complainant(tx.conn(), origin).await? {
        let later = (is_twin && row.field == LATER).then_some(LATER);
        if let Some(field) = of_matter(&row.field).or(later) {
            texts.push((field, seal::open(&key, row)?));
        }
    }
    Ok(texts)
}

/// Who said it.
async fn identity(tx: &mut Tx, app: &App, origin: Uuid) -> Result<Texts> {
    let key = seal::key(tx.conn(), &app.master, origin, Purpose::Identity).await?;
    let mut texts = Vec::new();
    for row in vault::identities(tx.conn(), origin).await? {
        if let Some(field) = known(&IDENTITY_FIELDS, &row.field) {
            texts.push((field, seal::open(&key, row)?));
        }
    }
    Ok(texts)
}

fn lost() -> Error {
    Error::Corrupt("a case that came of another one was left without a number or a submission".to_owned())
}
