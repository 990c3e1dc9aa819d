//! `jiesu submit`: hands one matter in from the command line; the narrative comes from a file or from standard input, so
//! that it stands in no process list.

use crate::{
    client::Where,
    desk::{request_id, told},
};
use anyhow::{Context as _, Result};
use contracts::{common, intake};
use kit_grpc::Call;
use std::{
    io::{Read as _, Write as _},
    path::PathBuf,
};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) at: Where,
    /// The branch, such as `b01`
    #[arg(long)]
    pub(crate) unit: String,
    /// The door: web, email, phone, walk-in or letter
    #[arg(long, default_value = "web")]
    pub(crate) channel: String,
    /// The kind; without it, the first that the branch takes
    #[arg(long)]
    pub(crate) kind: Option<String>,
    #[arg(long)]
    pub(crate) subject: String,
    /// File with the narrative; `-` or nothing reads standard input
    #[arg(long)]
    pub(crate) narrative: Option<PathBuf>,
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    #[arg(long, default_value = "")]
    pub(crate) phone: String,
    #[arg(long, default_value = "")]
    pub(crate) email: String,
    #[arg(long, default_value = "")]
    pub(crate) address: String,
    #[arg(long)]
    pub(crate) anonymous: bool,
    /// The date by which a result is asked for, 2026-12-01
    #[arg(long)]
    pub(crate) asked_by: Option<String>,
    /// A fact of the regime's vocabulary, `name=value`; may be repeated
    #[arg(long = "fact", value_parser = parse_fact)]
    pub(crate) facts: Vec<common::Fact>,
    /// Repeating a request id returns the first receipt
    #[arg(long)]
    pub(crate) request_id: Option<String>,
    /// Sign-in of the member of staff who writes it down; the password is read from JIESU_PASSWORD
    #[arg(long)]
    pub(crate) login: Option<String>,
}

/// Reads `name=value`: true and false are flags, digits a number, anything else a word.
///
/// # Errors
/// There is no `=`.
pub(crate) fn parse_fact(text: &str) -> Result<common::Fact, String> {
    use common::fact_value::Kind;
    let (name, value) = text.split_once('=').ok_or("应为 名称=值 / expected name=value")?;
    let kind = match value {
        "true" => Kind::Flag(true),
        "false" => Kind::Flag(false),
        digits if digits.parse::<i64>().is_ok() => Kind::Number(digits.parse().unwrap_or_default()),
        word => Kind::Word(word.to_owned()),
    };
    Ok(common::Fact { name: name.to_owned(), value: Some(common::FactValue { kind: Some(kind) }) })
}

/// Hands in and prints the receipt as JSON.
///
/// # Errors
/// The narrative cannot be read, or intake refuses; then with every field's problem.
pub(crate) async fn run(args: Args) -> Result<()> {
    let client = args.at.client()?;
    let call = match &args.login {
        Some(login) => super::case::sign_in(&client, login).await?.call(),
        None => Call::default(),
    };
    let kind = match args.kind {
        Some(kind) => kind,
        None => first_kind(&client, &args.unit).await?,
    };
    let request = intake::HandInRequest {
        request_id: args.request_id.unwrap_or_else(request_id),
        unit_id: args.unit,
        channel: args.channel,
        kind,
        subject: args.subject,
        narrative: narrative(args.narrative)?,
        identity: Some(intake::Identity {
            name: args.name,
            phone: args.phone,
            email: args.email,
            address: args.address,
        }),
        is_anonymous: args.anonymous,
        asked_by: args.asked_by,
        facts: args.facts,
        ..Default::default()
    };
    let reply = told(client.intake().hand_in(call.request(request)).await).map_err(super::explained)?;
    let receipt = serde_json::json!({
        "case_id": reply.case_id, "number": reply.number,
        "receipt_code": super::tour::grouped(&reply.receipt_code), "is_repeat": reply.is_repeat,
    });
    writeln!(std::io::stdout(), "{receipt:#}")?;
    Ok(())
}

async fn first_kind(client: &crate::client::Client, unit: &str) -> Result<String> {
    let request = intake::GetDoorRequest { unit_id: unit.to_owned() };
    let doors = told(client.intake().get_door(Call::default().request(request)).await).map_err(super::explained)?.doors;
    Ok(doors.into_iter().flat_map(|door| door.kinds).next().map(|kind| kind.id).unwrap_or_default())
}

fn narrative(from: Option<PathBuf>) -> Result<String> {
    match from.filter(|path| path.as_os_str() != "-") {
        Some(path) => std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display())),
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("the narrative on standard input is not UTF-8")?;
            Ok(text)
        }
    }
}
