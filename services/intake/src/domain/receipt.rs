//! The receipt code: sixteen random digits that open exactly one case. Only an HMAC of a slow hash of it is stored, so
//! that a stolen database can be neither read nor searched; until the slow hash is computed, an HMAC of the code itself.

use crate::domain::vault::{self, Master};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kit_core::Problem;
use sha2::Sha256;
use zeroize::Zeroizing;

const DIGITS: u32 = 16;
const CODES: u64 = 10_u64.pow(DIGITS);

/// A receipt code in its bare form, sixteen digits.
pub(crate) struct Code(Zeroizing<String>);

impl Code {
    /// A new code, uniform over all sixteen-digit texts.
    pub(crate) fn random() -> Result<Self, vault::Error> {
        // Values beyond the last whole multiple would make small codes likelier; they are drawn again.
        const FAIR: u64 = u64::MAX - u64::MAX % CODES;
        loop {
            let drawn = u64::from_le_bytes(vault::random::<8>()?);
            if drawn < FAIR {
                return Ok(Self(Zeroizing::new(format!("{:016}", drawn % CODES))));
            }
        }
    }

    /// Reads what a person typed: digits, full-width ones too, with any spaces and dashes between.
    pub(crate) fn parse(typed: &str) -> Result<Self, Problem> {
        let mut digits = Zeroizing::new(String::with_capacity(16));
        for c in typed.chars() {
            match c {
                '0'..='9' => digits.push(c),
                '０'..='９' => digits.extend(char::from_digit((c as u32) - ('０' as u32), 10)),
                c if c.is_whitespace() || matches!(c, '-' | '－' | '–' | '—' | '_' | '.') => {}
                _ => return Err(malformed()),
            }
            if digits.len() > DIGITS as usize {
                return Err(malformed());
            }
        }
        if digits.len() == DIGITS as usize { Ok(Self(digits)) } else { Err(malformed()) }
    }

    /// The digits, for the one answer that shows them.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

fn malformed() -> Problem {
    Problem::field("receipt_code", "malformed-receipt", "查询码应为 16 位数字", "A receipt code is sixteen digits")
}

/// The same answer for every code that opens nothing.
pub(crate) fn unknown() -> Problem {
    Problem::not_found(
        "unknown-receipt",
        "没有与该查询码对应的事项,请核对后重试",
        "No matter has this receipt code; please check it and try again",
    )
}

/// The budget of wrong codes is spent.
pub(crate) fn exhausted() -> Problem {
    Problem::new(
        kit_core::Class::Exhausted,
        "too-many-attempts",
        "查询码错误次数过多,请稍后再试",
        "Too many wrong receipt codes; please try again in a little while",
    )
}

/// How a code becomes the key of its row.
pub(crate) struct Deriver {
    params: Params,
    salt: Zeroizing<[u8; 32]>,
    key: Zeroizing<[u8; 32]>,
    quick: Zeroizing<[u8; 32]>,
}

impl Deriver {
    /// With the memory and passes of the installation; changing them later makes all receipts unknown.
    pub(crate) fn try_new(master: &Master, kib: u32, passes: u32) -> Result<Self, String> {
        let params = Params::new(kib, passes, 1, Some(32)).map_err(|e| format!("receipt parameters: {e}"))?;
        let own = |key: &[u8; 32]| Zeroizing::new(*key);
        Ok(Self { params, salt: own(master.salt()), key: own(master.lookup()), quick: own(master.quick()) })
    }

    /// The row's key. Slow on purpose, so it runs on the blocking pool and never within a transaction.
    pub(crate) fn lookup(&self, code: &Code) -> Result<Vec<u8>, vault::Error> {
        let mut slow = Zeroizing::new([0_u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
            .hash_password_into(code.expose().as_bytes(), &*self.salt, &mut *slow)
            .map_err(|_| vault::Error::Seal)?;
        hmac(&self.key, &*slow)
    }

    /// The key of the row in which the code waits for its slow hash. It costs nothing; without the master key it is as
    /// good as random.
    pub(crate) fn quick(&self, code: &Code) -> Result<Vec<u8>, vault::Error> {
        hmac(&self.quick, code.expose().as_bytes())
    }
}

fn hmac(key: &[u8; 32], bytes: &[u8]) -> Result<Vec<u8>, vault::Error> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| vault::Error::Seal)?;
    mac.update(bytes);
    Ok(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_a_person_writes_it() {
        for typed in
            ["1234567890123456", "1234 5678 9012 3456", " 1234-5678-9012-3456\n", "１２３４５６７８９０１２３４５６"]
        {
            assert_eq!(Code::parse(typed).ok().unwrap().expose(), "1234567890123456");
        }
    }

    #[test]
    fn anything_but_sixteen_digits_is_told_at_once() {
        for typed in
            ["", "123456789012345", "12345678901234567", "1234567890I23456", "case_1", "\u{0}", &"1".repeat(100_000)]
        {
            assert_eq!(Code::parse(typed).err().unwrap().code, "malformed-receipt");
        }
    }

    #[test]
    fn random_codes_have_sixteen_digits_and_every_digit_in_every_place() {
        let codes: Vec<String> = (0..500).map(|_| Code::random().unwrap().expose().to_owned()).collect();
        assert!(codes.iter().all(|c| c.len() == 16 && c.bytes().all(|b| b.is_ascii_digit())));
        for place in 0..16 {
            let seen: std::collections::BTreeSet<_> = codes.iter().map(|c| c.as_bytes()[place]).collect();
            assert_eq!(seen.len(), 10, "place {place}");
        }
    }

    #[test]
    fn the_lookup_depends_on_code_master_key_and_parameters() {
        let one = Master::parse(&"a1".repeat(32)).unwrap();
        let two = Master::parse(&"a2".repeat(32)).unwrap();
        let code = Code::parse("1234567890123456").unwrap();
        let lookup = |m: &Master, kib, c: &Code| Deriver::try_new(m, kib, 1).unwrap().lookup(c).unwrap();
        assert_eq!(lookup(&one, 8, &code), lookup(&one, 8, &code));
        assert_ne!(lookup(&one, 8, &code), lookup(&two, 8, &code));
        assert_ne!(lookup(&one, 8, &code), lookup(&one, 16, &code));
        assert_ne!(lookup(&one, 8, &code), lookup(&one, 8, &Code::parse("1234567890123457").unwrap()));
    }

    #[test]
    fn the_quick_key_depends_on_code_and_master_key_and_is_not_the_lookup() {
        let deriver = |key: &str| Deriver::try_new(&Master::parse(&key.repeat(32)).unwrap(), 8, 1).unwrap();
        let (code, other) = (Code::parse("1234567890123456").unwrap(), Code::parse("1234567890123457").unwrap());
        let one = deriver("a1");
        assert_eq!(one.quick(&code).unwrap(), deriver("a1").quick(&code).unwrap());
        assert_ne!(one.quick(&code).unwrap(), deriver("a2").quick(&code).unwrap());
        assert_ne!(one.quick(&code).unwrap(), one.quick(&other).unwrap());
        assert_ne!(one.quick(&code).unwrap(), one.lookup(&code).unwrap());
    }

    #[test]
    fn the_real_parameters_work_and_nonsense_is_refused() {
        let master = Master::parse(&"a1".repeat(32)).unwrap();
        let code = Code::parse("1234567890123456").unwrap();
        assert_eq!(Deriver::try_new(&master, 65_536, 3).unwrap().lookup(&code).unwrap().len(), 32);
        assert!(Deriver::try_new(&master, 1, 3).is_err());
        assert!(Deriver::try_new(&master, 64, 0).is_err());
    }
}
