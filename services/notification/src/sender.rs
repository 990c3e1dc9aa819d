//! The loop that sends. It claims under a lease and commits, then acts, then writes down what came of it: an outside
//! effect never stands inside a transaction.

use crate::{
    convert,
    domain::{self, Kind, Outcome, Owed, Sendable, plan},
    mail::{Door, Letter, MailSettings, compose, folder, wording},
    publish,
    store::{cases, sending, tasks, tasks::NewTask},
};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::intake::{GetContactRequest, GetContactResponse, intake_service_client::IntakeServiceClient};
use facts::Law;
use futures::StreamExt as _;
use kit_core::{Class, Env};
use kit_db::Result;
use kit_grpc::{Call, Peers, Tokens};
use kit_ids::{CaseId, TaskId};
use kit_messaging::{Log, Tx};
use kit_reference::Reference;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

/// The longest that a notice waits for nothing: other processes can queue one without our hearing of it.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Messages under way at once.
const AT_ONCE: usize = 4;

/// What the sender stands on.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) log: Log,
    pub(crate) env: Env,
    pub(crate) rules: Arc<Reference<Law>>,
    pub(crate) peers: Peers,
    pub(crate) tokens: Tokens,
    pub(crate) mail: Arc<MailSettings>,
    pub(crate) wake: Arc<Notify>,
}

/// Who is written to, and how.
struct Addressee {
    address: String,
    language: String,
    /// What the vault holds for them, by placeholder.
    sealed: BTreeMap<String, String>,
}

/// Where something is owed and did not arrive, it falls to a person; unless the complainant took the matter back.
async fn by_hand(tx: &mut Tx, case_id: Option<CaseId>, notice: &str, owed: Option<Owed>) -> Result<()> {
    let Some((case_id, owed)) = case_id.zip(owed) else { return Ok(()) };
    let Some(case) = cases::list(&mut *tx.conn(), &[case_id]).await?.remove(&case_id) else { return Ok(()) };
    if case.view.has_word("case-withdrawn") && case.view.outcome.is_some() {
        return Ok(());
    }
    let planned = plan::by_hand(notice, owed);
    let task = NewTask { task_id: TaskId::new(tx.id()), case_id, unit_id: case.view.unit_id, planned };
    let now = tx.now();
    if !tasks::insert(tx.conn(), std::slice::from_ref(&task), now).await?.is_empty() {
        publish::fell_to(tx, &task);
    }
    Ok(())
}

impl Sender {
    /// Sends until the process stops. A failure of Postgres is waited out.
    pub(crate) async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        while !stop.is_cancelled() {
            let next = self.pass().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "notices wait");
                None
            });
            let now = self.env.now();
            match next {
                Some(at) if at <= now => {}
                _ => self.rest(next.unwrap_or(now + TimeDelta::days(1)), &stop).await,
            }
        }
        Ok(())
    }

    async fn rest(&self, until: DateTime<Utc>, stop: &CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.wake.notified() => {}
            _ = timeout(LOOK_AGAIN, self.env.clock.sleep_until(until)) => {}
        }
    }

    /// One claim and what comes of it. Answers when there is more to do; none where nothing is known of that.
    async fn pass(&self) -> Result<Option<DateTime<Utc>>> {
        if matches!(self.mail.door, Door::Closed) {
            return Ok(None);
        }
        let next = sending::next_due(self.log.pool()).await?;
        if next.is_none_or(|at| at > self.env.now()) {
            return Ok(next);
        }
        let claimed = self
            .log
            .in_tx("notification", |tx| {
                Box::pin(async move {
                    let now = tx.now();
                    for notice in sending::abandoned(tx.conn(), now).await? {
                        publish::in_doubt(tx, &notice);
                        let case_id = notice.case_id.map(CaseId::new);
                        by_hand(tx, case_id, &notice.dedupe_key, notice.owed.map(|owed| owed.0)).await?;
                    }
                    sending::claim(tx.conn(), now).await
                })
            })
            .await?;
        // What is due and cannot be claimed is with another sender.
        let more = (!claimed.is_empty()).then(|| self.env.now());
        let mut work = futures::stream::iter(claimed).map(|notice| self.deal_with(notice)).buffer_unordered(AT_ONCE);
        let mut failure = None;
        // All are brought to their end, whatever becomes of one: a message may be on its way.
        while let Some(outcome) = work.next().await {
            failure = outcome.err().or(failure);
        }
        failure.map_or(Ok(more), Err)
    }

    async fn deal_with(&self, notice: Sendable) -> Result<()> {
        let outcome = self.attempt(&notice).await;
        metrics::counter!("jiesu_notices_total", "outcome" => outcome.word()).increment(1);
        self.log
            .in_tx("notification", move |tx| {
                Box::pin(async move {
                    let now = tx.now();
                    let next_at = match outcome {
                        Outcome::Later { .. } => domain::delivery::wait(notice.attempt).map(|wait| now + wait),
                        _ => None,
                    };
                    if sending::settle(tx.conn(), &notice, &outcome, next_at, now).await? {
                        publish::delivered(tx, &notice, &outcome, next_at.is_none());
                        if outcome.is_given_up(next_at.is_none()) {
                            let case_id = notice.case().map(|(id, _)| id);
                            by_hand(tx, case_id, &notice.dedupe_key, notice.owed).await?;
                        }
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn attempt(&self, notice: &Sendable) -> Outcome {
        let addressee = match self.addressee(notice).await {
            Ok(addressee) => addressee,
            Err(outcome) => return outcome,
        };
        let letter = match self.letter(notice, &addressee) {
            Ok(letter) => letter,
            Err(outcome) => return outcome,
        };
        match &self.mail.door {
            Door::Smtp(server) => server.send(&letter, || Box::pin(self.hand_over(notice))).await,
            Door::Folder(path) => match folder::keep(path, &letter).await {
                Ok(()) => Outcome::Sent,
                Err(error) => {
                    tracing::warn!(error = ?error.kind(), "the mail folder cannot be written");
                    Outcome::Later { reason: "mail-folder".to_owned() }
                }
            },
            Door::Closed => Outcome::Later { reason: "no-door".to_owned() },
        }
    }

    async fn hand_over(&self, notice: &Sendable) -> bool {
        let recorded = sending::hand_over(self.log.pool(), notice, self.env.now()).await;
        recorded.inspect_err(|error| tracing::warn!(%error, "a notice is not handed over")).unwrap_or(false)
    }

    /// Who it goes to now; asked at the last moment, because people leave, are recused, or were never reachable.
    async fn addressee(&self, notice: &Sendable) -> std::result::Result<Addressee, Outcome> {
        let Some(staff) = &notice.staff_id else { return self.party(notice).await };
        if notice.case().is_some_and(|(_, case)| case.is_excluded(staff)) {
            return Err(Outcome::Dropped { reason: "excluded" });
        }
        let rules = self.rules.get();
        let person = rules.directory().staff(staff).filter(|p| p.is_active && !p.email.is_empty());
        let person = person.ok_or(Outcome::Dropped { reason: "no-address" })?;
        Ok(Addressee { address: person.email.clone(), language: "zh".to_owned(), sealed: BTreeMap::new() })
    }

    /// The complainant or the respondent, and what staff wrote for the former.
    async fn party(&self, notice: &Sendable) -> std::result::Result<Addressee, Outcome> {
        // Only staff are told of what is no case.
        let Some((case_id, case)) = notice.case() else { return Err(Outcome::Dropped { reason: "no-address" }) };
        if notice.kind == Kind::Complainant && case.view.is_anonymous {
            return Err(Outcome::Dropped { reason: "anonymous" });
        }
        let token = self.tokens.issue("service:notification", self.env.now(), TimeDelta::minutes(1));
        let asked = GetContactRequest {
            case_id: case_id.to_string(),
            way: domain::EMAIL.to_owned(),
            party: notice.kind.word().to_owned(),
            ref_ids: notice.parts.values().cloned().collect::<BTreeSet<_>>().into_iter().collect(),
        };
        let mut intake = IntakeServiceClient::new(self.peers.channel("intake"));
        match intake.get_contact(Call::with_token(token).request(asked)).await.map(tonic::Response::into_inner) {
            Ok(GetContactResponse { address, .. }) if address.is_empty() => {
                Err(Outcome::Dropped { reason: "no-address" })
            }
            Ok(GetContactResponse { address, language, texts, .. }) => {
                Ok(Addressee { address, language, sealed: convert::sealed(&notice.parts, texts) })
            }
            Err(status) => {
                let problem = kit_grpc::problem(&status);
                tracing::warn!(code = %problem.code, case.id = %case_id, "intake gave no contact");
                let is_final = matches!(problem.class, Class::NotFound);
                let reason = if is_final { "no-contact" } else { "intake" }.to_owned();
                Err(if is_final { Outcome::Failed { reason } } else { Outcome::Later { reason } })
            }
        }
    }

    fn letter(&self, notice: &Sendable, to: &Addressee) -> std::result::Result<Letter, Outcome> {
        let failed = |reason: &str| Outcome::Failed { reason: reason.to_owned() };
        let (regime_id, version) = &notice.regime;
        let regime = self
            .rules
            .get()
            .regime(regime_id, *version)
            .ok_or_else(|| Outcome::Later { reason: "no-regime".to_owned() })?;
        let words = wording::words(&regime, &notice.template, &notice.params, &to.sealed, &to.language)
            .ok_or_else(|| failed("bad-template"))?;
        let ids = (notice.notice_id, notice.case().map(|(id, _)| id));
        compose::compose(ids, &self.mail.from, &to.address, words, self.env.now()).map_err(failed)
    }
}
