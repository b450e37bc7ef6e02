//! Every route of the description, asked by its owner, another tenant, nobody, who has an expired or unknown token, and
//! who may only read: nothing leaks.

use super::{Client, House, base64, on_threads, sample};
use serde_json::{Value, json};

/// What stands for the names in paths.
struct Things {
    names: Vec<(&'static str, String)>,
}

impl Things {
    fn in_path(&self, path: &str) -> String {
        let mut out = path.to_owned();
        for (name, value) in &self.names {
            out = out.replace(&format!("{{{name}}}"), value);
        }
        assert!(!out.contains('{'), "nothing stands for a name in {path}");
        out
    }

    /// The same, of things that there are not.
    fn missing(&self, path: &str) -> String {
        let mut out = path.to_owned();
        for (name, value) in &self.names {
            let other = if *name == "overlay" { value.clone() } else { "0".repeat(32) };
            out = out.replace(&format!("{{{name}}}"), &other);
        }
        out
    }

    fn secrets(&self) -> impl Iterator<Item = &String> {
        self.names.iter().filter(|(name, _)| !["overlay", "user"].contains(name)).map(|(_, value)| value)
    }
}

/// A body that is sound, and the headers that go with it.
fn sound(method: &str, path: &str) -> (Vec<(&'static str, String)>, Vec<u8>) {
    let tus = ("tus-resumable", "1.0.0".to_owned());
    let json = |value: Value| {
        (vec![("content-type", "application/json".to_owned())], value.to_string().into_bytes())
    };
    match (method, path) {
        ("POST", "/api/v1/rounds/{round}/files") => {
            let (kind, body) =
                super::form(&[("b.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec())]);
            (vec![("content-type", kind)], body)
        }
        ("POST", "/api/v1/rounds/{round}/uploads") => {
            let name = format!("filename {}", base64(b"c.dxf"));
            (vec![tus, ("upload-length", "9".into()), ("upload-metadata", name)], Vec::new())
        }
        ("PATCH", "/api/v1/uploads/{upload}") => {
            let kind = ("content-type", "application/offset+octet-stream".to_owned());
            (vec![tus, kind, ("upload-offset", "0".into())], b"abc".to_vec())
        }
        (_, "/api/v1/uploads/{upload}") => (vec![tus], Vec::new()),
        ("POST", "/api/v1/sign-in") => json(json!({ "name": "x", "password": "not the right one" })),
        ("POST", "/api/v1/tenants") => json(json!({ "name": "n", "area": "a" })),
        ("POST", "/api/v1/users") => json(json!({ "name": "n", "role": "administrator" })),
        ("PATCH", "/api/v1/users/{user}") => json(json!({ "disabled": false })),
        ("POST", "/api/v1/tokens") => json(json!({ "name": "n", "scopes": ["read"], "days": 1 })),
        ("POST", "/api/v1/submissions") => {
            json(json!({ "project_code": "P1", "building_code": "B2", "stage": "scheme" }))
        }
        ("PATCH", "/api/v1/rounds/{round}/files/{file}") => json(json!({ "storey": "2F" })),
        ("POST", "/api/v1/rounds/{round}/findings/{finding}/replies") => {
            json(json!({ "answer": "accepted" }))
        }
        ("POST", "/api/v1/submissions/{submission}/waivers") => {
            json(json!({ "finding": "f", "rule": "DM20", "reason": "r", "days": 1 }))
        }
        ("POST", "/api/v1/webhooks") => json(json!({ "url": "http://hooks.example/x" })),
        ("POST" | "PATCH" | "PUT", _) => json(json!({})),
        _ => (Vec::new(), Vec::new()),
    }
}

async fn ask(client: &Client, method: &str, template: &str, path: &str) -> super::Answer {
    let (headers, body) = sound(method, template);
    let headers: Vec<(&str, &str)> = headers.iter().map(|(k, v)| (*k, v.as_str())).collect();
    if template.ends_with("/events") {
        // it would go on: a round that is not over is watched for a moment only
        let asked = client.try_send(method, path, &headers, body);
        let waited = tokio::time::timeout(std::time::Duration::from_millis(700), asked).await;
        return match waited {
            Ok(answer) => answer.expect("an answer"),
            Err(_) => super::Answer {
                status: hyper::StatusCode::OK,
                headers: hyper::HeaderMap::new(),
                bytes: hyper::body::Bytes::new(),
            },
        };
    }
    client.send(method, path, &headers, body).await
}

/// Every method and path of the description; those that take things away come last.
fn routes() -> Vec<(String, String, bool)> {
    let description: Value = serde_json::from_str(&tumo::serve::openapi()).expect("a description");
    let mut out = Vec::new();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let open = operation["security"].as_array().is_some_and(|s| s.contains(&json!({})));
            out.push((method.to_uppercase(), path.clone(), open));
        }
    }
    let rank = |m: &str| ["GET", "HEAD", "OPTIONS", "POST", "PATCH", "DELETE"].iter().position(|k| *k == m);
    out.sort_by_key(|(method, path, _)| (rank(method), std::cmp::Reverse(path.len())));
    assert!(out.len() > 40, "only {} routes are described", out.len());
    out
}

async fn things(house: &House, owner: &Client) -> Things {
    let round = owner.round(["P1", "B1"], &[("a.ifc", sample("pass_office-tarch", "OfficeA.ifc"))]).await;
    let submission = owner.get(&format!("/api/v1/rounds/{round}")).await.text("submission");
    let file = owner.get(&format!("/api/v1/rounds/{round}/files")).await.json()[0]["id"].clone();
    let metadata = format!("filename {}", base64(b"u.dxf"));
    let headers = [("tus-resumable", "1.0.0"), ("upload-length", "100"), ("upload-metadata", &metadata)];
    let upload =
        owner.send("POST", &format!("/api/v1/rounds/{round}/uploads"), &headers, Vec::new()).await.is(201);
    let upload = upload.header("location").rsplit('/').next().unwrap_or_default().to_owned();
    let me = owner.get("/api/v1/me").await.json()["user"]["id"].clone();
    let asked = json!({ "name": "other", "scopes": ["read"], "days": 1, "user": me });
    let token = house.admin.post("/api/v1/tokens", asked).await.is(201).text("id");
    let hook =
        owner.post("/api/v1/webhooks", json!({ "url": "http://hooks.example/x" })).await.is(201).text("id");
    let waiver = json!({ "finding": "f", "rule": "DM20", "reason": "r", "days": 1 });
    let waivers = format!("/api/v1/submissions/{submission}/waivers");
    let waiver = house.admin.post(&waivers, waiver).await.is(201).text("id");
    let text = |v: Value| v.as_str().expect("a name").to_owned();
    Things {
        names: vec![
            ("project_code", "P1".into()),
            ("building_code", "B1".into()),
            ("submission", submission),
            ("round", round),
            ("file", text(file)),
            ("upload", upload),
            ("user", text(me)),
            ("token", token),
            ("webhook", hook),
            ("waiver", waiver),
            ("finding", "f0f0f0f0f0f0f0f0f0f0".into()),
            ("overlay", "0".into()),
        ],
    }
}

#[test]
fn nothing_leaks_to_anybody_on_any_route() {
    on_threads(async {
        let house = House::new(|c| {
            c.webhooks.hosts = vec!["hooks.example".into()];
            c.limits.requests_per_second = 10_000;
        })
        .await;
        let tenant = house.tenant("one", "tianhe").await;
        let owner = house.somebody("owner", "firm", &tenant, &["read", "write"]).await;
        let reader = house.somebody("reader", "firm", &tenant, &["read"]).await;
        let other = house.firm("two").await;
        let nobody = Client { address: house.admin.address, token: None };
        let unknown = Client { token: Some("tumo_of_nobody".into()), ..nobody.clone() };
        let things = things(&house, &owner).await;
        let mut wrong = Vec::new();
        for (method, template, open) in routes() {
            let path = things.in_path(&template);
            let told = format!("{method} {template}");
            let mut hold = |who: &str, status: u16, allowed: &[u16]| {
                if !allowed.contains(&status) {
                    wrong.push(format!("{told}: {who} is answered {status}, not one of {allowed:?}"));
                }
            };
            let here = template == "/metrics";
            for (who, client) in [("nobody", &nobody), ("an unknown token", &unknown)] {
                let status = ask(client, &method, &template, &path).await.status.as_u16();
                match open || here {
                    true if template == "/api/v1/sign-in" => hold(who, status, &[401, 429]),
                    true => hold(who, status, &[200]),
                    false => hold(who, status, &[401]),
                }
            }
            if open || here {
                continue;
            }
            // what is another's is told exactly as what is not there
            let theirs = ask(&other, &method, &template, &path).await;
            if template.contains('{') {
                let none = ask(&other, &method, &template, &things.missing(&template)).await;
                hold("another tenant", theirs.status.as_u16(), &[404, 403]);
                if theirs.status != none.status || theirs.bytes != none.bytes {
                    hold("another tenant (told that it is there)", 0, &[1]);
                }
            }
            let text = String::from_utf8_lossy(&theirs.bytes).into_owned();
            if things.secrets().any(|s| s.len() > 8 && text.contains(s.as_str())) {
                hold("another tenant (told a name)", 0, &[1]);
            }
            if !["GET", "HEAD", "OPTIONS"].contains(&method.as_str()) && template != "/api/v1/sign-out" {
                let status = ask(&reader, &method, &template, &path).await.status.as_u16();
                hold("who may only read", status, &[403]);
            }
            let by_role = ["/tenants", "/users", "/audit", "/waivers"].iter().any(|p| template.contains(p));
            let status = ask(&owner, &method, &template, &path).await.status.as_u16();
            let refused = [401, 404, 500];
            if refused.contains(&status) && !template.contains("{finding}") {
                hold("the owner", status, &[200]);
            }
            if status == 403 && !by_role && template != "/api/v1/tokens" {
                hold("the owner", status, &[200]);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        house.stop().await;
    });
}

/// Puts the end of a token into the past, as waiting for a day would.
async fn expire(data: &std::path::Path, name: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join("tumo.db"));
    let rows = sqlx::SqlitePool::connect_with(options).await.expect("the rows");
    let changed = sqlx::query("UPDATE tokens SET expires = 1 WHERE name = ?").bind(name).execute(&rows).await;
    assert_eq!(changed.expect("changed").rows_affected(), 1);
    rows.close().await;
}

#[test]
fn a_token_that_has_expired_is_worth_nothing() {
    on_threads(async {
        let house = House::new(|c| {
            c.webhooks.hosts = vec!["hooks.example".into()];
            c.limits.requests_per_second = 10_000;
        })
        .await;
        let tenant = house.tenant("one", "tianhe").await;
        let owner = house.somebody("owner", "firm", &tenant, &["read", "write"]).await;
        let things = things(&house, &owner).await;
        let me = owner.get("/api/v1/me").await.json()["user"]["id"].clone();
        let asked = json!({ "name": "to expire", "scopes": ["read", "write"], "days": 1, "user": me });
        let secret = house.admin.post("/api/v1/tokens", asked).await.is(201).text("secret");
        let late = Client { token: Some(secret), ..owner.clone() };
        late.get("/api/v1/submissions").await.is(200);
        expire(house._folder.path(), "to expire").await;
        for (method, template, open) in routes() {
            if !open && template != "/metrics" {
                let answer = ask(&late, &method, &template, &things.in_path(&template)).await;
                assert_eq!(answer.status.as_u16(), 401, "{method} {template}");
            }
        }
        house.stop().await;
    });
}

#[test]
fn a_token_of_who_may_not_come_in_any_more_is_worth_nothing() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let tenant = house.tenant("one", "tianhe").await;
        let owner = house.somebody("owner", "firm", &tenant, &["read"]).await;
        owner.get("/api/v1/submissions").await.is(200);
        let me = owner.get("/api/v1/me").await.json()["user"]["id"].clone();
        let path = format!("/api/v1/users/{}", me.as_str().expect("a name"));
        let json = [("content-type", "application/json")];
        let off = json!({ "disabled": true }).to_string().into_bytes();
        house.admin.send("PATCH", &path, &json, off).await.is(200);
        for (method, template, open) in routes() {
            if !open && template != "/metrics" && !template.contains('{') {
                ask(&owner, &method, &template, &template).await.is(401);
            }
        }
        house.stop().await;
    });
}
