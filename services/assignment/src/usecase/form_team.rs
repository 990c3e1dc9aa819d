//! Several people handle a case together (成立工作组); a second forming replaces the first.

use super::outcome::{open, unless_ready, write_one};
use crate::domain::case::State;
use crate::domain::event::Event;
use crate::domain::{refusal, teams};
use crate::publish;
use house::House;
use kit_db::Result;
use kit_ids::CaseId;
use kit_messaging::Tx;

/// Who is to be in which team.
pub(crate) struct FormTeam {
    pub case_id: CaseId,
    pub version: u64,
    pub team: String,
    pub staff_ids: Vec<String>,
    pub lead: String,
}

/// Forms it; answers who leads it.
pub(crate) async fn form_team(tx: &mut Tx, law: &House, staff_id: &str, command: FormTeam) -> Result<String> {
    let FormTeam { case_id, version, team, staff_ids, lead } = command;
    let (mut case, regime) = open(tx, law, case_id, version, staff_id, &["form-team"]).await?;
    if case.state == State::Done {
        return Err(refusal::case_ended().into());
    }
    let rule = teams::team(&regime, &team)?;
    unless_ready(&regime, &case, "form-team")?;
    let (staff_ids, lead) = teams::members(law, rule, &case.view, &staff_ids, &lead)?;
    let event = Event::TeamFormed { team, staff_ids, lead: lead.clone(), by: staff_id.to_owned() };
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, &regime, case, vec![event]).await?;
    Ok(lead)
}
