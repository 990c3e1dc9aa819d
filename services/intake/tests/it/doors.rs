//! The doors as the public finds them.

use crate::{
    harness::{House, code, told},
    pack,
};
use contracts::intake::GetDoorRequest;

#[tokio::test]
async fn every_open_branch_shows_its_kinds_channels_departments_and_questions() {
    let house = House::open().await;
    let mut client = house.client.clone();
    let doors = told(client.get_door(GetDoorRequest::default()).await).unwrap().doors;
    assert_eq!(doors.iter().map(|door| door.unit_id.as_str()).collect::<Vec<_>>(), ["b03", "b17"]);
    let door = &doors[0];
    assert_eq!((door.regime_id.as_str(), door.may_be_anonymous), ("front-desk", true));
    assert_eq!(door.kinds.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>(), ["complaint", "suggestion"]);
    assert_eq!(door.departments.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["b03-eng"]);
    assert_eq!(
        door.questions.iter().map(|q| (q.name.as_str(), q.r#type.as_str())).collect::<Vec<_>>(),
        [("injury", "flag"), ("times_raised", "number")]
    );
    let web = door.channels.iter().find(|channel| channel.channel == "web").unwrap();
    assert!(!web.is_recorded_by_staff);
    assert_eq!(web.required_fields, ["contact", "subject", "narrative"]);
    assert!(door.channels.iter().find(|channel| channel.channel == "phone").unwrap().is_recorded_by_staff);
}

#[tokio::test]
async fn whoever_takes_a_matter_in_reads_the_advice_and_for_which_matters_it_is() {
    let house = House::open().await;
    let mut client = house.client.clone();
    let asked = GetDoorRequest { unit_id: "b03".to_owned() };
    let doors = told(client.get_door(house.by(&pack::receptionist(), asked.clone())).await).unwrap().doors;
    let said: Vec<&str> = doors[0].guidance.iter().map(|text| text.zh.as_str()).collect();
    assert_eq!(said, ["立即登记", "渠道为“电话”的，记下号码"]);
    assert_eq!(doors[0].guidance[1].en, "If the channel is \"Telephone\": Take down the number");
    assert!(told(client.get_door(asked).await).unwrap().doors[0].guidance.is_empty(), "it is for staff alone");
}

#[tokio::test]
async fn one_branch_can_be_asked_for_and_an_unknown_one_is_told() {
    let house = House::open().await;
    let mut client = house.client.clone();
    let mut door = async |unit: &str| told(client.get_door(GetDoorRequest { unit_id: unit.to_owned() }).await);
    assert_eq!(door("b17").await.unwrap().doors.len(), 1);
    assert_eq!(door("b99").await.unwrap().doors.len(), 0);
    assert_eq!(door("x01").await.unwrap().doors.len(), 0);
    assert_eq!(code(door("b0").await), "unknown-branch");
    assert_eq!(code(door("b03-eng").await), "unknown-branch");
}
