//! A disk that is full: told, nothing half kept, and well again when there is room.

use super::{House, config, on_threads, sha256, uploads};
use serde_json::json;
use std::process::Command;
use tumo::serve;

#[test]
fn space_that_is_to_stay_free_stays_free() {
    on_threads(async {
        // more than any disk has
        let house = House::new(|c| c.limits.free_mb = 1 << 40).await;
        let firm = house.firm("one").await;
        let round = firm.round(["P1", "B1"], &[]).await;
        let (kind, body) = super::form(&[("a.dxf", b"0\nSECTION\n".to_vec())]);
        let path = format!("/api/v1/rounds/{round}/files");
        let full = firm.send("POST", &path, &[("content-type", &kind)], body).await.is(507);
        assert_eq!(full.json()["code"], "disk-full");
        firm.get("/ready").await.is(503);
        assert_eq!(firm.get(&path).await.is(200).json(), json!([]));
        house.stop().await;
    });
}

/// On a small disk of its own, where this may be made (it takes root and a tmpfs).
#[test]
fn a_disk_that_fills_up_is_told_and_recovers() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().to_string_lossy().into_owned();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m", "tmpfs", &at]).output();
    if !mounted.is_ok_and(|m| m.status.success()) {
        println!("SKIPPED: no small disk can be made here (mount -t tmpfs is not allowed)");
        return;
    }
    let filled = std::panic::catch_unwind(|| on_threads(fill(&at)));
    let _ = Command::new("umount").args(["-l", &at]).output();
    filled.expect("it holds");
}

async fn fill(at: &str) {
    let running = serve::start(config(std::path::Path::new(at))).await.expect("it starts");
    let admin = super::administrator(running.address, std::path::Path::new(at)).await;
    let tenant =
        admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
    let firm = super::somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
    let round = firm.round(["P1", "B1"], &[]).await;
    let path = format!("/api/v1/rounds/{round}/files");
    let (mut kept, mut full) = (Vec::new(), 0);
    for n in 0..20u32 {
        let all = uploads::bytes(1_500_000, n + 1);
        let name = format!("{n}.dxf");
        let (kind, body) = super::form(&[(&name, all.clone())]);
        match firm.send("POST", &path, &[("content-type", &kind)], body).await.status.as_u16() {
            201 => kept.push((name, sha256(&all))),
            507 => full += 1,
            other => panic!("answered {other}"),
        }
    }
    assert!(full > 5 && !kept.is_empty(), "{full} refused, {} kept", kept.len());
    let files = firm.get(&path).await.is(200).json();
    let files = files.as_array().expect("a list").clone();
    for (name, hash) in &kept {
        assert!(
            files.iter().any(|f| f["name"] == json!(name) && f["sha256"] == json!(hash)),
            "{name} is lost"
        );
    }
    assert_eq!(files.len(), kept.len(), "what was refused is there all the same");
    // room again, without a restart
    let grown = Command::new("mount").args(["-o", "remount,size=40m", at]).output();
    assert!(grown.is_ok_and(|g| g.status.success()));
    let (kind, body) = super::form(&[("after.dxf", uploads::bytes(1_500_000, 99))]);
    firm.send("POST", &path, &[("content-type", &kind)], body).await.is(201);
    running.stop().await;
}
