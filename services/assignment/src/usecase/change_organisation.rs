//! Adds or changes units and staff, all or none, and tells everybody what differs.

use crate::convert;
use crate::domain::organisation::{Organisation, Password, Wanted};
use crate::passwords::Passwords;
use crate::store;
use contracts::Fact;
use contracts::assignment::ChangeOrganisationResponse;
use house::House;
use kit_core::{Class, Env, Problem};
use kit_db::{Error, Result};
use kit_ids::StaffId;
use kit_messaging::Tx;
use kit_reference::Reference;
use secrecy::SecretString;

/// Hashes the passwords that were chosen, before any transaction. Nothing is hashed for a change that is wrong anyway.
pub(crate) async fn prepare(now: &Organisation, wanted: &mut Wanted, passwords: &Passwords, env: &Env) -> Result<()> {
    if now.difference(wanted, || StaffId::new(env.id())).is_err() {
        return Ok(());
    }
    let chosen: Vec<SecretString> = wanted
        .staff
        .iter()
        .filter_map(|person| match &person.password {
            Password::Chosen(password) => Some(password.clone()),
            Password::Kept | Password::Hashed(_) => None,
        })
        .collect();
    let hashes = passwords.hash_all(chosen).await.map_err(|e| Error::Corrupt(e.to_string()))?;
    let chosen = wanted.staff.iter_mut().filter(|person| matches!(person.password, Password::Chosen(_)));
    for (person, hash) in chosen.zip(hashes) {
        person.password = Password::Hashed(hash);
    }
    Ok(())
}

/// The change itself, against the organisation as it is under the lock.
pub(crate) async fn change(tx: &mut Tx, wanted: &Wanted) -> Result<ChangeOrganisationResponse> {
    store::organisation::lock(tx).await?;
    let now = store::organisation::load(tx.conn()).await?;
    let env = tx.env().clone();
    let difference = now.difference(wanted, || StaffId::new(env.id()))?;
    if wanted.staff.iter().any(|person| matches!(person.password, Password::Chosen(_))) {
        // The change was wrong when the passwords were due to be hashed, and has become right since.
        return Err(meanwhile().into());
    }
    store::organisation::save(tx, &difference).await?;
    let mut entries = Vec::new();
    for unit in &difference.units {
        let event = convert::unit_changed(unit);
        entries.extend(house::entry(&Fact::UnitChanged(event.clone())));
        tx.publish(&unit.unit_id, &event);
    }
    for person in &difference.staff {
        let event = convert::staff_changed(person);
        entries.extend(house::entry(&Fact::StaffChanged(event.clone())));
        tx.publish(&event.staff_id, &event);
    }
    Reference::<House>::put(tx, &entries).await?;
    Ok(ChangeOrganisationResponse {
        units_changed: i32::try_from(difference.units.len()).unwrap_or(i32::MAX),
        staff_changed: i32::try_from(difference.people()).unwrap_or(i32::MAX),
    })
}

fn meanwhile() -> Problem {
    Problem::new(
        Class::Transient,
        "organisation-changed-meanwhile",
        "机构信息刚被他人更改,请重试",
        "The organisation was changed by someone else just now; please try again",
    )
}
