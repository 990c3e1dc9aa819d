//! Seals open in their place and nowhere else.

use super::{Error, Master, Purpose, Sealed, aead::padded};
use crate::domain::pii::Pii;
use uuid::Uuid;

const CASE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const REF: Uuid = Uuid::from_u128(3);

fn master(byte: &str) -> Master {
    Master::parse(&byte.repeat(32)).unwrap()
}

fn pii(text: &str) -> Pii {
    Pii::new(text.to_owned())
}

#[test]
fn a_sealed_text_opens_in_its_place_with_its_key() {
    let master = master("a1");
    let (key, wrapped) = master.new_key(CASE, Purpose::Content).unwrap();
    for text in ["", "楼道灯坏了", "\u{80}ends with the pad byte \u{80}", &"长".repeat(70_000)] {
        let sealed = key.seal("narrative", REF, &pii(text)).unwrap();
        let again = master.unwrap_key(CASE, Purpose::Content, &wrapped).unwrap();
        assert!(again.open("narrative", 1, REF, &sealed).unwrap().expose() == text);
    }
}

#[test]
fn a_seal_moved_to_another_field_row_version_case_or_purpose_does_not_open() {
    let master = master("a1");
    let (key, wrapped) = master.new_key(CASE, Purpose::Content).unwrap();
    let sealed = key.seal("narrative", REF, &pii("x")).unwrap();
    assert!(key.open("subject", 1, REF, &sealed).is_err());
    assert!(key.open("narrative", 2, REF, &sealed).is_err());
    assert!(key.open("narrative", 1, OTHER, &sealed).is_err());
    assert_eq!(master.unwrap_key(OTHER, Purpose::Content, &wrapped).err(), Some(Error::Open));
    assert_eq!(master.unwrap_key(CASE, Purpose::Identity, &wrapped).err(), Some(Error::Open));
    let (other, _) = master.new_key(OTHER, Purpose::Content).unwrap();
    assert!(other.open("narrative", 1, REF, &sealed).is_err());
}

#[test]
fn every_changed_bit_is_noticed() {
    let (key, _) = master("a1").new_key(CASE, Purpose::Identity).unwrap();
    let sealed = key.seal("name", REF, &pii("张三")).unwrap();
    for place in 0..sealed.body.len() {
        let mut body = sealed.body.clone();
        body[place] ^= 1;
        let changed = Sealed { nonce: sealed.nonce.clone(), body };
        assert_eq!(key.open("name", 1, REF, &changed).err(), Some(Error::Open));
    }
}

#[test]
fn another_master_key_opens_nothing() {
    let (_, wrapped) = master("a1").new_key(CASE, Purpose::Content).unwrap();
    assert_eq!(master("a2").unwrap_key(CASE, Purpose::Content, &wrapped).err(), Some(Error::Open));
    let answer = master("a1").seal(b"row", b"1234").unwrap();
    assert_eq!(master("a2").open(b"row", &answer).err(), Some(Error::Open));
    assert_eq!(master("a1").open(b"other row", &answer).err(), Some(Error::Open));
    assert_eq!(master("a1").open(b"row", &answer).unwrap().as_slice(), b"1234");
    assert_eq!(master("a1").open(b"row", b"short").err(), Some(Error::Open));
}

#[test]
fn a_waiting_code_opens_for_its_case_under_its_key_and_nowhere_else() {
    let master = master("a1");
    let sealed = master.seal_waiting(CASE, "1234567890123456").unwrap();
    assert_eq!(master.open_waiting(CASE, &sealed).unwrap().as_slice(), b"1234567890123456");
    assert_eq!(master.open_waiting(OTHER, &sealed).err(), Some(Error::Open));
    assert_eq!(master.open(b"receipt-waiting", &sealed).err(), Some(Error::Open));
    assert_eq!(self::master("a2").open_waiting(CASE, &sealed).err(), Some(Error::Open));
    assert_eq!(master.open_waiting(CASE, b"short").err(), Some(Error::Open));
}

#[test]
fn the_size_of_a_seal_tells_only_its_bucket() {
    let sizes: Vec<usize> =
        [0, 255, 256, 4095, 4096, 65535, 65536, 131_072].iter().map(|n| padded(&vec![b'a'; *n]).len()).collect();
    assert_eq!(sizes, [256, 256, 4096, 4096, 65536, 65536, 131_072, 196_608]);
}

#[test]
fn a_master_key_of_another_shape_is_refused() {
    for wrong in ["", "abc", &"g1".repeat(32), &"a1".repeat(31), &"é".repeat(32)] {
        assert_eq!(Master::parse(wrong).err(), Some(Error::MasterKey));
    }
}

#[test]
fn a_digest_depends_on_the_key_and_on_where_parts_end() {
    let one = master("a1");
    assert_ne!(one.digest(&[b"ab", b"c"]), one.digest(&[b"a", b"bc"]));
    assert_ne!(one.digest(&[b"ab"]), master("a2").digest(&[b"ab"]));
    assert_eq!(one.digest(&[b"ab"]), one.digest(&[b"ab"]));
}
