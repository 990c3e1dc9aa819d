//! `jiesu demo --cases N`: fills a running demo installation with varied complaints in all states, for the pages. None
//! holds anything of a real person.

use crate::{
    client::{Client, Ready, Where},
    desk::{Choice, Person, request_id, told, until},
    generator::{Generator, Plan},
    walker::{Script, Walker},
};
use anyhow::{Context as _, Result};
use contracts::intake;
use indicatif::{ProgressBar, ProgressStyle};
use kit_grpc::Call;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How long a service may take to know a case before the demo goes on without it.
const PATIENCE: Duration = Duration::from_secs(1);
/// No life of the shipped regimes has more steps than this.
const LONGEST: u32 = 14;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) at: Where,
    #[arg(long, default_value_t = 60)]
    pub(crate) cases: usize,
    /// The same seed gives the same complaints
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Makes the cases.
///
/// # Errors
/// There is no running demo installation.
pub(crate) async fn run(args: Args) -> Result<()> {
    let ready = args.at.ready()?.context("没有运行中的实例 / no running instance: start deploy/local/up first")?;
    let client = ready.client();
    let request = Call::default().request(intake::GetDoorRequest::default());
    let doors = told(client.intake().get_door(request).await)?.doors;
    let kind = doors.iter().flat_map(|door| &door.kinds).next().map(|kind| kind.id.clone()).unwrap_or_default();
    let units: Vec<String> = doors.iter().map(|door| door.unit_id.clone()).collect();
    let generator = Arc::new(Mutex::new(Generator::new(args.seed, units, &kind)));
    let bar =
        ProgressBar::new(args.cases as u64).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}")?);
    let mut staff: BTreeMap<String, Vec<Person>> = BTreeMap::new();
    for _ in 0..args.cases {
        let Some(plan) = lock(&generator).next() else { break };
        let unit = plan.hand_in.unit_id.clone();
        if !staff.contains_key(&unit) {
            staff.insert(unit.clone(), people(&client, &ready, &unit).await?);
        }
        if let Some(people) = staff.get(&unit) {
            one(&client, people, &doors, plan, &generator).await?;
        }
        bar.inc(1);
    }
    bar.finish();
    Ok(())
}

async fn people(client: &Client, ready: &Ready, unit: &str) -> Result<Vec<Person>> {
    super::tour::people(client, ready, unit).await
}

fn lock(generator: &Mutex<Generator>) -> std::sync::MutexGuard<'_, Generator> {
    generator.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One case, carried as far as chance has it.
async fn one(
    client: &Client,
    people: &[Person],
    doors: &[intake::Door],
    plan: Plan,
    generator: &Arc<Mutex<Generator>>,
) -> Result<()> {
    let door = doors.iter().find(|door| door.unit_id == plan.hand_in.unit_id);
    let channel = door.and_then(|door| door.channels.iter().find(|c| c.channel == plan.hand_in.channel));
    let recorded = channel.is_some_and(|channel| channel.is_recorded_by_staff);
    let Some(reply) = hand_in(client, people, &plan, recorded).await? else { return Ok(()) };
    let (steps, withdrawn) = {
        let mut dice = lock(generator);
        let steps = (0..LONGEST).take_while(|_| dice.chance(88)).count();
        (steps, dice.chance(4))
    };
    let mut walker = Walker::new(people, &reply.case_id);
    let mut script = script(&plan, Arc::clone(generator));
    for _ in 0..steps {
        let step = until("a step", PATIENCE, async || walker.advance(&mut script).await).await;
        if step.is_err() {
            break;
        }
    }
    if withdrawn {
        let request = intake::WithdrawRequest {
            request_id: request_id(),
            receipt_code: reply.receipt_code,
            case_id: String::new(),
            ..Default::default()
        };
        // A case that is closed by now stays closed.
        drop(client.intake().withdraw(Call::default().request(request)).await);
    }
    Ok(())
}

/// Hands in as the public does, or as the first of the staff who may write it down.
async fn hand_in(
    client: &Client,
    people: &[Person],
    plan: &Plan,
    recorded: bool,
) -> Result<Option<intake::HandInResponse>> {
    if !recorded {
        let request = Call::default().request(plan.hand_in.clone());
        return Ok(Some(told(client.intake().hand_in(request).await).map_err(super::explained)?));
    }
    for person in people {
        if let Ok(reply) = client.intake().hand_in(person.call().request(plan.hand_in.clone())).await {
            return Ok(Some(reply.into_inner()));
        }
    }
    Ok(None)
}

fn script(plan: &Plan, generator: Arc<Mutex<Generator>>) -> Script {
    let choose = move |vocabulary: &contracts::triage::Vocabulary| {
        let mut dice = lock(&generator);
        Choice {
            kind: vocabulary.kinds.first().map(|word| word.id.clone()).unwrap_or_default(),
            category: dice.choose(&vocabulary.categories),
            facts: dice.answers(&vocabulary.questions),
            ..Default::default()
        }
    };
    Script {
        texts: BTreeMap::new(),
        department: plan.department.to_owned(),
        choose: Box::new(choose),
        satisfaction: "satisfied".to_owned(),
    }
}
