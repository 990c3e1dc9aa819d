//! What would become of the clocks of a case under another version of its regime, before anybody decides to move it: the
//! move itself, on a copy.

use super::Api;
use crate::domain::Watched;
use crate::law::{Ground, House};
use crate::restate::{self, Breach, Pair};
use chrono::{DateTime, Utc};
use contracts::Fact;
use contracts::deadline_watcher as wire;
use contracts::triage::CaseMoved;
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_grpc::{Ctx, text, timestamp};
use legal_time::ClockState;

impl Api {
    pub(super) async fn preview(
        &self,
        ctx: &Ctx,
        request: &wire::PreviewVersionRequest,
    ) -> Result<wire::PreviewVersionResponse> {
        let mut house = self.reference.get();
        let mut case = self.readable(&house, ctx, &request.case_id).await?;
        let (named, version) = (request.regime_id.as_str(), request.regime_version);
        let regime_id = if named.is_empty() { case.view.regime_id.clone() } else { named.to_owned() };
        if house.regime(&regime_id, version).is_none() {
            // It may have been published a moment ago.
            self.reference.reload().await?;
            house = self.reference.get();
        }
        let (was, now) = (house.ground(&case.view).map_err(Error::NotYet)?, self.log.env().now());
        case.derive(&was, now);
        let (moved, is) = moved(&house, &case, (&regime_id, version), now)?;
        let pairs = restate::compared(&case.clocks, &moved.clocks);
        Ok(wire::PreviewVersionResponse { clocks: pairs.into_iter().map(|pair| told(pair, &was, &is)).collect() })
    }
}

/// The case as it would be, and the ground of its clocks then.
fn moved(
    house: &House,
    case: &Watched,
    (regime_id, version): (&str, u32),
    now: DateTime<Utc>,
) -> std::result::Result<(Watched, Ground), Problem> {
    if house.regime(regime_id, version).is_none() {
        let (zh, en) = ("没有这一版制度", "There is no such version of a regime");
        return Err(Problem::field("regime_version", "unknown-version", zh, en));
    }
    let mut moved = case.clone();
    let event = CaseMoved {
        case_id: moved.view.case_id.clone(),
        regime_id: regime_id.to_owned(),
        regime_version: version,
        ..CaseMoved::default()
    };
    moved.view.apply(&Fact::CaseMoved(event), now);
    let ground = house.ground(&moved.view).map_err(|what| {
        let (zh, en) = (format!("还缺：{what}"), format!("{what} is not here yet"));
        Problem::conflict("not-here-yet", zh, en)
    })?;
    moved.derive(&ground, now);
    Ok((moved, ground))
}

fn told((before, after): Pair<'_>, was: &Ground, is: &Ground) -> wire::ClockMove {
    let is_missed = |one: Option<&ClockState>| one.is_some_and(ClockState::is_missed);
    let state = |one: Option<&ClockState>| one.map(|one| one.phase().name().to_owned()).unwrap_or_default();
    let due = |one: Option<&ClockState>| one.map(|one| timestamp(one.due.at));
    let any = after.or(before);
    let name = any.map(|one| one.clock.clone()).unwrap_or_default();
    let rule = is.regime.clocks.iter().chain(&was.regime.clocks).find(|clock| clock.name == name);
    // A clock that goes takes its miss with it as a fact: nothing is undone by that.
    let breach = Breach::between(is_missed(before), is_missed(after)).filter(|_| after.is_some());
    wire::ClockMove {
        run: any.map(|one| one.run).unwrap_or_default(),
        title: rule.map(|rule| text(&rule.title)),
        state_before: state(before),
        state_after: state(after),
        due_before: due(before),
        due_after: due(after),
        breach: breach.map(|breach| breach.word().to_owned()).unwrap_or_default(),
        cite: after.map(|one| one.cite.clone()).unwrap_or_default(),
        clock: name,
    }
}
