//! Commands, from the wire to their use cases.

use super::Api;
use crate::law::{self, House};
use crate::usecase::{
    AskExtension, AskSuspension, EndSuspension, RuleOnExtension, RuleOnSuspension, SetDate, ask_extension,
    ask_suspension, end_suspension, rule_on_extension, rule_on_suspension, set_date,
};
use chrono::{Datelike as _, NaiveDate};
use contracts::deadline_watcher as wire;
use futures::future::BoxFuture;
use kit_core::Problem;
use kit_grpc::{Ctx, need_ref, parse_id};
use kit_messaging::{Command, Tx};
use prost::Message;
use std::sync::Arc;

/// The most clocks that one request names: a regime has a few dozen.
const CLOCKS: usize = 100;

impl Api {
    pub(super) async fn ask(
        &self,
        ctx: &Ctx,
        request: wire::AskExtensionRequest,
    ) -> kit_db::Result<wire::AskExtensionResponse> {
        let ask = AskExtension {
            staff: ctx.staff()?,
            case_id: parse_id("case_id", &request.case_id)?,
            version: request.version,
            clock: request.clock.clone(),
            until: day("until", &request.until)?,
            reason: need_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
        };
        let command = Command::new("ask-extension", &request.request_id, &ctx.actor(), &request);
        self.give(command, move |tx, house| {
            Box::pin(async move {
                let asked = ask_extension(tx, &house, ask).await?;
                let extension_id = asked.extension_id.to_string();
                let by = asked.offer.by.map(|by| by.to_string()).unwrap_or_default();
                Ok(wire::AskExtensionResponse { extension_id, approver_role: asked.offer.approver_role, by })
            })
        })
        .await
    }

    pub(super) async fn rule(
        &self,
        ctx: &Ctx,
        request: wire::RuleOnExtensionRequest,
    ) -> kit_db::Result<wire::RuleOnExtensionResponse> {
        let ruling = RuleOnExtension {
            staff: ctx.staff()?,
            case_id: parse_id("case_id", &request.case_id)?,
            extension_id: parse_id("extension_id", &request.extension_id)?,
            is_granted: request.is_granted,
        };
        let command = Command::new("rule-on-extension", &request.request_id, &ctx.actor(), &request);
        self.give(command, move |tx, house| {
            Box::pin(async move {
                rule_on_extension(tx, &house, ruling).await?;
                Ok(wire::RuleOnExtensionResponse {})
            })
        })
        .await
    }

    pub(super) async fn ask_for_suspension(
        &self,
        ctx: &Ctx,
        request: wire::AskSuspensionRequest,
    ) -> kit_db::Result<wire::AskSuspensionResponse> {
        if request.clocks.len() > CLOCKS {
            let (zh, en) = (format!("一次最多 {CLOCKS} 个时限"), format!("At most {CLOCKS} clocks at once"));
            return Err(Problem::field("clocks", "too-many-clocks", zh, en).into());
        }
        let mut clocks = request.clocks.clone();
        clocks.sort_unstable();
        clocks.dedup();
        let ask = AskSuspension {
            staff: ctx.staff()?,
            case_id: parse_id("case_id", &request.case_id)?,
            version: request.version,
            clocks,
            until: day("until", &request.until)?,
            reason: need_ref(&request.case_id, "reason_ref", &request.reason_ref)?,
        };
        let command = Command::new("ask-suspension", &request.request_id, &ctx.actor(), &request);
        self.give(command, move |tx, house| {
            Box::pin(async move {
                let asked = ask_suspension(tx, &house, ask).await?;
                let suspension_id = asked.suspension_id.to_string();
                let (approver_role, clocks) = (asked.approver_role, asked.clocks);
                Ok(wire::AskSuspensionResponse { suspension_id, approver_role, clocks })
            })
        })
        .await
    }

    pub(super) async fn rule_suspension(
        &self,
        ctx: &Ctx,
        request: wire::RuleOnSuspensionRequest,
    ) -> kit_db::Result<wire::RuleOnSuspensionResponse> {
        let ruling = RuleOnSuspension {
            staff: ctx.staff()?,
            case_id: parse_id("case_id", &request.case_id)?,
            suspension_id: parse_id("suspension_id", &request.suspension_id)?,
            is_granted: request.is_granted,
        };
        let command = Command::new("rule-on-suspension", &request.request_id, &ctx.actor(), &request);
        self.give(command, move |tx, house| {
            Box::pin(async move {
                rule_on_suspension(tx, &house, ruling).await?;
                Ok(wire::RuleOnSuspensionResponse {})
            })
        })
        .await
    }

    pub(super) async fn end(
        &self,
        ctx: &Ctx,
        request: wire::EndSuspensionRequest,
    ) -> kit_db::Result<wire::EndSuspensionResponse> {
        let end = EndSuspension {
            staff: ctx.staff()?,
            case_id: parse_id("case_id", &request.case_id)?,
            suspension_id: parse_id("suspension_id", &request.suspension_id)?,
        };
        let command = Command::new("end-suspension", &request.request_id, &ctx.actor(), &request);
        self.give(command, move |tx, house| {
            Box::pin(async move {
                end_suspension(tx, &house, end).await?;
                Ok(wire::EndSuspensionResponse {})
            })
        })
        .await
    }

    pub(super) async fn set(&self, ctx: &Ctx, request: wire::SetDateRequest) -> kit_db::Result<wire::SetDateResponse> {
        let set = SetDate {
            staff: ctx.staff()?,
            case_id: parse_id("case_id", &request.case_id)?,
            version: request.version,
            clock: request.clock.clone(),
            date: day("date", &request.date)?.ok_or_else(|| malformed("date"))?,
        };
        let command = Command::new("set-date", &request.request_id, &ctx.actor(), &request);
        self.give(command, move |tx, house| {
            Box::pin(async move {
                set_date(tx, &house, set).await?;
                Ok(wire::SetDateResponse {})
            })
        })
        .await
    }

    /// Runs a command in its transaction, and wakes the sweep: something may be due sooner than it thinks.
    async fn give<T, F>(&self, command: Command, act: F) -> kit_db::Result<T>
    where
        T: Message + Default + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx, Arc<House>) -> BoxFuture<'t, kit_db::Result<T>> + Send + 'static,
    {
        let reference = Arc::clone(&self.reference);
        let answer = self.log.command(command, move |tx| {
            Box::pin(async move {
                let house = law::present(&reference, tx).await?;
                act(tx, house).await
            })
        });
        let answer = answer.await?;
        self.wake.notify_one();
        Ok(answer)
    }
}

/// A day; none where nothing is said.
fn day(field: &'static str, text: &str) -> Result<Option<NaiveDate>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| (1900..=2999).contains(&date.year()));
    date.map(Some).ok_or_else(|| malformed(field))
}

fn malformed(field: &'static str) -> Problem {
    Problem::field(field, "malformed-date", "日期格式应为 2026-04-15", "A date must look like 2026-04-15")
}
