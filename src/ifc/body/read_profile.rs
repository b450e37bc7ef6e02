//! IfcProfileDef → outlines in the profile's plane, metres.

use super::profile::{self, Flange};
use super::read_curve::plane;
use super::reader::{Reader, Reason};
use crate::geom::{Affine2, Polygon, Region, difference, even_odd};
use crate::ifc::step::Record;

/// Profiles may be made of profiles this deep.
const MAX_DEPTH: usize = 8;

/// Rings with more corners than this are put in order without looking whether they need it.
const CROSSINGS_LOOKED_AT: usize = 400;

impl<'a> Reader<'a> {
    /// The outline of a profile.
    pub(crate) fn profile(&self, record: &Record<'a>) -> Result<Region, Reason> {
        let region = self.profile_at(record, 0)?;
        let solid = region.iter().any(|p| p.area().abs() > 0.0 && p.outer.len() > 2);
        if solid { Ok(region) } else { Err(format!("#{} {} has no area", record.id, record.class())) }
    }

    fn profile_at(&self, record: &Record<'a>, depth: usize) -> Result<Region, Reason> {
        if depth > MAX_DEPTH {
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
                    out.extend(self.profile_at(&part, depth + 1)?);
                }
                Ok(out)
            }
            "IfcDerivedProfileDef" => {
                let parent = self.profile_at(&self.need(record, "ParentProfile")?, depth + 1)?;
                let operator = self.operator(&self.need(record, "Operator")?)?.plan();
                Ok(parent.iter().map(|p| p.mapped(&operator)).collect())
            }
            "IfcMirroredProfileDef" => {
                let parent = self.profile_at(&self.need(record, "ParentProfile")?, depth + 1)?;
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
        let outer = Self::ring(&self.curve(&self.need(record, "OuterCurve")?)?);
        let mut region = in_order(outer);
        let mut holes = Region::new();
        for inner in record.follow_all("InnerCurves") {
            holes.extend(in_order(Self::ring(&self.curve(&inner)?)));
        }
        match region.as_mut_slice() {
            // holes that lie inside, the usual case
            [one] if holes.iter().all(|h| h.outer.iter().all(|&p| one.contains(p))) => {
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
        Ok(profile::i_shape(m("OverallDepth")?, m("WebThickness")?, bottom, top))
    }
}

/// A ring as a region; one that crosses itself is put in order (even-odd).
pub(crate) fn in_order(ring: Vec<crate::geom::Point2>) -> Region {
    if ring.len() < 3 {
        return Region::new();
    }
    if ring.len() <= CROSSINGS_LOOKED_AT && !crosses_itself(&ring) {
        return vec![Polygon::new(ring)];
    }
    even_odd(vec![ring])
}

fn crosses_itself(ring: &[crate::geom::Point2]) -> bool {
    let n = ring.len();
    if n < 4 {
        return false;
    }
    let side = |a: crate::geom::Point2, b: crate::geom::Point2, p: crate::geom::Point2| (b - a).cross(p - a);
    for i in 0..n {
        let (a, b) = (ring[i], ring[(i + 1) % n]);
        for j in i + 2..n {
            if i == 0 && j == n - 1 {
                continue;
            }
            let (c, d) = (ring[j], ring[(j + 1) % n]);
            if side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0 {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point2;

    #[test]
    fn a_bow_tie_is_two_triangles() {
        let p = Point2::new;
        let bow = in_order(vec![p(0.0, 0.0), p(2.0, 2.0), p(2.0, 0.0), p(0.0, 2.0)]);
        assert_eq!(bow.len(), 2);
        assert!((bow.iter().map(Polygon::area).sum::<f64>() - 2.0).abs() < 1e-6);
        assert_eq!(in_order(vec![p(0.0, 0.0), p(2.0, 0.0), p(2.0, 2.0), p(0.0, 2.0)]).len(), 1);
    }
}
