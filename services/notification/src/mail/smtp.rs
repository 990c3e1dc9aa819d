//! One message to one mail server, step by step, so that we know whether it was handed over.

use super::Letter;
use crate::domain::Outcome;
use anyhow::{Context as _, bail};
use futures::future::BoxFuture;
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, TlsParameters},
    commands::{Data, Mail, Rcpt},
    extension::{ClientId, Extension, MailParameter},
};
use std::{fmt, time::Duration};
use tokio::time::timeout;
use tonic::transport::Uri;

/// How long the server may take to answer a connection or a command.
const COMMAND_TIME: Duration = Duration::from_secs(30);
/// How long it may take to answer a message; servers scan for spam before they do.
const MESSAGE_TIME: Duration = Duration::from_secs(120);

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
    None,
    Start,
    Implicit,
}

/// A mail server.
#[derive(Clone)]
pub(crate) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
}

impl Server {
    /// Reads `smtp://[user:password@]host[:port][?tls=required]` or `smtps://…`. Errors never repeat the URL: it may
    /// hold a password.
    pub(crate) fn parse(url: &str) -> anyhow::Result<Self> {
        let uri: Uri = url.trim().parse().map_err(|_| anyhow::anyhow!("not a URL"))?;
        let tls = match (uri.scheme_str(), uri.query()) {
            (Some("smtps"), None) => Tls::Implicit,
            (Some("smtp"), Some("tls=required")) => Tls::Start,
            (Some("smtp"), None) => Tls::None,
            _ => bail!("use smtp://host:port, smtp://host:port?tls=required or smtps://host:port"),
        };
        let host = uri.host().context("no host")?.trim_matches(['[', ']']).to_owned();
        let usual = match tls {
            Tls::Implicit => 465,
            Tls::Start => 587,
            Tls::None => 25,
        };
        let port = uri.port_u16().unwrap_or(usual);
        let userinfo = uri.authority().and_then(|a| a.as_str().rsplit_once('@')).map(|(user, _)| user);
        let credentials = userinfo.map(credentials).transpose()?;
        let is_local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if credentials.is_some() && tls == Tls::None && !is_local {
            bail!("a password is not sent in clear: add ?tls=required, or use smtps://");
        }
        Ok(Self { host, port, tls, credentials })
    }

    /// Sends one message. `hand_over` is called when everything but the message has been said: what it records must be
    /// safe before the server can have taken the message. It answers false to stop.
    pub(crate) async fn send<'a, F>(&'a self, letter: &'a Letter, hand_over: F) -> Outcome
    where
        F: FnOnce() -> BoxFuture<'a, bool>,
    {
        let mut connection = match self.prepare(letter).await {
            Ok(connection) => connection,
            Err(outcome) => return outcome,
        };
        if !hand_over().await {
            connection.abort().await;
            return Outcome::Later { reason: "claim-lost".to_owned() };
        }
        let outcome = match timeout(MESSAGE_TIME, connection.message(&letter.bytes)).await {
            Ok(Ok(_)) => Outcome::Sent,
            // Only an answer with a code says that the message was not taken.
            Ok(Err(error)) if error.status().is_some() => refused(&error),
            Ok(Err(_)) | Err(_) => Outcome::Unknown,
        };
        // The answer is in; how the connection ends changes nothing.
        let _ = timeout(COMMAND_TIME, connection.abort()).await;
        outcome
    }

    /// Everything up to DATA: until here nothing has been handed over.
    async fn prepare(&self, letter: &Letter) -> Result<AsyncSmtpConnection, Outcome> {
        let mut connection = timely(self.connect()).await?;
        match timely(self.introduce(&mut connection, letter)).await {
            Ok(()) => Ok(connection),
            Err(outcome) => {
                let _ = timeout(COMMAND_TIME, connection.abort()).await;
                Err(outcome)
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let hello = ClientId::default();
        let wrapped = (self.tls == Tls::Implicit).then(|| TlsParameters::new(self.host.clone())).transpose()?;
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(COMMAND_TIME), &hello, wrapped, None).await?;
        if self.tls == Tls::Start {
            connection.starttls(TlsParameters::new(self.host.clone())?, &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    async fn introduce(&self, connection: &mut AsyncSmtpConnection, letter: &Letter) -> Result<(), Error> {
        let mut options = Vec::new();
        let mut addresses = letter.envelope.from().into_iter().chain(letter.envelope.to());
        let is_ascii = addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii());
        if !is_ascii && connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            options.push(MailParameter::SmtpUtfEight);
        }
        connection.command(Mail::new(letter.envelope.from().cloned(), options)).await?;
        for to in letter.envelope.to() {
            connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
        }
        connection.command(Data).await?;
        Ok(())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

async fn timely<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Outcome> {
    match timeout(COMMAND_TIME, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(refused(&error)),
        Err(_) => Err(Outcome::Later { reason: "no-answer".to_owned() }),
    }
}

/// What a refusal means: 5xx is for good, everything else may pass. The server's words stay out of it: they may quote
/// the address.
fn refused(error: &Error) -> Outcome {
    match error.status() {
        Some(code) if error.is_permanent() => Outcome::Failed { reason: format!("smtp-{code}") },
        Some(code) => Outcome::Later { reason: format!("smtp-{code}") },
        None => Outcome::Later { reason: "no-connection".to_owned() },
    }
}

fn credentials(userinfo: &str) -> anyhow::Result<Credentials> {
    let (user, password) = userinfo.split_once(':').context("a user without a password")?;
    Ok(Credentials::new(unescape(user)?, unescape(password)?))
}

fn unescape(text: &str) -> anyhow::Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits: Vec<u8> = rest.by_ref().take(2).collect();
        let hex = std::str::from_utf8(&digits).ok().and_then(|d| u8::from_str_radix(d, 16).ok());
        bytes.push(hex.context("a % without two digits")?);
    }
    String::from_utf8(bytes).context("not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_says_how_the_connection_is_protected() {
        let plain = Server::parse("smtp://127.0.0.1:2525").unwrap();
        assert_eq!((plain.host.as_str(), plain.port, plain.tls), ("127.0.0.1", 2525, Tls::None));
        assert_eq!(Server::parse("smtps://mail.example").unwrap().port, 465);
        let start = Server::parse("smtp://robot%40a:p%3Aw@mail.example?tls=required").unwrap();
        assert_eq!((start.port, start.tls), (587, Tls::Start));
        assert!(start.credentials.is_some());
    }

    #[test]
    fn a_wrong_url_is_refused_without_repeating_its_password() {
        for bad in
            ["", "http://h", "smtp://u:secret@mail.example", "smtp://u:%zzsecret@localhost", "smtp://h?tls=maybe"]
        {
            let error = format!("{:#}", Server::parse(bad).unwrap_err());
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
