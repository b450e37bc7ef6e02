//! Which model element an SVG element shows: exporters of BIM tools write it into ids, classes and data attributes.

use super::style::classes;
use roxmltree::Node;

/// The letters of a compressed GlobalId (IFC, IfcGloballyUniqueId).
const ALPHABET: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";

/// The GlobalId that an element names: `ifc:guid`, `data-guid`, a class `GlobalId-…`, or an id `product-<uuid>…`.
pub(super) fn of(node: Node<'_, '_>) -> Option<Box<str>> {
    let attribute = node.attributes().find(|a| matches!(a.name(), "guid" | "data-guid" | "data-globalid"));
    if let Some(guid) = attribute.map(|a| a.value()).filter(|v| is_guid(v)) {
        return Some(guid.into());
    }
    if let Some(guid) = classes(node).find_map(|c| c.strip_prefix("GlobalId-")).filter(|v| is_guid(v)) {
        return Some(guid.into());
    }
    let uuid = node.attribute("id")?.strip_prefix("product-")?.get(..36)?;
    compressed(uuid)
}

fn is_guid(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| ALPHABET.contains(&b))
}

/// A UUID as IFC writes it: 128 bits in 22 letters, the first one holding two bits.
fn compressed(uuid: &str) -> Option<Box<str>> {
    let hex: String = uuid.chars().filter(|c| *c != '-').collect();
    let bits = (hex.len() == 32).then(|| u128::from_str_radix(&hex, 16).ok())??;
    let letter = |i: u32| char::from(ALPHABET[(bits >> (126 - 6 * i) & 63) as usize]);
    Some((0..22).map(letter).collect::<String>().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_naming_an_element() {
        let want = "0WCOjm_vT2c81i3Qr_BkZZ";
        for text in [
            "<g xmlns:ifc='x' ifc:guid='0WCOjm_vT2c81i3Qr_BkZZ'/>",
            "<g data-guid='0WCOjm_vT2c81i3Qr_BkZZ'/>",
            "<g class='a GlobalId-0WCOjm_vT2c81i3Qr_BkZZ b'/>",
            "<g id='product-20318b70-fb97-4298-806c-0dad7e2ee8e3-body'/>",
        ] {
            let doc = roxmltree::Document::parse(text).unwrap();
            assert_eq!(of(doc.root_element()).as_deref(), Some(want), "{text}");
        }
        let doc = roxmltree::Document::parse("<g id='product-x' class='GlobalId-short'/>").unwrap();
        assert_eq!(of(doc.root_element()), None);
    }
}
