//! All eight services in one process, with nothing to do: what they use of the processor, of Postgres and of memory. It
//! must be measured first, while this process is still as one that has just started.

use super::bed::Bed;
use crate::bench::sheet::Sheet;
use crate::{
    bench::usage,
    house::{Options, start_all},
    services,
};
use anyhow::Result;
use sqlx::ConnectOptions as _;
use std::{process, time::Duration};
use tokio::time::{Instant, sleep_until};

/// How long is looked at, at most.
const LONGEST: Duration = Duration::from_secs(30);
/// How long it takes until a start is forgotten, at most.
const SETTLE: Duration = Duration::from_secs(5);

pub(super) async fn measure(bed: &Bed<'_>, sheet: &mut Sheet) -> Result<()> {
    bed.step("idle: starting all services");
    let database = bed.database().await?;
    let address = bed.server.clone().database(&database).to_url_lossy();
    let mut options = Options::new(address, &bed.servers.nats_url, &database);
    options.passwords = services::NAMES.iter().map(|name| ((*name).to_owned(), bed.password.clone())).collect();
    let house = Box::pin(start_all(options)).await?;
    sleep_until(Instant::now() + SETTLE.min(bed.options.round)).await;
    let window = LONGEST.min(bed.options.round * 6) / bed.options.rounds;
    for _ in 0..bed.rounds {
        bed.step("idle: watching all services");
        let (used, transactions) = (bed.used(), transactions(bed, &database).await?);
        sleep_until(Instant::now() + window).await;
        let spent = bed.used().since(used);
        let transactions_more = self::transactions(bed, &database).await? - transactions;
        let percent = |seconds: f64| 100.0 * seconds / spent.seconds;
        sheet.put("idle: program, processor", "%", percent(spent.program));
        sheet.put("idle: Postgres, processor", "%", percent(spent.postgres));
        sheet.put("idle: NATS, processor", "%", percent(spent.nats));
        sheet.put("idle: all three, processor", "%", percent(spent.all()));
        sheet.put("idle: transactions of Postgres", "/s", transactions_more / spent.seconds);
        sheet.put("idle: program, memory (PSS)", "MB", usage::memory_mb(process::id()));
    }
    house.stop().await?;
    bed.drop_database(&database).await?;
    sheet.ratio_to("idle: processor of the program / 2 % of a core (aim at most 1)", "idle: program, processor", 2.0);
    sheet.ratio_to("idle: processor of all three / 2 % of a core", "idle: all three, processor", 2.0);
    sheet.ratio_to("idle: memory / 200 MB (aim at most 1)", "idle: program, memory (PSS)", 200.0);
    sheet.note(
        "idle: eight services in one process, no cases; a query outside a transaction is a transaction of its own, so \
         Postgres' own count of transactions stands for queries",
    );
    Ok(())
}

/// Transactions of a database so far. The private Postgres does not load `pg_stat_statements`, so it is Postgres' own
/// count, which sees each lone query as one.
async fn transactions(bed: &Bed<'_>, database: &str) -> Result<f64> {
    let sql = "SELECT (xact_commit + xact_rollback)::float8 FROM pg_stat_database WHERE datname = $1";
    Ok(sqlx::query_scalar(sql).bind(database).fetch_one(&bed.admin).await?)
}
