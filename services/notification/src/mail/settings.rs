//! How mail leaves this installation.
//!
//! | key | default |
//! |---|---|
//! | `JIESU_SMTP_URL` | none; `smtp://[user:password@]host[:port][?tls=required]` or `smtps://…` |
//! | `JIESU_MAIL_FOLDER` | none; used where there is no SMTP URL |
//! | `JIESU_MAIL_FROM` | `接诉 Jiesu <jiesu@localhost>` |

use super::smtp::Server;
use anyhow::Context as _;
use kit_config::Source;
use lettre::message::Mailbox;
use std::path::PathBuf;

/// Where mail goes.
#[derive(Clone, Debug)]
pub(crate) enum Door {
    Smtp(Server),
    Folder(PathBuf),
    /// Nothing is set: notices wait until something is.
    Closed,
}

/// The section of mail.
#[derive(Clone, Debug)]
pub(crate) struct MailSettings {
    pub(crate) door: Door,
    pub(crate) from: Mailbox,
}

impl MailSettings {
    /// Reads the section.
    pub(crate) fn read(source: &dyn Source) -> anyhow::Result<Self> {
        let from = source.get("JIESU_MAIL_FROM").unwrap_or_else(|| "接诉 Jiesu <jiesu@localhost>".to_owned());
        let from = from.parse().context("JIESU_MAIL_FROM is not a mail address")?;
        let door = match (source.get("JIESU_SMTP_URL"), source.get("JIESU_MAIL_FOLDER")) {
            (Some(url), _) => Door::Smtp(Server::parse(&url).context("JIESU_SMTP_URL")?),
            (None, Some(folder)) => Door::Folder(PathBuf::from(folder)),
            (None, None) => {
                tracing::warn!("neither JIESU_SMTP_URL nor JIESU_MAIL_FOLDER is set: notices wait");
                Door::Closed
            }
        };
        Ok(Self { door, from })
    }
}
