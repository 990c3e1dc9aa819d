//! Signing in.

use crate::harness::*;
use chrono::TimeDelta;
use contracts::assignment as wire;
use kit_core::{Class, Problem};

async fn sign_in(house: &House, login: &str, password: &str) -> Result<wire::SignInResponse, Problem> {
    let request = wire::SignInRequest { login: login.into(), password: password.into() };
    house.api.clone().sign_in(public(request)).await.map(tonic::Response::into_inner).map_err(problem)
}

async fn with_passwords(house: &House) {
    let with = |n, login: &str, is_active| wire::Staff {
        new_password: "correct horse".into(),
        is_active,
        ..person(n, login, "head", "b03-eng")
    };
    let request = wire::ChangeOrganisationRequest {
        request_id: "passwords".into(),
        units: Vec::new(),
        staff: vec![with(HEAD_A, "head-a", true), with(HEAD_B, "head-b", false)],
        ..Default::default()
    };
    let changed = house.api.clone().change_organisation(service(request)).await.unwrap().into_inner();
    assert_eq!(changed.staff_changed, 2);
}

#[tokio::test]
async fn a_right_password_gives_a_token_for_twelve_hours_and_no_password_is_ever_returned() {
    let house = House::start().await;
    with_passwords(&house).await;
    let answer = sign_in(&house, "head-a", "correct horse").await.unwrap();
    let tokens = kit_grpc::Tokens::new("a secret of the tests, and long enough for one");
    let at = |hours| tokens.verify(&answer.token, house.now() + TimeDelta::hours(hours));
    assert_eq!(at(11).unwrap(), kit_grpc::Caller::Staff(staff(HEAD_A).parse().unwrap()));
    assert!(at(13).is_err());
    assert!(answer.staff.unwrap().new_password.is_empty());
    let me = house.api.clone().get_me(as_staff(HEAD_A, wire::GetMeRequest {})).await.unwrap().into_inner();
    assert_eq!(me.staff.unwrap().login, "head-a");
}

#[tokio::test]
async fn a_wrong_password_an_unknown_login_and_a_person_who_left_read_the_same() {
    let house = House::start().await;
    with_passwords(&house).await;
    let cases = [("head-a", "wrong"), ("nobody", "correct horse"), ("head-b", "correct horse"), ("admin", "")];
    for (login, password) in cases {
        let refused = sign_in(&house, login, password).await.unwrap_err();
        assert_eq!((refused.class, refused.code.as_str()), (Class::Unauthenticated, "wrong-credentials"), "{login}");
    }
    let me = house.api.clone().get_me(as_staff(HEAD_B, wire::GetMeRequest {})).await.map_err(problem).unwrap_err();
    assert_eq!(me.class, Class::Unauthenticated, "a token of somebody who left is worth nothing");
}

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_waits() {
    let house = House::start().await;
    with_passwords(&house).await;
    for _ in 0..5 {
        assert_eq!(sign_in(&house, "head-a", "wrong").await.unwrap_err().code, "wrong-credentials");
    }
    let refused = sign_in(&house, "head-a", "correct horse").await.unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (Class::Exhausted, "too-many-attempts"));
    house.clock.advance(TimeDelta::minutes(16));
    sign_in(&house, "head-a", "correct horse").await.unwrap();
}
