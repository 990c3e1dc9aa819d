//! Calls to the other services: one lazy channel for each, and what every request carries.

use crate::trace;
use kit_config::{GrpcSettings, Source};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
    transport::{Channel, Endpoint},
};

/// How long a call may take before both ends give it up.
const DEADLINE: Duration = Duration::from_secs(10);

/// The channels to the peers, by name. Cheap to clone; a channel connects at its first call and again when it must.
#[derive(Clone)]
pub struct Peers {
    settings: Arc<dyn Source>,
    channels: Arc<Mutex<HashMap<String, Channel>>>,
}

impl Peers {
    /// Peers at the addresses that `settings` name (`JIESU_<SERVICE>_URL`).
    pub fn new(settings: Arc<dyn Source>) -> Self {
        Self { settings, channels: Arc::default() }
    }

    /// The channel to `service`.
    pub fn channel(&self, service: &str) -> Channel {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(service) {
            return channel.clone();
        }
        let url = GrpcSettings::public_url(self.settings.as_ref(), service);
        let endpoint = Endpoint::from_shared(url.clone()).unwrap_or_else(|error| {
            // Calls then fail as unavailable; the address is named here, where someone can mend it.
            tracing::error!(%error, service, url, "the peer's address cannot be read");
            Endpoint::from_static("http://unreadable.invalid")
        });
        let channel = endpoint
            .connect_timeout(Duration::from_secs(3))
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10))
            .tcp_nodelay(true)
            .connect_lazy();
        channels.insert(service.to_owned(), channel.clone());
        channel
    }
}

impl fmt::Debug for Peers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Peers(…)")
    }
}

/// On whose behalf a call is made, and in which language it is answered.
#[derive(Clone, Default)]
pub struct Call {
    pub token: Option<String>,
    /// `zh` or `en`; empty counts as `zh`.
    pub language: String,
}

impl Call {
    /// A call with `token`, answered in Chinese.
    pub fn with_token(token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), language: "zh".to_owned() }
    }

    /// `message` as a request that carries the token, the language, the trace and a deadline.
    pub fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(DEADLINE);
        let token = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let language = if self.language == "en" { "en" } else { "zh-CN" };
        let headers = [
            ("authorization", token),
            ("accept-language", Some(language.to_owned())),
            ("traceparent", trace::current_traceparent()),
        ];
        for (key, value) in headers {
            // A token with bytes that no header may carry is left out, and the call is refused as unsigned.
            if let Some(mut value) = value.and_then(|v| MetadataValue::<Ascii>::try_from(v).ok()) {
                value.set_sensitive(key == "authorization");
                request.metadata_mut().insert(key, value);
            }
        }
        request
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("language", &self.language).finish_non_exhaustive()
    }
}
