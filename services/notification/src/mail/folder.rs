//! The mail folder of an installation without a mail server: one `.eml` for each message, and beside it what a page
//! shows of it. Writing the same message again changes nothing, so here nothing is ever in doubt.

use super::Letter;
use chrono::{DateTime, Utc};
use kit_ids::{CaseId, NoticeId};
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
};
use tokio::fs;

/// How many messages a page lists.
const SHOWN: usize = 500;

/// What a page shows of a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) mail_id: NoticeId,
    pub(crate) case_id: Option<CaseId>,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) at: DateTime<Utc>,
}

/// Puts a message into the folder.
pub(crate) async fn keep(folder: &Path, letter: &Letter) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    let kept = Kept {
        mail_id: letter.notice_id,
        case_id: letter.case_id,
        to: letter.to.clone(),
        subject: letter.words.subject.clone(),
        body: letter.words.body.clone(),
        at: letter.at,
    };
    write(&path(folder, letter.notice_id, "json"), &serde_json::to_vec(&kept)?).await?;
    write(&path(folder, letter.notice_id, "eml"), &letter.bytes).await
}

/// One message; none where there is no such one. The name is an id and nothing else, so no path can be smuggled in.
pub(crate) async fn find(folder: &Path, id: NoticeId) -> io::Result<Option<Kept>> {
    match fs::read(path(folder, id, "json")).await {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The messages of the folder, newest first.
pub(crate) async fn list(folder: &Path) -> io::Result<Vec<Kept>> {
    let mut ids = ids(folder).await?;
    // The ids begin with their instant.
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(SHOWN);
    let mut mails = Vec::with_capacity(ids.len());
    for id in ids {
        mails.extend(find(folder, id).await?);
    }
    Ok(mails)
}

async fn ids(folder: &Path) -> io::Result<Vec<NoticeId>> {
    let mut entries = match fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut ids = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        ids.extend(name.to_str().and_then(|n| n.strip_suffix(".json")).and_then(|n| n.parse::<NoticeId>().ok()));
    }
    Ok(ids)
}

/// Nobody sees half a file: it gets its name when it is whole.
async fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("tmp");
    fs::write(&unfinished, bytes).await?;
    fs::rename(unfinished, path).await
}

fn path(folder: &Path, id: NoticeId, extension: &str) -> PathBuf {
    folder.join(format!("{id}.{extension}"))
}
