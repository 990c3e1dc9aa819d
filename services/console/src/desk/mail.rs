//! `/desk/mail`: the mail folder of an installation without a mail server.

use crate::{app::App, desk::lists::me, refusal::Refusal, session::Staff, view::lists::Mail};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use contracts::notification;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct MailsView {
    pub(crate) mails: Vec<Mail>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct MailView {
    pub(crate) mail: Mail,
    pub(crate) body: String,
}

pub(crate) async fn list(State(app): State<App>, staff: Staff) -> Result<Response, Refusal> {
    let (mails, name) = tokio::join!(staff.asker.list_mail(notification::ListMailRequest {}), me(&staff));
    let view = MailsView { mails: mails?.mails.into_iter().map(Mail::from).collect() };
    Ok(app.page(StatusCode::OK, "desk/mails.html", &staff.shell(&name), &view))
}

pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(mail_id): Path<String>,
) -> Result<Response, Refusal> {
    let (mail, name) = tokio::join!(staff.asker.get_mail(notification::GetMailRequest { mail_id }), me(&staff));
    let mail = mail?;
    let view = MailView { mail: Mail::from(mail.mail.unwrap_or_default()), body: mail.body };
    Ok(app.page(StatusCode::OK, "desk/mail.html", &staff.shell(&name), &view))
}
