//! `jiesu log …` as an operator runs it: the program itself, against all services over a real Postgres and NATS.

use jiesu::{Options, Running, seed::Seeder, start_all};
use kit_testing::{TestDb, TestNats, eventually};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};
use std::{path::PathBuf, process::Command, time::Duration};

const PATIENCE: Duration = Duration::from_secs(60);

struct Stage {
    db: PgPool,
    running: Running,
    folder: PathBuf,
    _test_db: TestDb,
    _nats: TestNats,
}

/// What the program said, and whether it was content.
#[derive(Debug)]
struct Said {
    out: String,
    err: String,
    is_content: bool,
}

impl Stage {
    /// All services with the shipped regimes; beside them the ready file and the secrets that `jiesu up` leaves.
    async fn set() -> anyhow::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (test_db, nats) = (TestDb::new(&[]).await?, TestNats::new());
        let options =
            Options::new(test_db.admin_url()?, nats.settings().url.clone(), nats.settings().namespace.clone());
        let token_key = options.token_key.clone();
        let running = start_all(options).await?;
        Seeder::new(running.peers(), running.call()).shipped_regimes(&[]).await?;
        let folder = std::env::temp_dir().join(&nats.settings().namespace);
        std::fs::create_dir_all(&folder)?;
        let grpc: serde_json::Map<String, Value> =
            running.grpc.iter().map(|(name, at)| (name.clone(), format!("http://{at}").into())).collect();
        let ready = json!({ "http": "", "grpc": grpc, "data": folder });
        std::fs::write(folder.join("ready.json"), ready.to_string())?;
        std::fs::write(folder.join("secrets.json"), json!({ "token_key": token_key }).to_string())?;
        let db = PgPool::connect(&test_db.admin_url()?).await?;
        Ok(Self { db, running, folder, _test_db: test_db, _nats: nats })
    }

    async fn log(&self, arguments: &[&str]) -> Said {
        let ready = self.folder.join("ready.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_jiesu"));
        command.arg("log").args(arguments).env("JIESU_READY_FILE", ready).env_remove("JIESU_TOKEN_KEY");
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { out: text(output.stdout), err: text(output.stderr), is_content: output.status.success() }
    }

    async fn run(&self, sql: &str) {
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&self.db).await.unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.db.close().await;
        std::fs::remove_dir_all(&self.folder)?;
        self.running.stop().await
    }
}

/// Waits until everyone has applied everything.
async fn caught_up(stage: &Stage) {
    eventually("all have applied everything", PATIENCE, async || {
        let said = stage.log(&["status", "--json"]).await;
        let list: Vec<Value> = serde_json::from_str(&said.out).map_err(|_| format!("{said:?}"))?;
        let is_behind =
            list.iter().filter_map(|one| one["lag"].as_object()).flat_map(|lag| lag.values()).any(|n| n != 0);
        if list.len() == 8 && !is_behind { Ok(()) } else { Err(said.out) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_seen_verified_and_exported_and_what_was_changed_is_named() -> anyhow::Result<()> {
    let stage = Stage::set().await?;
    caught_up(&stage).await;
    let status = stage.log(&["status"]).await;
    assert!(status.is_content && status.out.contains("deadline-watcher") && status.out.contains("分歧 forks 0"));
    let near = stage.log(&["parked", "triag"]).await;
    assert!(!near.is_content && near.err.contains("did you mean triage"), "{near:?}");

    let whole = stage.log(&["verify"]).await;
    assert!(whole.is_content, "{whole:?}");
    assert_eq!(whole.out.matches('✓').count(), 8, "{whole:?}");
    let file = stage.path("triage.log");
    assert!(stage.log(&["export", "triage", "--to", &file]).await.is_content);
    assert!(!stage.log(&["export", "triage", "--to", &file]).await.is_content, "it is not overwritten");
    let offline = stage.log(&["verify", "--file", &file]).await;
    assert!(offline.is_content && offline.out.contains("✓ triage"), "{offline:?}");

    // A file that was changed, or cut short, or is none.
    let bytes = std::fs::read(&file)?;
    let mut changed = bytes.clone();
    let at = changed.windows(15).position(|part| part == b"RegimePublished").unwrap();
    changed[at] ^= 1;
    std::fs::write(stage.path("changed"), &changed)?;
    let said = stage.log(&["verify", "--file", &stage.path("changed")]).await;
    assert!(!said.is_content && said.out.contains("✗ triage/") && said.out.contains("链值与内容不符"), "{said:?}");
    std::fs::write(stage.path("cut"), &bytes[..bytes.len() - 7])?;
    let said = stage.log(&["verify", "--file", &stage.path("cut")]).await;
    assert!(!said.is_content && said.err.contains("cut short"), "{said:?}");
    std::fs::write(stage.path("other"), "[]")?;
    let said = stage.log(&["verify", "--file", &stage.path("other")]).await;
    assert!(!said.is_content && said.err.contains("no exported log"), "{said:?}");

    // A row that was changed: found by its link, and named.
    let (partition, event_id): (i16, uuid::Uuid) =
        sqlx::query_as("SELECT partition, event_id FROM triage.event_log WHERE seq = 1 ORDER BY 1 LIMIT 1")
            .fetch_one(&stage.db)
            .await?;
    stage
        .run(&format!("CREATE TABLE triage.was AS SELECT * FROM triage.event_log WHERE partition = {partition}"))
        .await;
    let row = format!("WHERE partition = {partition} AND seq = 1");
    stage.run(&format!("UPDATE triage.event_log SET envelope = envelope || '\\x7a00'::bytea {row}")).await;
    let said = stage.log(&["verify", "intake", "triage"]).await;
    let name = format!("✗ triage/{partition:02}#1");
    assert!(!said.is_content && said.out.contains(&name) && said.out.contains(&event_id.to_string()), "{said:?}");
    assert!(said.out.contains("✓ intake"), "{said:?}");

    // Whoever computes the links anew, up to the head, has those who applied them against him.
    stage.run(&format!("UPDATE triage.event_log SET envelope = envelope || '\\x7a00'::bytea WHERE partition = {partition} AND seq > 1")).await;
    stage
        .run(&format!(
            "WITH RECURSIVE chain AS (
                 SELECT 0::bigint AS seq, genesis AS hash FROM triage.event_head WHERE partition = {partition}
                 UNION ALL
                 SELECT l.seq, sha256(c.hash || l.envelope) FROM chain AS c JOIN triage.event_log AS l
                     ON l.partition = {partition} AND l.seq = c.seq + 1
             ), written AS (UPDATE triage.event_log AS l SET hash = c.hash FROM chain AS c
                            WHERE l.partition = {partition} AND l.seq = c.seq RETURNING l.seq, l.hash)
             UPDATE triage.event_head AS h SET hash = w.hash FROM written AS w
             WHERE h.partition = {partition} AND w.seq = h.seq"
        ))
        .await;
    let said = stage.log(&["verify", "triage"]).await;
    assert!(!said.is_content && said.out.contains("✓ triage") && said.out.contains("链值不同"), "{said:?}");
    stage.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn parked_events_forks_and_months_are_listed_and_decided_about() -> anyhow::Result<()> {
    let stage = Stage::set().await?;
    caught_up(&stage).await;
    stage
        .run(
            "INSERT INTO triage.parked_event
                 (key, producer, partition, seq, type, envelope, state, reason, parked_at, failures)
             SELECT 'unit_9', 'intake', 3, n, 'jiesu.intake.v1.CaseWithdrawn', '',
                    CASE n WHEN 1 THEN 'failed' ELSE 'behind' END, 'it cannot be', now(),
                    '[{\"reason\": \"it cannot be\", \"times\": 4, \"first_at\": \"2026-11-27T01:02:03Z\", \"last_at\": \"2026-11-27T01:02:04Z\"}]'
             FROM generate_series(1, 2) AS n",
        )
        .await;
    let listed = stage.log(&["parked"]).await;
    assert!(listed.out.contains("intake/03#1") && listed.out.contains("失败 failed"), "{listed:?}");
    let shown = stage.log(&["parked", "show", "triage", "unit_9", "--json"]).await;
    let shown: Vec<Value> = serde_json::from_str(&shown.out)?;
    assert_eq!((&shown[0]["event"], &shown[0]["failures"][0]["times"]), (&json!("intake/03#1"), &json!(4)));
    let skip = |event: &'static str, reason: &'static str| {
        ["parked", "skip", "triage", "unit_9", "--event", event, "--reason", reason, "--as", "li.na"]
    };
    let wrong = stage.log(&skip("intake/03#2", "重复录入")).await;
    assert!(
        !wrong.is_content && wrong.err.contains("intake/03#1") && wrong.err.contains("not-first-parked"),
        "{wrong:?}"
    );
    assert!(stage.log(&skip("intake/03#1", "x")).await.err.contains("reason"));
    assert!(stage.log(&skip("nonsense", "重复录入")).await.err.contains("intake/03#17"));
    let done = stage.log(&skip("intake/03#1", "重复录入")).await;
    assert!(done.is_content && done.out.contains("已跳过"), "{done:?}");
    let decided = stage.log(&["decisions", "triage"]).await;
    for part in ["跳过 skip", "unit_9 intake/03#1", "operator:li.na", "重复录入"] {
        assert!(decided.out.contains(part), "{part}: {decided:?}");
    }
    assert!(stage.log(&["parked", "retry", "triage", "case_none"]).await.err.contains("没有搁置的事件"));

    let months = stage.log(&["months", "triage", "--json"]).await;
    let months: Vec<Value> = serde_json::from_str(&months.out)?;
    let this = months[0]["month"].as_str().unwrap();
    let detach = stage.log(&["detach", "triage", this, "--reason", "归档日志"]).await;
    assert!(!detach.is_content && detach.err.contains(this) && detach.err.contains("month-not-passed"), "{detach:?}");
    let attach = stage.log(&["attach", "triage", this, "--reason", "归档日志"]).await;
    assert!(!attach.is_content && attach.err.contains("month-not-detached"), "{attach:?}");

    // Triage loses what it said, and those who follow it stand still until somebody decides.
    stage.run("DELETE FROM triage.event_log").await;
    stage.run("UPDATE triage.event_head SET seq = 0, hash = genesis").await;
    eventually("the forks are found", PATIENCE, async || {
        let said = stage.log(&["forks"]).await;
        if said.out.contains("✂ triage/") { Ok(()) } else { Err(format!("{said:?}")) }
    })
    .await;
    let forks: Vec<Value> = serde_json::from_str(&stage.log(&["forks", "--json"]).await.out)?;
    let (follower, partition) = (forks[0]["service"].as_str().unwrap(), forks[0]["partition"].to_string());
    let settle = |how: &'static str| ["settle", follower, "triage", partition.as_str(), how, "--reason", "从备份恢复"];
    let again = stage.log(&settle("--recheck")).await;
    assert!(
        !again.is_content && again.err.contains("仍不一致") && again.err.contains("They still differ"),
        "{again:?}"
    );
    let accepted = stage.log(&settle("--accept")).await;
    assert!(accepted.is_content && accepted.out.contains("goes on after triage's event 0"), "{accepted:?}");
    assert!(stage.log(&["decisions", follower]).await.out.contains("接受 accept"));
    stage.stop().await
}
