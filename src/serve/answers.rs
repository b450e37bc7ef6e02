//! Answers that come back in a workbook: read by a worker, as whatever somebody sent, then written down as if each had
//! been given by hand. The same workbook sent twice changes nothing the second time.

use super::app::App;
use super::fault::{Fault, Outcome};
use super::routes::{LONGEST_TEXT, PAUSE};
use super::store::record::Reply;
use super::supervise::{start, stop};
use super::worker::{ANSWERS, Answered, IN, OUT, Order, OrderFile, Task};
use super::{order, secret};
use crate::report::reply::Answer;
use axum::body::Body;
use futures_util::StreamExt;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::sync::Semaphore;

/// Largest workbook, bytes: one of 20,000 findings with their pictures stays below.
const LARGEST: u64 = 64 << 20;
/// Largest list of answers that is read back, bytes.
const LARGEST_LIST: u64 = 32 << 20;
/// Time that reading one may take.
const TIME: Duration = Duration::from_secs(60);
/// Workbooks read at once; others wait.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Takes a workbook or a table in and reads it.
pub(crate) async fn read(app: &App, name: &str, body: Body) -> Outcome<Answered> {
    let spooled = secret::name()?;
    let received = receive(app, &spooled, body).await;
    let answered = match received {
        Ok(bytes) => in_turn(app, name, &spooled, bytes).await,
        Err(fault) => Err(fault),
    };
    app.spool.remove(&spooled).await;
    let answered = answered?;
    answered.refused.clone().map_or(Ok(answered), |why| Err(Fault::Bad(why)))
}

async fn receive(app: &App, spooled: &str, body: Body) -> Outcome<u64> {
    app.spool.create(spooled).await?;
    let mut sink = app.spool.resume(spooled, 0).await?;
    let mut stream = body.into_data_stream();
    loop {
        let piece = tokio::time::timeout(PAUSE, stream.next()).await;
        let Some(piece) = piece.map_err(|_| Fault::Bad("nothing came for too long".into()))? else { break };
        let piece = piece.map_err(|e| Fault::Bad(format!("the body was cut: {e}")))?;
        if sink.written() + piece.len() as u64 > LARGEST {
            return Err(Fault::TooLarge(format!("a file of answers has at most {LARGEST} bytes")));
        }
        app.spool.room_for(piece.len() as u64)?;
        sink.write(&piece).await?;
    }
    sink.sync().await?;
    Ok(sink.written())
}

async fn in_turn(app: &App, name: &str, spooled: &str, bytes: u64) -> Outcome<Answered> {
    let _turn = TURNS.acquire().await.map_err(|e| Fault::Internal(e.to_string()))?;
    let folder = app.config.data.join("jobs").join(format!("answers-{}", secret::name()?));
    order::empty(&folder).await?;
    tokio::fs::rename(app.spool.path(spooled), folder.join(IN).join("0")).await?;
    let answered = in_folder(app, &folder, name, bytes).await;
    let _ = tokio::fs::remove_dir_all(&folder).await;
    answered
}

async fn in_folder(app: &App, folder: &Path, name: &str, bytes: u64) -> Outcome<Answered> {
    let given = OrderFile {
        name: name.to_owned(),
        role: "answers".into(),
        sha256: String::new(),
        bytes,
        said: String::new(),
    };
    let order = Order { files: vec![given], ..order::bare(app, Task::ReadAnswers) };
    order::write(folder, &order).await?;
    let mut child = start(app, folder)?;
    // held open: when it closes, the worker knows that nobody waits for it
    let _line = child.stdin.take();
    // what it says is of no interest; unread, it would wait for a reader
    for mut said in [child.stdout.take().map(drain), child.stderr.take().map(drain)].into_iter().flatten() {
        tokio::spawn(async move { while said.read(&mut [0; 4096]).await.is_ok_and(|n| n > 0) {} });
    }
    let ended = tokio::time::timeout(TIME, child.wait()).await;
    stop(&mut child).await;
    let unreadable = || Fault::Bad("the file cannot be read: the program that reads it stopped".into());
    if !ended.is_ok_and(|e| e.is_ok_and(|status| status.success())) {
        return Err(unreadable());
    }
    let file = folder.join(OUT).join(ANSWERS);
    let about = tokio::fs::symlink_metadata(&file).await.map_err(|_| unreadable())?;
    if !about.is_file() || about.len() > LARGEST_LIST {
        return Err(unreadable());
    }
    serde_json::from_slice(&tokio::fs::read(&file).await?).map_err(|_| unreadable())
}

type Said = Box<dyn tokio::io::AsyncRead + Send + Unpin>;

fn drain(said: impl tokio::io::AsyncRead + Send + Unpin + 'static) -> Said {
    Box::new(said)
}

/// What of a workbook is new.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sorted {
    /// Finding, answer, remark.
    pub new: Vec<(String, &'static str, String)>,
    /// How many were said already.
    pub same: usize,
    /// Findings that the report does not have.
    pub unknown: Vec<String>,
    /// Findings that were rejected without a reason.
    pub unreasoned: Vec<String>,
}

/// Sorts what was read by what is known: the findings of the report, and what was said before.
pub(crate) fn sorted(answered: Answered, findings: &BTreeSet<&str>, before: &[Reply]) -> Sorted {
    let mut last: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let mut comments: BTreeSet<(&str, &str)> = BTreeSet::new();
    for reply in before {
        if reply.answer == "comment" {
            comments.insert((&reply.finding, &reply.remark));
        } else if Answer::ALL.iter().any(|a| a.name() == reply.answer) {
            last.insert(&reply.finding, (&reply.answer, &reply.remark));
        }
    }
    let mut out = Sorted::default();
    for reply in answered.replies {
        let plain = |c: &char| !c.is_control() || *c == '\n';
        let remark: String = reply.remark.trim().chars().filter(plain).take(LONGEST_TEXT).collect();
        let name = reply.answer.map_or("comment", Answer::name);
        let known = last.get(reply.id.as_str()) == Some(&(name, remark.as_str()))
            || (name == "comment" && comments.contains(&(reply.id.as_str(), remark.as_str())));
        if !findings.contains(reply.id.as_str()) {
            out.unknown.push(reply.id);
        } else if name == Answer::Rejected.name() && remark.is_empty() {
            out.unreasoned.push(reply.id);
        } else if known {
            out.same += 1;
        } else {
            out.new.push((reply.id, name, remark));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::reply;

    #[test]
    fn what_was_said_already_is_not_said_again() {
        let said = |finding: &str, answer: &str, remark: &str| Reply {
            seq: 0,
            submission: "s".into(),
            round: "r".into(),
            finding: finding.into(),
            answer: answer.into(),
            remark: remark.into(),
            user: "u".into(),
            at: 0,
        };
        let read = |id: &str, answer: Option<Answer>, remark: &str| reply::Reply {
            id: id.into(),
            answer,
            remark: remark.into(),
        };
        let before = [said("a", "accepted", ""), said("a", "confirmed", "x"), said("b", "comment", "see 3")];
        let answered = Answered {
            replies: vec![
                read("a", Some(Answer::Accepted), ""),
                read("b", None, "see 3"),
                read("c", Some(Answer::Rejected), ""),
                read("c", Some(Answer::Rejected), "no"),
                read("d", Some(Answer::Done), ""),
            ],
            told: Vec::new(),
            refused: None,
        };
        let sorted = sorted(answered, &["a", "b", "c"].into_iter().collect(), &before);
        assert_eq!(sorted.same, 2);
        assert_eq!(sorted.new, [("c".to_owned(), "rejected", "no".to_owned())]);
        assert_eq!((sorted.unknown, sorted.unreasoned), (vec!["d".to_owned()], vec!["c".to_owned()]));
    }
}
