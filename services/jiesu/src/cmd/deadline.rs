//! `jiesu deadline`: the deadlines of a case for someone who may see it, and how each was counted, day by day.

use super::{case::asked, case::sign_in, explained, say, tool::local};
use crate::{client::Where, desk::told};
use anyhow::Result;
use contracts::deadline_watcher::ExplainClockRequest;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    at: Where,
    /// 何人查看,口令读自 JIESU_PASSWORD / Who looks; the password is read from JIESU_PASSWORD
    #[arg(long, global = true, default_value = "")]
    login: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// 一件案件的全部时限 / All deadlines of a case
    List {
        /// 案件编号或 ID / The case's number or id
        case: String,
    },
    /// 逐日说明时限如何计算 / How a deadline was counted, day by day
    Explain {
        /// 案件编号或 ID / The case's number or id
        case: String,
        /// 时限名;不写则逐个说明 / The clock; each of them if not given
        clock: Option<String>,
        /// 用英文 / In English
        #[arg(long)]
        en: bool,
    },
}

/// Shows or explains.
///
/// # Errors
/// There is no such case or clock, or this person may not see it.
pub(crate) async fn run(args: Args) -> Result<()> {
    let client = args.at.client()?;
    let person = sign_in(&client, &args.login).await?;
    let (case, wanted, is_english) = match args.command {
        Command::List { case } => (case, None, false),
        Command::Explain { case, clock, en } => (case, Some(clock), en),
    };
    let dossier = told(client.records().get_dossier(person.call().request(asked(case))).await).map_err(explained)?;
    let case_id = dossier.case_id;
    let clocks = person.watcher_view(&case_id).await.map_err(explained)?.clocks;
    let Some(wanted) = wanted else {
        for clock in clocks {
            let title = clock.title.unwrap_or_default();
            let due = local(clock.due_at.as_ref());
            say(&format!("{:<24} {:<8} {due}  {} {}  [{}]", clock.clock, clock.state, title.zh, title.en, clock.cite));
        }
        return Ok(());
    };
    let mut names: Vec<String> =
        wanted.map_or_else(|| clocks.iter().map(|c| c.clock.clone()).collect(), |one| vec![one]);
    names.dedup();
    for clock in names {
        say(&format!("{clock}:"));
        let request = person.call().request(ExplainClockRequest { case_id: case_id.clone(), clock });
        let lines = told(client.deadline_watcher().explain_clock(request).await).map_err(explained)?.lines;
        for line in lines {
            say(&format!("  {}", if is_english { line.en } else { line.zh }));
        }
    }
    Ok(())
}
