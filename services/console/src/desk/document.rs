//! `/desk/cases/{case_id}/documents/{document}`: a numbered document as it is printed. Reading it is written down.

use crate::{app::App, convert::text, desk::lists::me, refusal::Refusal, render::Shell, session::Staff};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use contracts::notification::GetDocumentRequest;
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct DocumentView {
    pub(crate) case_id: String,
    pub(crate) document: String,
    pub(crate) subject: Text,
    pub(crate) body: Text,
}

pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path((case_id, document)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let asked = GetDocumentRequest { case_id: case_id.clone(), document };
    let (answer, me) = tokio::join!(staff.asker.get_document(asked), me(&staff));
    let answer = answer?;
    let shell = Shell { switch: format!("/desk/cases/{case_id}/documents/{}", answer.document), ..staff.shell(&me) };
    let (subject, body) = (text(answer.subject), text(answer.body));
    let view = DocumentView { case_id, document: answer.document, subject, body };
    Ok(app.page(StatusCode::OK, "desk/document.html", &shell, &view))
}
