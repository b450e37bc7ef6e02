//! The markup of topics and the files beside them, in the words of either version.

use super::groups::{self, Group, description, guid, kind};
use super::tree::Node;
use super::{Bcf, Options, Version};
use crate::finding::{DrawnName, Finding};
use crate::report::plain::{tame, tame_to};
use crate::report::reply::{self, Answer};
use crate::report::row::headline;
use crate::report::words::filled;
use crate::report::{Report, harmless};
use std::collections::BTreeSet;

/// Types, statuses and priorities that topics have.
const TYPES: [&str; 4] = ["Error", "Warning", "Undecided", "Info"];
const STATUSES: [&str; 4] = ["Open", "In Progress", "Resolved", "Closed"];
const PRIORITIES: [&str; 3] = ["High", "Normal", "Low"];
/// Documents that a topic refers to.
const DOCUMENTS: usize = 20;

/// A viewpoint as the markup lists it.
pub(super) struct Listed {
    pub guid: String,
    pub file: &'static str,
    pub snapshot: Option<&'static str>,
}

/// `bcf.version`, `project.bcfp` and the extensions.
pub(super) fn project(bcf: &mut Bcf, report: &Report, options: &Options<'_>) {
    let name = report.identity.project_code.as_deref().or(report.inputs.first().map(|i| i.name.as_str()));
    let name = solid(&tame(name.unwrap_or("tumo")));
    let project = Node::new("Project")
        .with("ProjectId", guid(&format!("project/{name}")))
        .holding([Node::leaf("Name", name)]);
    let (version, info) = match options.version {
        Version::V2_1 => {
            let detail = [Node::leaf("DetailedVersion", "2.1")];
            let version = Node::new("Version").with("VersionId", "2.1").holding(detail);
            let schema = Node::leaf("ExtensionSchema", "extensions.xsd");
            (version, Node::new("ProjectExtension").holding([project, schema]))
        }
        Version::V3_0 => {
            let version = Node::new("Version").with("VersionId", "3.0");
            (version, Node::new("ProjectInfo").holding([project]))
        }
    };
    bcf.documents.insert("bcf.version".into(), version);
    bcf.documents.insert("project.bcfp".into(), info);
    let labels: BTreeSet<String> = report.findings.iter().map(|f| solid(&tame(&f.rule))).collect();
    match options.version {
        Version::V2_1 => {
            bcf.files.insert("extensions.xsd".into(), schema(&labels, options).into_bytes());
        }
        Version::V3_0 => {
            let list = |name: &str, item: &str, values: &[&str]| {
                Node::new(name).holding(values.iter().map(|v| Node::leaf(item, *v)))
            };
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let extensions = Node::new("Extensions").holding([
                list("TopicTypes", "TopicType", &TYPES),
                list("TopicStatuses", "TopicStatus", &STATUSES),
                list("Priorities", "Priority", &PRIORITIES),
                list("TopicLabels", "TopicLabel", &labels),
                list("Users", "User", &[options.author]),
                Node::new("SnippetTypes"),
                Node::new("Stages"),
            ]);
            bcf.documents.insert("extensions.xml".into(), extensions);
        }
    }
}

/// The extension schema of 2.1: the values that topics may have.
fn schema(labels: &BTreeSet<String>, options: &Options<'_>) -> String {
    let restriction = |name: &str, values: &[&str]| {
        let values = values.iter().map(|v| Node::new("xs:enumeration").with("value", *v));
        Node::new("xs:simpleType")
            .with("name", name)
            .holding([Node::new("xs:restriction").with("base", name).holding(values)])
    };
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let redefine = Node::new("xs:redefine").with("schemaLocation", "markup.xsd").holding([
        restriction("TopicType", &TYPES),
        restriction("TopicStatus", &STATUSES),
        restriction("TopicLabel", &labels),
        restriction("Priority", &PRIORITIES),
        restriction("UserIdType", &[options.author]),
    ]);
    let root = Node::new("xs:schema").with("xmlns:xs", "http://www.w3.org/2001/XMLSchema");
    root.holding([redefine]).document()
}

/// `markup.bcf` of a topic.
pub(super) fn markup(
    report: &Report,
    options: &Options<'_>,
    index: usize,
    group: &Group<'_>,
    views: &[Listed],
    all: &[Group<'_>],
) -> Node {
    let first = group.findings.first();
    let kind = first.map_or("Info", |f| kind(f));
    let priority = match kind {
        "Error" => "High",
        "Warning" => "Normal",
        _ => "Low",
    };
    let text = Text {
        title: &group.title,
        description: &description(group, options.language),
        status: status(report, group),
        kind,
        priority,
        label: first.map(|f| solid(&tame(&f.rule))),
    };
    let documents = documents(group, options.version);
    let related = related(group, all);
    let header = header(report, options.version == Version::V2_1);
    let comments = comments(report, group, options);
    frame(header, options, index, &group.guid, &text, views, [documents, related, comments])
}

/// A topic's words.
struct Text<'a> {
    title: &'a str,
    description: &'a str,
    status: &'a str,
    kind: &'a str,
    priority: &'a str,
    label: Option<String>,
}

fn frame(
    header: Option<Node>,
    options: &Options<'_>,
    index: usize,
    guid: &str,
    text: &Text<'_>,
    views: &[Listed],
    [documents, related, comments]: [Vec<Node>; 3],
) -> Node {
    let old = options.version == Version::V2_1;
    let mut topic = Node::new("Topic")
        .with("Guid", guid)
        .with("TopicType", text.kind)
        .with("TopicStatus", text.status)
        .holding([
            Node::leaf("Title", solid(text.title)),
            Node::leaf("Priority", text.priority),
            Node::leaf("Index", index.to_string()),
        ]);
    if let Some(label) = &text.label {
        let label = if old {
            Node::leaf("Labels", label.as_str())
        } else {
            Node::new("Labels").holding([Node::leaf("Label", label.as_str())])
        };
        topic.children.push(label);
    }
    topic.children.push(Node::leaf("CreationDate", options.created));
    topic.children.push(Node::leaf("CreationAuthor", options.author));
    topic.children.push(Node::leaf("Description", solid(text.description)));
    let listed = views.iter().enumerate().map(|(n, view)| {
        let mut node = Node::new(if old { "Viewpoints" } else { "ViewPoint" })
            .with("Guid", view.guid.as_str())
            .holding([Node::leaf("Viewpoint", view.file)]);
        node.children.extend(view.snapshot.map(|s| Node::leaf("Snapshot", s)));
        node.children.push(Node::leaf("Index", n.to_string()));
        node
    });
    if old {
        topic.children.extend(documents);
        topic.children.extend(related);
        Node::new("Markup").holding(header).holding([topic]).holding(comments).holding(listed)
    } else {
        topic.children.push(Node::new("DocumentReferences").holding(documents));
        topic.children.push(Node::new("RelatedTopics").holding(related));
        topic.children.push(Node::new("Comments").holding(comments));
        topic.children.push(Node::new("Viewpoints").holding(listed));
        Node::new("Markup").holding(header).holding([topic])
    }
}

/// The models that the topics are about.
fn header(report: &Report, old: bool) -> Option<Node> {
    let files: Vec<Node> = report
        .inputs
        .iter()
        .filter(|i| i.format == "ifc")
        .map(|input| {
            let name = solid(&tame(&input.name));
            let external = if old { "isExternal" } else { "IsExternal" };
            Node::new("File")
                .with(external, "true")
                .holding([Node::leaf("Filename", name), Node::leaf("Reference", harmless::uri(&input.name))])
        })
        .collect();
    if files.is_empty() {
        return None;
    }
    Some(match old {
        true => Node::new("Header").holding(files),
        false => Node::new("Header").holding([Node::new("Files").holding(files)]),
    })
}

/// The drawings that a topic's findings are drawn on, with plan and entity.
fn documents(group: &Group<'_>, version: Version) -> Vec<Node> {
    let mut seen = BTreeSet::new();
    let drawn = group.findings.iter().flat_map(|f| &f.drawn);
    let drawn: Vec<&DrawnName> =
        drawn.filter(|d| seen.insert((&d.drawing, &d.plan, &d.handle))).take(DOCUMENTS).collect();
    let node = |drawn: &&DrawnName| {
        let parts = [Some(&drawn.drawing), drawn.plan.as_ref(), drawn.handle.as_ref(), drawn.layer.as_ref()];
        let parts: Vec<String> = parts.into_iter().flatten().map(|p| tame_to(p, 120)).collect();
        let description = solid(&parts.join(" · "));
        let url = harmless::uri(&drawn.drawing);
        let id = guid(&format!("{}/document/{description}", group.guid));
        let node = Node::new("DocumentReference").with("Guid", id);
        match version {
            Version::V2_1 => node
                .with("isExternal", "true")
                .holding([Node::leaf("ReferencedDocument", url), Node::leaf("Description", description)]),
            Version::V3_0 => node.holding([Node::leaf("Url", url), Node::leaf("Description", description)]),
        }
    };
    drawn.iter().map(node).collect()
}

/// The answers to a topic's findings, a comment each.
fn comments(report: &Report, group: &Group<'_>, options: &Options<'_>) -> Vec<Node> {
    let replies = reply::by_finding(report);
    let comment = |finding: &&Finding| {
        let reply = replies.get(finding.id.as_str())?;
        let said = reply.line(options.language);
        let answer = filled("reply.line", options.language, &[("answer", &said)]);
        let text = match group.findings.len() {
            1 => answer,
            _ => format!("{} – {answer}", headline(finding, options.language)),
        };
        let id = guid(&format!("{}/comment/{}", group.guid, finding.id));
        Some(Node::new("Comment").with("Guid", id).holding([
            Node::leaf("Date", options.created),
            Node::leaf("Author", options.author),
            Node::leaf("Comment", solid(&text)),
        ]))
    };
    group.findings.iter().filter_map(comment).collect()
}

/// `Resolved` where all findings of a topic are said to be put right, `In Progress` where all will be.
fn status(report: &Report, group: &Group<'_>) -> &'static str {
    let replies = reply::by_finding(report);
    let all = |wanted: &[Answer]| {
        let answer = |f: &&Finding| replies.get(f.id.as_str()).and_then(|r| r.answer);
        group.findings.iter().all(|f| answer(f).is_some_and(|a| wanted.contains(&a)))
    };
    match () {
        () if all(&[Answer::Done]) => "Resolved",
        () if all(&[Answer::Done, Answer::Accepted]) => "In Progress",
        () => "Open",
    }
}

/// The topic of the cause, and for a cause those that follow from it.
fn related(group: &Group<'_>, all: &[Group<'_>]) -> Vec<Node> {
    let holds = |g: &Group<'_>, id: &str| g.findings.iter().any(|f| f.id == id);
    let others = all.iter().filter(|other| {
        other.guid != group.guid
            && (group.parent.is_some_and(|p| holds(other, p))
                || other.parent.is_some_and(|p| holds(group, p)))
    });
    others.map(|o| Node::new("RelatedTopic").with("Guid", o.guid.as_str())).collect()
}

/// A topic that tells how many findings are in no topic.
pub(super) fn cut(bcf: &mut Bcf, options: &Options<'_>, cut: usize, index: usize) {
    let title = filled("bcf.cut", options.language, &[("n", &cut.to_string())]);
    let text = Text {
        title: &title,
        description: &title,
        status: "Open",
        kind: "Info",
        priority: "Low",
        label: None,
    };
    let folder = groups::guid("cut");
    let node = frame(None, options, index, &folder, &text, &[], [Vec::new(), Vec::new(), Vec::new()]);
    bcf.documents.insert(format!("{folder}/markup.bcf"), node);
}

/// 3.0 takes no blank text.
fn solid(text: &str) -> String {
    if text.trim().is_empty() { "–".into() } else { text.to_owned() }
}
