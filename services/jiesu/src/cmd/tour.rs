//! `jiesu tour`: plays the life of one complaint on a running installation, from the letter to the archive, and prints
//! each fact as it happens.

use crate::{
    client::{Client, Ready, Where},
    desk::{Choice, Person, request_id, told, until},
    walker::{Script, Walker},
};
use anyhow::{Context as _, Result, bail};
use contracts::{common, intake, records};
use kit_grpc::Call;
use serde::Deserialize;
use std::{collections::BTreeMap, io::Write as _, time::Duration};

/// The letter and what people say on the way, as data beside this crate.
const LETTER: &str = include_str!("../../samples/letter.txt");
const STORY: &str = include_str!("../../samples/letter.json");
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) at: Where,
}

#[derive(Deserialize)]
struct Story {
    subject: String,
    channel: String,
    department: String,
    category: String,
    identity: BTreeMap<String, String>,
    facts: BTreeMap<String, serde_json::Value>,
    texts: BTreeMap<String, String>,
}

/// Plays the tour.
///
/// # Errors
/// There is no running demo installation, or a step of the life did not happen.
pub(crate) async fn run(args: Args) -> Result<()> {
    let ready = args
        .at
        .ready()?
        .context("没有运行中的实例;先运行 deploy/local/up / no running instance: start deploy/local/up first")?;
    let client = ready.client();
    let story: Story = serde_json::from_str(STORY)?;
    let mut out = std::io::stdout().lock();

    writeln!(out, "── 来信 / the letter ──\n{LETTER}")?;
    let door = first_door(&client).await?;
    let receipt = hand_in(&client, &story, &door).await?;
    writeln!(
        out,
        "── 回执 / the receipt ──\n编号 / number  {}\n查询码 / code  {}\n",
        receipt.number,
        grouped(&receipt.receipt_code)
    )?;

    let people = people(&client, &ready, &door.unit_id).await?;
    let witness = people.first().context("the demo organisation has no staff in this branch")?;
    let mut walker = Walker::new(&people, &receipt.case_id);
    let mut script = script(story);
    let mut printed = 0;
    writeln!(out, "── 一件投诉的一生 / the life of one complaint ──")?;
    loop {
        let step = until("the next step", PATIENCE, async || match walker.advance(&mut script).await {
            Ok(Some(step)) => Ok(Some(Some(step))),
            other => {
                let dossier = witness.dossier(&receipt.case_id).await?;
                if dossier.is_archived { Ok(Some(None)) } else { other.map(|_| None) }
            }
        })
        .await?;
        printed = print_news(&mut out, witness, &receipt.case_id, printed).await?;
        if step.is_none() {
            break;
        }
    }
    let public = follow(&client, &receipt.receipt_code).await?;
    let stage = public.stage_title.unwrap_or_default();
    writeln!(out, "\n── 住户凭查询码看到 / what the resident sees with the code ──\n{} {}", stage.zh, stage.en)?;
    print_statistics(&mut out, &people, &door.unit_id).await
}

async fn first_door(client: &Client) -> Result<intake::Door> {
    let request = Call::default().request(intake::GetDoorRequest::default());
    let doors = told(client.intake().get_door(request).await)?.doors;
    doors.into_iter().next().context("no branch has an open door")
}

async fn hand_in(client: &Client, story: &Story, door: &intake::Door) -> Result<intake::HandInResponse> {
    let identity = |field: &str| story.identity.get(field).cloned().unwrap_or_default();
    let request = intake::HandInRequest {
        request_id: request_id(),
        unit_id: door.unit_id.clone(),
        channel: story.channel.clone(),
        kind: door.kinds.first().map(|kind| kind.id.clone()).unwrap_or_default(),
        subject: story.subject.clone(),
        narrative: LETTER.to_owned(),
        identity: Some(intake::Identity {
            name: identity("name"),
            phone: identity("phone"),
            email: identity("email"),
            address: identity("address"),
        }),
        ..Default::default()
    };
    Ok(told(client.intake().hand_in(Call::default().request(request)).await)?)
}

async fn follow(client: &Client, code: &str) -> Result<intake::FollowResponse> {
    let request = intake::FollowRequest { receipt_code: code.to_owned(), ..Default::default() };
    Ok(told(client.intake().follow(Call::default().request(request)).await)?)
}

/// Everyone of the demo organisation who holds a role in this branch, in a unit below it or above it.
pub(crate) async fn people(client: &Client, ready: &Ready, unit_id: &str) -> Result<Vec<Person>> {
    let Some(first) = ready.sign_ins.first() else { bail!("the installation has no demo sign-ins") };
    let me = Person::sign_in(client, &first.login, &first.password).await?;
    let units =
        told(client.assignment().list_units(me.call().request(contracts::assignment::ListUnitsRequest {})).await)?
            .units;
    let parent = |id: &str| units.iter().find(|unit| unit.unit_id == id).map(|unit| unit.parent_id.clone());
    let is_within = |id: &str, above: &str| {
        std::iter::successors(Some(id.to_owned()), |id| parent(id).filter(|p| !p.is_empty())).any(|id| id == above)
    };
    let mut found = Vec::new();
    for sign_in in &ready.sign_ins {
        let person = Person::sign_in(client, &sign_in.login, &sign_in.password).await?;
        let near = |grant: &contracts::assignment::RoleGrant| {
            is_within(&grant.unit_id, unit_id) || is_within(unit_id, &grant.unit_id)
        };
        if person.staff.grants.iter().any(near) {
            found.push(person);
        }
    }
    Ok(found)
}

fn script(story: Story) -> Script {
    let (facts, category) = (story.facts, story.category);
    let choose = move |vocabulary: &contracts::triage::Vocabulary| Choice {
        kind: vocabulary.kinds.first().map(|word| word.id.clone()).unwrap_or_default(),
        category: category.clone(),
        facts: facts.iter().filter_map(|(name, value)| fact(name, value)).collect(),
        ..Default::default()
    };
    Script {
        texts: story.texts,
        department: story.department,
        choose: Box::new(choose),
        satisfaction: "satisfied".to_owned(),
    }
}

fn fact(name: &str, value: &serde_json::Value) -> Option<common::Fact> {
    use common::fact_value::Kind;
    let kind = match value {
        serde_json::Value::Bool(flag) => Kind::Flag(*flag),
        serde_json::Value::Number(number) => Kind::Number(number.as_i64()?),
        serde_json::Value::String(word) => Kind::Word(word.clone()),
        _ => return None,
    };
    Some(common::Fact { name: name.to_owned(), value: Some(common::FactValue { kind: Some(kind) }) })
}

/// `1234567890123456` as `1234 5678 9012 3456`.
pub(crate) fn grouped(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn print_news(out: &mut impl std::io::Write, witness: &Person, case_id: &str, printed: usize) -> Result<usize> {
    let Ok(dossier) = witness.dossier(case_id).await else { return Ok(printed) };
    for entry in dossier.entries.iter().skip(printed) {
        print_entry(out, entry)?;
    }
    Ok(dossier.entries.len())
}

fn print_entry(out: &mut impl std::io::Write, entry: &records::Entry) -> Result<()> {
    let at = entry.at.as_ref().and_then(kit_grpc::instant).unwrap_or_default();
    let at = at.with_timezone(&chrono_tz::Asia::Shanghai).format("%H:%M:%S%.3f");
    let text = entry.text.clone().unwrap_or_default();
    let who = if entry.actor_name.is_empty() { String::new() } else { format!("({})", entry.actor_name) };
    writeln!(out, "{at}  {:<16} {}{who}  · {}", entry.producer, text.zh, text.en)?;
    Ok(out.flush()?)
}

async fn print_statistics(out: &mut impl std::io::Write, people: &[Person], unit_id: &str) -> Result<()> {
    let month = kit_core::Env::system().now().with_timezone(&chrono_tz::Asia::Shanghai).format("%Y-%m").to_string();
    for person in people {
        if let Ok(figures) = person.statistics(unit_id, &month).await {
            writeln!(out, "\n── {month} 月统计 / the month's figures ──")?;
            writeln!(
                out,
                "收到 received {} · 受理 accepted {} · 办结 closed {} · 满意 satisfied {}",
                figures.received, figures.accepted, figures.closed, figures.satisfied
            )?;
            return Ok(());
        }
    }
    Ok(())
}
