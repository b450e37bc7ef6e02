//! Signing in, cookies, pages, limits, operations.

use super::{Client, House, on_threads};
use serde_json::json;

#[test]
fn a_session_is_for_pages_of_this_site_only() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        house.firm("one").await;
        let nobody = Client { address: house.admin.address, token: None };
        let wrong = json!({ "name": "one-user", "password": "not this one" });
        nobody.post("/api/v1/sign-in", wrong).await.is(401);
        let right = json!({ "name": "one-user", "password": "a long enough one" });
        let signed = nobody.post("/api/v1/sign-in", right).await.is(204);
        let cookie = signed.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let body =
            json!({ "project_code": "P", "building_code": "B", "stage": "scheme" }).to_string().into_bytes();
        let kind = ("content-type", "application/json");
        for (more, status) in [
            (vec![], 403),
            (vec![("sec-fetch-site", "cross-site")], 403),
            (vec![("origin", "http://evil.example")], 403),
            (vec![("sec-fetch-site", "same-origin")], 201),
        ] {
            let headers: Vec<(&str, &str)> =
                [("cookie", cookie.as_str()), kind].into_iter().chain(more).collect();
            nobody.send("POST", "/api/v1/submissions", &headers, body.clone()).await.is(status);
        }
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        nobody.send("POST", "/api/v1/sign-out", &headers, Vec::new()).await.is(204);
        nobody.send("GET", "/api/v1/me", &headers, Vec::new()).await.is(401);
        house.stop().await;
    });
}

#[test]
fn the_last_administrator_cannot_be_shut_out() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let me = house.admin.get("/api/v1/me").await.is(200).json();
        let id = me["user"]["id"].as_str().or(me["id"].as_str()).expect("an id").to_owned();
        let path = format!("/api/v1/users/{id}");
        let kind = [("content-type", "application/json")];
        let shut = || json!({ "disabled": true }).to_string().into_bytes();
        house.admin.send("PATCH", &path, &kind, shut()).await.is(409);
        let other = json!({ "name": "second", "role": "administrator", "password": "a long enough one" });
        house.admin.post("/api/v1/users", other).await.is(201);
        house.admin.send("PATCH", &path, &kind, shut()).await.is(200);
        house.stop().await;
    });
}

#[test]
fn who_guesses_passwords_is_held_up() {
    on_threads(async {
        let house = House::new(|c| c.limits.sign_ins_per_minute = 3).await;
        let nobody = Client { address: house.admin.address, token: None };
        let guess = json!({ "name": "somebody", "password": "guessed" });
        for _ in 0..3 {
            nobody.post("/api/v1/sign-in", guess.clone()).await.is(401);
        }
        let held = nobody.post("/api/v1/sign-in", guess).await.is(429);
        assert!(held.header("retry-after").parse::<u64>().is_ok());
        house.stop().await;
    });
}

#[test]
fn who_asks_too_often_is_held_up() {
    on_threads(async {
        let house = House::new(|c| {
            c.limits.requests_per_second = 1;
            c.limits.request_burst = 20;
        })
        .await;
        let nobody = Client { address: house.admin.address, token: None };
        let mut held = 0;
        for _ in 0..40 {
            held += u32::from(nobody.get("/sign-in").await.status.as_u16() == 429);
        }
        assert!(held >= 15, "{held}");
        nobody.get("/health").await.is(200);
        house.stop().await;
    });
}

#[test]
fn pages_are_strict_and_ask_nothing_of_others() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("one<script>").await;
        let round = firm.round(["P1", "<b>B1"], &[("<img src=x>.dxf", b"0\nSECTION\n".to_vec())]).await;
        let submission = firm.get(&format!("/api/v1/rounds/{round}")).await.text("submission");
        let admin = &house.admin;
        for path in [
            "/",
            "/people",
            "/log",
            "/docs",
            &format!("/submissions/{submission}"),
            &format!("/rounds/{round}"),
        ] {
            let page = admin.get(&format!("{path}?lang=zh")).await.is(200);
            let policy = page.header("content-security-policy").to_owned();
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
            let text = String::from_utf8_lossy(&page.bytes).into_owned();
            assert!(text.starts_with("<!DOCTYPE html>") && text.contains("lang=\"zh-CN\""), "{path}");
            assert!(!text.contains("⟨?⟩"), "{path} lacks a word");
            for foreign in
                ["<b>B1", "<img src=x", "one<script>", "http://", "https://", "style=\"", "onclick="]
            {
                assert!(!text.contains(foreign), "{path} holds {foreign}");
            }
        }
        let nobody = Client { address: admin.address, token: None };
        assert_eq!(nobody.get("/").await.is(303).header("location"), "/sign-in");
        nobody.get("/assets/../Cargo.toml").await.is(404);
        nobody.get("/nowhere").await.is(404);
        house.stop().await;
    });
}

#[test]
fn what_was_done_is_written_down_and_cannot_be_changed_unseen() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("one").await;
        firm.round(["P1", "B1"], &[("a.dxf", b"0\nSECTION\n".to_vec())]).await;
        let log = house.admin.get("/api/v1/audit?verify=true").await.is(200).json();
        assert_eq!(log["whole"], true);
        let entries = log["entries"].as_array().expect("a list");
        for action in ["user.first", "sign-in", "tenant.add", "submission.open", "round.begin", "file.add"] {
            assert!(entries.iter().any(|e| e["action"] == action), "{action} is not written down");
        }
        firm.get("/api/v1/audit").await.is(403);
        house.stop().await;
    });
}

#[test]
fn who_runs_it_sees_how_it_is() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        house.admin.get("/health").await.is(200);
        house.admin.get("/ready").await.is(200);
        let text = house.admin.get("/metrics").await.is(200);
        let text = String::from_utf8_lossy(&text.bytes).into_owned();
        assert!(text.contains("tumo_requests_total{route=\"GET /ready\",status=\"200\"} 1"), "{text}");
        assert!(text.contains("tumo_queue_waiting 0"));
        let description = house.admin.get("/openapi.json").await.is(200).json();
        assert_eq!(description["info"]["title"], "tumo");
        house.stop().await;
    });
}
