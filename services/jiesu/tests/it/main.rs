//! The private servers: found, started, started again over the same data, and gone when they should be. Needs the
//! programs on this machine (`JIESU_NATS_SERVER`, `JIESU_POSTGRES_BIN` where they are in no usual place).

mod bench_log;
mod log;
mod regime;

use jiesu::private::{Folder, Keep, Servers};
use kit_config::EnvSource;
use sqlx::{Connection as _, PgConnection};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A data folder that is removed with this value.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("jiesu-test-{name}-{}", std::process::id())))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn safe() -> Keep {
    Keep::Safe { postgres: "a-postgres-password".to_owned(), nats: "a-nats-password".to_owned() }
}

async fn postgres_pid(folder: &Path) -> u32 {
    let mark = fs::read_to_string(folder.join("postgres/data/postmaster.pid")).unwrap();
    mark.lines().next().unwrap().trim().parse().unwrap()
}

#[tokio::test]
async fn what_was_written_is_there_at_the_second_start_over_the_same_folder() -> anyhow::Result<()> {
    let place = Place::new("twice");
    let folder = Folder::take(&place.0)?;
    let servers = Servers::start(folder.path(), &EnvSource, &safe()).await?;
    let mut connection = PgConnection::connect(&servers.postgres_url).await?;
    sqlx::query("CREATE TABLE kept (n int)").execute(&mut connection).await?;
    connection.close().await?;
    servers.stop().await;

    let servers = Servers::start(folder.path(), &EnvSource, &safe()).await?;
    let mut connection = PgConnection::connect(&servers.postgres_url).await?;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut connection).await?;
    assert_eq!(count, 0);
    let stranger = servers.postgres_url.replace("a-postgres-password", "another");
    assert!(PgConnection::connect(&stranger).await.is_err());
    assert!(servers.nats_url.contains("a-nats-password"));
    servers.stop().await;
    Ok(())
}

#[tokio::test]
async fn servers_that_were_killed_come_up_again_and_dropped_ones_end() -> anyhow::Result<()> {
    let place = Place::new("killed");
    let folder = Folder::take(&place.0)?;
    let servers = Servers::start(folder.path(), &EnvSource, &Keep::ThrowAway).await?;
    let pid = postgres_pid(folder.path()).await;
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(i32::try_from(pid)?), nix::sys::signal::Signal::SIGKILL)?;
    drop(servers);
    // The mark of the dead server is still there, and now bears the number of a process that is no server.
    let mark = folder.path().join("postgres/data/postmaster.pid");
    let text = fs::read_to_string(&mark)?;
    fs::write(&mark, text.replacen(&pid.to_string(), &std::process::id().to_string(), 1))?;

    let servers = Servers::start(folder.path(), &EnvSource, &Keep::ThrowAway).await?;
    let second = postgres_pid(folder.path()).await;
    assert_ne!(pid, second);
    // Not stopped but dropped, as when we are killed: starting again waits for it to end.
    drop(servers);
    let servers = Servers::start(folder.path(), &EnvSource, &Keep::ThrowAway).await?;
    assert!(!Path::new(&format!("/proc/{second}")).exists());
    servers.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_folder_in_use_and_an_old_server_are_refused_by_name() -> anyhow::Result<()> {
    let place = Place::new("refused");
    let folder = Folder::take(&place.0)?;
    let second = Folder::take(&place.0).unwrap_err().to_string();
    assert!(second.contains(&folder.path().display().to_string()), "{second}");

    let old = place.0.join("nats-server");
    fs::write(&old, "#!/bin/sh\necho 'nats-server: v2.9.10'\n")?;
    fs::set_permissions(&old, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let source =
        kit_config::MapSource::default().with("JIESU_NATS_SERVER", old.display().to_string()).with("PATH", "/usr/bin");
    let error = Servers::start(folder.path(), &source, &Keep::ThrowAway).await.unwrap_err().to_string();
    assert!(error.contains("2.9.10") && error.contains("2.12"), "{error}");
    Ok(())
}
