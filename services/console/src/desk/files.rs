//! Files of a case: sealed as they are chosen in a form, and given out to be saved.

use super::case::refused;
use crate::{
    app::App,
    form::Form,
    refusal::Refusal,
    session::Staff,
    upload::{Upload, seal},
};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use contracts::intake;
use kit_core::Problem;

/// Seals the files of a form. They stay sealed when the command is refused: the form then names them.
pub(super) async fn seal_files(
    staff: &Staff,
    case_id: &str,
    form: &mut Form,
    files: Vec<Upload>,
) -> Result<(), Problem> {
    let (sealed, rest) = seal(&staff.asker, case_id, form.get("request_id"), files).await;
    form.0.extend(sealed.into_iter().map(|sealed| ("files[]".to_owned(), sealed)));
    rest
}

/// Gives out a file of the case; the reading is written down.
pub(crate) async fn read(
    State(app): State<App>,
    staff: Staff,
    Path(case_id): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let (ref_id, reason) = (form.get("ref_id").to_owned(), form.get("reason").to_owned());
    let message = intake::ReadFileRequest { case_id: case_id.clone(), ref_id, reason };
    match staff.asker.read_file(message).await {
        Ok(file) => Ok(download(file)),
        Err(problem) => refused(&app, &staff, &case_id, "read-texts", &form, problem).await,
    }
}

/// A file to be saved: nothing of it is shown on a page of ours.
pub(crate) fn download(file: intake::ReadFileResponse) -> Response {
    let escaped: String = file.name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let named = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{escaped}"));
    let kind = HeaderValue::from_str(&file.media_type);
    let named = named.unwrap_or(HeaderValue::from_static("attachment"));
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)], file.content).into_response()
}
