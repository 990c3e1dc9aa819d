//! The primitives under the vault: derived keys, padding, random bytes, and XChaCha20-Poly1305 with its nonce.

use super::Error;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use rand::{TryRngCore as _, rngs::OsRng};
use sha2::Sha256;
use zeroize::Zeroizing;

pub(super) const NONCE: usize = 24;

pub(super) fn derive(key: &[u8; 32], label: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, key).expand(label.as_bytes(), &mut *out).map_err(|_| Error::Seal)?;
    Ok(out)
}

/// The text, one 0x80, and zeros up to 256 B, 4 KiB, 64 KiB or a multiple of 64 KiB.
pub(super) fn padded(text: &[u8]) -> Zeroizing<Vec<u8>> {
    const LARGE: usize = 64 * 1024;
    let needed = text.len() + 1;
    let size = [256, 4096, LARGE].into_iter().find(|b| needed <= *b).unwrap_or_else(|| needed.div_ceil(LARGE) * LARGE);
    let mut bytes = Zeroizing::new(Vec::with_capacity(size));
    bytes.extend_from_slice(text);
    bytes.push(0x80);
    bytes.resize(size, 0);
    bytes
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(|_| Error::Random)?;
    Ok(bytes)
}

pub(super) fn encrypt(key: &[u8; 32], bound: &[u8], text: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let nonce = random::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new_from_slice(key).map_err(|_| Error::Seal)?;
    let payload = Payload { msg: text, aad: bound };
    let body = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| Error::Seal)?;
    Ok((nonce.to_vec(), body))
}

pub(super) fn decrypt(key: &[u8; 32], bound: &[u8], nonce: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| Error::Open)?;
    let cipher = XChaCha20Poly1305::new_from_slice(key).map_err(|_| Error::Open)?;
    let payload = Payload { msg: body, aad: bound };
    cipher.decrypt(&XNonce::from(nonce), payload).map(Zeroizing::new).map_err(|_| Error::Open)
}

pub(super) fn joined((mut nonce, body): (Vec<u8>, Vec<u8>)) -> Vec<u8> {
    nonce.extend_from_slice(&body);
    nonce
}
