//! The program with nothing set but where it listens: what somebody has who starts it for the first time.

use super::kill::Process;
use super::{administrator, on_threads, sample, somebody};
use serde_json::json;
use std::process::Command;

#[test]
fn the_program_alone_checks_a_pair() {
    on_threads(async {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(super::program());
        let service =
            Process::of(command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder.path()));
        let admin = administrator(service.address, &folder.path().join("tumo-data")).await;
        let tenant =
            admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
        let firm = somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
        let of = |file| sample("fail_office-tarch", file);
        let pair = [("OfficeA.ifc", of("OfficeA.ifc")), ("plans.dxf", of("arch_plans.dxf"))];
        let round = firm.round(["P1", "B1"], &pair).await;
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        let over = firm.over(&round).await;
        assert_eq!(
            (&over["state"], &over["decision"]),
            (&json!("done"), &json!("fix-and-resubmit")),
            "{over}"
        );
        service.kill();
    });
}
