//! `jiesu case move NUMBER --to VERSION`: what would become of the clocks; with a reason, the decision itself.

use super::{asked, sign_in};
use crate::{
    client::{Client, Where},
    cmd::{explained, say, tool::local},
    desk::{Person, told},
};
use anyhow::Result;
use contracts::deadline_watcher::PreviewVersionRequest;

#[derive(clap::Args, Debug)]
pub(crate) struct Move {
    #[command(flatten)]
    at: Where,
    /// The case's number or id
    case: String,
    /// The number of the version
    #[arg(long)]
    to: u32,
    /// Another regime of its unit; the one that it has if not given
    #[arg(long, default_value = "")]
    regime: String,
    /// Why it is moved; without it nothing is done, and what would be is shown
    #[arg(long)]
    reason: Option<String>,
    /// Who decides; the password is read from JIESU_PASSWORD
    #[arg(long)]
    login: String,
}

/// Shows what would move, or moves.
///
/// # Errors
/// There is no such case or version, this person may not decide that, or the version does not know what the case has.
pub(super) async fn run(args: Move) -> Result<()> {
    let client = args.at.client()?;
    let person = sign_in(&client, &args.login).await?;
    let Move { to, regime, .. } = args;
    let dossier =
        told(client.records().get_dossier(person.call().request(asked(args.case))).await).map_err(explained)?;
    match args.reason {
        Some(reason) => {
            person.move_to_version(&dossier.case_id, (&regime, to), &reason).await.map_err(explained)?;
            say("已改用 / It has moved");
            Ok(())
        }
        None => preview(&client, &person, dossier.case_id, (regime, to)).await,
    }
}

async fn preview(
    client: &Client,
    person: &Person,
    case_id: String,
    (regime_id, regime_version): (String, u32),
) -> Result<()> {
    let asked = PreviewVersionRequest { case_id, regime_id, regime_version };
    let found = told(client.deadline_watcher().preview_version(person.call().request(asked)).await);
    let clocks = found.map_err(explained)?.clocks;
    if clocks.is_empty() {
        say("时限不变 / The clocks stay as they are");
    }
    for one in clocks {
        let (title, none) = (one.title.unwrap_or_default(), || "—".to_owned());
        let before = one.due_before.as_ref().map_or_else(none, |at| local(Some(at)));
        let after = one.due_after.as_ref().map_or_else(none, |at| local(Some(at)));
        let becomes = match one.breach.as_str() {
            "made" => "  改用即超期 / late at once",
            "undone" => "  不再超期 / late no longer",
            _ => "",
        };
        say(&format!("{:<24} {before} → {after}  {} {}{becomes}", one.clock, title.zh, title.en));
    }
    Ok(())
}
