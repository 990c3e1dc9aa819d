//! What wraps every route: panic and time limits, language and problems, compression, and the headers that keep a
//! page to itself.

use crate::{app::App, dress};
use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware,
};
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
};

/// Longer than the ten seconds a call to another service may take, and two such calls in a row.
const LONGEST: Duration = Duration::from_secs(25);

/// Nothing but our own style sheet, our own forms, and no script at all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Puts the layers around the routes.
pub(crate) fn wrap(router: Router<App>, app: &App) -> Router {
    let always = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    router
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LONGEST))
        .layer(middleware::from_fn_with_state(app.clone(), dress::dress))
        .layer(CompressionLayer::new())
        // Personal unless a handler says otherwise.
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(always(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::X_FRAME_OPTIONS, "DENY"))
        .layer(always(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(always(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"))
        .with_state(app.clone())
}
