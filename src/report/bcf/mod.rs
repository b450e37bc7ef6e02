//! BCF: findings as topics that open in the authoring tool, written as 2.1 or 3.0, and both read.
//!
//! Source: <https://github.com/buildingSMART/BCF-XML>, release 2.1 and 3.0, and what its readers insist on: the first
//! viewpoint of 2.1 is called `viewpoint.bcfv` and its picture `snapshot.png`; every viewpoint has a picture; cameras
//! are in world metres; dates are whole.

mod archive;
mod cameras;
mod groups;
mod markup;
mod read;
mod tree;
mod visinfo;

pub use cameras::{Camera, Lens};
pub use read::{Bcf, Topic, Viewpoint, read};
pub use tree::Node;

use super::Report;
use crate::error::Result;
use crate::finding::Finding;
use crate::wording::Language;
use groups::Group;
use std::collections::BTreeMap;

/// Versions that are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// What nearly all tools read.
    #[default]
    V2_1,
    /// The newest.
    V3_0,
}

/// What only the caller knows.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// Version to write.
    pub version: Version,
    /// Language of titles and descriptions.
    pub language: Language,
    /// Time of the run as `xs:dateTime`, such as `2024-05-01T12:00:00Z`.
    pub created: &'a str,
    /// Who writes, such as `tumo`.
    pub author: &'a str,
}

/// What a picture shows of a topic.
#[derive(Clone, Debug)]
pub struct Shot<'a> {
    /// The overlay, a number into `Report::overlays`; none where no plan shows the topic.
    pub overlay: Option<usize>,
    /// The finding that a close-up shows; the whole overlay where there is none.
    pub finding: Option<&'a Finding>,
    /// The topic's title, for a picture without a plan.
    pub title: &'a str,
}

/// Makes the PNG of a topic; `None` where no pictures can be made.
pub type Photographer<'a> = dyn Fn(&Shot<'_>) -> Option<Vec<u8>> + Sync + 'a;

/// The findings as a BCF file. `picture` is asked for a close-up and for the whole plan of each topic.
///
/// # Errors
/// When the archive is beyond what ZIP can hold.
pub fn write(report: &Report, options: &Options<'_>, picture: &Photographer<'_>) -> Result<Vec<u8>> {
    document(report, options, picture).write()
}

/// As [`write()`], before it is packed.
pub fn document(report: &Report, options: &Options<'_>, picture: &Photographer<'_>) -> Bcf {
    let mut bcf = Bcf { version: options.version, documents: BTreeMap::new(), files: BTreeMap::new() };
    let (groups, cut) = groups::groups(report, options.language);
    markup::project(&mut bcf, report, options);
    let shots = groups::pictures(report, &groups, picture);
    for (index, (group, pictures)) in groups.iter().zip(shots).enumerate() {
        topic(&mut bcf, report, options, index, group, &pictures, &groups);
    }
    if cut > 0 {
        markup::cut(&mut bcf, options, cut, groups.len());
    }
    bcf
}

/// One topic's folder.
fn topic(
    bcf: &mut Bcf,
    report: &Report,
    options: &Options<'_>,
    index: usize,
    group: &Group<'_>,
    pictures: &[Option<std::sync::Arc<Vec<u8>>>; 2],
    all: &[Group<'_>],
) {
    let names = [("viewpoint.bcfv", "snapshot.png"), ("viewpoint-plan.bcfv", "snapshot-plan.png")];
    let folder = &group.guid;
    let views = visinfo::viewpoints(report, group, options.version);
    let mut listed = Vec::new();
    for ((view, (file, snapshot)), picture) in views.into_iter().zip(names).zip(pictures) {
        let guid = view.attribute("Guid").unwrap_or_default().to_owned();
        bcf.documents.insert(format!("{folder}/{file}"), view);
        if let Some(png) = picture {
            bcf.files.insert(format!("{folder}/{snapshot}"), png.as_ref().clone());
        }
        listed.push(markup::Listed { guid, file, snapshot: picture.is_some().then_some(snapshot) });
    }
    let node = markup::markup(report, options, index, group, &listed, all);
    bcf.documents.insert(format!("{folder}/markup.bcf"), node);
}
