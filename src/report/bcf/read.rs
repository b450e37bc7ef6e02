//! BCF as read: every file of the archive, its XML as trees, and its topics in the words of either version.

use super::archive::{self, Entries};
use super::tree::{self, Node};
use super::{Version, cameras::Camera};
use crate::error::{Error, Notice, Read, Result};
use crate::place::Place;
use std::collections::BTreeMap;

/// A BCF file. Writing it gives back all that was read: what tumo does not know stays as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Bcf {
    /// As `bcf.version` says.
    pub version: Version,
    /// The XML files by their names in the archive.
    pub documents: BTreeMap<String, Node>,
    /// All other files: pictures, snippets, schemas, documents.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// A topic in the words of either version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topic {
    /// Its GUID, which is its folder's name.
    pub guid: String,
    /// Title.
    pub title: String,
    /// Type and status; empty where there is none.
    pub kind: String,
    /// Status, such as `Open`.
    pub status: String,
    /// Labels.
    pub labels: Vec<String>,
    /// Description.
    pub description: String,
    /// Author and time.
    pub author: String,
    /// Creation date as written.
    pub created: String,
    /// Comments: author and text.
    pub comments: Vec<(String, String)>,
    /// Viewpoints in the markup's order.
    pub viewpoints: Vec<Viewpoint>,
}

/// A viewpoint of a topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Viewpoint {
    /// Its GUID.
    pub guid: String,
    /// Where it looks from; `None` where its file has no camera or is missing.
    pub camera: Option<Camera>,
    /// GlobalIds of what is selected.
    pub selected: Vec<String>,
    /// Whether all is visible but the exceptions.
    pub visible: bool,
    /// GlobalIds of what is shown against the default.
    pub exceptions: Vec<String>,
    /// Name of the picture in the archive, where it is there.
    pub snapshot: Option<String>,
}

/// Endings of files that are XML.
const XML: [&str; 6] = [".bcf", ".bcfp", ".bcfv", ".version", "extensions.xml", "documents.xml"];

/// Reads BCF 2.1 and 3.0 (2.0 as far as it is alike). A document that is damaged is kept as it is, and told.
///
/// # Errors
/// When it is no ZIP archive, or not BCF.
pub fn read(file: &str, bytes: &[u8]) -> Result<Read<Bcf>> {
    let entries: Entries = archive::read(file, bytes)?;
    let mut notices = Vec::new();
    let mut bcf = Bcf { version: Version::V2_1, documents: BTreeMap::new(), files: BTreeMap::new() };
    for (name, content) in entries {
        if !XML.iter().any(|ending| name.ends_with(ending)) {
            bcf.files.insert(name, content);
            continue;
        }
        match tree::parse(&name, &content) {
            Ok(node) => {
                bcf.documents.insert(name, node);
            }
            Err(error) => {
                let message = format!("{error}; it is kept unread");
                notices.push(Notice::new("bcf-unreadable", Place::file(file), message));
                bcf.files.insert(name, content);
            }
        }
    }
    let version = bcf.documents.get("bcf.version").and_then(|v| v.attribute("VersionId")).unwrap_or_default();
    bcf.version = match version.trim() {
        "3.0" | "3" => Version::V3_0,
        "2.1" | "2.0" | "2" => Version::V2_1,
        other => {
            let found = super::super::plain::tame(other);
            let message = format!("bcf.version says {found:?}; BCF 2.1 and 3.0 are read");
            return Err(Error::read(Place::file(file), message));
        }
    };
    Ok(Read { value: bcf, notices })
}

impl Bcf {
    /// The archive.
    ///
    /// # Errors
    /// When a file is beyond what ZIP can hold.
    pub fn write(&self) -> Result<Vec<u8>> {
        let mut entries: Entries = self.files.clone();
        for (name, node) in &self.documents {
            entries.insert(name.clone(), node.document().into_bytes());
        }
        archive::write(&entries)
    }

    /// Its topics, by folder.
    pub fn topics(&self) -> Vec<Topic> {
        let markups = self.documents.iter().filter_map(|(name, node)| {
            let folder = name.strip_suffix("/markup.bcf")?;
            Some((folder, node))
        });
        markups.filter_map(|(folder, markup)| self.topic(folder, markup)).collect()
    }

    fn topic(&self, folder: &str, markup: &Node) -> Option<Topic> {
        let topic = markup.child("Topic")?;
        let text = |name: &str| topic.text_of(name).unwrap_or_default().to_owned();
        let attribute = |name: &str| topic.attribute(name).unwrap_or_default().to_owned();
        // 2.1 repeats elements where 3.0 wraps them
        let labels: Vec<String> = topic
            .all("Labels")
            .flat_map(|l| if l.children.is_empty() { vec![l] } else { l.all("Label").collect() })
            .map(|l| l.text.clone())
            .filter(|l| !l.is_empty())
            .collect();
        let comments: Vec<&Node> = match topic.child("Comments") {
            Some(wrapped) => wrapped.all("Comment").collect(),
            None => markup.all("Comment").collect(),
        };
        let viewpoints: Vec<&Node> = match topic.child("Viewpoints") {
            Some(wrapped) => wrapped.all("ViewPoint").collect(),
            None => markup.all("Viewpoints").collect(),
        };
        Some(Topic {
            guid: attribute("Guid"),
            title: text("Title"),
            kind: attribute("TopicType"),
            status: attribute("TopicStatus"),
            labels,
            description: text("Description"),
            author: text("CreationAuthor"),
            created: text("CreationDate"),
            comments: comments
                .iter()
                .map(|c| {
                    let of = |name| c.text_of(name).unwrap_or_default().to_owned();
                    (of("Author"), of("Comment"))
                })
                .collect(),
            viewpoints: viewpoints.iter().map(|v| self.viewpoint(folder, v)).collect(),
        })
    }

    fn viewpoint(&self, folder: &str, entry: &Node) -> Viewpoint {
        let file = |name: &str| entry.text_of(name).map(|f| format!("{folder}/{f}"));
        let view = file("Viewpoint").and_then(|f| self.documents.get(&f));
        let components = view.and_then(|v| v.child("Components"));
        let visibility = components.and_then(|c| c.child("Visibility"));
        Viewpoint {
            guid: entry.attribute("Guid").unwrap_or_default().to_owned(),
            camera: view.and_then(Camera::read),
            selected: guids(components.and_then(|c| c.child("Selection"))),
            visible: visibility.and_then(|v| v.attribute("DefaultVisibility")) == Some("true"),
            exceptions: guids(visibility.and_then(|v| v.child("Exceptions"))),
            snapshot: file("Snapshot").filter(|f| self.files.contains_key(f)),
        }
    }
}

fn guids(parent: Option<&Node>) -> Vec<String> {
    let components = parent.map(|p| p.all("Component").collect::<Vec<_>>()).unwrap_or_default();
    components.iter().filter_map(|c| c.attribute("IfcGuid").map(str::to_owned)).collect()
}
