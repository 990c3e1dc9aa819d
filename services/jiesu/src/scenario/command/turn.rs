//! Someone's turn: what they were given, and how it is said to the services.

use super::request_id;
use crate::{
    desk::{Answer, told},
    scenario::{
        play::{Case, Published},
        script::{Given, Value},
        world::World,
    },
};
use chrono_tz::Tz;
use contracts::{assignment, deadline_watcher as watcher, intake, notification, resolution};
use kit_core::Problem;
use kit_grpc::Call;
use regime::vocabulary::PARTS;
use regime::{Regime, TellForm};
use std::collections::BTreeMap;

/// The word for a text that is left out.
const NONE: &str = "none";

/// Someone's turn to do something in a case.
pub(in crate::scenario) struct Turn<'t> {
    pub(in crate::scenario) world: &'t World,
    pub(in crate::scenario) regime: &'t Regime,
    /// Empty for the complainant.
    pub(in crate::scenario) staff_id: &'t str,
    pub(in crate::scenario) case: &'t Case,
    pub(in crate::scenario) command: &'t str,
    pub(in crate::scenario) with: &'t Given,
    /// Every version that is published, the newest last.
    pub(in crate::scenario) published: &'t [Published],
    /// The cases of the scenario, by name.
    pub(in crate::scenario) cases: &'t BTreeMap<String, Case>,
    pub(in crate::scenario) zone: Tz,
    /// Turns a login into the id of its bearer.
    pub(in crate::scenario) id_of: &'t (dyn Fn(&str) -> String + Sync),
}

impl Turn<'_> {
    pub(super) fn call(&self) -> Call {
        if self.staff_id.is_empty() { Call::default() } else { self.world.staff(self.staff_id) }
    }

    pub(super) fn text(&self, name: &str) -> String {
        match self.with.0.get(name) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.with.0.get(name) {
            Some(Value::List(list)) => list.clone(),
            _ => Vec::new(),
        }
    }

    pub(super) fn answers(&self, name: &str) -> BTreeMap<String, String> {
        match self.with.0.get(name) {
            Some(Value::Answers(answers)) => answers.clone(),
            _ => BTreeMap::new(),
        }
    }

    pub(super) fn flag(&self, name: &str, otherwise: bool) -> bool {
        match self.with.0.get(name) {
            Some(Value::Flag(flag)) => *flag,
            _ => otherwise,
        }
    }

    /// Whether the file says anything of it, if only that there is none.
    pub(super) fn has(&self, name: &str) -> bool {
        self.with.0.contains_key(name)
    }

    /// The version that an argument names, or else the newest of the regime that is meant.
    pub(super) fn version_to_move_to(&self) -> (String, u32) {
        let named = self.text("regime");
        let regime_id = if named.is_empty() { self.regime.id.clone() } else { named };
        let newest = || self.published.iter().rev().find(|one| one.regime.id == regime_id).map(|one| one.version);
        let given = u32::try_from(self.number("version")).ok().filter(|version| *version > 0);
        let version = given.or_else(newest).unwrap_or_default();
        (regime_id, version)
    }

    pub(super) fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or_default()
    }

    /// The id of the case that an argument names.
    pub(super) fn other(&self, name: &str) -> String {
        self.cases.get(&self.text(name)).map(|case| case.id.clone()).unwrap_or_default()
    }

    /// The person that an argument names; nobody, if it names none.
    pub(super) fn person(&self, name: &str) -> String {
        let login = self.text(name);
        if login.is_empty() { login } else { (self.id_of)(&login) }
    }

    pub(super) fn people(&self, name: &str) -> Vec<String> {
        self.list(name).iter().map(|login| (self.id_of)(login)).collect()
    }

    /// Puts a file of each name into the vault; one that says of no type is a PDF.
    pub(super) async fn seal_files(&self, name: &str) -> Answer<Vec<String>> {
        let mut refs = Vec::new();
        for file in self.list(name) {
            let name = if file.contains('.') { file } else { format!("{file}.pdf") };
            let request = intake::SealFileRequest {
                request_id: request_id(),
                case_id: self.case.id.clone(),
                name,
                media_type: String::new(),
                content: b"%PDF-1.4\n%%EOF\n".to_vec(),
            };
            let sealed = told(self.world.client.intake().seal_file(self.call().request(request)).await)?;
            refs.push(sealed.r#ref.unwrap_or_default().ref_id);
        }
        Ok(refs)
    }

    /// The parts of the answer that an act gives, each sealed: those that the file says, or else an ordinary text for
    /// each part that a rule of the regime asks for. `none` leaves one out.
    pub(super) async fn parts(&self, of: &str) -> Answer<BTreeMap<String, String>> {
        let rules = self.regime.answers.iter().filter(|answer| answer.of == of);
        let mut wanted: BTreeMap<String, String> =
            rules.flat_map(|answer| answer.holds.iter().map(|part| (part.clone(), String::new()))).collect();
        for part in PARTS.iter().map(|part| part.id).filter(|part| self.has(part)) {
            wanted.insert(part.to_owned(), self.text(part));
        }
        let mut parts = BTreeMap::new();
        for (part, text) in wanted.into_iter().filter(|(_, text)| text != NONE) {
            parts.insert(part, self.seal_text(&text, "answer").await?);
        }
        Ok(parts)
    }

    pub(super) fn facts(&self) -> Vec<contracts::common::Fact> {
        match self.with.0.get("facts") {
            Some(Value::Facts(facts)) => facts.clone(),
            _ => Vec::new(),
        }
    }

    /// The first of the regime's words where the file names none.
    pub(super) fn or_first(&self, name: &str, words: &[regime::Word]) -> String {
        let given = self.text(name);
        if given.is_empty() { words.first().map(|word| word.id.clone()).unwrap_or_default() } else { given }
    }

    /// Puts the text of an argument into the vault; `none` is no text.
    pub(super) async fn seal(&self, name: &str, purpose: &str) -> Answer<String> {
        let given = self.text(name);
        if given == NONE {
            return Ok(String::new());
        }
        self.seal_text(&given, purpose).await
    }

    async fn seal_text(&self, given: &str, purpose: &str) -> Answer<String> {
        let text = if given.is_empty() { "按规定办理。".to_owned() } else { given.to_owned() };
        let request = intake::SealTextRequest {
            request_id: request_id(),
            case_id: self.case.id.clone(),
            purpose: purpose.to_owned(),
            text,
        };
        let reply = told(self.world.client.intake().seal_text(self.call().request(request)).await)?;
        Ok(reply.r#ref.unwrap_or_default().ref_id)
    }

    /// Tells the complainant: by the call or visit that is owed, or, where none is, directly.
    pub(super) async fn tell(&self) -> Answer<()> {
        match self.task("complainant-told").await? {
            Some(task) => self.done(task).await,
            None => {
                let given = self.text("way");
                let is_written =
                    |answer: &&regime::Answer| answer.of == "tell" && !answer.ways.contains(&TellForm::Oral);
                let must_write =
                    self.regime.answers.iter().filter(|answer| !answer.ways.is_empty()).any(|a| is_written(&a));
                let way = match given.as_str() {
                    "" if must_write => "document".to_owned(),
                    "" => "call".to_owned(),
                    _ => given,
                };
                let request = resolution::TellResultRequest {
                    request_id: request_id(),
                    case_id: self.case.id.clone(),
                    way,
                    text_ref: self.seal("text", "answer").await?,
                    part_refs: self.parts("tell").await?,
                    ..Default::default()
                };
                told(self.world.client.resolution().tell_result(self.call().request(request)).await).map(drop)
            }
        }
    }

    /// Makes the call or visit that proves `purpose`.
    pub(super) async fn complete(&self, purpose: &str) -> Answer<()> {
        match self.task(purpose).await? {
            Some(task) => self.done(task).await,
            None => Err(Problem::not_found("no-task", "没有这项待办", "There is no such call or visit to make")),
        }
    }

    /// Makes the call or visit that is still owed and proves `purpose`; the refusal stands where none is.
    pub(super) async fn owed(&self, purpose: &str, refused: Problem) -> Answer<()> {
        match self.task(purpose).await?.filter(|task| task.state == "open") {
            Some(task) => self.done(task).await,
            None => Err(refused),
        }
    }

    /// The task of this purpose; whoever asks for one that is done is to hear so from the service.
    async fn task(&self, purpose: &str) -> Answer<Option<notification::Task>> {
        let request = notification::ListTasksRequest { case_id: self.case.id.clone(), ..Default::default() };
        let listed = told(self.world.client.notification().list_tasks(self.call().request(request)).await)?.tasks;
        let mut of_purpose = listed.into_iter().filter(|task| task.purpose == purpose).collect::<Vec<_>>();
        of_purpose.sort_by_key(|task| task.state != "open");
        Ok(of_purpose.into_iter().next())
    }

    async fn done(&self, task: notification::Task) -> Answer<()> {
        let is_reached = self.flag("reached", true);
        let wants_word = task.asks_satisfaction && is_reached;
        let satisfaction = if wants_word {
            self.or_first("satisfaction", &self.regime.words.satisfaction)
        } else {
            self.text("satisfaction")
        };
        let way = self.text("way");
        let request = notification::CompleteTaskRequest {
            request_id: request_id(),
            task_id: task.task_id.clone(),
            way: if way.is_empty() { task.ways.into_iter().next().unwrap_or_default() } else { way },
            is_reached,
            satisfaction,
            record_ref: self.seal("text", "call-record").await?,
            parts: if task.purpose == "complainant-told" { self.parts("tell").await? } else { Default::default() },
        };
        told(self.world.client.notification().complete_task(self.call().request(request)).await).map(drop)
    }

    /// The newest request for more time.
    pub(super) async fn extension(&self) -> Answer<String> {
        let clock = self.text("clock");
        let mut asked = self.watched().await?.extensions.into_iter();
        let newest = asked.rfind(|one| clock.is_empty() || one.clock == clock);
        newest.map(|one| one.extension_id).ok_or_else(nothing_asked)
    }

    /// The newest request that clocks stand still.
    pub(super) async fn suspension(&self) -> Answer<String> {
        self.watched().await?.suspensions.pop().map(|one| one.suspension_id).ok_or_else(nothing_asked)
    }

    /// The number of the order that is meant: the newest of its name that waits for an answer.
    pub(super) async fn order_no(&self) -> Answer<u32> {
        let (given, name) = (self.number("no"), self.text("order"));
        if given > 0 || name.is_empty() {
            return Ok(u32::try_from(given).unwrap_or_default());
        }
        let request = self.call().request(assignment::GetCaseRequest { case_id: self.case.id.clone() });
        let orders = told(self.world.client.assignment().get_case(request).await)?.orders;
        let newest = orders.iter().rev().find(|one| one.order == name && !one.is_answered);
        Ok(newest.or(orders.iter().rev().find(|one| one.order == name)).map_or(u32::MAX, |one| one.no))
    }

    async fn watched(&self) -> Answer<watcher::GetCaseResponse> {
        let request = self.world.installation().request(watcher::GetCaseRequest { case_id: self.case.id.clone() });
        told(self.world.client.deadline_watcher().get_case(request).await)
    }
}

fn nothing_asked() -> Problem {
    Problem::not_found("nothing-asked", "没有这样的申请", "There is no such request")
}

impl Turn<'_> {
    /// How the case is named to intake: the complainant has the code and its number, staff the id.
    pub(super) fn named(&self) -> (String, String, String) {
        if self.staff_id.is_empty() {
            (self.case.receipt_code.clone(), self.case.number.clone(), String::new())
        } else {
            (String::new(), String::new(), self.case.id.clone())
        }
    }
}
