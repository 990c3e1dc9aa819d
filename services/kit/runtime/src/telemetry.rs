//! Logs, traces and numbers of the process. Traces leave the machine only where an endpoint is configured.
//!
//! | key | default |
//! |---|---|
//! | `JIESU_LOG` | filter, `info` with the libraries at `warn` |
//! | `JIESU_LOG_FORMAT` | `text`, or `json` |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT` | none: no traces leave |
//! | `OTEL_SERVICE_NAME` | `jiesu` |

use anyhow::Context as _;
use kit_config::Source;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use std::{fmt, sync::OnceLock, time::Duration};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::filter_fn, layer::SubscriberExt as _, registry::Registry,
    util::SubscriberInitExt as _,
};

const FILTER: &str = "info,h2=warn,hyper=warn,tonic=warn,opentelemetry=warn,async_nats=warn,sqlx=warn";
// The exporter retries; a collector that is away must not hold up a stop.
const FLUSH: Duration = Duration::from_secs(3);

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Flushes the traces that are still here when it is dropped.
#[must_use = "the traces are flushed when this is dropped"]
pub struct Guard {
    provider: Option<SdkTracerProvider>,
}

/// Starts logs, numbers and, where an endpoint is configured, traces. Must be called inside the async runtime; once
/// per process.
///
/// # Errors
/// A setting is malformed, or a subscriber is installed already.
pub fn init(source: &dyn Source) -> anyhow::Result<Guard> {
    let provider = match source.get("OTEL_EXPORTER_OTLP_ENDPOINT") {
        Some(endpoint) => {
            let name = source.get("OTEL_SERVICE_NAME").unwrap_or_else(|| "jiesu".to_owned());
            Some(provider(&endpoint, &name)?)
        }
        None => None,
    };
    init_with(source, provider)
}

/// [`init`] with a tracer provider of the caller's, for a test that collects spans.
///
/// # Errors
/// A setting is malformed, or a subscriber is installed already.
pub fn init_with(source: &dyn Source, provider: Option<SdkTracerProvider>) -> anyhow::Result<Guard> {
    let filter = source.get("JIESU_LOG").unwrap_or_else(|| FILTER.to_owned());
    let filter = EnvFilter::try_new(filter).context("the setting JIESU_LOG cannot be read as a filter")?;
    let format = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let format = match source.get("JIESU_LOG_FORMAT").as_deref() {
        None | Some("text") => format.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        Some("json") => format.json().boxed(),
        Some(_) => anyhow::bail!("the setting JIESU_LOG_FORMAT must be text or json"),
    };
    // The span `service` lives as long as its service and only names it in the log.
    let traces = provider.as_ref().map(|p| {
        let spans = tracing_opentelemetry::layer().with_tracer(p.tracer("jiesu"));
        spans.with_filter(filter_fn(|span| span.name() != "service"))
    });
    Registry::default().with(filter).with(traces).with(format).try_init().context("telemetry was started twice")?;
    install_metrics();
    Ok(Guard { provider })
}

/// A tracer provider that sends to the OTLP collector at `endpoint`.
///
/// # Errors
/// The endpoint cannot be read.
pub fn provider(endpoint: &str, service_name: &str) -> anyhow::Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build()
        .context("the setting OTEL_EXPORTER_OTLP_ENDPOINT cannot be used")?;
    let resource = Resource::builder().with_service_name(service_name.to_owned()).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// Makes sure that the process counts; a second call changes nothing.
pub fn install_metrics() {
    METRICS.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0])
            .unwrap_or_default()
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder counts in this process; /metrics stays empty");
        }
        handle
    });
}

/// The numbers, as Prometheus reads them.
pub fn render_metrics() -> String {
    METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Histograms gather memory until they are rendered or this is called.
pub(crate) fn upkeep() {
    if let Some(handle) = METRICS.get() {
        handle.run_upkeep();
    }
}

impl Guard {
    /// Sends what is still here, and waits for it.
    pub fn flush(&self) {
        if let Some(provider) = &self.provider {
            let _ = provider.force_flush();
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(provider) = self.provider.take() else { return };
        // The flush blocks, and its own limit does not cover an exporter that retries: leave it behind after a while.
        let (done, wait) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _ = provider.shutdown_with_timeout(FLUSH);
            let _ = done.send(());
        });
        let _ = wait.recv_timeout(FLUSH);
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}
