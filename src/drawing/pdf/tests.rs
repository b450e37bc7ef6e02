//! The reader as a whole, on small files made here.

use super::read;
use crate::bytes::bytes;
use crate::drawing::Drawing;
use crate::error::Read;
use crate::geom::Point2;

/// A file from objects (number 1 is the catalogue) and a trailer, with its table of places.
pub(crate) fn file(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", i + 1).as_bytes());
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let size = objects.len() + 1;
    out.extend_from_slice(
        format!("trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
    );
    out
}

fn stream(dictionary: &str, data: &str) -> String {
    format!("<<{dictionary}/Length {}>>\nstream\n{data}\nendstream", data.len())
}

/// One page of 600 × 400 points with Helvetica as /F and two groups, /A-WALL and, switched off, /A-FURN; `page` adds
/// to its dictionary, `more` to the objects, from number 8 on.
fn page(content: &str, page: &str, more: &[String]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R 7 0 R]/D<</OFF[7 0 R]>>>>>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R{page}/Resources<</Font<</F 5 0 R>>\
             /Properties<</W 6 0 R/X 7 0 R>>/XObject<</Form 8 0 R/Image 9 0 R>>>>>>"
        ),
        stream("", content),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        "<</Type/OCG/Name(A-WALL)>>".to_owned(),
        "<</Type/OCG/Name(A-FURN)>>".to_owned(),
    ];
    objects.extend_from_slice(more);
    file(&objects, "")
}

fn drawn(content: &[u8]) -> Read<Drawing> {
    read("a.pdf", &bytes(content.to_vec())).unwrap()
}

fn told(content: Vec<u8>) -> String {
    let message = read("a.pdf", &bytes(content)).unwrap_err().to_string();
    assert!(!message.contains('\n') && message.len() < 200, "{message}");
    message
}

const CIRCLE: &str = "110 100 m 110 105.523 105.523 110 100 110 c 94.477 110 90 105.523 90 100 c \
                      90 94.477 94.477 90 100 90 c 105.523 90 110 94.477 110 100 c S ";

#[test]
fn shapes_layers_and_texts() {
    let content = format!(
        "/OC /W BDC 2 w 10 10 m 50 10 l S 20 20 30 40 re S EMC /OC /X BDC 0 0 m 9 9 l S EMC [6 3] 0 d 0 50 m 90 50 l S \
         [] 0 d {CIRCLE} .5 g 200 200 10 10 re f 1 g 300 300 10 10 re f \
         BT 0 g /F 10 Tf 0 1 -1 0 150 60 Tm (M) Tj (0921) Tj ET"
    );
    let Read { value: d, notices } = drawn(&page(&content, "", &[]));
    assert!(notices.is_empty(), "{notices:?}");
    assert!(d.declared_unit_m.is_some_and(|u| (u * 72.0 - 0.0254).abs() < 1e-15) && !d.y_down);
    let s = &d.sheets[0];
    let layer = |mark: u32| d.layers[s.marks[mark as usize].layer as usize].name.as_str();
    assert_eq!((layer(s.lines[0].mark), s.lines[0].segment.b), ("A-WALL", Point2::new(50.0, 10.0)));
    // Two points are 0.71 mm.
    assert_eq!(s.marks[s.lines[0].mark as usize].weight, 70);
    assert_eq!((s.loops.len(), s.loops[0].ring.len()), (1, 4));
    let dashed: Vec<bool> = s.lines.iter().map(|l| s.marks[l.mark as usize].dashed).collect();
    assert_eq!(dashed, [false, false, false, false, false, true]);
    assert!(s.arcs.len() == 1 && s.arcs[0].arc.is_circle());
    assert_eq!((s.fills.len(), s.marks[s.fills[0].mark as usize].colour), (1, 0x80_8080));
    assert_eq!(s.texts.len(), 1);
    let t = &s.texts[0];
    assert_eq!(t.text, "M0921");
    assert!((t.angle - std::f64::consts::FRAC_PI_2).abs() < 1e-9 && (t.height - 7.16).abs() < 1e-6);
    assert!(t.at.distance(Point2::new(150.0, 60.0)) < 1e-9 && (t.width - 30.57).abs() < 0.1, "{t:?}");
    assert!(d.layers.iter().any(|l| l.name == "A-FURN" && !l.visible));
}

#[test]
fn pages_lie_as_they_are_seen() {
    let content = "10 20 m 110 20 l S 590 390 m 700 390 l S";
    let at = |extra: &str| {
        let s = drawn(&page(content, extra, &[])).value.sheets.remove(0);
        let l = s.lines[0].segment;
        assert_eq!(s.lines.len(), 2);
        [l.a.x, l.a.y, l.b.x, l.b.y].map(f64::round)
    };
    assert_eq!(at(""), [10.0, 20.0, 110.0, 20.0]);
    assert_eq!(at("/Rotate 90"), [20.0, 590.0, 20.0, 490.0]);
    assert_eq!(at("/Rotate 180"), [590.0, 380.0, 490.0, 380.0]);
    assert_eq!(at("/Rotate 270"), [380.0, 10.0, 380.0, 110.0]);
    assert_eq!(at("/UserUnit 2"), [20.0, 40.0, 220.0, 40.0]);
    // What the crop box hides is not drawn; places stay.
    let cropped = drawn(&page(content, "/CropBox[50 0 600 380]", &[])).value.sheets.remove(0);
    assert_eq!(cropped.lines.len(), 1);
    assert_eq!(cropped.lines[0].segment.a, Point2::new(50.0, 20.0));
}

#[test]
fn forms_are_placed_and_clipped() {
    let form = stream("/Type/XObject/Subtype/Form/BBox[0 0 10 10]/Matrix[1 0 0 1 5 0]", "0 5 m 20 5 l S");
    let content = "q 2 0 0 2 100 100 cm /Form Do Q q 0 0 50 50 re W n 0 25 m 100 25 l S Q";
    let s = drawn(&page(content, "", &[form])).value.sheets.remove(0);
    let ends: Vec<(Point2, Point2)> = s.lines.iter().map(|l| (l.segment.a, l.segment.b)).collect();
    assert_eq!(ends[0], (Point2::new(110.0, 110.0), Point2::new(130.0, 110.0)));
    assert_eq!(ends[1], (Point2::new(0.0, 25.0), Point2::new(50.0, 25.0)));
}

#[test]
fn what_would_draw_for_ages_is_not_begun() {
    let content = "/Form Do 0 0 m 10 10 l S";
    let inside = "/Resources<</XObject<</Form 8 0 R>>>>";
    let form = stream(
        &format!("/Type/XObject/Subtype/Form/BBox[0 0 600 400]{inside}"),
        "0 5 m 20 5 l S /Form Do /Form Do",
    );
    // One that draws itself is drawn once.
    assert_eq!(drawn(&page(content, "", &[form])).value.sheets[0].lines.len(), 2);
    // Each of 40 forms draws the next one ten times: 10^40 lines.
    let forms: Vec<String> = (0..40)
        .map(|i| {
            let next = format!("/Resources<</XObject<</Form {} 0 R>>>>", 9 + i);
            stream(&format!("/Subtype/Form/BBox[0 0 9 9]{next}"), &"/Form Do ".repeat(10))
        })
        .collect();
    assert!(told(page(content, "", &forms)).contains("forms within forms"));
    // A content listed again and again.
    let content = stream("", &"0 0 m 9 9 l S ".repeat(80_000));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[{}]>>", "4 0 R ".repeat(5_000)),
        content,
    ];
    assert!(told(file(&objects, "")).contains("repeats its content"));
}

#[test]
fn scans_are_refused_with_their_reason() {
    let image = stream(
        "/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray",
        "abcd",
    );
    let scan = page("q 600 0 0 400 0 0 cm /Image Do Q", "", &["null".into(), image.clone()]);
    assert!(told(scan).contains("pixels"));
    assert!(told(page("", "", &[])).contains("nothing is drawn"));
    // A picture beside a drawing is only counted.
    let mut lines = String::from("q 60 0 0 40 0 0 cm /Image Do Q ");
    for i in 0..50 {
        lines += &format!("0 {i} m 99 {i} l S ");
    }
    let read = drawn(&page(&lines, "", &["null".into(), image.clone()]));
    assert_eq!((read.value.unread, read.notices.len()), (vec![("image".to_owned(), 1)], 0));
    // A part of the drawing that is a picture is told: what it shows may be what seems to be missing.
    let large = lines.replace("60 0 0 40 0 0", "400 0 0 300 0 0");
    let read = drawn(&page(&large, "", &["null".into(), image]));
    assert_eq!(read.notices[0].code, "pdf-picture-unreadable");
}

#[test]
fn what_is_no_drawing_is_told_in_a_sentence() {
    let whole = page("0 0 m 10 10 l S", "", &[]);
    assert!(told(b"%PDF-1.7\n".to_vec()).contains("damaged"));
    assert!(told(b"%PDF-1.7\nnonsense".repeat(100)).contains("damaged"));
    let locked = file(
        &[
            "<</Type/Catalog/Pages 2 0 R>>".into(),
            "<</Type/Pages/Kids[]/Count 0>>".into(),
            format!("<</Filter/Standard/V 2/R 3/Length 128/P -44/O<{0}>/U<{0}>>>", "00".repeat(32)),
        ],
        "/Encrypt 3 0 R/ID[<00><00>]",
    );
    assert!(told(locked).contains("password"));
    // A file that breaks off keeps what stands before, or is told to be damaged; it never ends in a panic.
    for end in (0..whole.len()).step_by(7) {
        match read("a.pdf", &bytes(whole[..end].to_vec())) {
            Ok(read) => assert!(read.value.sheets.iter().all(|s| s.lines.len() <= 1)),
            Err(error) => assert!(!error.to_string().contains('\n')),
        }
    }
}

#[test]
fn a_tree_of_pages_that_bites_its_tail_ends() {
    let mut kids = String::new();
    for _ in 0..3000 {
        kids += "3 0 R ";
    }
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[2 0 R {kids}]/Count 999999999>>"),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>".to_owned(),
        stream("", "0 0 m 5 5 l S"),
    ];
    assert_eq!(drawn(&file(&objects, "")).value.sheets.len(), 1);
    let nested = "[".repeat(200_000) + &"]".repeat(200_000);
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[3 0 R]/Count 1/X {nested}>>"),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>".to_owned(),
        stream("", &format!("{nested} TJ 0 0 m 5 5 l S")),
    ];
    let _ = read("a.pdf", &bytes(file(&objects, "")));
}

#[test]
fn letters_without_a_code_are_told() {
    // A composite font with neither a file nor a table of letters.
    let font = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype\
                /CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500>>]>>";
    let content = "BT /F 10 Tf 50 50 Td <000100020003000400050006> Tj ET 0 0 m 5 5 l S";
    let mut objects: Vec<String> = vec![
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .into(),
        stream("", content),
    ];
    objects.push(font.into());
    let read = drawn(&file(&objects, ""));
    assert!(read.notices.iter().any(|n| n.code == "pdf-text-unreadable"), "{:?}", read.notices);
    // The same with letters of a predefined table is read: GBK.
    objects[4] =
        "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[<</Type/Font/Subtype\
                  /CIDFontType0/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>\
                  /DW 1000>>]>>"
            .into();
    objects[3] = stream("", "BT /F 10 Tf 50 50 Td <D2BBB2E3C6BDC3E6CDBC> Tj ET 0 0 m 5 5 l S");
    let read = drawn(&file(&objects, ""));
    let texts: Vec<&str> = read.value.sheets[0].texts.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(texts, ["一层平面图"]);
}

#[test]
fn colours_and_functions_are_not_followed_for_ever() {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</ColorSpace<</C 5 0 R>>>>>>"
            .to_owned(),
        stream("", "/C cs 1 sc 0 0 m 5 5 l 5 0 l f"),
    ];
    for i in 0..50_000 {
        objects.push(format!("[/Separation /S {} 0 R 4 0 R]", 6 + i));
    }
    assert!(told(file(&objects, "")).contains("without end"));
    objects.truncate(4);
    objects.push("[/Separation /S /DeviceGray 6 0 R]".to_owned());
    for i in 0..40 {
        let next = format!("{} 0 R ", 7 + i);
        objects.push(format!(
            "<</FunctionType 3/Domain[0 1]/Bounds[.2 .4 .6]/Encode[0 1 0 1 0 1 0 1]/Functions[{}]>>",
            next.repeat(4)
        ));
    }
    assert!(told(file(&objects, "")).contains("without end"));
}

#[test]
fn pages_are_drawn_until_it_is_too_much() {
    let content = "0 0 m 9 9 l S\n".repeat(100);
    let kids: String = (0..20).map(|i| format!("{} 0 R ", i + 4)).collect();
    let mut file = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n".to_owned();
    file += &format!("2 0 obj<</Type/Pages/Count 20/Kids[{kids}]>>endobj\n");
    file += &format!("3 0 obj<</Length {}>>stream\n{content}endstream endobj\n", content.len());
    for i in 0..20 {
        file +=
            &format!("{} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 3 0 R>>endobj\n", i + 4);
    }
    file += "trailer<</Root 1 0 R>>\n";
    let pdf = hayro_syntax::Pdf::new(file.into_bytes()).unwrap();
    let layers = super::Layers::of(&pdf);
    let of =
        |limit| super::drawn(pdf.pages(), limit, |i, p| super::page::read(p, i as u32 + 1, &layers, 0)).len();
    // 100 marks and as many lines on each, eight pages at once
    assert_eq!((of(usize::MAX), of(1_600), of(1_599)), (20, 16, 8));
}
