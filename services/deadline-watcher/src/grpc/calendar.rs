//! The gRPC face of calendars and of the present.

mod listed;

use crate::guard::Guard;
use crate::law::{House, Reference};
use crate::store::change;
use crate::usecase::{calendar, time};
use contracts::deadline_watcher as wire;
use contracts::deadline_watcher::calendar_service_server::CalendarService;
use kit_core::{Clock as _, Problem};
use kit_db::Result as Outcome;
use kit_grpc::{Caller, Ctx, ctx, instant, parse_id, reply, timestamp};
use kit_ids::ChangeId;
use kit_messaging::{Command, Decided, Log};
use std::sync::Arc;
use tokio::sync::Notify;
use tonic::{Request, Response, Status};

/// The service behind the face.
#[derive(Clone)]
pub(crate) struct Calendars {
    pub(crate) log: Log,
    pub(crate) guard: Guard,
    pub(crate) reference: Arc<Reference>,
    /// Wakes the walk.
    pub(crate) wake: Arc<Notify>,
}

macro_rules! face {
    ($($name:ident $request:ident $response:ident $call:ident;)*) => {
        #[tonic::async_trait]
        impl CalendarService for Calendars {
            $(async fn $name(&self, request: Request<wire::$request>) -> Result<Response<wire::$response>, Status> {
                let ctx = ctx(&request);
                reply(&ctx, self.$call(&ctx, request.into_inner()).await)
            })*
        }
    };
}

face! {
    list_calendars ListCalendarsRequest ListCalendarsResponse list;
    get_calendar GetCalendarRequest GetCalendarResponse get;
    propose_calendar ProposeCalendarRequest ProposeCalendarResponse propose;
    list_calendar_changes ListCalendarChangesRequest ListCalendarChangesResponse changes;
    list_calendar_moves ListCalendarMovesRequest ListCalendarMovesResponse moves;
    approve_calendar ApproveCalendarRequest ApproveCalendarResponse approve;
    withdraw_calendar WithdrawCalendarRequest WithdrawCalendarResponse withdraw;
    get_time GetTimeRequest GetTimeResponse time;
    confirm_time ConfirmTimeRequest ConfirmTimeResponse confirm;
}

impl Calendars {
    async fn propose(
        &self,
        ctx: &Ctx,
        request: wire::ProposeCalendarRequest,
    ) -> Outcome<wire::ProposeCalendarResponse> {
        let house = self.reference.get();
        may_keep(&house, ctx, &request.calendar_id)?;
        let by = decided(ctx, &request.actor, &request.reason)?;
        let command = Command::new("propose-calendar", &request.request_id, &ctx.actor(), &request);
        let reading = Arc::clone(&house);
        // Reading a large file keeps a core busy, so it is not done among the calls.
        let read = move || calendar::read(&reading, &request.calendar_id, &request.body);
        let proposed = tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| kit_db::Error::Corrupt("reading the calendar failed".to_owned()))?;
        let answer = self.log.command(command, move |tx| {
            Box::pin(async move {
                // Refused in here, so that a repetition of what was taken gets its first answer.
                let change_id = calendar::propose(tx, &house, proposed?, &by).await?.to_string();
                Ok(wire::ProposeCalendarResponse { change_id })
            })
        });
        let answer = answer.await?;
        self.wake.notify_one();
        Ok(answer)
    }

    async fn approve(
        &self,
        ctx: &Ctx,
        request: wire::ApproveCalendarRequest,
    ) -> Outcome<wire::ApproveCalendarResponse> {
        let id = self.decidable(ctx, &request.change_id).await?;
        let by = decided(ctx, &request.actor, &request.reason)?;
        let command = Command::new("approve-calendar", &request.request_id, &ctx.actor(), &request);
        let reference = Arc::clone(&self.reference);
        let answer = self.log.command(command, move |tx| {
            Box::pin(async move {
                Ok(wire::ApproveCalendarResponse { version: calendar::approve(tx, &reference, id, &by).await? })
            })
        });
        let answer = answer.await?;
        self.reference.reload().await?;
        self.wake.notify_one();
        Ok(answer)
    }

    async fn withdraw(
        &self,
        ctx: &Ctx,
        request: wire::WithdrawCalendarRequest,
    ) -> Outcome<wire::WithdrawCalendarResponse> {
        let id = self.decidable(ctx, &request.change_id).await?;
        let by = decided(ctx, &request.actor, &request.reason)?;
        let command = Command::new("withdraw-calendar", &request.request_id, &ctx.actor(), &request);
        let answer = self.log.command(command, move |tx| {
            Box::pin(async move {
                calendar::withdraw(tx, id, &by).await?;
                Ok(wire::WithdrawCalendarResponse {})
            })
        });
        answer.await
    }

    async fn time(&self, ctx: &Ctx, _: wire::GetTimeRequest) -> Outcome<wire::GetTimeResponse> {
        ctx.service()?;
        let (standing, clock) = self.guard.standing();
        let standing = standing.word().to_owned();
        Ok(wire::GetTimeResponse { now: Some(timestamp(self.guard.now())), clock: Some(timestamp(clock)), standing })
    }

    async fn confirm(&self, ctx: &Ctx, request: wire::ConfirmTimeRequest) -> Outcome<wire::ConfirmTimeResponse> {
        ctx.service()?;
        let by = decided(ctx, &request.actor, &request.reason)?;
        let told = request.clock.as_ref().and_then(instant).ok_or_else(|| {
            Problem::field("clock", "malformed-instant", "请写明时钟所示时间", "Say what the clock shows")
        })?;
        let (_, shown) = self.guard.standing();
        let command = Command::new("confirm-time", &request.request_id, &ctx.actor(), &request);
        let answer = self.log.command(command, move |tx| {
            Box::pin(async move {
                time::confirm(tx, told, shown, &by).await?;
                Ok(wire::ConfirmTimeResponse {})
            })
        });
        answer.await
    }

    /// The change, if the caller may decide about it.
    async fn decidable(&self, ctx: &Ctx, id: &str) -> Outcome<ChangeId> {
        let id: ChangeId = parse_id("change_id", id)?;
        let of = change::calendar_of(self.log.pool(), id.uuid()).await?;
        // What is not here is refused where everybody else is: by whom it may be decided is not known.
        may_keep(&self.reference.get(), ctx, of.as_deref().unwrap_or_default())?;
        Ok(id)
    }
}

/// A tool of the house, an administrator of the unit whose layer it is, or of the whole organisation.
fn may_keep(house: &House, ctx: &Ctx, calendar_id: &str) -> Result<(), Problem> {
    if matches!(ctx.caller, Caller::Service(_)) {
        return Ok(());
    }
    let staff = ctx.staff()?.to_string();
    let directory = house.directory();
    let root = directory.units().find(|unit| unit.parent.is_none()).map(|unit| unit.id.as_str());
    let of = directory.unit(calendar_id).map(|unit| unit.id.as_str()).or(root);
    if of.is_some_and(|unit| directory.holds(&staff, "administrator", unit)) {
        return Ok(());
    }
    Err(Problem::denied(
        "administrators-only",
        "日历须由本单位或总部管理员维护",
        "Calendars are kept by an administrator of the unit or of the whole organisation",
    ))
}

/// Who decides: the member of staff who calls, or whom a tool of the house names.
fn decided(ctx: &Ctx, actor: &str, reason: &str) -> Result<Decided, Problem> {
    let actor = if matches!(ctx.caller, Caller::Service(_)) { actor.to_owned() } else { ctx.actor() };
    Decided::new(&actor, reason)
}
