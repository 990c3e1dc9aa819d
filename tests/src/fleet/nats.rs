//! A NATS server of the test's own, which can be killed, robbed of its store, and come back on the same port.

use super::{
    disk::Disk,
    process::{Process, Spec},
};
use async_nats::jetstream::{self, stream::Stream};
use jiesu::desk::until;
use kit_config::{EnvSource, Source as _};
use kit_core::Problem;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_mins(1);

/// The server.
pub struct Nats {
    pub process: Process,
    pub port: u16,
    /// Where the stream keeps its files.
    pub store: PathBuf,
    /// The disk of the store, where it has one of its own.
    pub disk: Option<Disk>,
    stream: String,
}

impl Nats {
    /// Serves the store in `folder`, on a disk of its own if so many megabytes are given; `namespace` is that of the
    /// services.
    pub async fn start(folder: &Path, port: u16, namespace: &str, disk: Option<u32>) -> Self {
        fs::create_dir_all(folder).unwrap();
        let (store, config) = (folder.join("store"), folder.join("nats.conf"));
        fs::create_dir_all(&store).unwrap();
        let disk = disk.map(|megabytes| Disk::mount(&store, megabytes).unwrap());
        // More than there is: a test may give the store a disk that is smaller than the server believes.
        let text = format!(
            "listen: \"0.0.0.0:{port}\"\nserver_name: faults\n\
             jetstream {{ store_dir: \"{}\", max_file_store: 8GB }}\n",
            store.display()
        );
        fs::write(&config, text).unwrap();
        let process = Process::start(Spec {
            name: "nats".to_owned(),
            program: program(),
            arguments: vec!["-c".to_owned(), config.display().to_string()],
            log: folder.join("server.log"),
            run_as: None,
            environment: Box::new(Vec::new),
        });
        let server = Self { process, port, store, disk, stream: kit_config::stream_name(namespace) };
        server.answers().await;
        server
    }

    /// Where the services find it, unless something stands between.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Waits until it takes connections.
    pub async fn answers(&self) {
        until("NATS", PATIENCE, async || self.client().await.map(Some)).await.unwrap();
    }

    async fn client(&self) -> Result<async_nats::Client, Problem> {
        async_nats::connect(self.url()).await.map_err(|error| Problem::conflict("not-yet", "", error.to_string()))
    }

    /// Does something to the stream of the services, as an operator could, as soon as there is one.
    pub async fn with_stream<T>(
        &self,
        what: &str,
        act: impl AsyncFn(&jetstream::Context, Stream) -> Result<T, async_nats::Error>,
    ) -> T {
        let told = |error: async_nats::Error| Problem::conflict("not-yet", "", error.to_string());
        until(what, PATIENCE, async || {
            let context = jetstream::new(self.client().await?);
            let stream = context.get_stream(&self.stream).await.map_err(|error| told(error.into()))?;
            act(&context, stream).await.map(Some).map_err(told)
        })
        .await
        .unwrap()
    }

    /// The stream's name.
    pub fn stream(&self) -> &str {
        &self.stream
    }
}

fn program() -> PathBuf {
    let named = EnvSource.get("JIESU_NATS_SERVER").map(PathBuf::from);
    let cached = EnvSource.get("HOME").map(|home| Path::new(&home).join(".cache/jiesu/tools/bin/nats-server"));
    let found = named.into_iter().chain(cached.filter(|path| path.is_file())).next();
    let program = found.unwrap_or_else(|| "nats-server".into());
    let is_there = Command::new(&program).arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(is_there, "there is no nats-server: run deploy/local/test, or set JIESU_NATS_SERVER");
    program
}
