//! `jiesu time`: the present by which deadlines are judged, and the word of a person after a clock has jumped.

use super::tool::{Tool, answer, local};
use crate::{client::Where, cmd::say, desk::request_id};
use anyhow::Result;
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Asia::Shanghai;
use contracts::deadline_watcher::{ConfirmTimeRequest, GetTimeRequest, GetTimeResponse};
use kit_grpc::timestamp;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    at: Where,
    /// 由谁确认;默认为本机登录名 / Who confirms; the login name on this machine if not given
    #[arg(long = "as", value_name = "NAME", global = true)]
    actor: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// 确认机器时钟所示时间正确 / Confirms that what the machine's clock shows is right
    Confirm {
        /// 您核对过的当前时间(北京时间),如 "2026-11-27 19:30" / The time that you have checked, in Shanghai
        #[arg(long, value_parser = shanghai)]
        clock: DateTime<Utc>,
        /// 理由,3 至 500 字 / Why, in 3 to 500 characters
        #[arg(long)]
        reason: String,
    },
}

/// Shows the present, or confirms the clock.
///
/// # Errors
/// The watcher does not answer or refuses.
pub(crate) async fn run(args: Args) -> Result<()> {
    let tool = Tool::new(&args.at, false, args.actor)?;
    let time = answer(tool.calendars().get_time(tool.request(GetTimeRequest {})).await)?;
    print(&time);
    let Some(Command::Confirm { clock, reason }) = args.command else { return Ok(()) };
    let request = ConfirmTimeRequest {
        request_id: request_id(),
        clock: Some(timestamp(clock)),
        actor: tool.actor.clone(),
        reason,
    };
    answer(tool.calendars().confirm_time(tool.request(request)).await)?;
    say("已确认,数秒内生效 / confirmed; it counts within seconds");
    Ok(())
}

/// An instant of Shanghai, to the minute.
fn shanghai(text: &str) -> Result<DateTime<Utc>, String> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok();
    let at = local.and_then(|local| local.and_local_timezone(Shanghai).single());
    at.map(|at| at.to_utc()).ok_or_else(|| "2026-11-27 19:30".to_owned())
}

fn print(time: &GetTimeResponse) {
    let standing = match time.standing.as_str() {
        "held" => "时钟突然前跳,暂不采信 / the clock jumped ahead and does not count",
        "behind" => "时钟被拨回,按流逝时间推算 / the clock was put back; elapsed time counts",
        _ => "采信机器时钟 / the machine's clock is believed",
    };
    say(&format!("{}  {standing}", local(time.now.as_ref())));
    if time.standing != "believed" {
        say(&format!("    机器时钟 the machine's clock: {}", local(time.clock.as_ref())));
    }
}
