//! IfcProfileDef → outlines in the profile's plane, metres.

use super::profile::{self, Flange};
use super::read_curve::plane;
use super::reader::{Reader, Reason};
use crate::geom::{Affine2, Box2, Point2, Point3, Polygon, Region, crossings, difference, even_odd};
use crate::ifc::step::Record;

/// Profiles may be made of profiles this deep.
const MAX_DEPTH: usize = 8;

/// No more profiles than this are put together into one.
const MAX_STEPS: usize = 100_000;

/// What has to be smaller than what in parameterised profiles (their WHERE rules in IFC4 8.15): class, part, how often it
/// stands there, whole. Outlines of others cross themselves.
const FITS: [(&str, &str, f64, &str); 16] = [
    ("IfcIShapeProfileDef", "FlangeThickness", 2.0, "OverallDepth"),
    ("IfcIShapeProfileDef", "WebThickness", 1.0, "OverallWidth"),
    ("IfcAsymmetricIShapeProfileDef", "WebThickness", 1.0, "BottomFlangeWidth"),
    ("IfcAsymmetricIShapeProfileDef", "WebThickness", 1.0, "OverallWidth"),
    ("IfcAsymmetricIShapeProfileDef", "WebThickness", 1.0, "TopFlangeWidth"),
    ("IfcLShapeProfileDef", "Thickness", 1.0, "Depth"),
    ("IfcLShapeProfileDef", "Thickness", 1.0, "Width"),
    ("IfcTShapeProfileDef", "FlangeThickness", 1.0, "Depth"),
    ("IfcTShapeProfileDef", "WebThickness", 1.0, "FlangeWidth"),
    ("IfcUShapeProfileDef", "FlangeThickness", 2.0, "Depth"),
    ("IfcUShapeProfileDef", "WebThickness", 1.0, "FlangeWidth"),
    ("IfcCShapeProfileDef", "Girth", 2.0, "Depth"),
    ("IfcCShapeProfileDef", "WallThickness", 2.0, "Width"),
    ("IfcCShapeProfileDef", "WallThickness", 2.0, "Depth"),
    ("IfcZShapeProfileDef", "FlangeThickness", 2.0, "Depth"),
    ("IfcZShapeProfileDef", "WebThickness", 1.0, "FlangeWidth"),
];

/// Holes are looked at one by one while there are no more pairs of their corners and the outline's than this.
const MAX_HOLE_LOOKS: usize = 20_000_000;

impl<'a> Reader<'a> {
    /// The outline of a profile.
    pub(crate) fn profile(&self, record: &Record<'a>) -> Result<Region, Reason> {
        let region = self.profile_at(record, 0, &mut 0)?;
        let solid = region.iter().any(|p| p.area().abs() > 0.0 && p.outer.len() > 2);
        if solid { Ok(region) } else { Err(format!("#{} {} has no area", record.id, record.class())) }
    }

    fn profile_at(&self, record: &Record<'a>, depth: usize, steps: &mut usize) -> Result<Region, Reason> {
        *steps += 1;
        if depth > MAX_DEPTH || *steps > MAX_STEPS {
            return Err(format!("#{} profiles are nested too deeply", record.id));
        }
        match record.class() {
            "IfcArbitraryClosedProfileDef" | "IfcArbitraryProfileDefWithVoids" => self.arbitrary(record),
            "IfcCenterLineProfileDef" => {
                let line = self.curve(&self.need(record, "Curve")?)?;
                Ok(profile::centre_line(&plane(&line), self.metres(record, "Thickness")?))
            }
            "IfcCompositeProfileDef" => {
                let mut out = Region::new();
                for part in record.follow_all("Profiles") {
                    out.extend(self.profile_at(&part, depth + 1, steps)?);
                }
                Ok(out)
            }
            "IfcDerivedProfileDef" => {
                let parent = self.profile_at(&self.need(record, "ParentProfile")?, depth + 1, steps)?;
                let operator = self.operator(&self.need(record, "Operator")?)?.plan();
                Ok(parent.iter().map(|p| p.mapped(&operator)).collect())
            }
            "IfcMirroredProfileDef" => {
                let parent = self.profile_at(&self.need(record, "ParentProfile")?, depth + 1, steps)?;
                let mirror = Affine2::scaling(-1.0, 1.0);
                Ok(parent.iter().map(|p| p.mapped(&mirror)).collect())
            }
            _ => {
                let outline = self.parameterised(record)?;
                let place = self.placement_2d(record, "Position")?;
                Ok(outline.iter().map(|p| p.mapped(&place)).collect())
            }
        }
    }

    fn arbitrary(&self, record: &Record<'a>) -> Result<Region, Reason> {
        let ordered = |points: Vec<Point3>| in_order(Self::ring(&points)).ok_or_else(|| tangled(record));
        let mut region = ordered(self.curve(&self.need(record, "OuterCurve")?)?)?;
        let mut holes = Region::new();
        let mut corners = 0;
        for inner in record.follow_all("InnerCurves") {
            holes.extend(ordered(self.curve(&inner)?)?);
            corners = holes.iter().map(|h| h.outer.len()).sum::<usize>();
        }
        let looks = corners.saturating_mul(region.iter().map(|p| p.outer.len()).sum());
        match region.as_mut_slice() {
            // holes that lie inside and beside each other, the usual case
            [one]
                if looks <= MAX_HOLE_LOOKS
                    && apart(&holes)
                    && holes.iter().all(|h| h.outer.iter().all(|&p| one.contains(p))) =>
            {
                one.holes.extend(holes.into_iter().map(|mut h| {
                    h.outer.reverse();
                    h.outer
                }));
                Ok(region)
            }
            _ => Ok(difference(&region, &holes)),
        }
    }

    fn parameterised(&self, r: &Record<'a>) -> Result<Region, Reason> {
        let m = |name: &str| -> Result<f64, Reason> {
            let v = self.metres(r, name)?;
            if v > 0.0 { Ok(v) } else { Err(format!("#{} {}: {name} is not positive", r.id, r.class())) }
        };
        let o = |name: &str| self.metres_or(r, name).filter(|v| *v > 0.0).unwrap_or(0.0);
        self.fits(r)?;
        let out = match r.class() {
            "IfcRectangleProfileDef" => profile::rectangle(m("XDim")?, m("YDim")?, 0.0),
            "IfcRoundedRectangleProfileDef" => {
                profile::rectangle(m("XDim")?, m("YDim")?, o("RoundingRadius"))
            }
            "IfcRectangleHollowProfileDef" => profile::rectangle_hollow(
                m("XDim")?,
                m("YDim")?,
                m("WallThickness")?,
                o("InnerFilletRadius"),
                o("OuterFilletRadius"),
            ),
            "IfcCircleProfileDef" => profile::ellipse(m("Radius")?, m("Radius")?),
            "IfcCircleHollowProfileDef" => profile::circle_hollow(m("Radius")?, m("WallThickness")?),
            "IfcEllipseProfileDef" => profile::ellipse(m("SemiAxis1")?, m("SemiAxis2")?),
            "IfcIShapeProfileDef" => {
                let flange = Flange {
                    width: m("OverallWidth")?,
                    thickness: m("FlangeThickness")?,
                    fillet: o("FilletRadius"),
                    edge: o("FlangeEdgeRadius"),
                };
                profile::i_shape(m("OverallDepth")?, m("WebThickness")?, flange, flange)
            }
            "IfcAsymmetricIShapeProfileDef" => self.asymmetric(r, &m, &o)?,
            "IfcLShapeProfileDef" => {
                let depth = m("Depth")?;
                let width = m("Width").unwrap_or(depth);
                profile::l_shape(depth, width, m("Thickness")?, o("FilletRadius"), o("EdgeRadius"))
            }
            "IfcTShapeProfileDef" => profile::t_shape(
                m("Depth")?,
                m("FlangeWidth")?,
                m("WebThickness")?,
                m("FlangeThickness")?,
                o("FilletRadius"),
            ),
            "IfcUShapeProfileDef" => profile::u_shape(
                m("Depth")?,
                m("FlangeWidth")?,
                m("WebThickness")?,
                m("FlangeThickness")?,
                o("FilletRadius"),
                o("EdgeRadius"),
            ),
            "IfcCShapeProfileDef" => profile::c_shape(
                m("Depth")?,
                m("Width")?,
                m("WallThickness")?,
                m("Girth")?,
                o("InternalFilletRadius"),
            ),
            "IfcZShapeProfileDef" => profile::z_shape(
                m("Depth")?,
                m("FlangeWidth")?,
                m("WebThickness")?,
                m("FlangeThickness")?,
                o("FilletRadius"),
                o("EdgeRadius"),
            ),
            "IfcTrapeziumProfileDef" => profile::trapezium(
                m("BottomXDim")?,
                m("TopXDim")?,
                m("YDim")?,
                self.metres_or(r, "TopXOffset").unwrap_or(0.0),
            ),
            class => return Err(format!("#{} {class} is not supported", r.id)),
        };
        Ok(out)
    }

    fn asymmetric(
        &self,
        r: &Record<'a>,
        m: &dyn Fn(&str) -> Result<f64, Reason>,
        o: &dyn Fn(&str) -> f64,
    ) -> Result<Region, Reason> {
        // IFC2X3 inherits the lower flange from IfcIShapeProfileDef
        let old = self.metres_or(r, "BottomFlangeWidth").is_none();
        let (width, thickness, fillet, edge) = if old {
            ("OverallWidth", "FlangeThickness", "FilletRadius", "FlangeEdgeRadius")
        } else {
            (
                "BottomFlangeWidth",
                "BottomFlangeThickness",
                "BottomFlangeFilletRadius",
                "BottomFlangeEdgeRadius",
            )
        };
        let bottom = Flange { width: m(width)?, thickness: m(thickness)?, fillet: o(fillet), edge: o(edge) };
        let top = Flange {
            width: m("TopFlangeWidth")?,
            thickness: m("TopFlangeThickness").unwrap_or(bottom.thickness),
            fillet: o("TopFlangeFilletRadius"),
            edge: o("TopFlangeEdgeRadius"),
        };
        let depth = m("OverallDepth")?;
        if bottom.thickness + top.thickness >= depth {
            return Err(does_not_fit(r, "the flanges", "OverallDepth"));
        }
        Ok(profile::i_shape(depth, m("WebThickness")?, bottom, top))
    }

    /// Parts of a parameterised profile fit into it.
    fn fits(&self, r: &Record<'a>) -> Result<(), Reason> {
        let class = r.class();
        for (_, part, times, whole) in FITS.iter().filter(|f| f.0 == class) {
            let (inner, outer) = (self.metres_or(r, part), self.metres_or(r, whole));
            if inner.zip(outer).is_some_and(|(i, o)| i * times >= o) {
                return Err(does_not_fit(r, part, whole));
            }
        }
        Ok(())
    }
}

fn does_not_fit(record: &Record<'_>, part: &str, whole: &str) -> Reason {
    format!("#{} {}: {part} does not fit into {whole}", record.id, record.class())
}

/// No box around a hole meets that of another: holes that overlap would be taken off twice.
fn apart(holes: &Region) -> bool {
    let boxes: Vec<Box2> = holes.iter().map(Polygon::bounds).collect();
    let pairs = boxes.len().saturating_mul(boxes.len());
    pairs <= MAX_HOLE_LOOKS
        && boxes.iter().enumerate().all(|(i, a)| boxes.iter().skip(i + 1).all(|b| !a.intersects(b)))
}

fn tangled(record: &Record<'_>) -> Reason {
    format!("#{} {} crosses itself too often", record.id, record.class())
}

/// A ring as a region; one that crosses itself is put in order (even-odd). `None` when it does so too often.
pub(crate) fn in_order(ring: Vec<Point2>) -> Option<Region> {
    if ring.len() < 3 {
        return Some(Region::new());
    }
    match crossings(&[&ring])? {
        0 => Some(vec![Polygon::new(ring)]),
        _ => Some(even_odd(vec![ring])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bow_tie_is_two_triangles() {
        let p = Point2::new;
        let bow = in_order(vec![p(0.0, 0.0), p(2.0, 2.0), p(2.0, 0.0), p(0.0, 2.0)]).unwrap();
        assert_eq!(bow.len(), 2);
        assert!((bow.iter().map(Polygon::area).sum::<f64>() - 2.0).abs() < 1e-6);
        assert_eq!(in_order(vec![p(0.0, 0.0), p(2.0, 0.0), p(2.0, 2.0), p(0.0, 2.0)]).unwrap().len(), 1);
    }
}
