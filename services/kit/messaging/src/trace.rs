//! The W3C trace context, written and read by hand: an envelope carries it as text, across processes and days.

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// `00-<trace>-<span>-<flags>`; empty when nothing traces.
pub(crate) fn traceparent(span: &Span) -> String {
    let context = span.context();
    let span = context.span();
    let it = span.span_context();
    if !it.is_valid() {
        return String::new();
    }
    format!("00-{:032x}-{:016x}-{:02x}", it.trace_id(), it.span_id(), it.trace_flags().to_u8())
}

/// Makes the sender's span the parent of `span`. A malformed context is no context: it must not stop an event.
pub(crate) fn continue_from(span: &Span, traceparent: &str) {
    if let Some(parent) = parse(traceparent) {
        // Refused only where no tracer is installed, and then there is nothing to continue.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
}

fn parse(text: &str) -> Option<SpanContext> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if version != "00" || trace.len() != 32 || span.len() != 16 || flags.len() != 2 || parts.next().is_some() {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_trace_context_is_taken() {
        let whole = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(parse(whole).map(|c| c.trace_id().to_string()).as_deref(), Some("0af7651916cd43dd8448eb211c80319c"));
        for bad in ["", "00-0-0-01", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", &format!("{whole}-x")] {
            assert!(parse(bad).is_none(), "{bad}");
        }
        assert!(parse("00-00000000000000000000000000000000-b7ad6b7169203331-01").is_none());
    }
}
