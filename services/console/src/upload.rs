//! Forms with files in them, as the browser sends them.

use crate::{
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
use kit_core::Problem;

/// The largest form with files, of which each may have 10 MB.
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

fn broken(error: &MultipartError) -> Refusal {
    let problem = Problem::invalid("broken-upload", "上传的内容不完整", "The upload is broken");
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::of_status(StatusCode::PAYLOAD_TOO_LARGE),
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
