//! The mail folder of an installation without a mail server.

use crate::{
    harness::{House, pack, problem, staff},
    peers::{Desk, Folder, soon},
};
use contracts::{assignment, notification::*};
use kit_config::MapSource;
use kit_core::Class;
use notification::Notification;
use notification_service_client::NotificationServiceClient as Client;

#[tokio::test]
async fn mail_is_kept_in_the_folder_and_shown_to_staff_but_not_to_the_excluded() {
    let (desk, folder) = (Desk::default(), Folder::new());
    let settings = MapSource::default()
        .with("JIESU_MAIL_FOLDER", folder.0.to_str().unwrap())
        .with("JIESU_INTAKE_URL", desk.serve());
    let house = House::start::<Notification>(&pack(), settings).await;
    let id = house.dispatched(1, "minor").await;
    let mut client = Client::new(house.channel.clone());
    soon("the mail", async || {
        let mails = client.list_mail(house.by("admin", ListMailRequest {})).await.unwrap().into_inner().mails;
        if mails.len() == 1 { Ok(()) } else { Err(format!("{mails:?}")) }
    })
    .await;
    let mails = client.list_mail(house.by("admin", ListMailRequest {})).await.unwrap().into_inner().mails;
    assert_eq!(mails[0].subject, "投诉已登记 TS-b03-2026-00001");
    let asked = GetMailRequest { mail_id: mails[0].mail_id.clone() };
    let mail = client.get_mail(house.by("admin", asked.clone())).await.unwrap().into_inner();
    assert!(mail.body.contains("回执码"), "{mail:?}");
    let eml = std::fs::read_to_string(folder.0.join(format!("{}.eml", mails[0].mail_id))).unwrap();
    assert!(eml.contains("Auto-Submitted: auto-generated\r\n"), "{eml}");
    for bad in ["../../etc/passwd", "..", "", "notice_..%2f..%2fetc"] {
        let refused = problem(client.get_mail(house.by("admin", GetMailRequest { mail_id: bad.to_owned() })).await);
        assert_eq!(refused.class, Class::Invalid, "{bad}");
    }
    let recused = assignment::HandlerRecused { case_id: id, staff_id: staff("general"), ..Default::default() };
    house.hear(&recused).await;
    let seen = client.list_mail(house.by("general", ListMailRequest {})).await.unwrap().into_inner().mails;
    assert!(seen.is_empty(), "{seen:?}");
    assert_eq!(problem(client.get_mail(house.by("general", asked)).await).code, "unknown-mail");
    let public = problem(client.list_mail(tonic::Request::new(ListMailRequest {})).await);
    assert_eq!(public.class, Class::Unauthenticated);
}
