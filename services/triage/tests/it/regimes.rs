//! Publishing regimes.

use crate::harness::*;
use contracts::Fact;
use contracts::triage as wire;
use kit_core::Class;

#[tokio::test]
async fn a_pack_published_twice_keeps_its_version_and_a_changed_one_gets_the_next() {
    let house = House::bare().await;
    assert_eq!(house.publish("one", &pack()).await.unwrap().version, 1);
    assert_eq!(house.publish("two", &pack()).await.unwrap().version, 1);
    assert_eq!(house.publish("three", &format!("{}\n# a remark\n", pack())).await.unwrap().version, 2);
    let published = house.published(REGIME).await;
    assert_eq!(published.len(), 2);
    assert!(matches!(&published[0], Fact::RegimePublished(e) if e.version == 1 && e.in_force_from == "2020-01-01"));
    let listed =
        house.api.clone().list_regimes(as_staff(HEAD, wire::ListRegimesRequest {})).await.unwrap().into_inner();
    assert_eq!(listed.regimes.iter().map(|r| r.version).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(listed.regimes[0].title.as_ref().unwrap().zh, "投诉处理内部工作程序");
    house.register(1).await;
    assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().state, "pending", "a case stays pinned to the first version");
}

#[tokio::test]
async fn a_broken_pack_is_refused_with_its_line_and_nothing_is_published() {
    let house = House::bare().await;
    let broken = pack().replace("then: important,", "then: importnat,");
    let line = 1 + broken.lines().position(|line| line.contains("then: importnat,")).unwrap();
    let refused = house.publish("broken", &broken).await.unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (Class::Invalid, "invalid-pack"));
    let field = &refused.fields[0];
    assert_eq!(field.field, format!("pack.yaml:{line}"));
    assert!(field.text.en.contains("important"), "names the nearest word: {}", field.text.en);
    assert!(house.published(REGIME).await.is_empty());
    for nonsense in ["", "regime: [", "\u{0}", "- a\n- b\n"] {
        assert_eq!(house.publish("nonsense", nonsense).await.unwrap_err().class, Class::Invalid, "{nonsense:?}");
    }
}

#[tokio::test]
async fn only_the_installation_and_administrators_at_the_root_publish() {
    let house = House::bare().await;
    let request = |id: &str| wire::PublishRegimeRequest { request_id: id.into(), pack: pack(), ..Default::default() };
    let as_head = house.api.clone().publish_regime(as_staff(HEAD, request("a"))).await.map_err(problem).unwrap_err();
    assert_eq!(as_head.class, Class::Denied);
    let unknown = house.api.clone().publish_regime(public(request("b"))).await.map_err(problem).unwrap_err();
    assert_eq!(unknown.class, Class::Unauthenticated);
    let nowhere = wire::PublishRegimeRequest { unit_id: "b99".into(), ..request("c") };
    let refused = house.api.clone().publish_regime(as_staff(ADMIN, nowhere)).await.map_err(problem).unwrap_err();
    assert_eq!(refused.code, "unknown-unit");
    let late = wire::PublishRegimeRequest { in_force_from: "someday".into(), ..request("d") };
    let refused = house.api.clone().publish_regime(as_staff(ADMIN, late)).await.map_err(problem).unwrap_err();
    assert_eq!(refused.code, "malformed-date");
    house.api.clone().publish_regime(as_staff(ADMIN, request("e"))).await.unwrap();
}
