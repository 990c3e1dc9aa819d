//! Files of a case over the API: sealed as they are sent, and given out on a reason that is written down.

use super::{
    caller::{Key, Signed},
    json,
};
use crate::{
    body::{Checked, Field, Json, Kind, may, must},
    desk::files::download,
    form::is_kind,
    refusal::Refusal,
    upload::{self, Sent, Upload},
};
use axum::{
    extract::{FromRequest, Path, Request},
    http::StatusCode,
    response::Response,
};
use contracts::intake;
use kit_core::Problem;
use serde_json::json;

pub(crate) const SEAL: &[Field] =
    &[must("files", Kind::Files, "One part for each file, with its name; at most 10 MB each, and 20 MB at once")];
pub(crate) const READ: &[Field] = &[
    must("ref_id", Kind::Text, "The reference that sealing answered, as entries of the timeline name it"),
    may("reason", Kind::Text, "Needed where you do not handle the case"),
];

/// Files as a program sends them, and nothing beside them.
pub(crate) struct Files(Vec<Upload>);

impl<S: Send + Sync> FromRequest<S> for Files {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_kind(&request, "multipart/form-data") {
            let (zh, en) = ("请以 multipart/form-data 提交文件", "Send the files as multipart/form-data");
            let problem = Problem::invalid("not-multipart", zh, en);
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem));
        }
        let Sent { form, files } = Sent::from_request(request, state).await?;
        if let Some((stray, _)) = form.0.first() {
            let (zh, en) =
                ("没有这个字段；只有带文件名的 files", "There is no such field but `files`, each with its name");
            return Err(Problem::field(stray, "unknown-field", zh, en).into());
        }
        if files.is_empty() {
            return Err(Problem::field("files", "missing-field", "请附上文件", "Send at least one file").into());
        }
        Ok(Self(files))
    }
}

pub(crate) async fn seal(
    Signed(asker): Signed,
    Path(case_id): Path<String>,
    Key(key): Key,
    Files(files): Files,
) -> Result<Response, Refusal> {
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    let (sealed, rest) = upload::seal(&asker, &case_id, &key, files).await;
    rest?;
    let files: Vec<_> =
        sealed.iter().zip(names).map(|(ref_id, name)| json!({"ref_id": ref_id, "name": name})).collect();
    Ok(json(StatusCode::CREATED, &json!({"files": files})))
}

pub(crate) async fn read(
    Signed(asker): Signed,
    Path(case_id): Path<String>,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let body = Checked::new(READ, body)?;
    let (ref_id, reason) = (body.text("ref_id"), body.text("reason"));
    Ok(download(asker.read_file(intake::ReadFileRequest { case_id, ref_id, reason }).await?))
}
