//! A person at the desk: signs in and acts through the services' gRPC as the pages do. The tour, the demo data, the
//! benchmark and the system tests all act through it, so what they show is what the services do.

use crate::client::Client;
use contracts::{assignment, common, deadline_watcher as watcher, intake, notification, records, resolution, triage};
use kit_core::{Clock as _, Problem, SystemClock};
use kit_grpc::Call;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tonic::{Response, Status};

/// What a command answers: its reply, or the problem as the service told it.
pub type Answer<T> = Result<T, Problem>;

/// Someone who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub client: Client,
    pub staff: assignment::Staff,
    token: String,
    /// What this person's requests are called, and the number of the next; without it each has a name of its own.
    requests: Option<Arc<(String, AtomicU64)>>,
}

/// What a receptionist chooses at triage.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub kind: String,
    pub category: String,
    pub about_unit_id: Option<String>,
    pub about_staff_ids: Vec<String>,
    pub facts: Vec<common::Fact>,
    pub validity: String,
    pub severity: String,
}

/// Unwraps a reply, and reads a status back into the problem that the service told.
pub fn told<T>(reply: Result<Response<T>, Status>) -> Answer<T> {
    reply.map(Response::into_inner).map_err(|status| kit_grpc::problem(&status))
}

/// A request id that this process has not used before.
pub fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let start = SystemClock.now().timestamp_micros();
    format!("cli-{}-{start}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Asks again and again until `probe` has something, at most `limit`.
///
/// # Errors
/// A problem that says what was waited for.
pub async fn until<T>(what: &str, limit: Duration, mut probe: impl AsyncFnMut() -> Answer<Option<T>>) -> Answer<T> {
    let end = SystemClock.now() + limit;
    loop {
        let last = match probe().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => String::new(),
            Err(problem) => problem.to_string(),
        };
        if SystemClock.now() > end {
            return Err(Problem::conflict(
                "waited-in-vain",
                format!("等了 {limit:?} 仍未出现:{what} {last}"),
                format!("waited {limit:?} in vain for {what} {last}"),
            ));
        }
        SystemClock.sleep_until(SystemClock.now() + chrono::TimeDelta::milliseconds(20)).await;
    }
}

impl Person {
    /// Signs in.
    ///
    /// # Errors
    /// The service refuses.
    pub async fn sign_in(client: &Client, login: &str, password: &str) -> Answer<Self> {
        let request = assignment::SignInRequest { login: login.to_owned(), password: password.to_owned() };
        let reply = told(client.assignment().sign_in(Call::default().request(request)).await)?;
        Ok(Self { client: client.clone(), staff: reply.staff.unwrap_or_default(), token: reply.token, requests: None })
    }

    /// The same person, whose requests are numbered under `name`: done again from the start under the same name, they are
    /// repetitions, and what was done before is not done twice.
    #[must_use]
    pub fn under(&self, name: &str) -> Self {
        Self { requests: Some(Arc::new((name.to_owned(), AtomicU64::new(0)))), ..self.clone() }
    }

    fn request_id(&self) -> String {
        let numbered = |(name, next): &(String, AtomicU64)| format!("{name}-{}", next.fetch_add(1, Ordering::Relaxed));
        self.requests.as_deref().map_or_else(request_id, numbered)
    }

    /// What every call of this person carries.
    pub fn call(&self) -> Call {
        Call::with_token(&self.token)
    }

    /// The case as triage sees it.
    pub async fn triage_view(&self, case_id: &str) -> Answer<triage::GetCaseResponse> {
        let request = triage::GetCaseRequest { case_id: case_id.to_owned() };
        told(self.client.triage().get_case(self.call().request(request)).await)
    }

    /// The case as assignment sees it.
    pub async fn assignment_view(&self, case_id: &str) -> Answer<assignment::GetCaseResponse> {
        let request = assignment::GetCaseRequest { case_id: case_id.to_owned() };
        told(self.client.assignment().get_case(self.call().request(request)).await)
    }

    /// The case as resolution sees it.
    pub async fn resolution_view(&self, case_id: &str) -> Answer<resolution::GetCaseResponse> {
        let request = resolution::GetCaseRequest { case_id: case_id.to_owned() };
        told(self.client.resolution().get_case(self.call().request(request)).await)
    }

    /// The case as the watcher sees it.
    pub async fn watcher_view(&self, case_id: &str) -> Answer<watcher::GetCaseResponse> {
        let request = watcher::GetCaseRequest { case_id: case_id.to_owned() };
        told(self.client.deadline_watcher().get_case(self.call().request(request)).await)
    }

    /// Everything that happened, in order.
    pub async fn dossier(&self, case_id: &str) -> Answer<records::GetDossierResponse> {
        let request = records::GetDossierRequest { case_id: case_id.to_owned(), number: String::new() };
        told(self.client.records().get_dossier(self.call().request(request)).await)
    }

    /// The month's figures of a unit with all below it.
    pub async fn statistics(&self, unit_id: &str, month: &str) -> Answer<records::GetStatisticsResponse> {
        let request = records::GetStatisticsRequest { unit_id: unit_id.to_owned(), month: month.to_owned() };
        told(self.client.records().get_statistics(self.call().request(request)).await)
    }

    /// Puts a text into the vault and gives its reference.
    pub async fn seal(&self, case_id: &str, purpose: &str, text: &str) -> Answer<String> {
        let request = intake::SealTextRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            purpose: purpose.to_owned(),
            text: text.to_owned(),
        };
        let reply = told(self.client.intake().seal_text(self.call().request(request)).await)?;
        Ok(reply.r#ref.unwrap_or_default().ref_id)
    }

    /// Accepts, classifies and grades.
    pub async fn triage(&self, case_id: &str, choice: Choice) -> Answer<triage::TriageCaseResponse> {
        let request = triage::TriageCaseRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            kind: choice.kind,
            category: choice.category,
            about_unit_id: choice.about_unit_id,
            about_staff_ids: choice.about_staff_ids,
            facts: choice.facts,
            validity: choice.validity,
            severity: choice.severity,
        };
        told(self.client.triage().triage_case(self.call().request(request)).await)
    }

    /// Does not take the case, on a ground of its regime.
    pub async fn decline(&self, case_id: &str, ground: &str, reason: &str) -> Answer<triage::DeclineCaseResponse> {
        let request = triage::DeclineCaseRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            ground: ground.to_owned(),
            reason_ref: self.seal(case_id, "reason", reason).await?,
            ..Default::default()
        };
        told(self.client.triage().decline_case(self.call().request(request)).await)
    }

    /// Moves the case to a version of a regime; an empty name is the regime that it has.
    pub async fn move_to_version(&self, case_id: &str, (regime, version): (&str, u32), reason: &str) -> Answer<()> {
        let request = triage::MoveToVersionRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            regime_id: regime.to_owned(),
            regime_version: version,
            reason_ref: self.seal(case_id, "reason", reason).await?,
        };
        told(self.client.triage().move_to_version(self.call().request(request)).await).map(drop)
    }

    /// Records that harm was stopped or limited.
    pub async fn contain(&self, case_id: &str, text: &str) -> Answer<()> {
        let request = triage::RecordContainmentRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            text_ref: self.seal(case_id, "note", text).await?,
        };
        told(self.client.triage().record_containment(self.call().request(request)).await).map(drop)
    }

    /// Hands the case to a department.
    pub async fn dispatch(&self, case_id: &str, unit_id: &str) -> Answer<assignment::DispatchCaseResponse> {
        let request = assignment::DispatchCaseRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            unit_id: unit_id.to_owned(),
            staff_id: String::new(),
        };
        told(self.client.assignment().dispatch_case(self.call().request(request)).await)
    }

    /// Signs for the case.
    pub async fn sign(&self, case_id: &str) -> Answer<()> {
        let request =
            assignment::SignCaseRequest { request_id: self.request_id(), case_id: case_id.to_owned(), version: 0 };
        told(self.client.assignment().sign_case(self.call().request(request)).await).map(drop)
    }

    /// Hands the case back to the dispatcher.
    pub async fn hand_back(&self, case_id: &str, reason: &str) -> Answer<()> {
        let request = assignment::ReturnCaseRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            reason_ref: self.seal(case_id, "reason", reason).await?,
        };
        told(self.client.assignment().return_case(self.call().request(request)).await).map(drop)
    }

    /// Adds an entry to the course log.
    pub async fn note(&self, case_id: &str, text: &str) -> Answer<()> {
        let request = resolution::AddNoteRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            text_ref: self.seal(case_id, "note", text).await?,
        };
        told(self.client.resolution().add_note(self.call().request(request)).await).map(drop)
    }

    /// Orders measures of the regime's catalogue.
    pub async fn measures(&self, case_id: &str, measures: &[String], text: &str) -> Answer<()> {
        let request = resolution::OrderMeasuresRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            measures: measures.to_vec(),
            text_ref: self.seal(case_id, "note", text).await?,
        };
        told(self.client.resolution().order_measures(self.call().request(request)).await).map(drop)
    }

    /// Proposes a finding.
    pub async fn decide(&self, case_id: &str, finding: &str, text: &str) -> Answer<bool> {
        let request = resolution::ProposeDecisionRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            finding: finding.to_owned(),
            text_ref: self.seal(case_id, "decision", text).await?,
        };
        told(self.client.resolution().propose_decision(self.call().request(request)).await).map(|reply| reply.is_final)
    }

    /// Gives the complainant a clear answer.
    pub async fn answer(&self, case_id: &str, text: &str) -> Answer<()> {
        let request = resolution::AnswerComplainantRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            text_ref: self.seal(case_id, "answer", text).await?,
        };
        told(self.client.resolution().answer_complainant(self.call().request(request)).await).map(drop)
    }

    /// Says that the matter is dealt with.
    pub async fn resolve(&self, case_id: &str, finding: &str, text: &str) -> Answer<()> {
        let request = resolution::ResolveCaseRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            finding: finding.to_owned(),
            text_ref: self.seal(case_id, "decision", text).await?,
        };
        told(self.client.resolution().resolve_case(self.call().request(request)).await).map(drop)
    }

    /// Does a step of the regime's own vocabulary.
    pub async fn step(&self, case_id: &str, step: &str) -> Answer<()> {
        let request = resolution::DoStepRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            step: step.to_owned(),
            ..Default::default()
        };
        told(self.client.resolution().do_step(self.call().request(request)).await).map(drop)
    }

    /// Closes the case.
    pub async fn close(&self, case_id: &str) -> Answer<()> {
        let request =
            resolution::CloseCaseRequest { request_id: self.request_id(), case_id: case_id.to_owned(), version: 0 };
        told(self.client.resolution().close_case(self.call().request(request)).await).map(drop)
    }

    /// The open calls and visits of a case that this person may make.
    pub async fn tasks(&self, case_id: &str) -> Answer<Vec<notification::Task>> {
        let request = notification::ListTasksRequest { case_id: case_id.to_owned(), ..Default::default() };
        let tasks = told(self.client.notification().list_tasks(self.call().request(request)).await)?.tasks;
        Ok(tasks.into_iter().filter(|task| task.state == "open" && task.may_complete).collect())
    }

    /// Makes the call or visit and records how it went.
    pub async fn complete(&self, task: &notification::Task, way: &str, satisfaction: &str, text: &str) -> Answer<()> {
        let request = notification::CompleteTaskRequest {
            request_id: self.request_id(),
            task_id: task.task_id.clone(),
            way: way.to_owned(),
            is_reached: true,
            satisfaction: satisfaction.to_owned(),
            record_ref: self.seal(&task.case_id, "call-record", text).await?,
            parts: Default::default(),
        };
        told(self.client.notification().complete_task(self.call().request(request)).await).map(drop)
    }

    /// Asks for more time on a clock, until the end of a day.
    pub async fn ask_extension(&self, case_id: &str, clock: &str, until: &str, reason: &str) -> Answer<String> {
        let request = watcher::AskExtensionRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            version: 0,
            clock: clock.to_owned(),
            until: until.to_owned(),
            reason_ref: self.seal(case_id, "reason", reason).await?,
        };
        let reply = told(self.client.deadline_watcher().ask_extension(self.call().request(request)).await)?;
        Ok(reply.extension_id)
    }

    /// Grants or refuses more time.
    pub async fn rule_on_extension(&self, case_id: &str, extension_id: &str, is_granted: bool) -> Answer<()> {
        let request = watcher::RuleOnExtensionRequest {
            request_id: self.request_id(),
            case_id: case_id.to_owned(),
            extension_id: extension_id.to_owned(),
            is_granted,
        };
        told(self.client.deadline_watcher().rule_on_extension(self.call().request(request)).await).map(drop)
    }
}
