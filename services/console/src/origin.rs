//! Whether a form came from our own page. Public forms have no session to carry a token, so the browser's own word
//! about where the request was made is asked.

use axum::http::{HeaderMap, header};
use kit_core::Problem;

/// Refuses a request that a foreign page made.
///
/// Our pages send no referrer, and a browser that is told so writes `Origin: null`; over plain HTTP it also leaves out
/// `Sec-Fetch-Site`. So only what says plainly that it is foreign is refused. A form without a session can do no more
/// than what anyone may do by hand.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let value = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let foreign = Problem::denied(
        "foreign-origin",
        "请求不是从本网站的页面发出的",
        "The request was not made from a page of this site",
    );
    if let Some(site) = value("sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") { Ok(()) } else { Err(foreign) };
    }
    match value(header::ORIGIN.as_str()) {
        None | Some("null") => Ok(()),
        Some(origin) => {
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            let ours = [value("x-forwarded-host"), value(header::HOST.as_str())];
            if ours.into_iter().flatten().any(|ours| ours.eq_ignore_ascii_case(host)) { Ok(()) } else { Err(foreign) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pairs: &[(&'static str, &str)]) -> bool {
        let headers = pairs.iter().map(|(k, v)| (header::HeaderName::from_static(k), v.parse().unwrap())).collect();
        check(&headers).is_ok()
    }

    #[test]
    fn our_own_page_passes_and_a_foreign_one_does_not() {
        assert!(allowed(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(allowed(&[("host", "jiesu.cn"), ("origin", "https://jiesu.cn")]));
        assert!(allowed(&[("host", "jiesu.cn"), ("origin", "null")]));
        assert!(!allowed(&[("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("sec-fetch-site", "same-site")]));
        assert!(!allowed(&[("host", "jiesu.cn"), ("origin", "https://evil.example")]));
    }
}
