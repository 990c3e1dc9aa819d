//! `jiesu case …`: one case as its services see it, for someone who may; and its move to another version of its regime.

mod moving;

use super::tool::local;
use crate::{
    client::{Client, Where},
    desk::{Person, told},
};
use anyhow::{Context as _, Result};
use contracts::records;
use std::io::Write as _;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// The state, the clocks and the timeline of one case
    Show(Show),
    /// What another version of its regime would do to its clocks; with --reason, moves it there
    Move(moving::Move),
}

#[derive(clap::Args, Debug)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) at: Where,
    /// The case's number or id
    pub(crate) case: String,
    /// Who looks; the password is read from JIESU_PASSWORD
    #[arg(long)]
    pub(crate) login: String,
}

/// Signs in with the password of the environment, or the one of the demo organisation.
///
/// # Errors
/// There is no password, or it is wrong.
pub(crate) async fn sign_in(client: &Client, login: &str) -> Result<Person> {
    use kit_config::Source as _;
    let password =
        kit_config::EnvSource.get("JIESU_PASSWORD").context("set JIESU_PASSWORD (or JIESU_PASSWORD_FILE)")?;
    Person::sign_in(client, login, &password).await.map_err(super::explained)
}

/// The dossier of a case that is named by its number or its id.
pub(super) fn asked(case: String) -> records::GetDossierRequest {
    let (case_id, number) = if case.starts_with("case_") { (case, String::new()) } else { (String::new(), case) };
    records::GetDossierRequest { case_id, number }
}

/// Prints the case, or moves it.
///
/// # Errors
/// There is no such case, this person may not see it, or the services refuse.
pub(crate) async fn run(args: Args) -> Result<()> {
    match args.command {
        Command::Show(args) => show(args).await,
        Command::Move(args) => moving::run(args).await,
    }
}

async fn show(args: Show) -> Result<()> {
    let client = args.at.client()?;
    let person = sign_in(&client, &args.login).await?;
    let dossier =
        told(client.records().get_dossier(person.call().request(asked(args.case))).await).map_err(super::explained)?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}  {}  {}  {} v{}",
        dossier.number, dossier.severity, dossier.state, dossier.regime_id, dossier.regime_version
    )?;
    for clock in person.watcher_view(&dossier.case_id).await.map_err(super::explained)?.clocks {
        let title = clock.title.unwrap_or_default();
        writeln!(out, "⏱ {} {} — {} {}", title.zh, title.en, clock.state, local(clock.due_at.as_ref()))?;
    }
    for entry in dossier.entries {
        let text = entry.text.unwrap_or_default();
        writeln!(
            out,
            "{}  {:<16} {}  · {}  {}",
            local(entry.at.as_ref()),
            entry.producer,
            text.zh,
            text.en,
            entry.actor_name
        )?;
    }
    Ok(())
}
