//! Representation items → [`Shape`]s. Boolean trees are walked with a worklist, so that no depth of them costs stack.

use super::half_space::HalfSpace;
use super::mesh::{Mesh, MeshBuilder};
use super::prism::Prism;
use super::profile;
use super::reader::{Reader, Reason};
use super::shape::{Leaf, MAX_NESTING, Shape, Step};
use super::sweep;
use crate::geom::{Affine3, Point2, Point3, Polygon};
use crate::ifc::step::Record;

/// A body has no more operands than this; a chain of 500 clippings is real.
const MAX_OPERANDS: usize = 2_000;

/// The leaves of a body have no more corners than this, mapped ones counted each time.
const MAX_CORNERS: usize = 5_000_000;

/// What is still to be done.
enum Task<'a> {
    Item(Record<'a>),
    Do(Step),
}

impl<'a> Reader<'a> {
    /// The shape of all items of a representation; `way` holds the representation maps that it is read for. What cannot
    /// be read is told in [`Shape::missing`].
    pub(crate) fn items(&self, items: impl IntoIterator<Item = Record<'a>>, way: &mut Vec<u32>) -> Shape {
        let mut shape = Shape::default();
        for item in items {
            self.item(item, way, &mut shape);
            if shape.too_deep && !way.is_empty() {
                break;
            }
            if shape.weight > MAX_CORNERS {
                shape.missing.push(format!("#{} its items have more than {MAX_CORNERS} corners", item.id));
                break;
            }
        }
        shape
    }

    fn item(&self, record: Record<'a>, way: &mut Vec<u32>, shape: &mut Shape) {
        let mut tasks = vec![Task::Item(record)];
        let mut operands = 0usize;
        while let Some(task) = tasks.pop() {
            let item = match task {
                Task::Do(step) => {
                    shape.steps.push(step);
                    continue;
                }
                Task::Item(item) => item,
            };
            operands += 1;
            if operands > MAX_OPERANDS || shape.weight > MAX_CORNERS {
                if operands == MAX_OPERANDS + 1 {
                    shape.missing.push(format!("#{} has more than {MAX_OPERANDS} operands", record.id));
                }
                shape.steps.push(nothing());
                continue;
            }
            match item.class() {
                "IfcBooleanResult" | "IfcBooleanClippingResult" => {
                    let step = match item.attribute("Operator").enumeration() {
                        Some("UNION") => Step::Union,
                        Some("INTERSECTION") => Step::Intersection,
                        _ => Step::Difference,
                    };
                    match (item.follow("FirstOperand"), item.follow("SecondOperand")) {
                        (Some(a), Some(b)) => {
                            tasks.extend([Task::Do(step), Task::Item(b), Task::Item(a)]);
                        }
                        _ => {
                            shape.missing.push(format!("#{} {} lacks an operand", item.id, item.class()));
                            shape.steps.push(nothing());
                        }
                    }
                }
                "IfcCsgSolid" => match item.follow("TreeRootExpression") {
                    Some(root) => tasks.push(Task::Item(root)),
                    None => {
                        shape.missing.push(format!("#{} IfcCsgSolid is empty", item.id));
                        shape.steps.push(nothing());
                    }
                },
                _ => match self.leaf(&item, way, shape) {
                    Ok(leaf) => {
                        shape.weight = shape.weight.saturating_add(leaf.weight());
                        shape.steps.push(Step::Leaf(leaf));
                    }
                    Err(reason) => {
                        shape.missing.push(reason);
                        shape.steps.push(nothing());
                    }
                },
            }
        }
    }

    fn leaf(&self, r: &Record<'a>, way: &mut Vec<u32>, shape: &mut Shape) -> Result<Leaf, Reason> {
        let faces = match r.class() {
            "IfcExtrudedAreaSolid" => return self.extruded(r),
            "IfcExtrudedAreaSolidTapered" => return self.tapered(r),
            "IfcRevolvedAreaSolid" => return self.revolved(r, shape),
            "IfcSweptDiskSolid" | "IfcSweptDiskSolidPolygonal" => return self.swept_disk(r, shape),
            "IfcRevolvedAreaSolidTapered" => return self.revolved_tapered(r, shape),
            "IfcSurfaceCurveSweptAreaSolid"
            | "IfcFixedReferenceSweptAreaSolid"
            | "IfcDirectrixDerivedReferenceSweptAreaSolid" => return self.swept_along(r, shape),
            "IfcSectionedSpine" | "IfcSectionedSolidHorizontal" => return self.sectioned(r, shape),
            "IfcHalfSpaceSolid" | "IfcPolygonalBoundedHalfSpace" | "IfcBoxedHalfSpace" => {
                return self.half_space(r);
            }
            "IfcMappedItem" => return self.mapped(r, way, shape),
            "IfcBlock"
            | "IfcRectangularPyramid"
            | "IfcRightCircularCylinder"
            | "IfcRightCircularCone"
            | "IfcSphere" => return self.primitive(r),
            "IfcBoundingBox" => {
                let corner = self.point_of(r, "Corner")?;
                let frame = Affine3 { origin: corner, ..Affine3::IDENTITY };
                return self.block(r, frame, ["XDim", "YDim", "ZDim"]);
            }
            "IfcTriangulatedFaceSet" | "IfcTriangulatedIrregularNetwork" => self.triangulated(r)?,
            "IfcPolygonalFaceSet" => self.polygonal(r)?,
            "IfcFacetedBrep" | "IfcManifoldSolidBrep" | "IfcAdvancedBrep" => {
                self.shells(r, r.follow("Outer"))?
            }
            "IfcFacetedBrepWithVoids" | "IfcAdvancedBrepWithVoids" => {
                return self.brep_with_voids(r, shape);
            }
            "IfcFaceBasedSurfaceModel" => self.shells(r, r.follow_all("FbsmFaces"))?,
            "IfcShellBasedSurfaceModel" => self.shells(r, r.follow_all("SbsmBoundary"))?,
            "IfcClosedShell" | "IfcOpenShell" | "IfcConnectedFaceSet" => self.shells(r, Some(*r))?,
            class => return Err(format!("#{} {class} is not supported", r.id)),
        };
        shape.approximated |= faces.curved;
        shape.missing.extend(faces.lost);
        Ok(Leaf::Mesh(faces.mesh))
    }

    /// The outer shell less the voids.
    fn brep_with_voids(&self, r: &Record<'a>, shape: &mut Shape) -> Result<Leaf, Reason> {
        let mut inner = Shape::default();
        for (i, shell) in r.follow("Outer").into_iter().chain(r.follow_all("Voids")).enumerate() {
            let faces = self.shells(r, Some(shell))?;
            shape.approximated |= faces.curved;
            shape.missing.extend(faces.lost);
            inner.weight = inner.weight.saturating_add(faces.mesh.corner_count());
            inner.steps.push(Step::Leaf(Leaf::Mesh(faces.mesh)));
            if i > 0 {
                inner.steps.push(Step::Difference);
            }
        }
        Ok(Leaf::Placed(Affine3::IDENTITY, std::sync::Arc::new(inner)))
    }

    fn mapped(&self, r: &Record<'a>, way: &mut Vec<u32>, shape: &mut Shape) -> Result<Leaf, Reason> {
        let map = self.need(r, "MappingSource")?;
        let representation = self.need(&map, "MappedRepresentation")?;
        let origin = self.placement_of(&map, "MappingOrigin")?;
        let target = self.operator(&self.need(r, "MappingTarget")?)?;
        let inner = match self.known(map.id) {
            Some(inner) => Some(inner),
            None if way.len() >= MAX_NESTING || way.contains(&map.id) => None,
            None => {
                way.push(map.id);
                let inner = self.items(representation.follow_all("Items"), way);
                way.pop();
                Some(self.keep(map.id, inner))
            }
        };
        match inner.filter(|i| !i.too_deep && i.depth < MAX_NESTING) {
            Some(inner) => {
                shape.depth = shape.depth.max(inner.depth + 1);
                shape.approximated |= inner.approximated;
                shape.lacks |= inner.lacks || !inner.missing.is_empty();
                Ok(Leaf::Placed(target.after(&origin), inner))
            }
            None => {
                // the whole body is left out, so that it does not depend on who asks first
                shape.too_deep = !way.is_empty();
                Err(format!("#{} mapped items are nested in themselves or too deeply", r.id))
            }
        }
    }

    fn half_space(&self, r: &Record<'a>) -> Result<Leaf, Reason> {
        let surface = self.need(r, "BaseSurface")?;
        if surface.class() != "IfcPlane" {
            return Err(format!("#{} a half-space over {} is not supported", r.id, surface.class()));
        }
        let mut plane = self.placement_of(&surface, "Position")?;
        // AgreementFlag true: the normal points away from the material
        if r.attribute("AgreementFlag").boolean() == Some(false) {
            plane.z = -plane.z;
        }
        let boundary = match r.class() {
            "IfcPolygonalBoundedHalfSpace" => {
                let frame = self.placement_of(r, "Position")?;
                let ring = Self::ring(&self.curve(&self.need(r, "PolygonalBoundary")?)?);
                let boundary = super::read_profile::in_order(ring)
                    .ok_or_else(|| format!("#{} its boundary crosses itself too often", r.id))?;
                Some((frame, boundary))
            }
            _ => None,
        };
        Ok(Leaf::Half(HalfSpace { plane, boundary }))
    }

    fn block(&self, r: &Record<'a>, frame: Affine3, names: [&str; 3]) -> Result<Leaf, Reason> {
        let [x, y, z] = [self.metres(r, names[0])?, self.metres(r, names[1])?, self.metres(r, names[2])?];
        let profile = vec![Polygon::rectangle(Point2::new(x / 2.0, y / 2.0), x, y, 0.0)];
        Ok(Leaf::Prism(Prism { profile, frame, along: frame.z * z }))
    }

    fn primitive(&self, r: &Record<'a>) -> Result<Leaf, Reason> {
        let frame = self.placement_of(r, "Position")?;
        match r.class() {
            "IfcBlock" => self.block(r, frame, ["XLength", "YLength", "ZLength"]),
            "IfcRightCircularCylinder" => {
                let radius = self.metres(r, "Radius")?;
                let along = frame.z * self.metres(r, "Height")?;
                Ok(Leaf::Prism(Prism { profile: profile::ellipse(radius, radius), frame, along }))
            }
            "IfcRectangularPyramid" => {
                let (x, y) = (self.metres(r, "XLength")?, self.metres(r, "YLength")?);
                let base = [(0.0, 0.0), (x, 0.0), (x, y), (0.0, y)].map(|(x, y)| Point2::new(x, y));
                Ok(cone(&base, Point3::new(x / 2.0, y / 2.0, self.metres(r, "Height")?), &frame))
            }
            "IfcRightCircularCone" => {
                let disk = sweep::disk(self.metres(r, "BottomRadius")?, None);
                let base = disk.first().map(|p| p.outer.clone()).unwrap_or_default();
                Ok(cone(&base, Point3::new(0.0, 0.0, self.metres(r, "Height")?), &frame))
            }
            _ => sphere(self.metres(r, "Radius")?, &frame)
                .map(Leaf::Mesh)
                .ok_or_else(|| format!("#{} {} cannot be made", r.id, r.class())),
        }
    }
}

fn cone(base: &[Point2], tip: Point3, frame: &Affine3) -> Leaf {
    let mut mesh = MeshBuilder::default();
    for i in 0..base.len() {
        let (a, b) = (base[i], base[(i + 1) % base.len()]);
        mesh.face([a.at(0.0), b.at(0.0), tip].map(|p| frame.apply(p)));
    }
    mesh.face(base.iter().map(|p| frame.apply(p.at(0.0))));
    Leaf::Mesh(mesh.finish())
}

fn sphere(radius: f64, frame: &Affine3) -> Option<Mesh> {
    let n = profile::turn_steps(radius) / 2;
    let half: Vec<Point2> =
        (0..=n).map(|i| Point2::unit(std::f64::consts::PI * (i as f64 / n as f64 - 0.5)) * radius).collect();
    // a half disk in the xz plane, turned about z
    let upright = Affine3 { y: frame.z, z: -frame.y, ..*frame };
    sweep::revolved(&[Polygon::new(half)], &upright, frame.origin, frame.z, std::f64::consts::TAU)
}

/// Stands for what could not be read.
fn nothing() -> Step {
    Step::Leaf(Leaf::Mesh(Mesh::default()))
}
