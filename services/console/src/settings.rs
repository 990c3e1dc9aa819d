//! Console's own settings.

use chrono_tz::Tz;
use kit_config::{Source, parse};

/// What an operator may set.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where people reach the pages; `https` here makes cookies `Secure`.
    pub(crate) public_url: String,
    /// The zone in which times are shown.
    pub(crate) zone: Tz,
}

impl Settings {
    /// Reads `JIESU_CONSOLE_PUBLIC_URL` and `JIESU_CONSOLE_ZONE`.
    pub(crate) fn read(source: &dyn Source) -> anyhow::Result<Self> {
        let public_url: String = parse(source, "JIESU_CONSOLE_PUBLIC_URL", "http://127.0.0.1:8080".to_owned())?;
        let zone = parse(source, "JIESU_CONSOLE_ZONE", Tz::Asia__Shanghai)?;
        Ok(Self { public_url: public_url.trim_end_matches('/').to_owned(), zone })
    }

    pub(crate) fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
