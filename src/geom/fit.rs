//! Least squares of few unknowns.

use nalgebra::{Matrix3, SymmetricEigen, Vector3};

/// Turns of the decomposition; three unknowns need a handful.
const TURNS: usize = 100;

/// The three unknowns of normal equations `a · x = b`, `a` symmetric with no negative eigenvalue. `None` where what was
/// measured does not hold all three: the least eigenvalue is under `least`, or something is no number.
pub fn normal_equations(a: [[f64; 3]; 3], b: [f64; 3], least: f64) -> Option<[f64; 3]> {
    let (a, b) = (Matrix3::from(a), Vector3::from(b));
    if !a.iter().chain(&b).all(|x| x.is_finite()) {
        return None;
    }
    let parts = SymmetricEigen::try_new(a, f64::EPSILON, TURNS)?;
    if parts.eigenvalues.min() < least {
        return None;
    }
    let own = (parts.eigenvectors.transpose() * b).component_div(&parts.eigenvalues);
    Some((parts.eigenvectors * own).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_is_held_and_nothing_else() {
        let x =
            normal_equations([[4.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 2.0]], [6.0, 4.0, 4.0], 1e-6);
        let [p, q, r] = x.expect("three unknowns");
        assert!((p - 1.0).abs() < 1e-12 && (q - 2.0).abs() < 1e-12 && (r - 3.0).abs() < 1e-12, "{p} {q} {r}");
        // two of the three are only held together
        assert_eq!(
            normal_equations([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [1.0; 3], 1e-6),
            None
        );
        assert_eq!(normal_equations([[f64::NAN; 3]; 3], [1.0; 3], 1e-6), None);
    }
}
