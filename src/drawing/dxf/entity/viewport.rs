//! VIEWPORT: a layout's window onto model space, seen from above.

use super::Entities;
use crate::drawing::dxf::content::{Content, Window};
use crate::drawing::dxf::record::{Damage, Record};
use crate::geom::{Affine2, Box2, Point2};

impl<'a> Entities<'_, 'a> {
    pub(super) fn viewport(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        // Number 1 is the layout itself; status 0 is switched off.
        if own.integer_or(69, 0) == 1 || own.integer_or(68, 1) == 0 {
            return Ok(());
        }
        let centre = own.need_point(10)?;
        let (width, height) = (own.real_or(40, 0.0)?, own.real_or(41, 0.0)?);
        // R12 keeps the view in extended data of ACAD, in a fixed order.
        let old = old_view(record);
        let (target, view, view_height, twist) = match (own.real(45)?, old) {
            (Some(h), _) => (
                own.point(17)?.unwrap_or_default(),
                own.point(12)?.unwrap_or_default(),
                h,
                own.real_or(51, 0.0)?.to_radians(),
            ),
            (None, Some(view)) => view,
            (None, None) => return Err("its view is missing"),
        };
        let scale = height / view_height;
        if !(scale.is_finite() && scale > 0.0 && width > 0.0) {
            return Err("its view has no size");
        }
        // paper = centre + scale · (turn(twist) · (model − target) − view)
        let to_paper = Affine2::translation(centre - view * scale)
            .after(&Affine2::rotation(twist))
            .after(&Affine2::scaling(scale, scale))
            .after(&Affine2::translation(-target));
        let to_model = to_paper.inverse().ok_or("its view has no size")?;
        let half = Point2::new(width / 2.0, height / 2.0);
        let frozen =
            own.groups.iter().filter(|g| matches!(g.code, 331 | 341)).filter_map(|g| g.handle()).collect();
        content.windows.push(Window {
            on_paper: Box2::of(centre - half, centre + half),
            to_model,
            scale,
            frozen,
        });
        Ok(())
    }
}

/// Target, view centre, view height and twist from extended data `MVIEW` of R12.
fn old_view(record: &Record<'_, '_>) -> Option<(Point2, Point2, f64, f64)> {
    let data: Vec<_> = record.groups.iter().skip_while(|g| g.code < 1000).collect();
    if !data.iter().any(|g| g.code == 1000 && g.text().trim_ascii() == b"MVIEW") {
        return None;
    }
    // Points: target, direction; reals: twist, height, centre x, centre y (DXF reference R12, VIEWPORT).
    let points: Vec<Point2> = data
        .windows(2)
        .filter(|w| w[0].code == 1010 && w[1].code == 1020)
        .filter_map(|w| Some(Point2::new(w[0].real()?, w[1].real()?)))
        .collect();
    let reals: Vec<f64> = data.iter().filter(|g| g.code == 1040).filter_map(|g| g.real()).collect();
    let &[twist, height, x, y, ..] = reals.as_slice() else { return None };
    Some((*points.first()?, Point2::new(x, y), height, twist.to_radians()))
}
