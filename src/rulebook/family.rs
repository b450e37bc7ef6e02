//! The families of rules, told by the letters of their ids.

/// A family of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IN: can the files be used at all.
    Intake,
    /// CP: what the model must carry.
    Completeness,
    /// MQ: the model in itself.
    Quality,
    /// DM: the drawings against the model.
    Consistency,
    /// CO: codes of practice.
    Compliance,
}

impl Family {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 5] =
        [Self::Intake, Self::Completeness, Self::Quality, Self::Consistency, Self::Compliance];

    /// The family of a rule id, such as `DM20`.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| id.starts_with(f.letters()))
    }

    /// The letters that its ids begin with.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Intake => "IN",
            Self::Completeness => "CP",
            Self::Quality => "MQ",
            Self::Consistency => "DM",
            Self::Compliance => "CO",
        }
    }

    /// As arguments, scores and folders name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Completeness => "completeness",
            Self::Quality => "quality",
            Self::Consistency => "consistency",
            Self::Compliance => "compliance",
        }
    }
}
