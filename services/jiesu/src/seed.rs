//! What a new installation is given over its own commands: shipped regimes, and for a demo the organisation.

use crate::demo_org::{DemoOrg, SignIn};
use anyhow::{Result, anyhow, bail};
use contracts::{
    assignment::assignment_service_client::AssignmentServiceClient,
    intake::{GetDoorRequest, intake_service_client::IntakeServiceClient},
    triage::{ListRegimesRequest, PublishRegimeRequest, triage_service_client::TriageServiceClient},
};
use kit_core::{Class, Problem};
use kit_grpc::{Call, Peers, problem};
use packs::Pack;
use std::{fmt::Write as _, future::Future, time::Duration};
use tokio::time::Instant;
use tonic::{Response, Status};

const PATIENCE: Duration = Duration::from_secs(60);

/// Speaks to the services of an installation in its own name.
#[derive(Clone, Debug)]
pub struct Seeder {
    peers: Peers,
    call: Call,
}

impl Seeder {
    /// A seeder that calls `peers` as `call`.
    pub fn new(peers: Peers, call: Call) -> Self {
        Self { peers, call }
    }

    /// Makes the demo organisation, with one password for all.
    ///
    /// # Errors
    /// It was refused.
    pub async fn demo_organisation(&self, password: &str) -> Result<Vec<SignIn>> {
        let org = DemoOrg::new(password);
        let sign_ins = org.sign_ins();
        let change = org.request();
        patiently("the demo organisation", || {
            let mut request = self.call.request(change.clone());
            // Sixty passwords are hashed on purpose slowly.
            request.set_timeout(PATIENCE);
            let mut client = AssignmentServiceClient::new(self.peers.channel("assignment"));
            async move { client.change_organisation(request).await }
        })
        .await?;
        Ok(sign_ins)
    }

    /// Publishes the shipped regimes of these ids, or else those that a new installation begins with, where no version
    /// is in force yet; answers which.
    ///
    /// # Errors
    /// There is none of an id, with the nearest; or one was refused, with every place that is wrong.
    pub async fn shipped_regimes(&self, chosen: &[String]) -> Result<Vec<String>> {
        let packs = match chosen {
            [] => packs::demonstration(),
            ids => ids.iter().map(|id| shipped(id)).collect::<Result<_>>()?,
        };
        let known = patiently("the list of regimes", || {
            let request = self.call.request(ListRegimesRequest {});
            let mut client = TriageServiceClient::new(self.peers.channel("triage"));
            async move { client.list_regimes(request).await }
        })
        .await?;
        let mut published = Vec::new();
        for pack in packs {
            let id = pack.file.trim_end_matches(".yaml").to_owned();
            if known.regimes.iter().any(|regime| regime.regime_id == id) {
                continue;
            }
            let publish = PublishRegimeRequest {
                request_id: format!("shipped-{id}"),
                pack: pack.yaml,
                unit_id: String::new(),
                in_force_from: String::new(),
            };
            let answer = patiently(&format!("the regime {id}"), || {
                let request = self.call.request(publish.clone());
                let mut client = TriageServiceClient::new(self.peers.channel("triage"));
                async move { client.publish_regime(request).await }
            })
            .await?;
            published.push(answer.regime_id);
        }
        Ok(published)
    }

    /// Waits until intake's doors are open: the organisation and the regimes have reached it.
    ///
    /// # Errors
    /// They were not in time.
    pub async fn doors(&self) -> Result<usize> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let request = self.call.request(GetDoorRequest::default());
            let mut client = IntakeServiceClient::new(self.peers.channel("intake"));
            match client.get_door(request).await {
                Ok(answer) if !answer.get_ref().doors.is_empty() => return Ok(answer.into_inner().doors.len()),
                _ if Instant::now() < deadline => pause().await,
                Ok(_) => bail!("intake has no open door; is there an estate that a regime is in force for?"),
                Err(status) => return Err(told("the doors", &problem(&status))),
            }
        }
    }
}

fn shipped(id: &str) -> Result<Pack> {
    packs::regime(id).ok_or_else(|| {
        let all = packs::regimes();
        let near = regime::nearest(id, all.iter().filter_map(Pack::id)).unwrap_or_default();
        anyhow!("没有制度 {id},最接近的是 {near} / there is no regime {id}; the nearest is {near}")
    })
}

/// Calls until the answer is no longer that a service is not there yet.
async fn patiently<T, F>(what: &str, mut call: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Response<T>, Status>>,
{
    let deadline = Instant::now() + PATIENCE;
    loop {
        match call().await {
            Ok(answer) => return Ok(answer.into_inner()),
            Err(status) => {
                let problem = problem(&status);
                if problem.class != Class::Transient || Instant::now() > deadline {
                    return Err(told(what, &problem));
                }
                pause().await;
            }
        }
    }
}

fn told(what: &str, problem: &Problem) -> anyhow::Error {
    let mut text = format!("{what}: {} / {} ({})", problem.text.zh, problem.text.en, problem.code);
    for field in &problem.fields {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  {}: {} / {}", field.field, field.text.zh, field.text.en);
    }
    anyhow!(text)
}

#[expect(clippy::disallowed_methods, reason = "waits for a process, in the machine's time")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(200)).await;
}
