//! Uploads that are cut and taken up again: what arrives is what was sent.

use super::{Client, House, base64, on_threads, sha256};
use serde_json::json;
use sha1::Digest;
use tokio::io::AsyncWriteExt;

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const PIECE: (&str, &str) = ("content-type", "application/offset+octet-stream");

/// Bytes that look like a drawing and are like no other.
pub(super) fn bytes(n: usize, seed: u32) -> Vec<u8> {
    let mut out = b"  0\nSECTION\n  2\nHEADER\n".to_vec();
    let mut x = seed | 1;
    while out.len() < n {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        out.extend(x.to_le_bytes());
    }
    out.truncate(n);
    out
}

async fn begin(firm: &Client, round: &str, name: &str, length: usize) -> String {
    let metadata = format!("filename {}", base64(name.as_bytes()));
    let headers = [TUS, ("upload-length", &length.to_string()), ("upload-metadata", &metadata)];
    let made =
        firm.send("POST", &format!("/api/v1/rounds/{round}/uploads"), &headers, Vec::new()).await.is(201);
    made.header("location").to_owned()
}

async fn patch(
    firm: &Client,
    upload: &str,
    offset: usize,
    more: &[(&str, &str)],
    piece: &[u8],
) -> super::Answer {
    let offset = offset.to_string();
    let headers: Vec<(&str, &str)> =
        [TUS, PIECE, ("upload-offset", &offset)].into_iter().chain(more.iter().copied()).collect();
    firm.send("PATCH", upload, &headers, piece.to_vec()).await
}

async fn offset(firm: &Client, upload: &str) -> usize {
    let told = firm.send("HEAD", upload, &[TUS], Vec::new()).await.is(200);
    told.header("upload-offset").parse().expect("a number")
}

/// Sends a piece, and cuts the connection in the middle of it.
async fn cut(firm: &Client, upload: &str, offset: usize, piece: &[u8], after: usize) {
    let mut stream = tokio::net::TcpStream::connect(firm.address).await.expect("a connection");
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\ncontent-type: {}\r\n\
         upload-offset: {offset}\r\ncontent-length: {}\r\n\r\n",
        firm.token.as_deref().unwrap_or_default(),
        PIECE.1,
        piece.len()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream.write_all(&piece[..after]).await.expect("sent");
    stream.flush().await.expect("sent");
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
}

/// Goes on until it is whole, while the other end may still be busy with what was cut.
async fn go_on(firm: &Client, upload: &str, all: &[u8]) {
    for _ in 0..200 {
        let at = offset(firm, upload).await;
        if at == all.len() {
            return;
        }
        let answer = patch(firm, upload, at, &[], &all[at..]).await;
        assert!([204, 409, 423].contains(&answer.status.as_u16()), "{answer:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the upload does not end");
}

#[test]
fn a_cut_upload_is_taken_up_where_it_was() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("firm").await;
        let round = firm.round(["P1", "B1"], &[]).await;
        let all = bytes(3_000_000, 7);
        let upload = begin(&firm, &round, "二层 plan.dxf", all.len()).await;
        patch(&firm, &upload, 0, &[], &all[..1_000_000]).await.is(204);
        cut(&firm, &upload, 1_000_000, &all[1_000_000..], 700_000).await;
        // nothing is there before it is whole
        assert_eq!(firm.get(&format!("/api/v1/rounds/{round}/files")).await.json(), json!([]));
        assert!(offset(&firm, &upload).await >= 1_000_000);
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(409);
        go_on(&firm, &upload, &all).await;
        let files = firm.get(&format!("/api/v1/rounds/{round}/files")).await.json();
        assert_eq!(files[0]["sha256"], json!(sha256(&all)));
        assert_eq!((&files[0]["name"], &files[0]["storey"]), (&json!("二层 plan.dxf"), &json!("二层")));
        let file = files[0]["id"].as_str().expect("an id");
        let back = firm.get(&format!("/api/v1/rounds/{round}/files/{file}/content")).await.is(200);
        assert!(back.bytes == all, "what comes back is not what was sent");
        // who did not hear the answer learns that it is whole
        assert_eq!(offset(&firm, &upload).await, all.len());
        house.stop().await;
    });
}

#[test]
fn many_uploads_at_once_are_cut_and_arrive_whole() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("firm").await;
        let round = firm.round(["P1", "B1"], &[]).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..24u32 {
            let (firm, round) = (firm.clone(), round.clone());
            tasks.spawn(async move {
                let all = bytes(400_000 + n as usize * 7919, n + 1);
                let name = format!("{n}.dxf");
                let upload = begin(&firm, &round, &name, all.len()).await;
                if n % 3 == 0 {
                    cut(&firm, &upload, 0, &all, all.len() / 2).await;
                }
                go_on(&firm, &upload, &all).await;
                (name, sha256(&all))
            });
        }
        let sent = tasks.join_all().await;
        let files = firm.get(&format!("/api/v1/rounds/{round}/files")).await.json();
        let files = files.as_array().expect("a list");
        assert_eq!(files.len(), sent.len());
        for (name, hash) in sent {
            assert!(files.iter().any(|f| f["name"] == json!(name) && f["sha256"] == json!(hash)), "{name}");
        }
        house.stop().await;
    });
}

#[test]
fn the_protocol_is_held() {
    on_threads(async {
        let house = House::new(|c| c.limits.file_mb = 1).await;
        let firm = house.firm("firm").await;
        let round = firm.round(["P1", "B1"], &[]).await;
        let path = format!("/api/v1/rounds/{round}/uploads");
        let told = firm.send("OPTIONS", &path, &[], Vec::new()).await.is(204);
        assert_eq!(told.header("tus-extension"), "creation,checksum,termination,expiration");
        let name = format!("filename {}", base64(b"a.dxf"));
        let create = |length: &'static str, with: bool| {
            let mut headers = vec![("upload-length", length), ("upload-metadata", name.as_str())];
            if with {
                headers.push(TUS);
            }
            firm.send("POST", &path, headers.leak(), Vec::new())
        };
        create("10", false).await.is(412);
        create("0", true).await.is(400);
        create("x", true).await.is(400);
        create("2000000", true).await.is(413);

        let all = bytes(1000, 3);
        let upload = begin(&firm, &round, "a.dxf", all.len()).await;
        patch(&firm, &upload, 5, &[], &all).await.is(409);
        let wrong = format!("sha1 {}", base64(&[0; 20]));
        patch(&firm, &upload, 0, &[("upload-checksum", &wrong)], &all[..500]).await.is(460);
        assert_eq!(offset(&firm, &upload).await, 0, "what does not fit is not kept");
        let right = format!("sha1 {}", base64(&sha1::Sha1::digest(&all[..500])));
        patch(&firm, &upload, 0, &[("upload-checksum", &right)], &all[..500]).await.is(204);
        patch(&firm, &upload, 500, &[("upload-checksum", "md5 AAAA")], &all[500..]).await.is(400);
        patch(&firm, &upload, 500, &[], &[0; 600]).await.is(413);
        firm.send("PATCH", &upload, &[TUS, ("upload-offset", "500")], all.clone()).await.is(415);
        firm.send("DELETE", &upload, &[TUS], Vec::new()).await.is(204);
        firm.send("HEAD", &upload, &[TUS], Vec::new()).await.is(404);

        // told beforehand what it is to be: anything else is refused whole
        let metadata = format!("{name},sha256 {}", base64(sha256(b"other").as_bytes()));
        let headers = [TUS, ("upload-length", "1000"), ("upload-metadata", &metadata)];
        let upload =
            firm.send("POST", &path, &headers, Vec::new()).await.is(201).header("location").to_owned();
        patch(&firm, &upload, 0, &[], &all).await.is(460);
        assert_eq!(firm.get(&format!("/api/v1/rounds/{round}/files")).await.json(), json!([]));
        house.stop().await;
    });
}
