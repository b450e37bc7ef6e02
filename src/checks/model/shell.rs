//! Shells: a closed one uses every edge twice, once each way; the faces of any shell hang together.
//!
//! Vertices are the same where their coordinates are written the same, as buildingSMART's rules GEM001 and BRP002 have it.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::geom::{Groups, Point3};
use crate::ifc::Model;
use crate::ifc::outline;
use crate::ifc::step::{Record, StepFile};
use rayon::prelude::*;
use std::collections::HashMap;

/// See the file's head. `ask = "closed"` or `"whole"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "shell", summary: "Are closed shells closed, and all shells in one piece?", run };

/// Edges of one shell that are counted; a larger shell is left open.
const EDGES: usize = 3_000_000;

/// Loops of the faces of a shell: rings of vertices, in the sense of the face; `joined` are rings of one face.
#[derive(Default)]
struct Shell {
    rings: Vec<Vec<u32>>,
    /// First vertices of the rings of each face.
    joined: Vec<Vec<u32>>,
    vertices: HashMap<[u64; 3], u32>,
    edges: usize,
}

impl Shell {
    fn vertex(&mut self, p: Point3) -> u32 {
        let next = u32::try_from(self.vertices.len()).unwrap_or(u32::MAX);
        // 0.0 and -0.0 are one coordinate
        *self.vertices.entry([p.x + 0.0, p.y + 0.0, p.z + 0.0].map(f64::to_bits)).or_insert(next)
    }

    fn face(&mut self, loops: Vec<Vec<Point3>>) {
        let mut firsts = Vec::new();
        for points in loops {
            self.edges += points.len();
            let ring: Vec<u32> = points.into_iter().map(|p| self.vertex(p)).collect();
            firsts.extend(ring.first());
            self.rings.push(ring);
        }
        self.joined.push(firsts);
    }

    /// Every edge twice, and once each way.
    fn is_closed(&self) -> bool {
        let mut used: HashMap<(u32, u32), (u32, u32)> = HashMap::with_capacity(self.edges);
        for ring in &self.rings {
            for (&a, &b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let entry = used.entry((a.min(b), a.max(b))).or_default();
                if a < b {
                    entry.0 += 1;
                } else {
                    entry.1 += 1;
                }
            }
        }
        used.values().all(|&way| way == (1, 1))
    }

    /// All faces hang together through vertices; the rings of a face hang together through it.
    fn is_whole(&self) -> bool {
        let mut groups = Groups::new(self.vertices.len());
        for ring in self.rings.iter().chain(&self.joined) {
            for pair in ring.windows(2) {
                if let [a, b] = *pair {
                    groups.join(a as usize, b as usize);
                }
            }
        }
        (0..self.vertices.len()).all(|v| groups.root(v) == 0)
    }
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let closed = rule.params.get("ask").and_then(|a| a.as_str()) != Some("whole");
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let ids = if closed { closed_shells(step) } else { step.ids_of_subtypes("IfcConnectedFaceSet") };
        // sound, or not, or too large to be counted
        let verdicts: Vec<(u32, Option<bool>)> = ids
            .par_iter()
            .filter_map(|&id| {
                let shell = read(model, step.record(id)?)?;
                if shell.edges > EDGES {
                    return Some((id, None));
                }
                Some((id, Some(if closed { shell.is_closed() } else { shell.is_whole() })))
            })
            .collect();
        findings.passed(rule, verdicts.iter().filter(|v| v.1 == Some(true)).count() as u64);
        tell(rule, model, step, &verdicts, findings);
    }
}

/// Shells that say that they are closed: of faceted Breps, and face sets with `Closed`.
fn closed_shells(step: &StepFile) -> Vec<u32> {
    let breps = step.records_of("IfcFacetedBrep").flat_map(|b| {
        let voids = b.attribute("Voids").references();
        b.attribute("Outer").references().chain(voids).collect::<Vec<_>>()
    });
    let sets = ["IfcTriangulatedFaceSet", "IfcPolygonalFaceSet"].into_iter().flat_map(|c| step.records_of(c));
    let sets = sets.filter(|s| s.attribute("Closed").boolean() == Some(true)).map(|s| s.id);
    let mut ids: Vec<u32> = breps.chain(sets).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn tell(rule: &Rule, model: &Model, step: &StepFile, verdicts: &[(u32, Option<bool>)], out: &mut Findings) {
    for (case, verdict, state) in [("wrong", Verdict::Fail, Some(false)), ("open", Verdict::Undecided, None)]
    {
        let ids: Vec<u32> = verdicts.iter().filter(|v| v.1 == state).map(|v| v.0).collect();
        let Some(&first) = ids.first() else { continue };
        let shown: Vec<String> = ids.iter().take(10).map(|id| format!("#{id}")).collect();
        let values = [
            ("file", Text::same(&model.file)),
            ("count", Text::same(ids.len().to_string())),
            ("of", Text::same(verdicts.len().to_string())),
            ("ids", Text::same(shown.join(", ") + if ids.len() > 10 { ", …" } else { "" })),
        ];
        let class = step.record(first).map_or("IfcConnectedFaceSet", |r| r.class());
        out.say(rule, verdict, class, case, &values).mark = Some(model.file.clone());
        if verdict == Verdict::Fail {
            out.failed_too(rule, ids.len() as u64 - 1);
        }
    }
}

/// The loops of a shell or face set; nothing where a loop is not read: curved edges and damaged records.
fn read(model: &Model, record: Record<'_>) -> Option<Shell> {
    let mut shell = Shell::default();
    if record.is_a("IfcConnectedFaceSet") {
        for face in record.follow_all("CfsFaces") {
            let mut loops = Vec::new();
            for bound in face.follow_all("Bounds") {
                let mut points = outline::polygon(&model.units, bound.follow("Bound")?)?;
                if bound.attribute("Orientation").boolean() == Some(false) {
                    points.reverse();
                }
                loops.push(points);
            }
            shell.face(loops);
        }
        return Some(shell);
    }
    let points = outline::point_list(&model.units, record.follow("Coordinates")?);
    let ring = |v: crate::ifc::step::Value<'_>| -> Option<Vec<Point3>> {
        v.list().map(|i| points.get(usize::try_from(i.integer()?).ok()?.checked_sub(1)?).copied()).collect()
    };
    if record.is_a("IfcTriangulatedFaceSet") {
        for triangle in record.attribute("CoordIndex").list() {
            shell.face(vec![ring(triangle)?]);
        }
        return Some(shell);
    }
    for face in record.follow_all("Faces") {
        let mut loops = vec![ring(face.attribute("CoordIndex"))?];
        for inner in face.attribute("InnerCoordIndices").list() {
            loops.push(ring(inner)?);
        }
        shell.face(loops);
    }
    Some(shell)
}
