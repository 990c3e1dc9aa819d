//! The private Postgres server. It refuses to run as root, so there it runs as another user, who then owns its folder.

use super::{
    Keep,
    find::Programs,
    folder::{first_closed, write_secret},
    guarded::{As, Guarded, free_port},
};
use anyhow::{Context as _, Result, bail};
use nix::unistd::{User, geteuid};
use sqlx::{Connection as _, PgConnection};
use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{process::Command, time::Instant};

const ADMIN: &str = "jiesu_admin";
// A server that was cut off replays its log before it answers.
const PATIENCE: Duration = Duration::from_secs(120);

/// Starts it over the data in `folder`, made anew if there is none; answers the administrator's address.
pub(super) async fn start(programs: &Programs, folder: &Path, keep: &Keep) -> Result<(Guarded, String)> {
    fs::create_dir_all(folder)?;
    let run_as = other_user(folder)?;
    let data = folder.join("data");
    if !data.join("PG_VERSION").exists() {
        make(programs, &data, keep, run_as).await?;
    }
    wait_for_predecessor(&data).await?;
    for _ in 0..3 {
        let port = free_port()?;
        let url = address(port, keep);
        let arguments = arguments(&data, port, keep);
        let log = folder.join("server.log");
        let program = programs.postgres_bin.join("postgres");
        let mut server = Guarded::start("postgres", "INT", &program, &arguments, run_as, &log)?;
        if answers(&mut server, &url).await {
            return Ok((server, url));
        }
        server.stop().await;
    }
    bail!("Postgres does not come up; see {}", folder.join("server.log").display())
}

fn address(port: u16, keep: &Keep) -> String {
    match keep {
        Keep::ThrowAway => format!("postgres://{ADMIN}@127.0.0.1:{port}/postgres"),
        Keep::Safe { postgres, .. } => format!("postgres://{ADMIN}:{postgres}@127.0.0.1:{port}/postgres"),
    }
}

fn arguments(data: &Path, port: u16, keep: &Keep) -> Vec<String> {
    let mut settings = vec![
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "max_connections=500".to_owned(),
        // What is stored must not be read from the server's log.
        "log_error_verbosity=terse".to_owned(),
        "log_min_error_statement=panic".to_owned(),
    ];
    if matches!(keep, Keep::ThrowAway) {
        settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned));
    }
    let data = ["-D".to_owned(), data.to_string_lossy().into_owned()];
    data.into_iter().chain(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting])).collect()
}

/// Whom Postgres runs as where we are root; its folder becomes theirs.
fn other_user(folder: &Path) -> Result<Option<As>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let user = User::from_name("postgres")?.or(User::from_name("nobody")?);
    let user = user.context("Postgres refuses to run as root, and there is neither a user postgres nor nobody")?;
    if let Some(closed) = first_closed(folder) {
        bail!(
            "as root, Postgres runs as the user {}, who cannot pass through {}; choose another data folder",
            user.name,
            closed.display()
        );
    }
    let run_as = As { uid: user.uid.as_raw(), gid: user.gid.as_raw() };
    chown(folder, Some(run_as.uid), Some(run_as.gid))?;
    Ok(Some(run_as))
}

/// `initdb`, beside and then renamed: a folder that is there is whole.
async fn make(programs: &Programs, data: &Path, keep: &Keep, run_as: Option<As>) -> Result<()> {
    let beside = data.with_file_name("data.new");
    if beside.exists() {
        fs::remove_dir_all(&beside)?;
    }
    let mut command = Command::new(programs.postgres_bin.join("initdb"));
    command.arg("-D").arg(&beside).args(["-U", ADMIN, "-E", "UTF8", "--locale=C", "--no-sync"]).current_dir("/");
    let password_file = data.with_file_name("password.new");
    match keep {
        Keep::ThrowAway => {
            command.args(["-A", "trust"]);
        }
        Keep::Safe { postgres, .. } => {
            write_secret(&password_file, postgres)?;
            if let Some(run_as) = run_as {
                chown(&password_file, Some(run_as.uid), Some(run_as.gid))?;
            }
            command.args(["-A", "scram-sha-256"]).arg("--pwfile").arg(&password_file);
        }
    }
    if let Some(run_as) = run_as {
        command.uid(run_as.uid).gid(run_as.gid);
    }
    let output = command.output().await.context("initdb cannot be run")?;
    if password_file.exists() {
        fs::remove_file(&password_file)?;
    }
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    fs::set_permissions(&beside, Permissions::from_mode(0o700))?;
    fs::rename(&beside, data)?;
    Ok(())
}

/// A server that was left behind: one that still ends is waited for; the mark of one that is dead is taken away, since
/// its number may belong to another program by now.
#[expect(clippy::disallowed_methods, reason = "waits for a process of the machine, in the machine's time")]
async fn wait_for_predecessor(data: &Path) -> Result<()> {
    let mark = data.join("postmaster.pid");
    let deadline = Instant::now() + Duration::from_secs(20);
    while let Some(pid) = pid_in(&mark) {
        if !is_postgres_of(pid, data) {
            tracing::info!(pid, "taking away the mark of a Postgres that is dead");
            if mark.exists() {
                fs::remove_file(&mark)?;
            }
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("a Postgres (process {pid}) still runs over {}; stop it first", data.display());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

fn pid_in(mark: &Path) -> Option<u32> {
    fs::read_to_string(mark).ok()?.lines().next()?.trim().parse().ok()
}

fn is_postgres_of(pid: u32, data: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    // A server works in its data folder; where we may not look, its name has to do.
    let works_here = fs::read_link(process.join("cwd")).map_or(true, |cwd| cwd == data);
    name.trim() == "postgres" && works_here
}

#[expect(clippy::disallowed_methods, reason = "waits for a server of the machine, in the machine's time")]
async fn answers(server: &mut Guarded, url: &str) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline && !server.has_ended() {
        if let Ok(connection) = PgConnection::connect(url).await {
            let _ = connection.close().await;
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}
