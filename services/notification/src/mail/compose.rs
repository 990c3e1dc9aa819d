//! The message that carries a notice: plain text, marked as made by a machine, under an id of its own.

use super::wording::Words;
use chrono::{DateTime, Utc};
use kit_ids::{CaseId, NoticeId};
use lettre::{
    Message,
    address::Envelope,
    message::{
        Mailbox, SinglePart,
        header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue},
    },
};
use std::{error::Error, time::SystemTime};

/// A message, ready to leave.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) notice_id: NoticeId,
    /// None where it is about none.
    pub(crate) case_id: Option<CaseId>,
    pub(crate) to: String,
    pub(crate) words: Words,
    pub(crate) at: DateTime<Utc>,
    pub(crate) envelope: Envelope,
    pub(crate) bytes: Vec<u8>,
}

/// Tells other machines not to answer.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The message to `to`. The error is a reason without the address.
pub(crate) fn compose(
    notice: (NoticeId, Option<CaseId>),
    from: &Mailbox,
    to: &str,
    words: Words,
    at: DateTime<Utc>,
) -> Result<Letter, &'static str> {
    let (notice_id, case_id) = notice;
    let address: Mailbox = to.trim().parse().map_err(|_| "bad-address")?;
    let text = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .header(ContentTransferEncoding::Base64)
        .body(words.body.clone());
    let message = Message::builder()
        .from(from.clone())
        .to(address)
        .subject(words.subject.clone())
        .date(SystemTime::from(at))
        // The same for every attempt, so that a mail server's log can say what became of it.
        .message_id(Some(format!("<{notice_id}@{}>", from.email.domain())))
        .header(AutoSubmitted)
        .singlepart(text)
        .map_err(|_| "bad-message")?;
    let envelope = message.envelope().clone();
    Ok(Letter { notice_id, case_id, to: to.trim().to_owned(), words, at, envelope, bytes: message.formatted() })
}
