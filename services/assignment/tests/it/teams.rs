//! Teams that handle a case together.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment as wire;
use kit_core::Problem;

async fn form(house: &House, who: u128, team: &str, members: &[u128], lead: Option<u128>) -> Result<String, Problem> {
    let request = wire::FormTeamRequest {
        request_id: once(house, "team"),
        case_id: case(1),
        team: team.into(),
        staff_ids: members.iter().map(|n| staff(*n)).collect(),
        lead: lead.map(staff).unwrap_or_default(),
        ..Default::default()
    };
    house.api.clone().form_team(as_staff(who, request)).await.map(|a| a.into_inner().lead).map_err(problem)
}

#[tokio::test]
async fn a_team_has_enough_members_of_the_right_roles_from_enough_departments_and_one_who_may_lead() {
    let house = House::under(dealings(&[])).await;
    house.about_engineering(1).await;
    for (members, lead, code) in [
        (&[GENERAL_AFFAIRS][..], None, "too-few-staff"),
        (&[GENERAL_AFFAIRS, GENERAL_AFFAIRS], None, "too-few-staff"),
        (&[GENERAL_AFFAIRS, RECEPTIONIST], None, "wrong-role"),
        (&[HEAD_A, HEAD_SECURITY], None, "wrong-role"),
        (&[HEAD_A, GENERAL_AFFAIRS], Some(HEAD_A), "wrong-role"),
        (&[GENERAL_AFFAIRS, 77], None, "unknown-staff"),
    ] {
        let refused = form(&house, GENERAL_AFFAIRS, "group", members, lead).await.unwrap_err();
        assert_eq!(refused.code, code, "{members:?}");
    }
    let few = form(&house, GENERAL_AFFAIRS, "group", &[HEAD_A], None).await.unwrap_err();
    assert!(few.text.zh.contains("组1") && few.fields[0].field == "staff_ids", "{few:?}");
    assert_eq!(form(&house, GENERAL_AFFAIRS, "groups", &[], None).await.unwrap_err().code, "unknown-team");
    assert_eq!(form(&house, HEAD_A, "group", &[HEAD_A], None).await.unwrap_err().code, "not-permitted");
    let lead = form(&house, GENERAL_AFFAIRS, "group", &[HEAD_SECURITY, GENERAL_AFFAIRS], None).await.unwrap();
    assert_eq!(lead, staff(GENERAL_AFFAIRS));
    house.get(1, HEAD_SECURITY).await.unwrap();
    let said = house.published(&case(1)).await;
    let Some(Fact::TeamFormed(formed)) = said.last() else { panic!("{said:?}") };
    assert_eq!((formed.formed_by.as_str(), formed.staff_ids.len()), (&*staff(GENERAL_AFFAIRS), 2));
}

#[tokio::test]
async fn a_team_from_one_department_is_refused_where_several_are_asked_for() {
    let alone = ("of: [head, general-affairs-head], lead: general-affairs-head", "of: head, lead: head");
    let house = House::under(dealings(&[alone])).await;
    house.about_engineering(1).await;
    let refused = form(&house, GENERAL_AFFAIRS, "group", &[HEAD_A, HEAD_B], None).await.unwrap_err();
    assert_eq!(refused.code, "same-department");
    form(&house, GENERAL_AFFAIRS, "group", &[HEAD_A, HEAD_SECURITY], Some(HEAD_SECURITY)).await.unwrap();
    let forms = house.get(1, GENERAL_AFFAIRS).await.unwrap().team_forms;
    assert_eq!((forms[0].team.as_str(), forms[0].least, forms[0].departments), ("group", 2, 2));
    assert!(forms[0].candidates.iter().any(|one| one.staff_id == staff(HEAD_SECURITY)));
}

#[tokio::test]
async fn nobody_who_is_complained_of_is_taken_into_a_team() {
    let house = House::under(dealings(&[])).await;
    let registered =
        contracts::intake::CaseRegistered { about_staff_ids: vec![staff(HEAD_SECURITY)], ..house.registered() };
    house.accepted(1, registered, about("b03-eng")).await;
    let refused = form(&house, GENERAL_AFFAIRS, "group", &[HEAD_SECURITY, GENERAL_AFFAIRS], None).await.unwrap_err();
    assert_eq!(refused.code, "unknown-staff", "and nothing tells why");
}
