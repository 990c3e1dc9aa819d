//! Forms with files in them, as browsers and programs send them, and their sealing.

use crate::{
    asker::Asker,
    form::{Form, is_kind, not_utf8, nul},
    refusal::Refusal,
};
use axum::{
    extract::{
        FromRequest, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
};
use contracts::intake;
use kit_core::{Class, Problem, Text};

/// The largest form with files, of which each may have 10 MB: 20 MB of them, and what stands beside them.
pub(crate) const LARGEST_UPLOAD: usize = 21 * 1024 * 1024;

/// A form with the files that were chosen in it. Without any it may come as every other form.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    pub(crate) form: Form,
    pub(crate) files: Vec<Upload>,
}

/// One file as a browser sends it.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) content: Vec<u8>,
}

impl Sent {
    async fn take(&mut self, field: Field<'_>) -> Result<(), Refusal> {
        let (name, file) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        let media_type = field.content_type().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|error| broken(&error))?;
        let wrong = |problem| Refusal::new(StatusCode::BAD_REQUEST, problem);
        if let Some(file) = file {
            // A browser sends an empty one where none was chosen.
            if !file.is_empty() {
                self.files.push(Upload { name: file, media_type, content: bytes.to_vec() });
            }
            return Ok(());
        }
        let value = String::from_utf8(bytes.to_vec()).map_err(|_| wrong(not_utf8()))?;
        if name.contains('\0') || value.contains('\0') {
            return Err(wrong(nul()));
        }
        self.form.0.push((name, value.replace("\r\n", "\n")));
        Ok(())
    }
}

/// Seals files under request ids that follow from one, so that a repeat finds them again. Gives the references of those that
/// were sealed, and what is wrong with the first that was not, told at `files` with its name.
pub(crate) async fn seal(
    asker: &Asker,
    case_id: &str,
    request_id: &str,
    files: Vec<Upload>,
) -> (Vec<String>, Result<(), Problem>) {
    let mut sealed = Vec::new();
    for (place, file) in files.into_iter().enumerate() {
        let message = intake::SealFileRequest {
            request_id: format!("{request_id}-file-{place}"),
            case_id: case_id.to_owned(),
            name: file.name.clone(),
            media_type: file.media_type,
            content: file.content,
        };
        match asker.seal_file(message).await {
            Ok(reply) => sealed.push(reply.r#ref.unwrap_or_default().ref_id),
            Err(problem) => return (sealed, Err(of_file(&file.name, problem))),
        }
    }
    (sealed, Ok(()))
}

/// What is wrong with a file, where it was chosen.
fn of_file(name: &str, problem: Problem) -> Problem {
    // What is larger than any message does not even reach intake, which would name its content.
    if problem.fields.is_empty() && problem.code != "message-too-large" {
        return problem;
    }
    let Text { zh, en } = &problem.text;
    Problem::field("files", &problem.code, format!("“{name}”：{zh}"), format!("\u{201c}{name}\u{201d}: {en}"))
}

fn broken(error: &MultipartError) -> Refusal {
    let problem = Problem::invalid("broken-upload", "上传的内容不完整", "The upload is broken");
    let too_large =
        || Problem::new(Class::Invalid, "too-large", "一次上传的文件共超过 20 MB", "More than 20 MB at once");
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, too_large()),
        _ => Refusal::new(StatusCode::BAD_REQUEST, problem),
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_kind(&request, "multipart/form-data") {
            return Ok(Self { form: Form::from_request(request, state).await?, files: Vec::new() });
        }
        let parts = Multipart::from_request(request, state).await;
        let mut parts = parts.map_err(|_| Refusal::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
        let mut sent = Self::default();
        while let Some(field) = parts.next_field().await.map_err(|error| broken(&error))? {
            sent.take(field).await?;
        }
        Ok(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::header};

    async fn sent(body: &[u8]) -> Result<Sent, Refusal> {
        let request = Request::builder()
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(Body::from(body.to_vec()))
            .unwrap();
        Sent::from_request(request, &()).await
    }

    #[tokio::test]
    async fn a_form_with_files_keeps_both_and_no_file_is_none() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n一\r\n二\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"照片.jpg\"\r\n\
                    Content-Type: image/jpeg\r\n\r\n\u{1}\0\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"\"\r\n\r\n\r\n--x--\r\n";
        let got = sent(body.as_bytes()).await.unwrap_or_else(|_| panic!("it is whole"));
        assert_eq!(got.form.0, [("text".to_owned(), "一\n二".to_owned())]);
        let [file] = got.files.as_slice() else { panic!("{:?}", got.files) };
        let content: &[u8] = &file.content;
        assert_eq!((file.name.as_str(), file.media_type.as_str(), content), ("照片.jpg", "image/jpeg", &b"\x01\0"[..]));
    }

    #[tokio::test]
    async fn a_broken_upload_and_one_too_large_are_told() {
        for (body, status) in [
            (b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut".to_vec(), 400),
            (b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--x--\r\n".to_vec(), 400),
            (
                [b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n".to_vec(), vec![b'a'; 3 << 20]].concat(),
                413,
            ),
        ] {
            assert_eq!(sent(&body).await.err().map(|refusal| refusal.status.as_u16()), Some(status));
        }
    }
}
