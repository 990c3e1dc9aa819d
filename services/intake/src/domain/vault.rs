//! Envelope encryption: the master key wraps two data keys per case, and each field is sealed with one of them, padded
//! so that its size tells nothing, and bound to its place so that it opens nowhere else.

mod aead;

pub(crate) use aead::random;

use crate::domain::pii::Pii;
use aead::{NONCE, decrypt, derive, encrypt, joined, padded};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The version of the layout under the seal; part of what every seal is bound to.
pub(crate) const VERSION: i32 = 1;

/// What went wrong with a key or a seal; never what was under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("the operating system gave no random bytes")]
    Random,
    #[error("the text could not be sealed")]
    Seal,
    #[error("the seal does not open here: another key, another place, or changed bytes")]
    Open,
    #[error("the vault key must be 32 bytes, written as 64 hexadecimal digits")]
    MasterKey,
}

/// Which of a case's two data keys seals a text. Handlers only ever cause `Content` to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    Identity,
    Content,
}

impl Purpose {
    pub(crate) const BOTH: [Self; 2] = [Self::Identity, Self::Content];

    /// The word in the tables.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Content => "content",
        }
    }
}

/// Where a sealed text belongs. A body moved to another row, case or field does not open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) case: Uuid,
    pub(crate) purpose: Purpose,
    pub(crate) field: &'a str,
    pub(crate) version: i32,
    pub(crate) ref_id: Uuid,
}

impl Place<'_> {
    fn bound(&self) -> Vec<u8> {
        format!("{}|{}|{}|{}|{}", self.case, self.field, self.version, self.purpose.word(), self.ref_id).into_bytes()
    }
}

/// A text as it is stored.
pub(crate) struct Sealed {
    pub(crate) nonce: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

/// The key above all others, and what is derived from it. It lives in memory only.
pub(crate) struct Master {
    wrap: Zeroizing<[u8; 32]>,
    answer: Zeroizing<[u8; 32]>,
    digest: Zeroizing<[u8; 32]>,
    lookup: Zeroizing<[u8; 32]>,
    salt: Zeroizing<[u8; 32]>,
    quick: Zeroizing<[u8; 32]>,
    waiting: Zeroizing<[u8; 32]>,
}

impl Master {
    /// Reads the 64 hexadecimal digits of the setting.
    pub(crate) fn parse(hex: &str) -> Result<Self, Error> {
        let mut key = Zeroizing::new([0; 32]);
        let digits = hex.trim().as_bytes();
        if digits.len() != 64 {
            return Err(Error::MasterKey);
        }
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| Error::MasterKey)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| Error::MasterKey)?;
        }
        let derive = |label: &str| derive(&key, label);
        Ok(Self {
            wrap: derive("jiesu intake: wrap case keys, 1")?,
            answer: derive("jiesu intake: seal answers, 1")?,
            digest: derive("jiesu intake: digest requests, 1")?,
            lookup: derive("jiesu intake: receipt lookup, 1")?,
            salt: derive("jiesu intake: receipt salt, 1")?,
            quick: derive("jiesu intake: waiting receipt lookup, 1")?,
            waiting: derive("jiesu intake: seal waiting receipts, 1")?,
        })
    }

    /// The key of the receipts' lookup.
    pub(crate) fn lookup(&self) -> &[u8; 32] {
        &self.lookup
    }

    /// The salt of the receipts' slow hash, the same for all of an installation.
    pub(crate) fn salt(&self) -> &[u8; 32] {
        &self.salt
    }

    /// The key of the lookup of receipts whose slow hash is still to come.
    pub(crate) fn quick(&self) -> &[u8; 32] {
        &self.quick
    }

    /// Seals the receipt code of a case until its slow hash is computed.
    pub(crate) fn seal_waiting(&self, case: Uuid, code: &str) -> Result<Vec<u8>, Error> {
        Ok(joined(encrypt(&self.waiting, &waiting_place(case), code.as_bytes())?))
    }

    /// Opens what [`Master::seal_waiting`] made for the same case.
    pub(crate) fn open_waiting(&self, case: Uuid, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (nonce, body) = sealed.split_at_checked(NONCE).ok_or(Error::Open)?;
        decrypt(&self.waiting, &waiting_place(case), nonce, body)
    }

    /// A keyed digest: it recognises a repeated request, and tells a reader of the table nothing.
    pub(crate) fn digest(&self, parts: &[&[u8]]) -> Vec<u8> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.digest) else { return Vec::new() };
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }

    /// Seals bytes under the master key for the row that `bound` names.
    pub(crate) fn seal(&self, bound: &[u8], text: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(joined(encrypt(&self.answer, bound, text)?))
    }

    /// Opens what [`Master::seal`] made for the same row.
    pub(crate) fn open(&self, bound: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (nonce, body) = sealed.split_at_checked(NONCE).ok_or(Error::Open)?;
        decrypt(&self.answer, bound, nonce, body)
    }

    /// A new data key and its wrapped form.
    pub(crate) fn new_key(&self, case: Uuid, purpose: Purpose) -> Result<(DataKey, Vec<u8>), Error> {
        let key = Zeroizing::new(random::<32>()?);
        let wrapped = joined(encrypt(&self.wrap, &key_place(case, purpose), &*key)?);
        Ok((DataKey { case, purpose, key }, wrapped))
    }

    /// The data key under a wrapping.
    pub(crate) fn unwrap_key(&self, case: Uuid, purpose: Purpose, wrapped: &[u8]) -> Result<DataKey, Error> {
        let (nonce, body) = wrapped.split_at_checked(NONCE).ok_or(Error::Open)?;
        let bytes = decrypt(&self.wrap, &key_place(case, purpose), nonce, body)?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| Error::Open)?;
        Ok(DataKey { case, purpose, key: Zeroizing::new(key) })
    }
}

/// One of a case's two keys, unwrapped.
pub(crate) struct DataKey {
    case: Uuid,
    purpose: Purpose,
    key: Zeroizing<[u8; 32]>,
}

impl DataKey {
    fn place<'a>(&self, field: &'a str, version: i32, ref_id: Uuid) -> Place<'a> {
        Place { case: self.case, purpose: self.purpose, field, version, ref_id }
    }

    /// Seals a text for its row.
    pub(crate) fn seal(&self, field: &str, ref_id: Uuid, text: &Pii) -> Result<Sealed, Error> {
        self.seal_bytes(field, ref_id, text.expose().as_bytes())
    }

    /// Seals bytes for their row.
    pub(crate) fn seal_bytes(&self, field: &str, ref_id: Uuid, bytes: &[u8]) -> Result<Sealed, Error> {
        let (nonce, body) = encrypt(&self.key, &self.place(field, VERSION, ref_id).bound(), &padded(bytes))?;
        Ok(Sealed { nonce, body })
    }

    /// Opens a row that was sealed for exactly this place.
    pub(crate) fn open(&self, field: &str, version: i32, ref_id: Uuid, sealed: &Sealed) -> Result<Pii, Error> {
        let mut bytes = self.open_bytes(field, version, ref_id, sealed)?;
        String::from_utf8(std::mem::take(&mut *bytes)).map(Pii::new).map_err(|_| Error::Open)
    }

    /// The same for bytes.
    pub(crate) fn open_bytes(
        &self,
        field: &str,
        version: i32,
        ref_id: Uuid,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let place = self.place(field, version, ref_id).bound();
        let mut bytes = decrypt(&self.key, &place, &sealed.nonce, &sealed.body)?;
        let end = bytes.iter().rposition(|b| *b == 0x80).ok_or(Error::Open)?;
        bytes.truncate(end);
        Ok(bytes)
    }
}

fn key_place(case: Uuid, purpose: Purpose) -> Vec<u8> {
    format!("case-key|{case}|{}|{VERSION}", purpose.word()).into_bytes()
}

fn waiting_place(case: Uuid) -> Vec<u8> {
    format!("receipt-waiting|{case}|{VERSION}").into_bytes()
}

#[cfg(test)]
mod tests;
