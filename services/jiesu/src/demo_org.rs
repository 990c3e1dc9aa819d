//! The demo organisation: a property group with three regions and twelve estates, and sixty people with invented names.

use contracts::{
    assignment::{ChangeOrganisationRequest, RoleGrant, Staff, Unit},
    common::Text,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

const ZONE: &str = "Asia/Shanghai";

const REGIONS: [(&str, &str, &str); 3] =
    [("r1", "江南区域", "Jiangnan Region"), ("r2", "滨海区域", "Binhai Region"), ("r3", "西城区域", "Xicheng Region")];

/// Estates, four to a region.
const BRANCHES: [(&str, &str, &str, &str); 12] = [
    ("b01", "r1", "桂语花园", "Guiyu Garden"),
    ("b02", "r1", "翠湖雅苑", "Cuihu Court"),
    ("b03", "r1", "望江名邸", "Wangjiang Residence"),
    ("b04", "r1", "听松里", "Tingsong Lane"),
    ("b05", "r2", "海棠湾", "Haitang Bay"),
    ("b06", "r2", "云帆公馆", "Yunfan House"),
    ("b07", "r2", "碧波新城", "Bibo New Town"),
    ("b08", "r2", "锦绣家园", "Jinxiu Homes"),
    ("b09", "r3", "西山花语", "Xishan Blossom"),
    ("b10", "r3", "枫林绿洲", "Fenglin Oasis"),
    ("b11", "r3", "悦府东区", "Yuefu East"),
    ("b12", "r3", "青禾小区", "Qinghe Quarter"),
];

const DEPARTMENTS: [(&str, &str, &str); 5] = [
    ("service", "住户服务中心", "Resident Service Centre"),
    ("general", "综合部", "General Affairs"),
    ("engineering", "工程部", "Engineering"),
    ("order", "秩序部", "Order and Security"),
    ("environment", "环境部", "Environment"),
];

/// People of each estate: the end of the login, and roles with the department they are held in (empty: the estate).
type Post = (&'static str, &'static [(&'static str, &'static str)]);

const BRANCH_POSTS: [Post; 4] = [
    ("reception", &[("receptionist", ""), ("head", "service")]),
    ("general", &[("general-affairs-head", ""), ("head", "general")]),
    ("head", &[("head", "engineering"), ("head", "order"), ("head", "environment")]),
    ("patrol", &[("patrol-team", "")]),
];
const REGION_POSTS: [Post; 3] = [
    ("manager", &[("manager-in-charge", "")]),
    ("gm", &[("general-manager", "")]),
    ("deputy", &[("manager-in-charge", "")]),
];
const GROUP_POSTS: [Post; 3] = [
    ("admin", &[("administrator", "")]),
    ("gm", &[("general-manager", ""), ("manager-in-charge", "")]),
    ("quality", &[("general-affairs-head", ""), ("patrol-team", "")]),
];

const FAMILY: [&str; 20] = [
    "林", "沈", "周", "许", "何", "吕", "施", "张", "孔", "曹", "严", "华", "金", "魏", "陶", "姜", "戚", "谢", "邹",
    "喻",
];
const GIVEN: [&str; 60] = [
    "安然", "若溪", "文博", "雨桐", "子墨", "思远", "佳宁", "浩然", "语嫣", "一鸣", "晓岚", "明哲", "静姝", "天佑",
    "欣怡", "俊逸", "清扬", "梓涵", "书瑶", "立诚", "宛如", "景行", "诗涵", "志远", "雅琴", "承宇", "沐阳", "婉清",
    "嘉树", "可欣", "博文", "念慈", "云帆", "采薇", "修齐", "海宁", "若兰", "家和", "芷若", "长风", "月华", "启明",
    "素心", "怀瑾", "绍辉", "秋实", "春晖", "丹青", "敏之", "守正", "如意", "致远", "乐山", "知微", "星河", "向阳",
    "南乔", "北辰", "锦程", "若谷",
];

/// How one person of the demo organisation signs in.
#[derive(Clone, Debug, Serialize)]
pub struct SignIn {
    pub login: String,
    pub password: String,
    pub name: String,
    /// `role@unit`.
    pub roles: Vec<String>,
}

/// The demo organisation, as assignment is told of it.
#[derive(Clone, Debug)]
pub struct DemoOrg {
    pub units: Vec<Unit>,
    pub staff: Vec<Staff>,
}

impl DemoOrg {
    /// With `password` for everyone.
    pub fn new(password: &str) -> Self {
        Self { units: units(), staff: staff(password) }
    }

    /// The change that makes it. The same organisation has the same request id, so a repetition changes nothing.
    pub fn request(self) -> ChangeOrganisationRequest {
        let mut digest = Sha256::new();
        for person in &self.staff {
            digest.update(prost::Message::encode_to_vec(person));
        }
        let mark: [u8; 32] = digest.finalize().into();
        let request_id = format!("demo-organisation-{}", hex::encode(mark).get(..24).unwrap_or_default());
        ChangeOrganisationRequest { request_id, units: self.units, staff: self.staff, ..Default::default() }
    }

    /// How each person signs in.
    pub fn sign_ins(&self) -> Vec<SignIn> {
        self.staff
            .iter()
            .map(|person| SignIn {
                login: person.login.clone(),
                password: person.new_password.clone(),
                name: person.name.clone(),
                roles: person.grants.iter().map(|grant| format!("{}@{}", grant.role, grant.unit_id)).collect(),
            })
            .collect()
    }
}

fn units() -> Vec<Unit> {
    let mut units = vec![unit("group", "", "group", "和悦物业集团", "Heyue Property Group")];
    units.extend(REGIONS.iter().map(|(id, zh, en)| unit(id, "group", "region", zh, en)));
    for (id, region, zh, en) in BRANCHES {
        units.push(unit(id, region, "branch", zh, en));
        let departments =
            DEPARTMENTS.iter().map(|(part, zh, en)| unit(&format!("{id}-{part}"), id, "department", zh, en));
        units.extend(departments);
    }
    units
}

fn unit(id: &str, parent: &str, kind: &str, zh: &str, en: &str) -> Unit {
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

fn staff(password: &str) -> Vec<Staff> {
    let branches = BRANCHES.iter().flat_map(|(id, ..)| BRANCH_POSTS.iter().map(move |post| (*id, *id, post)));
    let regions = REGIONS.iter().flat_map(|(id, ..)| REGION_POSTS.iter().map(move |post| (*id, *id, post)));
    let group = GROUP_POSTS.iter().map(|post| ("hq", "group", post));
    let posts = branches.chain(regions).chain(group);
    posts.enumerate().map(|(place, (prefix, unit, post))| person(place, prefix, unit, post, password)).collect()
}

fn person(place: usize, prefix: &str, unit: &str, (post, roles): &Post, password: &str) -> Staff {
    let login = format!("{prefix}.{post}");
    let grant = |(role, department): &(&str, &str)| RoleGrant {
        role: (*role).to_owned(),
        unit_id: if department.is_empty() { unit.to_owned() } else { format!("{unit}-{department}") },
    };
    // Seven and twenty have no common divisor, so neighbours differ and no two names are the same.
    let family = FAMILY.get(place * 7 % FAMILY.len()).copied().unwrap_or_default();
    let given = GIVEN.get(place % GIVEN.len()).copied().unwrap_or_default();
    Staff {
        staff_id: String::new(),
        email: format!("{login}@heyue.example"),
        login,
        name: format!("{family}{given}"),
        grants: roles.iter().map(grant).collect(),
        is_active: true,
        new_password: password.to_owned(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn it_has_twelve_estates_and_sixty_people_with_names_and_logins_of_their_own() {
        let org = DemoOrg::new("a password");
        assert_eq!(org.units.iter().filter(|u| u.kind == "branch").count(), 12);
        assert_eq!(org.units.iter().filter(|u| u.kind == "department").count(), 60);
        assert_eq!(org.staff.len(), 60);
        assert_eq!(org.staff.iter().map(|s| &s.login).collect::<BTreeSet<_>>().len(), 60);
        assert_eq!(org.staff.iter().map(|s| &s.name).collect::<BTreeSet<_>>().len(), 60);
        let units: BTreeSet<&str> = org.units.iter().map(|u| u.unit_id.as_str()).collect();
        assert!(org.staff.iter().flat_map(|s| &s.grants).all(|g| units.contains(g.unit_id.as_str())));
    }

    #[test]
    fn the_same_organisation_has_the_same_request_id() {
        let id = |password| DemoOrg::new(password).request().request_id;
        assert_eq!(id("one"), id("one"));
        assert_ne!(id("one"), id("two"));
    }
}
