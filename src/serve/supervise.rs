//! Takes runs from the queue, starts a worker for each, watches it, and writes down what came of it. Nothing that died is
//! ever shown as passed: without a result that can be read there is none.

use super::app::App;
use super::clock;
use super::fault::{Fault, Outcome};
use super::log;
use super::order;
use super::queue::BEAT;
use super::store::record::{Artifact, Buried, Job, Note, Result as Came, RoundState, Submission};
use super::worker::{Finished, OUT, RESULT, Told};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// How often the queue is asked when nobody rings.
const LOOK: Duration = Duration::from_secs(2);
/// Longest line of a worker, bytes.
const LONGEST_LINE: u64 = 1 << 20;
/// How much of a worker's last words is kept, bytes.
const LAST_WORDS: usize = 16 << 10;
/// Largest result that is read, bytes.
const LARGEST_RESULT: u64 = 4 << 20;
/// Most files that a run may leave.
const MOST_MADE: usize = 10_000;
/// Decisions that a report can have.
const DECISIONS: [&str; 4] = ["accept", "accept-with-warnings", "fix-and-resubmit", "inconclusive"];

/// How a worker ended.
enum Ended {
    /// With a result.
    Finished(Box<Finished>),
    /// It reached a limit: another try would reach it too.
    Limit(String),
    /// It died.
    Died(String),
    /// Somebody stopped the run, or took it.
    Stopped,
    /// The service stops.
    Leaving,
}

/// Takes runs until the service stops.
pub(crate) async fn work(app: App) {
    let mut stopping = app.stopping.subscribe();
    while !*stopping.borrow() {
        match app.queue.claim(&app.owner, clock::now()).await {
            Ok(Some(job)) => {
                app.tell(&job.round);
                if let Err(fault) = one(&app, &job).await {
                    log::line("run", &[("job", &job.id), ("fault", &fault_text(&fault))]);
                    give_back(&app, &job, &fault).await;
                }
                app.tell(&job.round);
            }
            Ok(None) => {
                tokio::select! {
                    () = app.bell.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                    _ = stopping.changed() => {}
                }
            }
            Err(fault) => {
                log::line("queue", &[("fault", &fault_text(&fault))]);
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

fn fault_text(fault: &Fault) -> String {
    match fault {
        Fault::Internal(what) => what.clone(),
        other => other.to_string(),
    }
}

/// What the service itself could not do is not the job's fault where it will pass: a full disk. Else it counts as a death.
async fn give_back(app: &App, job: &Job, fault: &Fault) {
    let done = if *fault == Fault::Full {
        let released = app.queue.release(&job.id, &app.owner).await;
        tokio::time::sleep(LOOK * 5).await;
        released
    } else {
        bury(app, job, &format!("the service could not run the check ({fault})")).await.map(|_| ())
    };
    if let Err(fault) = done {
        log::line("queue", &[("job", &job.id), ("fault", &fault_text(&fault))]);
    }
}

fn note(job: &Job, submission: Option<&Submission>, action: &'static str, detail: String) -> Note {
    Note {
        user: "service".into(),
        address: String::new(),
        tenant: submission.map(|s| s.tenant.clone()),
        area: submission.map(|s| s.area.clone()),
        action,
        object: job.round.clone(),
        detail,
    }
}

async fn bury(app: &App, job: &Job, reason: &str) -> Outcome<Buried> {
    app.metrics.died.fetch_add(1, Relaxed);
    app.queue.bury(&job.id, &app.owner, reason, &note(job, None, "round.died", reason.to_owned())).await
}

/// Runs one job from beginning to end.
async fn one(app: &App, job: &Job) -> Outcome<()> {
    let begun = Instant::now();
    let round = app.store.round(&job.round).await?;
    let submission = app.store.submission(&round.submission).await?;
    let folder = app.config.data.join("jobs").join(&job.id);
    order::lay_out(app, &round, &submission, &folder).await?;
    app.metrics.begun.fetch_add(1, Relaxed);
    let ended = watch(app, job, &submission, &folder).await;
    let written = settle(app, job, &submission, &folder, ended?).await;
    app.metrics.ran(written.as_ref().copied().unwrap_or("fault"), begun.elapsed());
    let _ = tokio::fs::remove_dir_all(&folder).await;
    written.map(|_| ())
}

/// Starts a worker on a folder.
pub(crate) fn start(app: &App, folder: &Path) -> Outcome<Child> {
    let program = match &app.config.worker.program {
        set if set.as_os_str().is_empty() => std::env::current_exe()?,
        set => set.clone(),
    };
    let mut command = Command::new(program);
    command
        .arg("round")
        .arg(folder)
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    Ok(command.spawn()?)
}

/// Ends a worker and whatever it started.
pub(crate) async fn stop(child: &mut Child) {
    #[cfg(unix)]
    if let Some(pid) = child.id().and_then(|p| i32::try_from(p).ok()).and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
    let _ = child.kill().await;
}

/// Starts the worker and hears it out.
async fn watch(app: &App, job: &Job, submission: &Submission, folder: &Path) -> Outcome<Ended> {
    let mut child = start(app, folder)?;
    // held open: when it closes, the worker knows that nobody waits for it
    let _line = child.stdin.take();
    let said = child.stdout.take().map(BufReader::new);
    let words = child.stderr.take();
    let last_words = tokio::spawn(async move {
        let mut kept = Vec::new();
        if let Some(mut words) = words {
            let mut piece = [0u8; 4096];
            while let Ok(n @ 1..) = words.read(&mut piece).await {
                kept.extend_from_slice(piece.get(..n).unwrap_or_default());
                let over = kept.len().saturating_sub(LAST_WORDS);
                kept.drain(..over);
            }
        }
        String::from_utf8_lossy(&kept).into_owned()
    });
    let allowed = Duration::from_secs(app.config.worker.seconds);
    let mut stopping = app.stopping.subscribe();
    let ended = tokio::select! {
        () = hear(app, job, submission, folder, said) => None,
        () = tokio::time::sleep(allowed) => Some(Ended::Limit(format!("it took longer than {} s", allowed.as_secs()))),
        () = lose(app, job) => Some(Ended::Stopped),
        _ = stopping.wait_for(|s| *s) => Some(Ended::Leaving),
    };
    if let Some(ended) = ended {
        stop(&mut child).await;
        return Ok(ended);
    }
    // it says nothing more: it ends, or is made to
    let Ok(status) = tokio::time::timeout(BEAT, child.wait()).await else {
        stop(&mut child).await;
        return Ok(Ended::Died("it did not end".into()));
    };
    let status = status?;
    let words = tokio::time::timeout(BEAT, last_words).await.ok().and_then(Result::ok).unwrap_or_default();
    Ok(judge(app, status, &words, folder).await)
}

/// Writes down what the worker tells, until it closes its output.
async fn hear(
    app: &App,
    job: &Job,
    submission: &Submission,
    folder: &Path,
    said: Option<BufReader<tokio::process::ChildStdout>>,
) {
    let Some(mut said) = said else { return };
    loop {
        let mut line = Vec::new();
        match (&mut said).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
            Ok(1..) => {}
            _ => return,
        }
        let Ok(told) = serde_json::from_slice::<Told>(&line) else { continue };
        let (kind, data) = match told {
            Told::Enclosed(cage) => {
                let calls = if cage.calls { "refused" } else { "free" };
                log::line("worker", &[("job", &job.id), ("files", &cage.files), ("calls", calls)]);
                continue;
            }
            Told::Stage(key, n, of) => ("stage", serde_json::json!({ "stage": key, "n": n, "of": of })),
            Told::Findings(found) => ("findings", found),
            Told::Unwritten(why) => ("unwritten", serde_json::json!({ "reason": why })),
            told @ (Told::Report | Told::Made(_)) => {
                // what goes wrong here is made good at the end, or told then
                if let Err(fault) = made(app, job, submission, folder, told).await {
                    log::line("made", &[("job", &job.id), ("fault", &fault_text(&fault))]);
                }
                app.tell(&job.round);
                continue;
            }
        };
        if let Err(fault) = app.store.add_step(&job.round, kind, &data).await {
            log::line("step", &[("job", &job.id), ("fault", &fault_text(&fault))]);
        }
        app.tell(&job.round);
    }
}

/// Takes over what the worker says that it has written: the report ends the round, whatever follows is added to it.
async fn made(app: &App, job: &Job, submission: &Submission, folder: &Path, told: Told) -> Outcome<()> {
    if let Told::Made(name) = told {
        let path = folder.join(OUT).join(&name);
        // the name is the worker's: it leads nowhere but into its folder
        let plain = path.file_name().is_some_and(|last| last == name.as_str()) && name != RESULT;
        let about = tokio::fs::symlink_metadata(&path).await?;
        if plain && about.is_file() {
            let stored = app.blobs.put_file(&submission.tenant, &path).await?;
            let made =
                Artifact { round: job.round.clone(), name, sha256: stored.sha256, bytes: stored.bytes };
            app.queue.add_made(&job.id, &app.owner, &made).await?;
        }
        return Ok(());
    }
    let Some(finished) = result(folder).await.filter(|f| f.refused.is_none()) else { return Ok(()) };
    let came = done(finished, keep(app, submission, &job.round, folder).await?);
    app.queue.publish(&job.id, &app.owner, &came, &checked(job, submission, &came)).await?;
    Ok(())
}

/// What came of a check that has a report.
fn done(finished: Finished, artifacts: Vec<Artifact>) -> Came {
    let Finished { decision, summary, .. } = finished;
    Came { state: RoundState::Done, decision, reason: None, summary, artifacts }
}

fn checked(job: &Job, submission: &Submission, came: &Came) -> Note {
    let said = format!("{} {}", came.decision, came.reason.as_deref().unwrap_or_default());
    note(job, Some(submission), "round.checked", said.trim_end().to_owned())
}

/// Gives signs of life, and returns when the job is no longer ours.
async fn lose(app: &App, job: &Job) {
    let mut news = app.news.subscribe();
    let mut beat = tokio::time::interval(BEAT);
    loop {
        tokio::select! {
            _ = beat.tick() => {}
            // somebody may have stopped it
            told = news.recv() => if told.is_ok_and(|round| round != job.round) { continue },
        }
        if let Ok(false) = app.queue.beat(&job.id, &app.owner, clock::now()).await {
            return;
        }
    }
}

/// What an exit says.
async fn judge(app: &App, status: ExitStatus, words: &str, folder: &Path) -> Ended {
    let set = &app.config.worker;
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            let name = |s: rustix::process::Signal| s.as_raw() == signal;
            return if name(rustix::process::Signal::XCPU) {
                Ended::Limit(format!("it used more than {} s of processor time", set.cpu_seconds))
            } else if name(rustix::process::Signal::XFSZ) {
                Ended::Limit(format!("it wrote a file of more than {} MB", set.file_mb))
            } else if words.contains("memory allocation of") {
                Ended::Limit(format!("it used more than {} MB of memory", set.memory_mb))
            } else {
                Ended::Died(format!("the check crashed (signal {signal})"))
            };
        }
    }
    match (status.code(), result(folder).await) {
        (Some(0 | 3), Some(finished)) => Ended::Finished(Box::new(finished)),
        (code, _) => {
            let last = words.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or_default();
            log::line("worker", &[("died", &code.unwrap_or(-1).to_string()), ("words", last)]);
            Ended::Died("the check stopped by a fault of its own".into())
        }
    }
}

/// The result, if there is one that can be believed.
async fn result(folder: &Path) -> Option<Finished> {
    let file = folder.join(OUT).join(RESULT);
    if tokio::fs::symlink_metadata(&file).await.ok().filter(std::fs::Metadata::is_file)?.len()
        > LARGEST_RESULT
    {
        return None;
    }
    let finished: Finished = serde_json::from_slice(&tokio::fs::read(&file).await.ok()?).ok()?;
    let report = tokio::fs::symlink_metadata(folder.join(OUT).join("report.json")).await;
    let whole = report.is_ok_and(|m| m.is_file()) || finished.refused.is_some();
    (DECISIONS.contains(&finished.decision.as_str()) && whole).then_some(finished)
}

/// Writes down how a run ended; the word that it is counted under.
async fn settle(
    app: &App,
    job: &Job,
    submission: &Submission,
    folder: &Path,
    ended: Ended,
) -> Outcome<&'static str> {
    let inconclusive = |reason: String| Came {
        state: RoundState::Inconclusive,
        decision: "inconclusive".into(),
        reason: Some(reason),
        summary: serde_json::Value::Null,
        artifacts: Vec::new(),
    };
    let (came, word) = match ended {
        Ended::Leaving => {
            app.queue.release(&job.id, &app.owner).await?;
            return Ok("released");
        }
        Ended::Stopped => return Ok("stopped"),
        Ended::Died(reason) => {
            let buried = bury(app, job, &reason).await?;
            return Ok(if buried == Buried::Parked { "parked" } else { "died" });
        }
        Ended::Limit(reason) => (inconclusive(format!("a limit was reached: {reason}")), "limit"),
        Ended::Finished(finished) => match finished.refused {
            Some(reason) => (inconclusive(reason), "refused"),
            None => (done(*finished, keep(app, submission, &job.round, folder).await?), "done"),
        },
    };
    let ours = app.queue.finish(&job.id, &app.owner, &came, &checked(job, submission, &came)).await?;
    Ok(if ours { word } else { "stopped" })
}

/// Stores what the worker left and is not stored yet. Only plain files directly in its folder: a link may lead anywhere.
async fn keep(app: &App, submission: &Submission, round: &str, folder: &Path) -> Outcome<Vec<Artifact>> {
    let kept: BTreeSet<String> = app.store.artifacts(round).await?.into_iter().map(|a| a.name).collect();
    let mut names: Vec<(String, PathBuf)> = Vec::new();
    let mut entries = tokio::fs::read_dir(folder.join(OUT)).await?;
    while let Some(entry) = entries.next_entry().await? {
        let plain = entry.file_type().await?.is_file();
        if let (true, Ok(name)) = (plain && names.len() < MOST_MADE, entry.file_name().into_string())
            && name != RESULT
            && !kept.contains(&name)
        {
            names.push((name, entry.path()));
        }
    }
    names.sort();
    let mut out = Vec::new();
    for (name, path) in names {
        let stored = app.blobs.put_file(&submission.tenant, &path).await?;
        out.push(Artifact { round: round.to_owned(), name, sha256: stored.sha256, bytes: stored.bytes });
    }
    Ok(out)
}
