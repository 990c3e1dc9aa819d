//! A small OTLP receiver: what an operator's collector would see.

use jiesu::desk::until;
use kit_core::Problem;
use opentelemetry_proto::tonic::{
    collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse,
        trace_service_server::{TraceService, TraceServiceServer},
    },
    common::v1::any_value::Value,
    trace::v1::Span,
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

/// Spans that were sent to it.
#[derive(Clone, Default)]
pub struct Collector {
    spans: Arc<Mutex<Vec<Span>>>,
    endpoint: String,
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let resources = request.into_inner().resource_spans.into_iter();
        let spans = resources.flat_map(|r| r.scope_spans).flat_map(|scope| scope.spans);
        self.spans.lock().unwrap().extend(spans);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let collector = Self { endpoint, ..Self::default() };
        let server = tonic::transport::Server::builder().add_service(TraceServiceServer::new(collector.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        collector
    }

    /// Where it listens.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Waits until the trace that holds a span with `part` in its name or method has spans of all `services`.
    pub async fn wait_for_trace_of(&self, part: &str, services: &[&str]) -> BTreeSet<String> {
        until("the trace", Duration::from_secs(30), async || {
            let found = self.services_of(part);
            if services.iter().all(|service| found.contains(*service)) {
                return Ok(Some(found));
            }
            Err(Problem::conflict("not-yet", "", format!("only {found:?}")))
        })
        .await
        .unwrap()
    }

    fn services_of(&self, part: &str) -> BTreeSet<String> {
        let spans = self.spans.lock().unwrap();
        let roots: BTreeSet<&[u8]> =
            spans.iter().filter(|span| holds(span, part)).map(|span| span.trace_id.as_slice()).collect();
        let inside = spans.iter().filter(|span| roots.contains(span.trace_id.as_slice()));
        inside.filter_map(|span| attribute(span, "service")).collect()
    }
}

fn holds(span: &Span, part: &str) -> bool {
    span.name.contains(part) || attribute(span, "rpc.method").is_some_and(|method| method.contains(part))
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}
