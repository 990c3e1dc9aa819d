//! An exported log as a file: length-delimited protobuf, a header and then what `ReadLog` answered, message by message.
//! Neither side ever holds more than one message.

use anyhow::{Context as _, Result, bail, ensure};
use contracts::log::ReadLogResponse;
use prost::Message;
use prost_types::Timestamp;
use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, BufWriter, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

const FORMAT: &str = "jiesu-log";
const VERSION: u32 = 1;
/// Far above any message that is written; a length beyond it is a file of another kind.
const LARGEST: usize = 16 * 1024 * 1024;

#[derive(Clone, PartialEq, Message)]
pub(super) struct Header {
    #[prost(string, tag = "1")]
    pub(super) format: String,
    #[prost(uint32, tag = "2")]
    pub(super) version: u32,
    #[prost(string, tag = "3")]
    pub(super) service: String,
    #[prost(message, optional, tag = "4")]
    pub(super) exported_at: Option<Timestamp>,
}

impl Header {
    pub(super) fn new(service: &str, at: Timestamp) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, service: service.to_owned(), exported_at: Some(at) }
    }
}

/// A file on its way: it bears its name only once it is whole.
pub(super) struct Writer {
    out: BufWriter<File>,
    beside: PathBuf,
    path: PathBuf,
    is_whole: bool,
}

impl Writer {
    pub(super) fn start(path: &Path, header: &Header) -> Result<Self> {
        let named = || unwritable(path);
        ensure!(!path.exists(), "{} 已存在 / it exists already", path.display());
        let name = path.file_name().and_then(|name| name.to_str()).with_context(named)?;
        let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
        let file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&beside);
        let out = BufWriter::new(file.with_context(named)?);
        let mut writer = Self { out, beside, path: path.to_path_buf(), is_whole: false };
        writer.put(header)?;
        Ok(writer)
    }

    pub(super) fn put(&mut self, message: &impl Message) -> Result<()> {
        self.out.write_all(&message.encode_length_delimited_to_vec()).with_context(|| unwritable(&self.path))
    }

    pub(super) fn finish(mut self) -> Result<()> {
        let named = || unwritable(&self.path);
        self.out.flush().with_context(named)?;
        self.out.get_ref().sync_all().with_context(named)?;
        fs::rename(&self.beside, &self.path).with_context(named)?;
        self.is_whole = true;
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.is_whole {
            let _ = fs::remove_file(&self.beside);
        }
    }
}

fn unwritable(path: &Path) -> String {
    format!("无法写入 / cannot write {}", path.display())
}

pub(super) struct Reader {
    input: BufReader<File>,
    path: PathBuf,
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<(Self, Header)> {
        let file = File::open(path).with_context(|| format!("无法读取 / cannot read {}", path.display()))?;
        let mut reader = Self { input: BufReader::new(file), path: path.to_path_buf() };
        let header = reader.message::<Header>().ok().flatten().filter(|header| header.format == FORMAT);
        let header = header.with_context(|| format!("{} 不是导出的日志 / it is no exported log", path.display()))?;
        if header.version != VERSION {
            bail!(
                "{} 的格式版本为 {found},本程序只识别 {VERSION} / its format is version {found}, this program reads {VERSION}",
                path.display(),
                found = header.version
            );
        }
        Ok((reader, header))
    }

    /// The next message; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<ReadLogResponse>> {
        self.message()
    }

    fn message<M: Message + Default>(&mut self) -> Result<Option<M>> {
        let Some(length) = self.length()? else { return Ok(None) };
        ensure!(length <= LARGEST, self.torn());
        let mut bytes = vec![0; length];
        self.input.read_exact(&mut bytes).with_context(|| self.torn())?;
        Ok(Some(M::decode(bytes.as_slice()).with_context(|| self.torn())?))
    }

    /// The length of the next message, seven bits a byte; `None` where the file ends.
    fn length(&mut self) -> Result<Option<usize>> {
        let mut length = 0_usize;
        for place in 0..5 {
            let mut byte = [0];
            match self.input.read_exact(&mut byte) {
                Ok(()) => {}
                Err(error) if place == 0 && error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(error).with_context(|| self.torn()),
            }
            let [byte] = byte;
            length |= usize::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(Some(length));
            }
        }
        bail!(self.torn())
    }

    fn torn(&self) -> String {
        format!("{} 已损坏或不完整 / it is damaged or cut short", self.path.display())
    }
}
