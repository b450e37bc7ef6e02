//! What can be wrong with an IDS document. The wording of each code stands in the rule CP16.

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which of [`code`].
    pub code: &'static str,
    /// Line of the document, counted from 1.
    pub line: u64,
    /// Which specification, counted from 0, where it lies in one.
    pub specification: Option<u32>,
    /// What the wording fills in.
    pub values: Vec<(&'static str, String)>,
}

impl Fault {
    /// A fault on a line.
    pub fn new(code: &'static str, line: u64) -> Self {
        Self { code, line, specification: None, values: Vec::new() }
    }

    /// With a value for the wording.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, value.into()));
        self
    }
}

/// The codes of faults; each has its wording in the rule CP16, under the same name.
pub mod code {
    /// The bytes are no well-formed XML.
    pub const NOT_XML: &str = "not-xml";
    /// A document type declaration, which IDS does not allow here.
    pub const DOCUMENT_TYPE: &str = "document-type";
    /// A reference to an entity that XML itself does not know.
    pub const ENTITY: &str = "entity";
    /// More of something than is read.
    pub const LIMIT: &str = "limit";
    /// The root is no `ids` of the namespace of IDS 1.0.
    pub const ROOT: &str = "root";
    /// An element that may not stand here.
    pub const ELEMENT: &str = "element";
    /// An element that must stand here and does not.
    pub const MISSING: &str = "missing";
    /// An element that stands more often than it may, or out of order.
    pub const ORDER: &str = "order";
    /// An attribute that may not stand here.
    pub const ATTRIBUTE: &str = "attribute";
    /// An attribute that must stand here and does not.
    pub const ATTRIBUTE_MISSING: &str = "attribute-missing";
    /// Text or an attribute with a value that the schema does not allow.
    pub const VALUE: &str = "value";
    /// Text where only elements may stand.
    pub const STRAY_TEXT: &str = "stray-text";
    /// A pair of minOccurs and maxOccurs that is none of the three allowed.
    pub const OCCURS: &str = "occurs";
    /// A prohibited specification with requirements.
    pub const PROHIBITED_WITH_REQUIREMENTS: &str = "prohibited-with-requirements";
    /// Applicability without a single facet.
    pub const NO_APPLICABILITY: &str = "no-applicability";
    /// A value that is empty where it would match nothing.
    pub const EMPTY: &str = "empty";
    /// A restriction without a single facet.
    pub const RESTRICTION_EMPTY: &str = "restriction-empty";
    /// A restriction with a base that IDS does not know.
    pub const BASE: &str = "base";
    /// A restriction facet that does not go with its base.
    pub const FACET_OF_BASE: &str = "facet-of-base";
    /// A restriction facet with a value that its base cannot hold.
    pub const FACET_VALUE: &str = "facet-value";
    /// Bounds or lengths that nothing can satisfy.
    pub const CONTRADICTION: &str = "contradiction";
    /// A pattern that is no regular expression of XML Schema.
    pub const PATTERN: &str = "pattern";
    /// A pattern that XML Schema allows and this engine cannot run in bounded time.
    pub const PATTERN_UNSUPPORTED: &str = "pattern-unsupported";
    /// Optional where there is nothing that could fail.
    pub const OPTIONAL_WITHOUT_VALUE: &str = "optional-without-value";
    /// A prohibited property with a data type.
    pub const PROHIBITED_WITH_TYPE: &str = "prohibited-with-type";
    /// A property value without a data type.
    pub const VALUE_WITHOUT_TYPE: &str = "value-without-type";
    /// No class of the schema has this name.
    pub const CLASS: &str = "class";
    /// The class does not have this predefined type.
    pub const PREDEFINED_TYPE: &str = "predefined-type";
    /// No class in question has this attribute.
    pub const ATTRIBUTE_NAME: &str = "attribute-name";
    /// The attribute can hold no such value.
    pub const ATTRIBUTE_VALUE: &str = "attribute-value";
    /// The data type is none of the schema.
    pub const DATA_TYPE: &str = "data-type";
    /// The data type can hold no such value.
    pub const DATA_VALUE: &str = "data-value";
    /// `Pset_` or `Qto_` before a name that the standard does not know.
    pub const RESERVED_PREFIX: &str = "reserved-prefix";
    /// The standard property set has no such property.
    pub const PROPERTY: &str = "property";
    /// The standard property has another data type.
    pub const PROPERTY_TYPE: &str = "property-type";
    /// The standard property has other values to choose from.
    pub const PROPERTY_VALUE: &str = "property-value";
    /// The relation cannot lead to such a class.
    pub const RELATION: &str = "relation";
    /// No class satisfies all facets together.
    pub const IMPOSSIBLE: &str = "impossible";

    /// Every code.
    pub const ALL: &[&str] = &[
        NOT_XML,
        DOCUMENT_TYPE,
        ENTITY,
        LIMIT,
        ROOT,
        ELEMENT,
        MISSING,
        ORDER,
        ATTRIBUTE,
        ATTRIBUTE_MISSING,
        VALUE,
        STRAY_TEXT,
        OCCURS,
        PROHIBITED_WITH_REQUIREMENTS,
        NO_APPLICABILITY,
        EMPTY,
        RESTRICTION_EMPTY,
        BASE,
        FACET_OF_BASE,
        FACET_VALUE,
        CONTRADICTION,
        PATTERN,
        PATTERN_UNSUPPORTED,
        OPTIONAL_WITHOUT_VALUE,
        PROHIBITED_WITH_TYPE,
        VALUE_WITHOUT_TYPE,
        CLASS,
        PREDEFINED_TYPE,
        ATTRIBUTE_NAME,
        ATTRIBUTE_VALUE,
        DATA_TYPE,
        DATA_VALUE,
        RESERVED_PREFIX,
        PROPERTY,
        PROPERTY_TYPE,
        PROPERTY_VALUE,
        RELATION,
        IMPOSSIBLE,
    ];
}
