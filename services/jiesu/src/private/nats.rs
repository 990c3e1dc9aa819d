//! The private NATS server.

use super::{
    Keep,
    find::Programs,
    folder::write_secret,
    guarded::{Guarded, free_port},
};
use anyhow::{Context as _, Result, bail};
use std::{fs, path::Path, time::Duration};
use tokio::{io::AsyncReadExt as _, net::TcpStream, time::Instant};

const PATIENCE: Duration = Duration::from_secs(30);

/// Starts it over the store in `folder`; answers its address.
pub(super) async fn start(programs: &Programs, folder: &Path, keep: &Keep) -> Result<(Guarded, String)> {
    fs::create_dir_all(folder)?;
    // Between asking for a free port and using it someone else may take it.
    for _ in 0..3 {
        let port = free_port()?;
        let config = folder.join("nats.conf");
        write_secret(&config, &configuration(folder, port, keep)?)?;
        let log = folder.join("server.log");
        let arguments = ["-c".to_owned(), config.to_string_lossy().into_owned()];
        let mut server = Guarded::start("nats-server", "TERM", &programs.nats_server, &arguments, None, &log)?;
        if answers(&mut server, port).await {
            let sign_in = match keep {
                Keep::ThrowAway => String::new(),
                Keep::Safe { nats, .. } => format!("jiesu:{nats}@"),
            };
            return Ok((server, format!("nats://{sign_in}127.0.0.1:{port}")));
        }
        server.stop().await;
    }
    bail!("nats-server does not come up; see {}", folder.join("server.log").display())
}

fn configuration(folder: &Path, port: u16, keep: &Keep) -> Result<String> {
    // JSON strings are strings of this format too.
    let quoted = |text: &str| serde_json::to_string(text).context("unreadable path");
    let store = quoted(&folder.to_string_lossy())?;
    let door = match keep {
        Keep::ThrowAway => String::new(),
        Keep::Safe { nats, .. } => format!("authorization {{ user: jiesu, password: {} }}\n", quoted(nats)?),
    };
    Ok(format!("listen: \"127.0.0.1:{port}\"\nserver_name: jiesu\njetstream {{ store_dir: {store} }}\n{door}"))
}

/// A NATS server speaks first, with its name and version.
#[expect(clippy::disallowed_methods, reason = "waits for a server of the machine, in the machine's time")]
async fn answers(server: &mut Guarded, port: u16) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline && !server.has_ended() {
        if greets(port).await.unwrap_or(false) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    false
}

async fn greets(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut greeting = [0; 5];
    tokio::time::timeout(Duration::from_secs(2), stream.read_exact(&mut greeting)).await??;
    Ok(&greeting == b"INFO ")
}
