//! Findings: what is said about the building or the drawing, with its evidence and its stable fingerprint.

use crate::wording::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How bad a finding is. Belongs to the rule; a profile may change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, never counted against anybody.
    Info,
    /// Should be looked at.
    Warning,
    /// Must be put right.
    Error,
    /// Nothing that depends on it can be decided.
    Gate,
}

/// What a check says of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is wrong.
    Fail,
    /// It could not be decided; the message says what would decide it.
    Undecided,
}

/// On which side something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Drawn, not modelled.
    MissingInModel,
    /// Modelled, not drawn.
    MissingInDrawing,
    /// On both sides, and not the same.
    Differs,
}

/// A number or a text that was measured or expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number, in the finding's `unit`.
    Number(f64),
    /// A mark, a name, a class.
    Text(String),
}

/// A storey, as findings name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StoreyName {
    /// GlobalId.
    pub guid: String,
    /// Name in the model.
    pub name: String,
}

/// A model element, as findings name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElementName {
    /// GlobalId.
    pub guid: String,
    /// STEP record number. Never part of a fingerprint.
    pub step_id: u32,
    /// Exact IFC class, such as `IfcDoor`.
    pub class: String,
    /// Name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Tag or mark, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// Something drawn, as findings name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawnName {
    /// Drawing's file name.
    pub drawing: String,
    /// Plan, such as `P1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// Entity handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// Layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Place in drawing units.
    pub at: [f64; 2],
}

/// One verdict that is not a pass, with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable fingerprint, see [`Finding::fingerprint`].
    pub id: String,
    /// Rule, such as `DM20`.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// Wrong, or not decided.
    pub verdict: Verdict,
    /// IFC class it is about, without a subtype, such as `IfcWall`.
    pub class: String,
    /// On which side, for comparisons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Storey, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storey: Option<StoreyName>,
    /// Model elements it is about, the main one first.
    pub elements: Vec<ElementName>,
    /// Drawn things it is about, the main one first.
    pub drawn: Vec<DrawnName>,
    /// World metres, on the element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_m: Option<[f64; 3]>,
    /// What was found in the drawing (comparisons) or the model (other checks).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<Value>,
    /// What it was held against: the model (comparisons) or the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// Tolerance or limit, in `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// Unit of the numbers, such as `mm`, `m2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Grid label, for findings about an axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub axis: Option<String>,
    /// Schedule row or opening mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// What is wrong, in one line.
    pub message: Text,
    /// What to do about it.
    pub fix: Text,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// `new` or `open`, when an earlier report was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Why it is waived, and until when: it is told, and not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<String>,
    /// The finding that this one follows from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

impl Finding {
    /// Sets `id` to the stable fingerprint: rule, side, element GlobalIds, grid label or mark, storey, and,
    /// where no element is named, class and place rounded to 50 mm. Never a STEP number or an order.
    pub fn fingerprint(&mut self) {
        let mut hash = Sha256::new();
        let mut put = |part: &str| {
            hash.update(part.as_bytes());
            hash.update([0]);
        };
        put(&self.rule);
        put(&format!("{:?}{:?}", self.verdict, self.side));
        put(self.storey.as_ref().map_or("", |s| &s.guid));
        put(self.axis.as_deref().unwrap_or(""));
        put(self.mark.as_deref().unwrap_or(""));
        for element in &self.elements {
            put(&element.guid);
        }
        if self.elements.is_empty() {
            put(&self.class);
            if let Some(p) = self.point_m {
                for c in p {
                    put(&format!("{}", (c / 0.05).round() as i64));
                }
            } else if let Some(drawn) = self.drawn.first() {
                put(&drawn.drawing);
                put(drawn.handle.as_deref().unwrap_or(""));
            }
        }
        let digest = hash.finalize();
        self.id = digest.iter().take(10).map(|b| format!("{b:02x}")).collect();
    }
}

/// How often a rule passed, failed, did not apply, was not decided, or could not be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Cases that passed.
    pub passed: u64,
    /// Cases that failed.
    pub failed: u64,
    /// Cases that the rule does not apply to.
    pub not_applicable: u64,
    /// Cases that could not be decided.
    pub undecided: u64,
    /// Cases not asked because a gate failed.
    pub blocked: u64,
    /// The gate that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<String>,
}
