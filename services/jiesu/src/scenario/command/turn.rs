//! Someone's turn: what they were given, and how it is said to the services.

use super::request_id;
use crate::{
    desk::{Answer, told},
    scenario::{
        play::Case,
        script::{Given, Value},
        world::World,
    },
};
use contracts::{deadline_watcher as watcher, intake, notification};
use kit_core::Problem;
use kit_grpc::Call;
use regime::Regime;

/// Someone's turn to do something in a case.
pub(in crate::scenario) struct Turn<'t> {
    pub(in crate::scenario) world: &'t World,
    pub(in crate::scenario) regime: &'t Regime,
    /// Empty for the complainant.
    pub(in crate::scenario) staff_id: &'t str,
    pub(in crate::scenario) case: &'t Case,
    pub(in crate::scenario) command: &'t str,
    pub(in crate::scenario) with: &'t Given,
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

    pub(super) fn flag(&self, name: &str, otherwise: bool) -> bool {
        match self.with.0.get(name) {
            Some(Value::Flag(flag)) => *flag,
            _ => otherwise,
        }
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

    /// Puts the text of an argument into the vault.
    pub(super) async fn seal(&self, name: &str, purpose: &str) -> Answer<String> {
        let given = self.text(name);
        let text = if given.is_empty() { "按规定办理。".to_owned() } else { given };
        let request = intake::SealTextRequest {
            request_id: request_id(),
            case_id: self.case.id.clone(),
            purpose: purpose.to_owned(),
            text,
        };
        let reply = told(self.world.client.intake().seal_text(self.call().request(request)).await)?;
        Ok(reply.r#ref.unwrap_or_default().ref_id)
    }

    /// Makes the call or visit that proves `purpose`.
    pub(super) async fn complete(&self, purpose: &str) -> Answer<()> {
        let request = notification::ListTasksRequest { case_id: self.case.id.clone(), ..Default::default() };
        let listed = told(self.world.client.notification().list_tasks(self.call().request(request)).await)?.tasks;
        let mut of_purpose = listed.into_iter().filter(|task| task.purpose == purpose).collect::<Vec<_>>();
        // Whoever asks for one that is done is to hear so from the service.
        of_purpose.sort_by_key(|task| task.state != "open");
        let Some(task) = of_purpose.into_iter().next() else {
            return Err(Problem::not_found("no-task", "没有这项待办", "There is no such call or visit to make"));
        };
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
            task_id: task.task_id,
            way: if way.is_empty() { task.ways.into_iter().next().unwrap_or_default() } else { way },
            is_reached,
            satisfaction,
            record_ref: self.seal("text", "call-record").await?,
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

    async fn watched(&self) -> Answer<watcher::GetCaseResponse> {
        let request = self.world.installation().request(watcher::GetCaseRequest { case_id: self.case.id.clone() });
        told(self.world.client.deadline_watcher().get_case(request).await)
    }
}

fn nothing_asked() -> Problem {
    Problem::not_found("nothing-asked", "没有这样的申请", "There is no such request")
}

impl Turn<'_> {
    /// How the case is named to intake: the complainant has the code, staff the id.
    pub(super) fn named(&self) -> (String, String) {
        if self.staff_id.is_empty() {
            (self.case.receipt_code.clone(), String::new())
        } else {
            (String::new(), self.case.id.clone())
        }
    }
}
