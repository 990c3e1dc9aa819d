//! What a file may be: of a sort that people hand around, really of that sort, and not too large. Nothing here opens or draws
//! it; that is for whoever reads it, on a machine of their own.

use crate::domain::{nearest::nearest, wrong::Wrong};
use kit_core::Problem;

/// The largest file, in bytes.
pub(crate) const LARGEST: usize = 10 * 1024 * 1024;
/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

/// A sort of file: its media type, how its name ends, and how its bytes begin (from a place on); none of them, it is text.
struct Sort {
    media_type: &'static str,
    endings: &'static [&'static str],
    begins: &'static [(usize, &'static [u8])],
}

const fn sort(
    media_type: &'static str,
    endings: &'static [&'static str],
    begins: &'static [(usize, &'static [u8])],
) -> Sort {
    Sort { media_type, endings, begins }
}

const ZIP: &[(usize, &[u8])] = &[(0, b"PK\x03\x04")];

const SORTS: &[Sort] = &[
    sort("application/pdf", &["pdf"], &[(0, b"%PDF-")]),
    sort("image/jpeg", &["jpg", "jpeg"], &[(0, b"\xff\xd8\xff")]),
    sort("image/png", &["png"], &[(0, b"\x89PNG\r\n\x1a\n")]),
    sort("image/webp", &["webp"], &[(8, b"WEBP")]),
    sort("image/heic", &["heic"], &[(4, b"ftyp")]),
    sort("audio/mpeg", &["mp3"], &[(0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")]),
    sort("audio/mp4", &["m4a"], &[(4, b"ftyp")]),
    sort("audio/wav", &["wav"], &[(8, b"WAVE")]),
    sort("video/mp4", &["mp4"], &[(4, b"ftyp")]),
    sort("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"], ZIP),
    sort("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"], ZIP),
    sort("application/ofd", &["ofd"], ZIP),
    sort("text/plain", &["txt"], &[]),
];

/// What a browser says of what it does not know.
const UNKNOWN: &str = "application/octet-stream";

/// The media type under which the file is kept, or everything that is wrong with it. The ending of the name decides; what
/// the sender says of the type may only agree.
pub(crate) fn check(name: &str, said: &str, content: &[u8]) -> Result<&'static str, Problem> {
    let mut wrong = Wrong::default();
    let odd = |c: char| c.is_control() || matches!(c, '/' | '\\');
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(odd) {
        let (zh, en) = (
            format!("文件名须为 1 至 {LONGEST_NAME} 个字符，且不含斜杠和控制字符"),
            format!(
                "The name of a file has 1 to {LONGEST_NAME} characters, and neither slashes nor control characters"
            ),
        );
        wrong.add("name", "bad-file-name", zh, en);
    }
    if content.is_empty() {
        wrong.add("content", "empty-file", "文件是空的", "The file is empty");
    } else if content.len() > LARGEST {
        let (most, size) = (LARGEST / 1024 / 1024, content.len().div_ceil(1024 * 1024));
        let (zh, en) = (
            format!("文件过大：约 {size} MB，最多 {most} MB"),
            format!("The file is too large: some {size} MB, at most {most}"),
        );
        wrong.add("content", "file-too-large", zh, en);
    }
    let ending = name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase());
    let found = SORTS.iter().find(|sort| sort.endings.contains(&ending.as_str()));
    match found {
        None => unknown(&mut wrong, &ending),
        Some(sort) if !content.is_empty() && !sort.is(content) || !(said.is_empty() || sort.is_said(said)) => {
            let (zh, en) =
                (format!("文件内容不是 {ending} 格式"), format!("The content is not what the name says (`{ending}`)"));
            wrong.add("content", "not-of-its-type", zh, en);
        }
        Some(_) => {}
    }
    wrong.into_result()?;
    Ok(found.map(|sort| sort.media_type).unwrap_or_default())
}

fn unknown(wrong: &mut Wrong, ending: &str) {
    let known = || SORTS.iter().flat_map(|sort| sort.endings).copied();
    let all = known().collect::<Vec<_>>();
    let hint = nearest(ending, known());
    let (zh, en) = (
        format!(
            "不接受这种文件；可用：{}{}",
            all.join("、"),
            hint.map(|one| format!("；是否为 {one}？")).unwrap_or_default()
        ),
        format!(
            "Files of this type are not taken; there are: {}{}",
            all.join(", "),
            hint.map(|one| format!("; did you mean {one}?")).unwrap_or_default()
        ),
    );
    wrong.add("name", "unknown-file-type", zh, en);
}

impl Sort {
    fn is(&self, content: &[u8]) -> bool {
        let begins = |(place, with): &(usize, &[u8])| content.get(*place..).is_some_and(|rest| rest.starts_with(with));
        if self.begins.is_empty() {
            return !content.contains(&0) && std::str::from_utf8(content).is_ok();
        }
        self.begins.iter().any(begins)
    }

    /// Browsers call some sorts by other names of the same family, as in `audio/x-wav`.
    fn is_said(&self, said: &str) -> bool {
        let family = |media_type: &str| media_type.split('/').next().unwrap_or_default().to_lowercase();
        said == UNKNOWN || family(said) == family(self.media_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str, said: &str, content: &[u8]) -> String {
        check(name, said, content).map_or_else(|problem| problem.code, str::to_owned)
    }

    #[test]
    fn a_file_is_of_the_type_that_its_name_says_and_its_bytes_prove() {
        assert_eq!(code("现场照片.JPG", "image/jpeg", b"\xff\xd8\xff\xe0"), "image/jpeg");
        assert_eq!(code("录音.wav", "audio/x-wav", b"RIFF\0\0\0\0WAVE"), "audio/wav");
        assert_eq!(code("回执.ofd", UNKNOWN, b"PK\x03\x04"), "application/ofd");
        assert_eq!(code("笔录.txt", "", "笔录".as_bytes()), "text/plain");
        assert_eq!(code("照片.jpg", "image/jpeg", b"MZ\x90"), "not-of-its-type");
        assert_eq!(code("照片.jpg", "text/html", b"\xff\xd8\xff"), "not-of-its-type");
        assert_eq!(code("笔录.txt", "", b"\0"), "not-of-its-type");
        assert_eq!(code("页面.html", "text/html", b"<html>"), "unknown-file-type");
        assert!(check("扫描.pdff", "", b"%PDF-").unwrap_err().text.en.contains("did you mean pdf?"));
    }

    #[test]
    fn its_name_and_size_have_limits() {
        assert_eq!(code("../x.pdf", "", b"%PDF-1.4"), "bad-file-name");
        assert_eq!(code(&format!("{}.pdf", "长".repeat(LONGEST_NAME)), "", b"%PDF-1.4"), "bad-file-name");
        assert_eq!(code("空.pdf", "", b""), "empty-file");
        let mut large = b"%PDF-1.4".to_vec();
        large.resize(LARGEST, 0);
        assert_eq!(code("大.pdf", "", &large), "application/pdf");
        large.push(0);
        assert_eq!(code("大.pdf", "", &large), "file-too-large");
    }
}
