//! Who may see and do what; to whoever is excluded the case does not exist.

use crate::harness::{House, case, pack, problem, staff, text_ref};
use contracts::{assignment, resolution::*};
use kit_config::MapSource;
use kit_core::Class;
use resolution::Resolution;
use resolution_service_client::ResolutionServiceClient as Client;

#[tokio::test]
async fn excluded_staff_and_strangers_read_the_same_as_for_a_case_that_is_not_there() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let recused = assignment::HandlerRecused { case_id: id.clone(), staff_id: staff("manager"), ..Default::default() };
    house.hear(&recused).await;
    let mut client = Client::new(house.channel.clone());
    let nowhere = GetCaseRequest { case_id: case(99) };
    let unknown = problem(client.get_case(house.by("head", nowhere)).await);
    for who in ["manager", "far-head", "admin"] {
        let seen = problem(client.get_case(house.by(who, GetCaseRequest { case_id: id.clone() })).await);
        assert_eq!(seen, unknown, "{who}");
    }
    let note = AddNoteRequest {
        request_id: "n1".to_owned(),
        case_id: id.clone(),
        text_ref: text_ref(1),
        ..Default::default()
    };
    assert_eq!(problem(client.add_note(house.by("manager", note.clone())).await), unknown);
    let unsigned = problem(client.add_note(tonic::Request::new(note)).await);
    assert_eq!(unsigned.class, Class::Unauthenticated);
    assert!(house.words().await.is_empty());
}

#[tokio::test]
async fn a_role_that_the_regime_does_not_name_for_it_is_denied() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.signed(&id).await;
    let mut client = Client::new(house.channel.clone());
    let resolve = ResolveCaseRequest {
        request_id: "r1".to_owned(),
        case_id: id,
        finding: "substantiated".to_owned(),
        ..Default::default()
    };
    let denied = problem(client.resolve_case(house.by("reception", resolve)).await);
    assert_eq!(denied.class, Class::Denied);
}
