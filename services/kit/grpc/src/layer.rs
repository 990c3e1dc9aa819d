//! What every call passes on its way in: who calls, in which language, in which trace; and on its way out: a panic
//! or an error of the transport becomes an answer in words.

use crate::{
    Caller, Ctx, Tokens,
    caller::preferred_language,
    status::{PROBLEM_METADATA, internal, problem, to_status},
    trace,
};
use kit_core::{Env, Problem};
use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};
use tonic::{
    Status,
    body::Body,
    codegen::http::{HeaderMap, Request, Response},
};
use tower::{Layer, Service};
use tracing::{Instrument as _, Span, field};

/// The layer around all gRPC services of one Jiesu service.
#[derive(Clone, Debug)]
pub struct ServerLayer {
    service: &'static str,
    tokens: Tokens,
    env: Env,
}

impl ServerLayer {
    /// A layer that verifies with `tokens` against the clock of `env`; `service` is named in each span.
    pub fn new(service: &'static str, tokens: Tokens, env: Env) -> Self {
        Self { service, tokens, env }
    }

    fn ctx(&self, headers: &HeaderMap) -> Result<Ctx, (Problem, String)> {
        let language = preferred_language(header(headers, "accept-language"));
        let caller = match headers.get("authorization") {
            None => Ok(Caller::Public),
            Some(value) => {
                let value = value.to_str().unwrap_or_default();
                let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
                let token = if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" };
                self.tokens.verify(token, self.env.now())
            }
        };
        match caller {
            Ok(caller) => Ok(Ctx { caller, language }),
            Err(problem) => Err((problem, language)),
        }
    }

    fn span(&self, path: &str, headers: &HeaderMap) -> Span {
        let method = path.trim_start_matches('/');
        let span = tracing::info_span!(
            "grpc",
            otel.name = method,
            otel.kind = "server",
            rpc.system.name = "grpc",
            rpc.method = method,
            rpc.status_code = field::Empty,
            service = self.service,
        );
        trace::continue_from(&span, header(headers, "traceparent"));
        span
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl<S> Layer<S> for ServerLayer {
    type Service = ServerService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ServerService { inner, layer: self.clone() }
    }
}

/// A service with the layer around it.
#[derive(Clone, Debug)]
pub struct ServerService<S> {
    inner: S,
    layer: ServerLayer,
}

impl<S> Service<Request<Body>> for ServerService<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let path = request.uri().path().to_owned();
        let span = self.layer.span(&path, request.headers());
        let ctx = match self.layer.ctx(request.headers()) {
            Ok(ctx) => ctx,
            Err((problem, language)) => return Box::pin(async move { Ok(to_status(&problem, &language).into_http()) }),
        };
        let language = ctx.language.clone();
        request.extensions_mut().insert(ctx.caller.clone());
        request.extensions_mut().insert(ctx);
        // The clone takes the readiness that poll_ready has asked for; see tower's Service.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let work = async move {
            let mut answer = caught(async move { inner.call(request).await }, &language).await;
            in_words(&mut answer, &path, &language);
            let code = answer.headers().get("grpc-status").and_then(|v| v.to_str().ok()).unwrap_or("0");
            Span::current().record("rpc.status_code", code);
            Ok(answer)
        };
        Box::pin(work.instrument(span))
    }
}

/// The answer of `work`; if it panics, an internal error without detail.
async fn caught(
    work: impl Future<Output = Result<Response<Body>, Infallible>> + Send,
    language: &str,
) -> Response<Body> {
    let mut work = Box::pin(work);
    let outcome = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await;
    match outcome {
        Some(Ok(answer)) => answer,
        Some(Err(never)) => match never {},
        None => {
            // The panic hook has already logged where; the request itself may hold a narrative and is not logged.
            tracing::error!("a gRPC handler panicked");
            to_status(&internal(), language).into_http()
        }
    }
}

/// Gives an error that tonic itself made (a message too large, bytes that are no protobuf, an unknown method) its
/// class and its words. Health and reflection keep their own.
fn in_words(answer: &mut Response<Body>, path: &str, language: &str) {
    if path.starts_with("/grpc.") || answer.headers().contains_key(PROBLEM_METADATA) {
        return;
    }
    let Some(status) = Status::from_header_map(answer.headers()).filter(|s| s.code() != tonic::Code::Ok) else {
        return;
    };
    // Clients look for this code to tell an unknown method from a refusal.
    let is_unknown = status.code() == tonic::Code::Unimplemented;
    let worded = to_status(&problem(&status), language);
    let worded = if is_unknown {
        Status::with_metadata(status.code(), worded.message(), worded.metadata().clone())
    } else {
        worded
    };
    *answer = worded.into_http();
}
