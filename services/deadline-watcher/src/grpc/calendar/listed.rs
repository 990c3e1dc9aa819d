//! What is read of calendars and of their changes.

use super::{Calendars, may_keep};
use crate::grpc::read::known;
use crate::store;
use crate::store::change::{self, Listed, Moved};
use contracts::deadline_watcher as wire;
use kit_core::Problem;
use kit_db::Result as Outcome;
use kit_grpc::{Caller, Ctx, page, timestamp};
use kit_ids::{CaseId, ChangeId};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Calendars {
    pub(super) async fn list(&self, ctx: &Ctx, _: wire::ListCalendarsRequest) -> Outcome<wire::ListCalendarsResponse> {
        known(ctx)?;
        let house = self.reference.get();
        let calendars = house.calendars().shelf().latest_of_all().map(|(id, version, layer)| wire::Calendar {
            calendar_id: id.to_owned(),
            version,
            covered_until: match house.directory().unit(id) {
                Some(_) if !house.named_by_regimes().contains(id) => String::new(),
                _ => layer.years().map(|(_, last)| format!("{last}-12-31")).unwrap_or_default(),
            },
            days: u32::try_from(layer.days().count()).unwrap_or(u32::MAX),
        });
        Ok(wire::ListCalendarsResponse { calendars: calendars.collect() })
    }

    pub(super) async fn get(&self, ctx: &Ctx, request: wire::GetCalendarRequest) -> Outcome<wire::GetCalendarResponse> {
        known(ctx)?;
        let (house, now) = (self.reference.get(), self.log.env().now());
        let is_ical = match request.format.as_str() {
            "" | "csv" => false,
            "ics" => true,
            _ => {
                let (zh, en) = ("格式为 csv 或 ics", "The format is `csv` or `ics`");
                return Err(Problem::field("format", "unknown-format", zh, en).into());
            }
        };
        let unknown = || {
            let (zh, en) = ("没有这个日历或这个版本", "There is no such calendar, or no such version of it");
            Problem::field("calendar_id", "unknown-calendar", zh, en)
        };
        if request.unit_id.is_empty() {
            let wanted = (request.version > 0).then_some(request.version);
            let (version, layer) = house.calendars().shelf().layer(&request.calendar_id, wanted).ok_or_else(unknown)?;
            let body = if is_ical { layer.to_ical(now) } else { layer.to_csv() };
            return Ok(wire::GetCalendarResponse { body, version });
        }
        let directory = house.directory();
        if directory.unit(&request.unit_id).is_none() {
            return Err(Problem::field("unit_id", "unknown-unit", "没有这个单位", "There is no such unit").into());
        }
        let made = house.calendars().of(&request.calendar_id, &request.unit_id, directory).map_err(|_| unknown())?;
        let layer = made.flattened();
        Ok(wire::GetCalendarResponse { body: if is_ical { layer.to_ical(now) } else { layer.to_csv() }, version: 0 })
    }

    pub(super) async fn changes(
        &self,
        ctx: &Ctx,
        _: wire::ListCalendarChangesRequest,
    ) -> Outcome<wire::ListCalendarChangesResponse> {
        known(ctx)?;
        let house = self.reference.get();
        let changes = change::list(self.log.pool()).await?;
        let mine = changes.into_iter().filter(|one| may_keep(&house, ctx, &one.change.calendar_id).is_ok());
        Ok(wire::ListCalendarChangesResponse { changes: mine.map(told).collect() })
    }

    /// The moves name cases, so they are for those who may decide about the change.
    pub(super) async fn moves(
        &self,
        ctx: &Ctx,
        request: wire::ListCalendarMovesRequest,
    ) -> Outcome<wire::ListCalendarMovesResponse> {
        known(ctx)?;
        let id: ChangeId = self.decidable(ctx, &request.change_id).await?;
        let size = page::size(request.page_size)?;
        let after = place(&request.page_token)?;
        let moves = change::moves(self.log.pool(), id.uuid(), &after, i64::try_from(size).unwrap_or(i64::MAX)).await?;
        let is_full = moves.len() == size;
        let next = moves.last().filter(|_| is_full);
        let next_page_token = next.map(|one| format!("{}.{}.{}", one.case_id.simple(), one.run, one.clock));
        let readable = self.readable(ctx, &moves).await?;
        Ok(wire::ListCalendarMovesResponse {
            next_page_token: next_page_token.unwrap_or_default(),
            moves: moves.into_iter().filter(|one| readable.contains(&one.case_id)).map(moved).collect(),
        })
    }

    /// The cases among the moves that the caller may know of: who keeps calendars may be complained of too.
    async fn readable(&self, ctx: &Ctx, moves: &[Moved]) -> Outcome<BTreeSet<Uuid>> {
        let all: BTreeSet<Uuid> = moves.iter().map(|one| one.case_id).collect();
        if matches!(ctx.caller, Caller::Service(_)) {
            return Ok(all);
        }
        let (house, staff) = (self.reference.get(), ctx.staff()?.to_string());
        let ids: Vec<CaseId> = all.into_iter().map(CaseId::new).collect();
        let cases = store::list(self.log.pool(), &ids).await?;
        let known = cases.into_iter().filter(|case| facts::may_read(&house, &case.view, &staff));
        Ok(known.map(|case| case.case_id.uuid()).collect())
    }
}

fn place(token: &str) -> Result<(Uuid, String, i32), Problem> {
    if token.is_empty() {
        return Ok((Uuid::nil(), String::new(), 0));
    }
    let mut parts = token.splitn(3, '.');
    let mut read = || {
        let id = Uuid::try_parse(parts.next()?).ok()?;
        let run = parts.next()?.parse().ok()?;
        let clock = parts.next().filter(|clock| !clock.contains(char::is_control))?;
        Some((id, clock.to_owned(), run))
    };
    read().ok_or_else(page::malformed_token)
}

fn told(Listed { change, found }: Listed) -> wire::CalendarChange {
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    wire::CalendarChange {
        change_id: ChangeId::new(change.change_id).to_string(),
        calendar_id: change.calendar_id,
        state: change.state,
        proposed_at: Some(timestamp(change.proposed_at)),
        proposed_by: change.proposed_by,
        reason: change.reason,
        decided_at: change.decided_at.map(timestamp),
        decided_by: change.decided_by.unwrap_or_default(),
        version: change.version.and_then(|version| u32::try_from(version).ok()).unwrap_or(0),
        cases: count(found.cases),
        moved_cases: count(found.moved_cases),
        earlier: count(found.earlier),
        later: count(found.later),
        breaches_made: count(found.breaches_made),
        breaches_undone: count(found.breaches_undone),
        notices: count(found.notices),
        days: change.days,
    }
}

fn moved(one: Moved) -> wire::CalendarMove {
    wire::CalendarMove {
        case_id: CaseId::new(one.case_id).to_string(),
        clock: one.clock,
        run: u32::try_from(one.run).unwrap_or(0),
        due_before: Some(timestamp(one.due_before)),
        due_after: Some(timestamp(one.due_after)),
        breach: one.breach,
        notices: u32::try_from(one.notices).unwrap_or(0),
    }
}
