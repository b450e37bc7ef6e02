//! What a worker is told to do: a folder of its own, with the files and the order. Nothing else of the service is in it.

use super::app::App;
use super::clock;
use super::fault::{Fault, Outcome};
use super::store::record::{File, Reply, Round, Submission, Waiver};
use super::worker::{IN, Limits, ORDER, OUT, Order, OrderFile, Task, Waived};
use crate::report::reply;
use std::collections::BTreeMap;
use std::path::Path;

/// Lays a round with all that its check needs.
pub(crate) async fn lay_out(app: &App, round: &Round, submission: &Submission, folder: &Path) -> Outcome<()> {
    empty(folder).await?;
    let files: Vec<File> =
        app.store.files(&round.id).await?.into_iter().filter(|f| f.role != "ignored").collect();
    for (n, file) in files.iter().enumerate() {
        app.blobs.lay(&submission.tenant, &file.sha256, &folder.join(IN).join(n.to_string())).await?;
    }
    let earlier = match &round.previous {
        Some(previous) => app.store.artifact(previous, "report.json").await.ok(),
        None => None,
    };
    if let Some(report) = &earlier {
        let to = folder.join(IN).join("previous.json");
        app.blobs.lay(&submission.tenant, &report.sha256, &to).await?;
    }
    let order = Order {
        files: files.into_iter().map(ordered).collect(),
        profile: round.profile.clone(),
        project_code: submission.project_code.clone(),
        building_code: submission.building_code.clone(),
        stage: submission.stage.clone(),
        seed: round.id.clone(),
        made_at: clock::text(round.queued.unwrap_or(round.created)),
        previous: earlier.is_some(),
        replies: last_of_firm(&app.store.replies(&submission.id).await?),
        waivers: app.store.waivers(&submission.id).await?.into_iter().filter_map(waived).collect(),
        ..bare(app, Task::Check)
    };
    write(folder, &order).await
}

/// Makes a worker's folder anew.
pub(crate) async fn empty(folder: &Path) -> Outcome<()> {
    let _ = tokio::fs::remove_dir_all(folder).await;
    tokio::fs::create_dir_all(folder.join(IN)).await?;
    Ok(tokio::fs::create_dir_all(folder.join(OUT)).await?)
}

/// An order that names nothing yet.
pub(crate) fn bare(app: &App, task: Task) -> Order {
    let set = &app.config.worker;
    Order {
        task,
        files: Vec::new(),
        profile: app.config.profile.clone(),
        project_code: String::new(),
        building_code: String::new(),
        stage: String::new(),
        seed: String::new(),
        made_at: clock::text(clock::now()),
        previous: false,
        replies: Vec::new(),
        waivers: Vec::new(),
        supervised: true,
        limits: Limits { memory: set.memory_mb << 20, cpu_seconds: set.cpu_seconds, file: set.file_mb << 20 },
    }
}

/// Writes the order into its folder.
pub(crate) async fn write(folder: &Path, order: &Order) -> Outcome<()> {
    let text = serde_json::to_vec(order).map_err(|e| Fault::Internal(e.to_string()))?;
    Ok(tokio::fs::write(folder.join(ORDER), text).await?)
}

fn ordered(file: File) -> OrderFile {
    // a guess from the name is shown and no more: the drawing itself tells better
    let given = [(file.storey_given, &file.storey), (file.discipline_given, &file.discipline)];
    let said: Vec<&str> = given.iter().filter(|(given, _)| *given).map(|(_, said)| said.as_str()).collect();
    OrderFile {
        said: said.join(","),
        name: file.name,
        role: file.role,
        sha256: file.sha256,
        bytes: u64::try_from(file.bytes).unwrap_or(0),
    }
}

/// A waiver that holds, as a worker takes it.
fn waived(waiver: Waiver) -> Option<Waived> {
    let holds = waiver.withdrawn.is_none() && waiver.until > clock::now();
    let until = clock::text(waiver.until).get(..10)?.to_owned();
    holds.then_some(Waived { rule: waiver.rule, finding: waiver.finding, reason: waiver.reason, until })
}

/// What the firm said last of each finding, as reports carry it; reviewers' words stand in the service alone.
pub(crate) fn last_of_firm(replies: &[Reply]) -> Vec<reply::Reply> {
    let mut last: BTreeMap<&str, reply::Reply> = BTreeMap::new();
    for reply in replies {
        let Some(answer) = answer(&reply.answer) else { continue };
        let said =
            reply::Reply { id: reply.finding.clone(), answer: Some(answer), remark: reply.remark.clone() };
        last.insert(&reply.finding, said);
    }
    last.into_values().collect()
}

/// A firm's answer by its name.
fn answer(name: &str) -> Option<reply::Answer> {
    reply::Answer::ALL.into_iter().find(|a| a.name() == name)
}
