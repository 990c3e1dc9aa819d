//! `jiesu bench cases`: from an HTTP hand-in to the person who handles the case, every service a process of its own.

use crate::{
    bench::{
        bare,
        fleet::{Fleet, SERVICES},
        percentile,
        report::{Report, Row},
        stages, usage,
    },
    client::Ready,
    desk::{Choice, Person, until},
    generator::Generator,
    private::Servers,
};
use anyhow::{Context as _, Result, ensure};
use contracts::triage;
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(600);

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[arg(long, default_value_t = 1000)]
    count: usize,
    /// Where the JSON report goes
    #[arg(long)]
    report: Option<PathBuf>,
    /// Clients that hand in at once
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// How long the bare Postgres rate is measured
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Memory of the receipt's key derivation, in KiB; the product's value unless a run is to show the rest without it
    #[arg(long)]
    receipt_kib: Option<u32>,
}

/// Runs it on these servers and publishes the report.
///
/// # Errors
/// Something does not start, or a case does not arrive.
pub(super) async fn run(args: &Args, servers: &Servers) -> Result<()> {
    let fleet = Fleet::start(&servers.postgres_url, &servers.nats_url, args.receipt_kib).await?;
    let bare = bare::hand_ins_per_second(&fleet.admin, Duration::from_secs(args.seconds)).await?;
    let receptionists = receptionists(&fleet).await?;
    let before: Vec<f64> = fleet.processes().iter().map(|(_, pid)| usage::cpu_seconds(*pid)).collect();
    let started = Instant::now();
    let bar =
        ProgressBar::new(args.count as u64).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec}")?);
    let handing_in = async {
        let latencies = hand_in_all(&fleet.ready, args.count, args.clients).await?;
        anyhow::Ok((latencies, started.elapsed()))
    };
    let (handed_in, triaged) = tokio::join!(handing_in, triage_all(&receptionists, args.count, &bar));
    let (latencies, hand_in_time) = handed_in?;
    triaged?;
    dispatched(&fleet, args.count).await?;
    let whole = started.elapsed();
    bar.finish();

    let count = f64::from(u32::try_from(args.count).unwrap_or(u32::MAX));
    let (accepted, assigned) = (count / hand_in_time.as_secs_f64(), count / whole.as_secs_f64());
    let mut rows = vec![
        Row::once("bare Postgres registrations", "/s", bare),
        Row::once("hand-ins over HTTP, durable", "/s", accepted),
        Row::once("cases from hand-in to assigned", "/s", assigned),
    ];
    rows.extend(spread("hand-in over HTTP", &latencies));
    for (stage, milliseconds) in stages::latencies(&fleet.admin).await? {
        rows.extend(spread(stage, &milliseconds));
    }
    for ((service, pid), before) in fleet.processes().into_iter().zip(before) {
        rows.push(Row::once(format!("{service}: processor"), "s", usage::cpu_seconds(pid) - before));
        rows.push(Row::once(format!("{service}: memory (PSS)"), "MB", usage::memory_mb(pid)));
    }
    let report = Report {
        bench: "cases",
        machine: super::machine(servers).await?,
        started: kit_core::Env::system().now().to_rfc3339(),
        runs: 1,
        rows,
        ratios: BTreeMap::from([
            ("2 hand-ins accepted over HTTP / bare registration".to_owned(), accepted / bare),
            ("hand-in to assigned / bare registration".to_owned(), assigned / bare),
        ]),
        notes: vec![
            format!(
                "{} cases, {} clients, {} service processes, Postgres with fsync",
                args.count,
                args.clients,
                SERVICES.len()
            ),
            match args.receipt_kib {
                Some(kib) => format!("receipt key derivation at {kib} KiB, not the product's value"),
                None => "receipt key derivation as in the product".to_owned(),
            },
        ],
    };
    report.publish(args.report.as_deref(), &mut std::io::stdout().lock())?;
    fleet.stop().await
}

fn spread(name: &str, milliseconds: &[f64]) -> Vec<Row> {
    vec![
        Row::once(format!("{name}: p50"), "ms", percentile(milliseconds, 50.0)),
        Row::once(format!("{name}: p99"), "ms", percentile(milliseconds, 99.0)),
    ]
}

/// One receptionist of each branch.
async fn receptionists(fleet: &Fleet) -> Result<Vec<Person>> {
    let mut found = Vec::new();
    for sign_in in fleet.ready.sign_ins.iter().filter(|sign_in| sign_in.login.ends_with(".reception")) {
        found.push(Person::sign_in(&fleet.client, &sign_in.login, &sign_in.password).await?);
    }
    ensure!(!found.is_empty(), "the demo organisation has no receptionists");
    Ok(found)
}

/// Hands in over the JSON API; answers the milliseconds that each took.
async fn hand_in_all(ready: &Ready, count: usize, clients: usize) -> Result<Vec<f64>> {
    let units: Vec<String> =
        ready.sign_ins.iter().filter_map(|s| s.login.strip_suffix(".reception")).map(str::to_owned).collect();
    let work = Arc::new(Mutex::new(Generator::new(1, units, "complaint").take(count).collect::<Vec<_>>()));
    let http = reqwest::Client::new();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let (work, http, url) = (Arc::clone(&work), http.clone(), format!("{}/api/v1/hand-ins", ready.http));
        running.spawn(async move {
            let mut taken = Vec::new();
            while let Some(plan) = { work.lock().unwrap_or_else(PoisonError::into_inner).pop() } {
                let request = plan.hand_in;
                let identity = request.identity.unwrap_or_default();
                let body = serde_json::json!({
                    "unit_id": request.unit_id, "channel": "web", "kind": request.kind, "subject": request.subject,
                    "narrative": request.narrative, "identity": { "name": identity.name, "phone": identity.phone },
                });
                let started = Instant::now();
                let reply = http.post(&url).header("idempotency-key", request.request_id).json(&body).send().await?;
                let status = reply.status();
                ensure!(status.is_success(), "a hand-in was refused: {status} {}", reply.text().await?);
                taken.push(started.elapsed().as_secs_f64() * 1000.0);
            }
            anyhow::Ok(taken)
        });
    }
    let mut all = Vec::new();
    while let Some(taken) = running.join_next().await {
        all.extend(taken??);
    }
    Ok(all)
}

/// Triages whatever comes, one receptionist for each branch, until all have been.
async fn triage_all(receptionists: &[Person], count: usize, bar: &ProgressBar) -> Result<()> {
    let desks = receptionists.iter().map(|person| triage_desk(person.clone(), count, bar.clone()));
    futures::future::try_join_all(desks).await?;
    Ok(())
}

async fn triage_desk(person: Person, count: usize, bar: ProgressBar) -> Result<()> {
    let mut dice = Generator::new(2, vec![String::new()], "");
    let mut vocabulary: Option<triage::Vocabulary> = None;
    while bar.position() < count as u64 {
        let request = person.call().request(triage::ListPendingRequest { page_size: 100, page_token: String::new() });
        let pending = person.client.triage().list_pending(request).await?.into_inner().cases;
        if pending.is_empty() {
            tokio::task::yield_now().await;
            let _ = until("more cases", Duration::from_millis(20), async || Ok(None::<()>)).await;
        }
        for case in pending {
            if vocabulary.is_none() {
                vocabulary = person.triage_view(&case.case_id).await?.vocabulary;
            }
            let words = vocabulary.as_ref().context("a case has its regime's words")?;
            // Harm that goes on would wait for a person to stop it, which is not what is measured.
            let mut facts = dice.answers(&words.questions);
            facts.retain(|fact| {
                !matches!(
                    fact.value.as_ref().and_then(|v| v.kind.as_ref()),
                    Some(contracts::common::fact_value::Kind::Flag(true))
                )
            });
            let choice = Choice {
                kind: case.kind.clone(),
                category: dice.choose(&words.categories),
                about_unit_id: Some(dice.choose(&words.departments)),
                facts,
                ..Default::default()
            };
            person.triage(&case.case_id, choice).await?;
            bar.inc(1);
        }
    }
    Ok(())
}

async fn dispatched(fleet: &Fleet, count: usize) -> Result<()> {
    until("every case at its handler", PATIENCE, async || {
        let sql = "SELECT count(DISTINCT key) FROM assignment.event_log WHERE type LIKE '%.CaseDispatched'";
        let done: i64 = sqlx::query_scalar(sql).fetch_one(&fleet.admin).await.unwrap_or(0);
        Ok((usize::try_from(done).unwrap_or(0) >= count).then_some(()))
    })
    .await?;
    Ok(())
}
