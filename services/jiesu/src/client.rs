//! How the commands of this binary reach a running installation: by the ready file of `jiesu up`, or by the peers'
//! addresses in the environment (`JIESU_<SERVICE>_URL`).

use anyhow::{Context as _, Result};
use clap::Args;
use contracts::{
    assignment::assignment_service_client::AssignmentServiceClient,
    deadline_watcher::calendar_service_client::CalendarServiceClient,
    deadline_watcher::deadline_watcher_service_client::DeadlineWatcherServiceClient,
    intake::intake_service_client::IntakeServiceClient, log::log_service_client::LogServiceClient,
    notification::notification_service_client::NotificationServiceClient,
    records::records_service_client::RecordsServiceClient,
    resolution::resolution_service_client::ResolutionServiceClient, triage::triage_service_client::TriageServiceClient,
};
use kit_config::{EnvSource, MapSource, Source};
use kit_grpc::Peers;
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};
use tonic::transport::Channel;

/// Where the installation is.
#[derive(Args, Clone, Debug)]
pub struct Where {
    /// The ready file of a running `jiesu up`; without it, its default place, then the environment
    #[arg(long, env = "JIESU_READY_FILE", global = true)]
    pub ready_file: Option<PathBuf>,
}

/// The ready file of `jiesu up`, as far as a client needs it.
#[derive(Clone, Debug, Deserialize)]
pub struct Ready {
    pub http: String,
    pub grpc: BTreeMap<String, String>,
    /// The servers, with what an administrator needs to sign in.
    #[serde(default)]
    pub postgres: String,
    #[serde(default)]
    pub nats: String,
    /// Where the installation keeps its data, its secrets among them.
    #[serde(default)]
    pub data: Option<PathBuf>,
    #[serde(default)]
    pub sign_ins: Vec<SignIn>,
}

/// A sign-in of the demo organisation.
#[derive(Clone, Debug, Deserialize)]
pub struct SignIn {
    pub login: String,
    pub password: String,
}

/// gRPC clients of every service, each connecting at its first call.
#[derive(Clone, Debug)]
pub struct Client {
    peers: Peers,
}

impl Where {
    /// The ready file, if there is one.
    ///
    /// # Errors
    /// It was named but cannot be read, or is not a ready file.
    pub fn ready(&self) -> Result<Option<Ready>> {
        let Some(path) = self.ready_file.clone().or_else(default_ready_file) else { return Ok(None) };
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let ready = serde_json::from_str(&text).with_context(|| format!("{} is no ready file", path.display()))?;
        Ok(Some(ready))
    }

    /// A client of the installation.
    ///
    /// # Errors
    /// The ready file cannot be read.
    pub fn client(&self) -> Result<Client> {
        Ok(self.ready()?.map_or_else(|| Client::new(Peers::new(Arc::new(EnvSource))), |ready| ready.client()))
    }
}

/// The ready file that `jiesu up` leaves in its data folder while it runs.
fn default_ready_file() -> Option<PathBuf> {
    Some(crate::private::data_folder().join("ready.json")).filter(|path| path.exists())
}

impl Ready {
    /// A client of the installation that wrote this file.
    pub fn client(&self) -> Client {
        let key = |service: &str| format!("JIESU_{}_URL", service.to_uppercase().replace('-', "_"));
        let urls: BTreeMap<String, String> =
            self.grpc.iter().map(|(service, url)| (key(service), url.clone())).collect();
        let source: Arc<dyn Source> = Arc::new(MapSource::new(urls));
        Client::new(Peers::new(source))
    }
}

macro_rules! clients {
    ($($name:ident $service:literal $client:ident),* $(,)?) => {
        impl Client {
            $(
                #[doc = concat!("The gRPC client of ", $service, ".")]
                pub fn $name(&self) -> $client<Channel> {
                    $client::new(self.peers.channel($service))
                }
            )*
        }
    };
}

impl Client {
    /// A client of the services at these peers.
    pub fn new(peers: Peers) -> Self {
        Self { peers }
    }

    /// The gRPC client of a service's log, which each of them serves.
    pub fn log(&self, service: &str) -> LogServiceClient<Channel> {
        LogServiceClient::new(self.peers.channel(service))
    }
}

clients! {
    calendars "deadline-watcher" CalendarServiceClient,
    assignment "assignment" AssignmentServiceClient,
    deadline_watcher "deadline-watcher" DeadlineWatcherServiceClient,
    intake "intake" IntakeServiceClient,
    notification "notification" NotificationServiceClient,
    records "records" RecordsServiceClient,
    resolution "resolution" ResolutionServiceClient,
    triage "triage" TriageServiceClient,
}
