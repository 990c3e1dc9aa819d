//! Which of the two languages of the product a visitor reads first.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, header, request::Parts},
};
use std::convert::Infallible;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    Zh,
    En,
}

impl Language {
    /// As gRPC and the cookie name it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// As HTML's `lang` names it.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let primary = text.split(['-', '_']).next().unwrap_or_default();
        match primary {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The choice made in this very request, if one is made.
    pub(crate) fn chosen(uri: &Uri) -> Option<Self> {
        uri.query()?.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Self::parse)
    }

    /// The choice in the address, else the one remembered, else what the browser prefers, else Chinese.
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        Self::chosen(uri)
            .or_else(|| cookie(headers, "lang").and_then(|value| Self::parse(&value)))
            .or_else(|| preferred(headers))
            .unwrap_or_default()
    }
}

/// The value of the cookie `name`.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim().to_owned())
}

fn preferred(headers: &HeaderMap) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for range in headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?.split(',') {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(Language::parse) else { continue };
        let weight = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok());
        let weight = weight.unwrap_or(0.0);
        // The first of equals wins, as the browser lists them in order.
        if weight > 0.0 && best.is_none_or(|(best, _)| weight > best) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(uri: &str, pairs: &[(header::HeaderName, &str)]) -> Language {
        let headers = pairs.iter().map(|(k, v)| (k.clone(), v.parse().unwrap())).collect();
        Language::of(&uri.parse().unwrap(), &headers)
    }

    #[test]
    fn the_address_wins_over_the_cookie_and_the_cookie_over_the_browser() {
        let cookie = (header::COOKIE, "a=b; lang=en");
        let browser = (header::ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9");
        assert_eq!(of("/?lang=zh", &[cookie.clone()]), Language::Zh);
        assert_eq!(of("/", &[cookie, browser.clone()]), Language::En);
        assert_eq!(of("/", &[browser]), Language::Zh);
    }

    #[test]
    fn the_heavier_range_wins_and_an_unknown_language_means_chinese() {
        assert_eq!(of("/", &[(header::ACCEPT_LANGUAGE, "zh;q=0.2, en-GB;q=0.8")]), Language::En);
        assert_eq!(of("/", &[(header::ACCEPT_LANGUAGE, "fr, de;q=x")]), Language::Zh);
        assert_eq!(of("/?lang=fr", &[(header::ACCEPT_LANGUAGE, "en")]), Language::En);
    }
}
