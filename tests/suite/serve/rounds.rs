//! From files to findings: a round is checked, answered, corrected, compared, handed over.

use super::{House, on_threads, sample};
use serde_json::{Value, json};
use std::io::Read;

fn wrong() -> [(&'static str, Vec<u8>); 2] {
    let of = |file| sample("fail_office-tarch", file);
    [("OfficeA.ifc", of("OfficeA.ifc")), ("建施-01 平面图.dxf", of("arch_plans.dxf"))]
}

fn right() -> [(&'static str, Vec<u8>); 2] {
    let of = |file| sample("pass_office-tarch", file);
    [("OfficeA.ifc", of("OfficeA.ifc")), ("建施-01 平面图.dxf", of("arch_plans.dxf"))]
}

#[test]
fn a_wrong_pair_is_found_and_its_correction_seen() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("firm").await;
        let first = firm.round(["P1", "B1"], &wrong()).await;
        let files = firm.get(&format!("/api/v1/rounds/{first}/files")).await.is(200).json();
        assert_eq!((&files[0]["role"], &files[1]["role"]), (&json!("model"), &json!("drawing")));
        assert_eq!(files[1]["discipline"], "architecture");

        firm.post(&format!("/api/v1/rounds/{first}/check"), json!({})).await.is(202);
        let events = firm.get(&format!("/api/v1/rounds/{first}/events")).await.is(200);
        let events = String::from_utf8_lossy(&events.bytes).into_owned();
        for kind in ["event: running", "\"stage\":\"read-models\"", "event: findings", "event: done"] {
            assert!(events.contains(kind), "{kind} is not told:\n{events}");
        }
        let found = events.find("event: findings").expect("findings");
        assert!(found < events.find("\"stage\":\"write-reports\"").expect("reports"), "findings come first");
        resumed(&firm, &first, &events).await;

        let round = firm.over(&first).await;
        assert_eq!((&round["state"], &round["decision"]), (&json!("done"), &json!("fix-and-resubmit")));
        let report = firm.get(&format!("/api/v1/rounds/{first}/report")).await.is(200).json();
        assert_eq!(report["identity"]["project_code"], "P1");
        let finding = report["findings"][0]["id"].as_str().expect("a finding").to_owned();
        assert!(firm.written(&first).await["unwritten"].is_null());
        formats(&firm, &first).await;
        workbook(&firm, &first).await;
        answers(&house, &firm, &first, &finding).await;
        handed_over(&firm, &first).await;

        let second = firm.round(["P1", "B1"], &right()).await;
        firm.post(&format!("/api/v1/rounds/{second}/check"), json!({})).await.is(202);
        let round = firm.over(&second).await;
        assert_ne!(round["decision"], "fix-and-resubmit", "{round}");
        assert_eq!(round["previous"], json!(first));
        let compared = firm.get(&format!("/api/v1/rounds/{second}/compare")).await.is(200).json();
        let fixed = compared["fixed"].as_array().expect("a list");
        assert!(fixed.iter().any(|f| f["id"] == json!(finding)), "the finding is not told as fixed");
        shared(&firm, &second).await;
        house.stop().await;
    });
}

/// Events after one are the same as before, and no more.
async fn resumed(firm: &super::Client, round: &str, before: &str) {
    let path = format!("/api/v1/rounds/{round}/events");
    let again = firm.send("GET", &path, &[("last-event-id", "3")], Vec::new()).await.is(200);
    let again = String::from_utf8_lossy(&again.bytes).into_owned();
    assert!(!again.contains("id: 3\n") && again.contains("id: 4\n"), "{again}");
    let after = before.split_once("id: 3\n").map(|(_, rest)| rest.matches("id: ").count());
    assert_eq!(after, Some(again.matches("id: ").count()));
}

async fn formats(firm: &super::Client, round: &str) {
    for (format, begins) in [
        ("json", &b"{"[..]),
        ("html", b"<!doctype html>"),
        ("csv", b"\xEF\xBB\xBF"),
        ("bcf", b"PK"),
        ("bcf3", b"PK"),
        ("sarif", b"{"),
        ("junit", b"<?xml"),
        ("svg", b"<svg"),
        ("spot-check", b"<!doctype html>"),
        #[cfg(feature = "xlsx")]
        ("xlsx", b"PK"),
        ("spot-check-csv", b""),
        ("terminal", b""),
        ("github", b""),
    ] {
        for lang in ["en", "zh"] {
            let path = format!("/api/v1/rounds/{round}/report?format={format}&lang={lang}");
            let answer = firm.get(&path).await.is(200);
            assert!(answer.bytes.starts_with(begins), "{format} begins otherwise");
            assert!(!answer.bytes.is_empty());
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            let same = firm.send("GET", &path, &[("if-none-match", answer.header("etag"))], Vec::new()).await;
            same.is(304);
        }
    }
    firm.get(&format!("/api/v1/rounds/{round}/report?format=docx")).await.is(400);
    let overlay = firm.get(&format!("/api/v1/rounds/{round}/overlays/0")).await.is(200);
    assert!(overlay.bytes.len() > 1000, "the outlines are empty");
    firm.get(&format!("/api/v1/rounds/{round}/overlays/999")).await.is(404);
}

/// The table of the report comes back with answers: they are taken over once, and what cannot be is told.
async fn workbook(firm: &super::Client, round: &str) {
    let path = format!("/api/v1/rounds/{round}/replies");
    let send = |text: String| {
        let firm = firm.clone();
        let path = path.clone();
        async move { firm.send("POST", &path, &[("content-type", "text/csv")], text.into_bytes()).await }
    };
    let report = firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(200).json();
    let id = |n: usize| report["findings"][n]["id"].as_str().expect("a finding").to_owned();
    let table = format!(
        "Fingerprint,Answer,Remark\n{},{},\n{},{},\n{},,see the drawing\n{},{},\n",
        id(1),
        "will be fixed",
        id(2),
        "not a defect",
        id(3),
        "f0f0f0f0f0f0f0f0f0f0",
        "will be fixed",
    );
    let taken = send(table.clone()).await.is(200).json();
    let added = taken["added"].as_array().expect("a list");
    assert_eq!(added.len(), 2, "{taken}");
    assert_eq!((&added[0]["answer"], &added[1]["answer"]), (&json!("accepted"), &json!("comment")));
    assert_eq!(
        (&taken["unreasoned"], &taken["unknown"]),
        (&json!([id(2)]), &json!(["f0f0f0f0f0f0f0f0f0f0"]))
    );
    let again = send(table).await.is(200).json();
    assert_eq!((&again["added"], &again["same"]), (&json!([]), &json!(2)));
    send("no,table\n1,2\n".into()).await.is(400);
}

async fn answers(house: &House, firm: &super::Client, round: &str, finding: &str) {
    let path = format!("/api/v1/rounds/{round}/findings/{finding}/replies");
    firm.post(&path, json!({ "answer": "rejected" })).await.is(400);
    firm.post(&path, json!({ "answer": "confirmed", "remark": "mine" })).await.is(400);
    firm.post(&path, json!({ "answer": "rejected", "remark": "a drawing of another stage" })).await.is(201);
    firm.post(&format!("/api/v1/rounds/{round}/findings/abcd/replies"), json!({ "answer": "accepted" }))
        .await
        .is(404);
    let reviewer = house.somebody("reviewer", "reviewer", "tianhe", &["read", "review"]).await;
    reviewer.post(&path, json!({ "answer": "confirmed" })).await.is(201);
    let said = firm.get(&format!("/api/v1/rounds/{round}/replies")).await.is(200).json();
    assert_eq!(said.as_array().map(Vec::len), Some(4));
    // what is waived is waived by a reviewer, with a reason
    let submission = firm.get(&format!("/api/v1/rounds/{round}")).await.text("submission");
    let waivers = format!("/api/v1/submissions/{submission}/waivers");
    let new = json!({ "finding": finding, "rule": "DM20", "reason": "agreed on site", "days": 30 });
    firm.post(&waivers, new.clone()).await.is(403);
    let waiver = reviewer.post(&waivers, new).await.is(201).text("id");
    reviewer.send("DELETE", &format!("/api/v1/waivers/{waiver}"), &[], Vec::new()).await.is(204);
    // a reviewer of another area does not see it at all
    let far = house.somebody("far", "reviewer", "nansha", &["read", "review"]).await;
    far.get(&format!("/api/v1/rounds/{round}")).await.is(404);
}

async fn handed_over(firm: &super::Client, round: &str) {
    let package = firm.get(&format!("/api/v1/rounds/{round}/handover")).await.is(200);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(package.bytes)).expect("an archive");
    let mut read = |name: &str| -> Value {
        let mut text = String::new();
        zip.by_name(name).unwrap_or_else(|_| panic!("no {name}")).read_to_string(&mut text).expect("text");
        serde_json::from_str(&text).expect("JSON")
    };
    assert_eq!(read("manifest.json")["building_code"], "B1");
    let city = read("building.city.json");
    let building = &city["CityObjects"]["P1/B1"];
    assert_eq!((&city["type"], &building["type"]), (&json!("CityJSON"), &json!("Building")));
    assert!(building["attributes"]["measuredHeight"].as_f64().expect("a height") > 3.0);
    let faces = building["geometry"][0]["boundaries"][0].as_array().expect("a shell").len();
    assert_eq!(
        faces,
        city["vertices"].as_array().expect("vertices").len() / 2 + 2,
        "a wall per edge, floor, roof"
    );
    let flat = read("building.geojson");
    assert!(flat["features"][0]["properties"]["footprint_m2"].as_f64().expect("an area") > 50.0);
}

/// By codes, and by what changed.
async fn shared(firm: &super::Client, second: &str) {
    let all = firm.get("/api/v1/buildings/P1/B1").await.is(200).json();
    assert_eq!(all[0]["rounds"].as_array().map(Vec::len), Some(2));
    firm.get("/api/v1/buildings/P1/B9").await.is(404);
    let changes = firm.get("/api/v1/changes?since=2020-01-01").await.is(200).json();
    let list = changes["changes"].as_array().expect("a list").clone();
    assert!(list.iter().any(|c| c["kind"] == "round.done" && c["round"] == json!(second)));
    let next = changes["next"].as_i64().expect("a number");
    let none = firm.get(&format!("/api/v1/changes?after={next}")).await.is(200).json();
    assert_eq!(none["changes"], json!([]));
}

#[test]
fn what_cannot_be_read_is_inconclusive_and_says_why() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("firm").await;
        let torn = b"ISO-10303-21;\nHEADER;\nnothing".to_vec();
        let round = firm.round(["P1", "B1"], &[("torn.ifc", torn)]).await;
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        let over = firm.over(&round).await;
        assert_eq!((&over["state"], &over["decision"]), (&json!("inconclusive"), &json!("inconclusive")));
        assert!(over["reason"].as_str().is_some_and(|r| r.contains("torn.ifc")), "{over}");
        firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(409);
        house.stop().await;
    });
}

#[test]
fn a_form_that_was_handed_in_is_held_against_the_rest() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("firm").await;
        let form =
            b"project_code = \"P1\"\nbuilding_code = \"B1\"\n[building]\nstoreys_above = 40\n".to_vec();
        let [model, drawing] = right();
        let round = firm.round(["P1", "B1"], &[model, drawing, ("form.toml", form.clone())]).await;
        let files = firm.get(&format!("/api/v1/rounds/{round}/files")).await.is(200).json();
        let roles: Vec<&str> =
            files.as_array().expect("files").iter().filter_map(|f| f["role"].as_str()).collect();
        assert!(roles.contains(&"manifest"), "{roles:?}");
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        assert_eq!(firm.over(&round).await["state"], "done");
        let report = firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(200).json();
        let inputs = report["inputs"].as_array().expect("inputs");
        assert!(inputs.iter().any(|i| i["name"] == "form.toml" && i["format"] == "manifest"), "{inputs:?}");
        let told = report["findings"].as_array().expect("findings");
        assert!(told.iter().any(|f| f.to_string().contains("40")), "the declared storeys are not asked of");
        // two forms contradict each other: which one holds is the firm's to say
        let round = firm.round(["P1", "B2"], &[("a.toml", form.clone()), ("b.toml", form)]).await;
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(409);
        house.stop().await;
    });
}

#[test]
fn what_is_said_of_a_sheet_and_the_key_of_the_submission_reach_the_check() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("firm").await;
        let form = b"project_code = \"P1\"\nbuilding_code = \"B7\"\n".to_vec();
        let [model, drawing] = right();
        let round = firm.round(["P1", "B1"], &[model, drawing, ("form.toml", form)]).await;
        let of_name = |files: &Value| {
            let found = files.as_array().expect("files").iter().find(|f| f["role"] == "drawing").cloned();
            found.expect("the drawing")
        };
        let files = firm.get(&format!("/api/v1/rounds/{round}/files")).await.is(200).json();
        let sheet = of_name(&files);
        assert_eq!((&sheet["discipline_given"], &sheet["storey_given"]), (&json!(false), &json!(false)));
        let path = format!("/api/v1/rounds/{round}/files/{}", sheet["id"].as_str().expect("an id"));
        let said = json!({ "storey": "1F..3F", "discipline": "structure" }).to_string().into_bytes();
        firm.send("PATCH", &path, &[("content-type", "application/json")], said).await.is(200);
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        assert_eq!(firm.over(&round).await["state"], "done");
        let report = firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(200).json();
        for plan in report["plans"].as_array().expect("plans") {
            assert!(plan["story"].to_string().contains("as structure, as the user says"), "{plan}");
            assert!(plan["coverage"]["wall"].is_object() && plan["coverage"]["door"].is_null(), "{plan}");
        }
        let told = report["findings"].as_array().expect("findings");
        let other = told.iter().find(|f| f["rule"] == "CP05").expect("the form names another building");
        assert!(other["message"]["en"].to_string().contains("B1 (the submission)"), "{other}");

        // the next round of the same sheet begins with what was said of it
        let [model, drawing] = right();
        let next = firm.round(["P1", "B1"], &[model, drawing]).await;
        let sheet = of_name(&firm.get(&format!("/api/v1/rounds/{next}/files")).await.is(200).json());
        assert_eq!((&sheet["storey"], &sheet["storey_given"]), (&json!("1F..3F"), &json!(true)));
        house.stop().await;
    });
}

#[test]
fn what_a_reviewer_waives_and_a_firm_answers_stands_in_the_next_report() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("firm").await;
        let first = firm.round(["P1", "B1"], &wrong()).await;
        firm.post(&format!("/api/v1/rounds/{first}/check"), json!({})).await.is(202);
        firm.over(&first).await;
        let report = firm.get(&format!("/api/v1/rounds/{first}/report")).await.is(200).json();
        let of_rule = |f: &&Value| f["severity"] == "error";
        let found: Vec<&Value> =
            report["findings"].as_array().expect("findings").iter().filter(of_rule).collect();
        let (waived, answered) = (found[0], found[1]);
        let reviewer = house.somebody("reviewer", "reviewer", "tianhe", &["read", "review"]).await;
        let submission = firm.get(&format!("/api/v1/rounds/{first}")).await.text("submission");
        let new = json!({ "finding": waived["id"], "rule": waived["rule"], "reason": "agreed on site", "days": 30 });
        reviewer.post(&format!("/api/v1/submissions/{submission}/waivers"), new).await.is(201);
        let id = answered["id"].as_str().expect("a finding");
        let reply = json!({ "answer": "unclear", "remark": "to be asked" });
        firm.post(&format!("/api/v1/rounds/{first}/findings/{id}/replies"), reply).await.is(201);

        let second = firm.round(["P1", "B1"], &wrong()).await;
        firm.post(&format!("/api/v1/rounds/{second}/check"), json!({})).await.is(202);
        firm.over(&second).await;
        let report = firm.get(&format!("/api/v1/rounds/{second}/report")).await.is(200).json();
        let findings = report["findings"].as_array().expect("findings");
        let now = findings.iter().find(|f| f["id"] == waived["id"]).expect("it stays in the list");
        assert!(now["waived"].as_str().is_some_and(|w| w.contains("agreed on site")), "{now}");
        assert_eq!(now["severity"], "info");
        assert_eq!(report["replies"], json!([{ "id": id, "answer": "unclear", "remark": "to be asked" }]));

        // once it is put right, its waiver is no fault of anybody's for longer than that round
        for last in [false, true] {
            let round = firm.round(["P1", "B1"], &right()).await;
            firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
            firm.over(&round).await;
            let report = firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(200).json();
            let told = report["findings"].as_array().expect("findings").iter().any(|f| f["rule"] == "IN09");
            assert!(!(last && told), "a waiver that has done its work is told for ever");
        }
        house.stop().await;
    });
}

#[test]
fn information_requirements_that_are_handed_in_are_asked() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("firm").await;
        let of = |name: &str| {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/ids/house");
            std::fs::read(folder.join(name)).expect("a sample")
        };
        let spec = "fail-an_empty_text_is_no_description.ids";
        let files = [("house.ifc", of("model.ifc")), ("要求.ids", of(spec))];
        let round = firm.round(["P1", "B1"], &files).await;
        let files = firm.get(&format!("/api/v1/rounds/{round}/files")).await.is(200).json();
        let roles: Vec<&str> =
            files.as_array().expect("files").iter().filter_map(|f| f["role"].as_str()).collect();
        assert!(roles.contains(&"ids"), "{files}");
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        assert_eq!(firm.over(&round).await["state"], "done");
        let report = firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(200).json();
        let inputs = report["inputs"].as_array().expect("inputs");
        assert!(inputs.iter().any(|i| i["name"] == "要求.ids" && i["format"] == "ids"), "{inputs:?}");
        let told = report["findings"].as_array().expect("findings");
        assert!(
            told.iter().any(|f| f["rule"] == "CP15" && f["verdict"] == "fail"),
            "the requirement is not asked"
        );
        house.stop().await;
    });
}
