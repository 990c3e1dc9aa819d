//! What people ask of the clocks of a case: more time, and that they stand still.

use super::life::Life;
use super::world::World;
use crate::harness::{HANDLER, staff, told};
use chrono::Days;
use contracts::deadline_watcher::{
    AskExtensionRequest, AskSuspensionRequest, EndSuspensionRequest, RuleOnExtensionRequest, RuleOnSuspensionRequest,
};
use rand::Rng as _;
use rand::seq::IndexedRandom as _;
use uuid::Uuid;

const REASON: &str = "ref_00000000000070008000000000000001";

fn request_id() -> String {
    Uuid::new_v4().to_string()
}

impl World {
    /// The handler of some case asks for something, and somebody rules on it.
    pub(super) async fn ask(&mut self) {
        let handled: Vec<&Life> = self.lives.iter().filter(|life| life.is_handled).collect();
        let chosen = handled.choose(&mut self.fate).map(|life| life.id.clone());
        let Some(case_id) = chosen.filter(|_| self.fate.random_bool(0.5)) else { return };
        let until = (self.now().date_naive() + Days::new(self.fate.random_range(1..40))).to_string();
        let (is_granted, ruler) = (self.fate.random_bool(0.8), staff(self.fate.random_range(2..4)));
        match self.fate.random_range(0..3) {
            0 => self.more(case_id, "handling", until, is_granted, &ruler).await,
            1 => self.more(case_id, "reply", String::new(), is_granted, &ruler).await,
            _ => self.suspend(case_id, until, is_granted, &ruler).await,
        }
        self.quiet().await;
        if let Some((case_id, suspension_id)) = self.suspended.pop_if(|_| self.fate.random_bool(0.3)) {
            let end = EndSuspensionRequest { request_id: request_id(), case_id, suspension_id };
            // It may have ended by itself, or the handler may have changed.
            let _ = self.hall.clocks().await.end_suspension(self.hall.of(&staff(HANDLER), end)).await;
            self.quiet().await;
        }
    }

    async fn more(&mut self, case_id: String, clock: &str, until: String, is_granted: bool, ruler: &str) {
        let (clock, reason_ref) = (clock.to_owned(), REASON.to_owned());
        let ask = AskExtensionRequest {
            request_id: request_id(),
            case_id: case_id.clone(),
            version: 0,
            clock,
            until,
            reason_ref,
        };
        let mut client = self.hall.clocks().await;
        let Ok(asked) = told(client.ask_extension(self.hall.of(&staff(HANDLER), ask)).await) else { return };
        self.figures.extensions += 1;
        let extension_id = asked.extension_id;
        let rule = RuleOnExtensionRequest { request_id: request_id(), case_id, extension_id, is_granted };
        let ruled = told(client.rule_on_extension(self.hall.of(ruler, rule)).await);
        assert!(
            ruled.as_ref().is_ok() || ruled.as_ref().is_err_and(|problem| problem.code == "not-permitted"),
            "{ruled:?}"
        );
    }

    async fn suspend(&mut self, case_id: String, until: String, is_granted: bool, ruler: &str) {
        let reason_ref = REASON.to_owned();
        let ask = AskSuspensionRequest {
            request_id: request_id(),
            case_id: case_id.clone(),
            version: 0,
            clocks: Vec::new(),
            until,
            reason_ref,
        };
        let mut client = self.hall.clocks().await;
        let Ok(asked) = told(client.ask_suspension(self.hall.of(&staff(HANDLER), ask)).await) else { return };
        self.figures.suspensions += 1;
        let suspension_id = asked.suspension_id;
        let (request_id, of) = (request_id(), case_id.clone());
        let rule = RuleOnSuspensionRequest { request_id, case_id, suspension_id: suspension_id.clone(), is_granted };
        let ruled = told(client.rule_on_suspension(self.hall.of(ruler, rule)).await);
        assert!(
            ruled.as_ref().is_ok() || ruled.as_ref().is_err_and(|problem| problem.code == "not-permitted"),
            "{ruled:?}"
        );
        if ruled.is_ok() && is_granted {
            self.suspended.push((of, suspension_id));
        }
    }
}
