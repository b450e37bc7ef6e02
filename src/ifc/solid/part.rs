//! The parts that a body is made of: prisms as long as they can stay prisms, surfaces otherwise.

use super::item::{self, Tree};
use super::shell::Shell;
use super::{boundary, clip, pierce};
use crate::geom::{Affine3, Box3, Point3, Polygon};
use crate::ifc::body::{HalfSpace, Leaf, MAX_NESTING, Prism, Shape, Step};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// A solid.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Prism(Prism),
    Shell(Arc<Shell>),
}

/// The solids of a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    /// Where they are told from.
    pub(super) origin: Point3,
    pub(super) list: Vec<Part>,
    /// What is not as the model says.
    pub(super) told: Vec<String>,
}

/// Parts of representation maps, made once; by the shape, which lives as long as the bodies do.
#[derive(Debug, Default)]
pub(super) struct Mapped(Mutex<HashMap<usize, Arc<Parts>>>);

impl Part {
    pub(super) fn bounds(&self) -> Box3 {
        match self {
            Self::Prism(prism) => prism.bounds(&Affine3::IDENTITY),
            Self::Shell(shell) => shell.bounds(),
        }
    }

    pub(super) fn volume(&self) -> f64 {
        match self {
            Self::Prism(p) => {
                let area: f64 = p.profile.iter().map(Polygon::area).sum();
                (area * p.frame.x.cross(p.frame.y).dot(p.along)).abs()
            }
            Self::Shell(shell) => shell.volume().abs(),
        }
    }

    /// Triangles that its faces come to: two fewer than a face has corners, and two more for each hole.
    pub(super) fn triangles(&self) -> u32 {
        let count = match self {
            Self::Prism(p) => {
                let cap = |p: &Polygon| corners(p) + 2 * p.holes.len();
                p.profile.iter().map(|p| 2 * cap(p).saturating_sub(2) + 2 * corners(p)).sum::<usize>()
            }
            Self::Shell(shell) => (0..shell.face_count())
                .map(|f| {
                    let rings = shell.face_rings(f);
                    let holes = rings.len().saturating_sub(1);
                    let corners: usize = rings.map(|r| shell.ring_range(r).len()).sum();
                    (corners + 2 * holes).saturating_sub(2)
                })
                .sum::<usize>(),
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Edges that are open, and faces that had to be turned.
    pub(super) fn faults(&self) -> (u32, u32) {
        match self {
            Self::Prism(_) => (0, 0),
            Self::Shell(shell) => (shell.open_edges, shell.turned_faces),
        }
    }

    fn mapped(&self, map: &Affine3) -> Self {
        match self {
            Self::Prism(p) => Self::Prism(placed(p, map)),
            Self::Shell(shell) => Self::Shell(Arc::new(shell.mapped(map))),
        }
    }

    fn shell(&self) -> Shell {
        match self {
            Self::Prism(prism) => Shell::of_prism(prism, &Affine3::IDENTITY),
            Self::Shell(shell) => shell.as_ref().clone(),
        }
    }
}

fn corners(polygon: &Polygon) -> usize {
    polygon.rings().map(Vec::len).sum()
}

fn placed(prism: &Prism, map: &Affine3) -> Prism {
    Prism {
        profile: prism.profile.clone(),
        frame: map.after(&prism.frame),
        along: map.apply_vector(prism.along),
    }
}

/// All parts as one surface.
pub(super) fn joined(parts: &[Part]) -> Shell {
    let mut out = Shell::default();
    parts.iter().for_each(|p| out.add(&p.shell()));
    out
}

/// Makes the parts of a shape.
pub(super) fn read(mapped: &Mapped, shape: &Shape, map: &Affine3, out: &mut Parts) {
    read_at(mapped, shape, map, 0, out);
}

fn read_at(mapped: &Mapped, shape: &Shape, map: &Affine3, depth: usize, out: &mut Parts) {
    for steps in item::items(shape) {
        let Some(list) = shape.steps.get(steps.clone()) else { continue };
        match list {
            [Step::Leaf(Leaf::Prism(prism))] => out.list.push(Part::Prism(placed(prism, map))),
            [Step::Leaf(Leaf::Mesh(mesh))] => {
                if mesh.face_count() > 0 {
                    out.list.push(Part::Shell(Arc::new(Shell::of_mesh(mesh, map))));
                }
            }
            // a half-space by itself is no body
            [Step::Leaf(Leaf::Half(_))] => {}
            [Step::Leaf(Leaf::Placed(place, inner))] => {
                if depth >= MAX_NESTING {
                    out.told.push("mapped items are nested too deeply".to_owned());
                    continue;
                }
                let parts = parts_of_map(mapped, inner, depth + 1);
                let map = map.after(place);
                out.list.extend(parts.list.iter().map(|p| p.mapped(&map)));
                out.told.extend(parts.told.iter().cloned());
            }
            _ => match boolean(mapped, shape, steps, map, depth) {
                Ok(Some(part)) => out.list.push(part),
                Ok(None) => {}
                Err(reason) => out.told.push(format!("a part of its body was left out: {reason}")),
            },
        }
    }
}

/// The parts of a representation map in its own coordinates.
fn parts_of_map(mapped: &Mapped, inner: &Arc<Shape>, depth: usize) -> Arc<Parts> {
    let key = Arc::as_ptr(inner) as usize;
    if let Some(parts) = mapped.0.lock().ok().and_then(|m| m.get(&key).cloned()) {
        return parts;
    }
    let mut parts = Parts::default();
    read_at(mapped, inner, &Affine3::IDENTITY, depth, &mut parts);
    let parts = Arc::new(parts);
    match mapped.0.lock() {
        Ok(mut m) => m.entry(key).or_insert(parts).clone(),
        Err(_) => parts,
    }
}

/// An item that is a boolean tree. `None` when nothing is left of it.
fn boolean(
    mapped: &Mapped,
    shape: &Shape,
    steps: Range<usize>,
    map: &Affine3,
    depth: usize,
) -> Result<Option<Part>, String> {
    let list = shape.steps.get(steps.clone()).unwrap_or_default();
    if let Some(result) = chain(mapped, list, map, depth) {
        return result;
    }
    let mut tree = Tree::default();
    tree.add(shape, steps, map, &hull(list, map), depth);
    surface(&tree)
}

fn surface(tree: &Tree) -> Result<Option<Part>, String> {
    let shell = boundary::surface(tree)?;
    Ok((shell.face_count() > 0).then(|| Part::Shell(Arc::new(shell))))
}

/// One leaf after the other taken off the first, the usual tree. `None` where it is another one.
fn chain(
    mapped: &Mapped,
    steps: &[Step],
    map: &Affine3,
    depth: usize,
) -> Option<Result<Option<Part>, String>> {
    let [Step::Leaf(first), rest @ ..] = steps else { return None };
    let taken = rest.chunks(2).all(|pair| {
        matches!(
            pair,
            [Step::Leaf(_), Step::Difference]
                | [Step::Leaf(Leaf::Half(HalfSpace { boundary: None, .. })), Step::Intersection]
        )
    });
    let mut parts = leaf_parts(mapped, first, map, &Box3::EMPTY, depth)?;
    if !taken || parts.len() != 1 {
        return None;
    }
    Some(take_off_in_turn(mapped, parts.remove(0), rest, map, depth))
}

fn take_off_in_turn(
    mapped: &Mapped,
    first: Part,
    steps: &[Step],
    map: &Affine3,
    depth: usize,
) -> Result<Option<Part>, String> {
    let hull = first.bounds();
    let mut part = first;
    let mut tools: Vec<Part> = Vec::new();
    for pair in steps.chunks(2) {
        let [Step::Leaf(leaf), operation] = pair else { continue };
        if let Leaf::Half(half @ HalfSpace { boundary: None, .. }) = leaf {
            let Some((origin, normal)) = half.mapped_plane(map) else { continue };
            // the normal points out of the half-space
            let outward = if matches!(operation, Step::Difference) { -normal } else { normal };
            let shell = clip::clipped(&part.shell(), origin, outward)?;
            if shell.face_count() == 0 {
                return Ok(None);
            }
            part = Part::Shell(Arc::new(shell));
        } else {
            let found =
                leaf_parts(mapped, leaf, map, &hull, depth).ok_or("an operand cannot be made solid")?;
            tools.extend(found.into_iter().filter(|t| super::meets(&t.bounds(), &hull)));
        }
    }
    if tools.is_empty() {
        return Ok(Some(part));
    }
    less(&part, &tools.iter().collect::<Vec<_>>())
}

/// The solids of one leaf; bounded half-spaces reach past `hull`. `None` where something of it was left out.
fn leaf_parts(mapped: &Mapped, leaf: &Leaf, map: &Affine3, hull: &Box3, depth: usize) -> Option<Vec<Part>> {
    match leaf {
        Leaf::Prism(prism) => Some(vec![Part::Prism(placed(prism, map))]),
        Leaf::Mesh(mesh) if mesh.face_count() == 0 => Some(Vec::new()),
        Leaf::Mesh(mesh) => Some(vec![Part::Shell(Arc::new(Shell::of_mesh(mesh, map)))]),
        Leaf::Half(half) => {
            let mut tree = Tree::default();
            tree.add_half(half, map, hull);
            surface(&tree).ok().map(|part| part.into_iter().collect())
        }
        Leaf::Placed(..) if depth >= MAX_NESTING => None,
        Leaf::Placed(place, inner) => {
            let parts = parts_of_map(mapped, inner, depth + 1);
            let map = map.after(place);
            parts.told.is_empty().then(|| parts.list.iter().map(|p| p.mapped(&map)).collect())
        }
    }
}

/// Box around the leaves of an item.
fn hull(steps: &[Step], map: &Affine3) -> Box3 {
    let mut out = Box3::EMPTY;
    for step in steps {
        match step {
            Step::Leaf(Leaf::Prism(p)) => out.merge(&p.bounds(map)),
            Step::Leaf(Leaf::Mesh(m)) => out.merge(&m.bounds(map)),
            Step::Leaf(Leaf::Placed(place, inner)) => out.merge(&inner.hull(&map.after(place))),
            Step::Leaf(Leaf::Half(_)) | Step::Union | Step::Difference | Step::Intersection => {}
        }
    }
    out
}

/// Takes openings off all parts.
pub(super) fn take_off(parts: &mut Parts, tools: &[Part]) {
    if tools.is_empty() {
        return;
    }
    let boxes: Vec<Box3> = tools.iter().map(Part::bounds).collect();
    let mut list = Vec::with_capacity(parts.list.len());
    for part in parts.list.drain(..) {
        let bounds = part.bounds();
        let met: Vec<&Part> =
            tools.iter().zip(&boxes).filter(|(_, b)| super::meets(b, &bounds)).map(|(t, _)| t).collect();
        if met.is_empty() {
            list.push(part);
            continue;
        }
        match less(&part, &met) {
            Ok(Some(left)) => list.push(left),
            Ok(None) => {}
            Err(reason) => {
                parts.told.push(format!("{} openings were not taken off: {reason}", met.len()));
                list.push(part);
            }
        }
    }
    parts.list = list;
}

/// A part less others. `None` when nothing is left.
fn less(part: &Part, tools: &[&Part]) -> Result<Option<Part>, String> {
    if let Part::Prism(base) = part {
        let prisms: Option<Vec<Prism>> = tools
            .iter()
            .map(|t| match t {
                Part::Prism(p) => Some(p.clone()),
                Part::Shell(_) => None,
            })
            .collect();
        if let Some(left) = prisms.and_then(|tools| pierce::pierced(base, &tools)) {
            return Ok(left.profile.iter().any(|p| !p.outer.is_empty()).then_some(Part::Prism(left)));
        }
    }
    let mut tree = Tree::default();
    tree.push(part.shell());
    for tool in tools {
        tree.push(tool.shell());
        tree.take_off();
    }
    surface(&tree)
}
