//! Where a scenario plays: the organisation, the hours that it keeps, and the pack that is in force in it.

use contracts::{
    assignment::{ChangeOrganisationRequest, RoleGrant, Rota, Staff, Unit},
    common::Text,
};
use packs::Pack;
use regime::Word;
use sha2::{Digest as _, Sha256};

/// The zone of every unit that names none.
pub(super) const ZONE: &str = "Asia/Shanghai";
/// The branch of the organisation that plays where a file describes none.
pub(super) const BRANCH: &str = "branch";

/// An organisation under a pack, or several.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) pack: Pack,
    /// Packs that are in force beside it.
    pub(super) also: Vec<Pack>,
    pub(super) units: Vec<Unit>,
    pub(super) staff: Vec<Staff>,
    pub(super) rotas: Vec<Rota>,
    /// Layers of calendars beside the shipped ones: whose each is, and its text.
    pub(super) calendars: Vec<(String, String)>,
}

impl Setting {
    /// A group with one branch of two departments, and one person for each of these roles, called like the role.
    pub(super) fn ordinary(pack: Pack, also: Vec<Pack>, roles: &[Word]) -> Self {
        let units = vec![
            unit("group", "", "group", "集团", "Group"),
            unit(BRANCH, "group", "branch", "分支机构", "Branch"),
            unit("department", BRANCH, "department", "部门", "Department"),
            unit("other-department", BRANCH, "department", "另一部门", "Other department"),
        ];
        let staff = roles.iter().map(|role| person(&role.id, &role.title.zh, [(&*role.id, BRANCH)]));
        Self { pack, also, units, staff: staff.collect(), rotas: Vec::new(), calendars: Vec::new() }
    }

    /// The change that makes the organisation.
    pub(super) fn organisation(&self) -> ChangeOrganisationRequest {
        let request_id = "scenario-organisation".to_owned();
        let (units, staff, rotas) = (self.units.clone(), self.staff.clone(), self.rotas.clone());
        ChangeOrganisationRequest { request_id, units, staff, rotas }
    }

    /// The same for the same setting.
    pub(super) fn key(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(&self.pack.yaml);
        self.also.iter().for_each(|pack| digest.update(format!("\n{}", pack.yaml)));
        digest.update(prost::Message::encode_to_vec(&self.organisation()));
        self.calendars.iter().for_each(|(id, body)| digest.update(format!("\n{id}\n{body}")));
        hex::encode(digest.finalize())
    }
}

pub(super) fn unit(id: &str, parent: &str, kind: &str, zh: &str, en: &str) -> Unit {
    Unit {
        unit_id: id.to_owned(),
        parent_id: parent.to_owned(),
        kind: kind.to_owned(),
        name: Some(Text { zh: zh.to_owned(), en: en.to_owned() }),
        zone: ZONE.to_owned(),
        is_closed: false,
        charges: Vec::new(),
    }
}

/// Someone who signs in as `login` and holds these roles, each in its unit. Nobody has a password: the runner speaks for
/// them with tokens of its own.
pub(super) fn person<'a>(login: &str, name: &str, roles: impl IntoIterator<Item = (&'a str, &'a str)>) -> Staff {
    let grant = |(role, unit): (&str, &str)| RoleGrant { role: role.to_owned(), unit_id: unit.to_owned() };
    Staff {
        login: login.to_owned(),
        name: name.to_owned(),
        email: format!("{login}@staff.example"),
        grants: roles.into_iter().map(grant).collect(),
        is_active: true,
        ..Default::default()
    }
}
