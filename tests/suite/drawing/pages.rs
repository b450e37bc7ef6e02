//! PDF made to hurt: each is answered soon, in one sentence or with what stands beside the harm. A stack that overflows
//! would end this process, and so would memory that runs out, which is the test.

use super::{soon, sound, told};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::fmt::Write as _;
use std::io::Write as _;
use tumo::drawing::Drawing;

/// A file from objects, number 1 being the catalogue, with its table of places and more for its trailer.
fn file(objects: &[impl AsRef<[u8]>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = String::new();
    for (i, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", out.len());
        out.extend_from_slice(format!("{} 0 obj\n", i + 1).as_bytes());
        out.extend_from_slice(object.as_ref());
        out.extend_from_slice(b"\nendobj\n");
    }
    let (table, size) = (out.len(), objects.len() + 1);
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF\n"
    );
    out.extend_from_slice(end.as_bytes());
    out
}

fn stream(dictionary: &str, data: &str) -> Vec<u8> {
    format!("<<{dictionary}/Length {}>>\nstream\n{data}\nendstream", data.len()).into_bytes()
}

/// The same, packed.
fn packed(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    let data = encoder.finish().unwrap();
    let mut out = format!("<<{dictionary}/Filter/FlateDecode/Length {}>>\nstream\n", data.len()).into_bytes();
    out.extend_from_slice(&data);
    out.extend_from_slice(b"\nendstream");
    out
}

/// A page that draws a line, then this; its resources, and more objects from number 5 on.
fn page(content: &str, resources: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Resources<<{resources}>>>>")
            .into_bytes(),
        stream("", &format!("0 0 m 100 0 l S {content}")),
    ];
    objects.extend_from_slice(more);
    file(&objects, "")
}

/// It ends, and the line that has nothing to do with the harm is there.
fn survives(what: &str, content: Vec<u8>) -> (Drawing, Vec<String>) {
    let (drawing, codes) = soon(what, || told(content)).unwrap_or_else(|e| panic!("{what}: {e}"));
    sound(&drawing);
    assert!(drawing.sheets.iter().any(|s| !s.lines.is_empty()), "{what}: the line beside it is lost");
    (drawing, codes)
}

/// The same, and what is left out is told.
fn is_told(what: &str, content: Vec<u8>) -> Drawing {
    let (drawing, codes) = survives(what, content);
    assert!(codes.contains(&"pdf-limit".to_owned()), "{what}: {codes:?}");
    drawing
}

/// It ends: refused in one sentence, or read.
fn ends(what: &str, content: Vec<u8>) {
    match soon(what, || told(content)) {
        Ok((drawing, _)) => sound(&drawing),
        Err(why) => is_short(what, &why),
    }
}

/// It is refused, for its size and not for damage.
fn is_refused(what: &str, content: Vec<u8>) {
    let why = soon(what, || told(content)).err().unwrap_or_else(|| panic!("{what} is read"));
    is_short(what, &why);
    assert!(why.contains("limit") || why.contains("without end"), "{what}: {why}");
}

fn is_short(what: &str, why: &str) {
    assert!(!why.contains('\n') && why.len() < 400, "{what}: {why}");
}

#[test]
fn what_draws_itself_by_another_name_than_a_form() {
    // a letter that is written with itself
    let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65\
                /Widths[1]/Encoding<</Differences[65/A]>>/CharProcs<</A 6 0 R>>/Resources<</Font<</F 5 0 R>>>>>>";
    let letter = stream("", "1 0 d0 0 0 m 1 1 l S BT /F 1 Tf (AA) Tj ET");
    survives("a letter", page("BT /F 9 Tf (AA) Tj ET", "/Font<</F 5 0 R>>", &[font.into(), letter]));
    // a pattern that is filled with itself
    let pattern = stream(
        "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9\
         /Resources<</Pattern<</P 5 0 R>>>>",
        "/Pattern cs /P scn 0 0 9 9 re f 0 0 9 9 re f",
    );
    let fill = "/Pattern cs /P scn 0 0 500 300 re f";
    survives("a pattern", page(fill, "/Pattern<</P 5 0 R>>", &[pattern]));
    // a mask that is masked by itself
    let state = b"<</Type/ExtGState/SMask<</Type/Mask/S/Alpha/G 6 0 R>>>>".to_vec();
    let mask = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Group<</S/Transparency>>/Resources<</ExtGState<</G 5 0 R>>>>",
        "/G gs 0 0 9 9 re f /G gs 0 0 9 9 re f",
    );
    survives("a mask", page("/G gs 0 0 m 9 9 l S", "/ExtGState<</G 5 0 R>>", &[state, mask]));
    // the three in a ring, and each ten times
    let resources =
        "/Resources<</Font<</F 5 0 R>>/Pattern<</P 7 0 R>>/ExtGState<</G 8 0 R>>/XObject<</X 9 0 R>>>>";
    let all = "/G gs /Pattern cs /P scn 0 0 9 9 re f BT /F 1 Tf (AA) Tj ET /X Do ".repeat(10);
    let ring = [
        font.replace("/Resources<</Font<</F 5 0 R>>>>", resources).into_bytes(),
        stream("", &format!("1 0 d0 {all}")),
        stream(
            &format!("/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9{resources}"),
            &all,
        ),
        b"<</SMask<</S/Alpha/G 9 0 R>>>>".to_vec(),
        stream(&format!("/Subtype/Form/BBox[0 0 9 9]/Group<</S/Transparency>>{resources}"), &all),
    ];
    let named = resources.trim_start_matches("/Resources<<").trim_end_matches(">>").to_owned() + ">>";
    survives("a ring", page(&all, &named, &ring));
}

#[test]
fn remarks_that_show_themselves() {
    let remarks = |forms: &[Vec<u8>]| {
        let mut objects = vec![
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Annots[{}]>>",
                "5 0 R ".repeat(1_000)
            )
            .into_bytes(),
            stream("", "0 0 m 100 0 l S"),
            b"<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/AP<</N 6 0 R>>/Parent 5 0 R/Popup 5 0 R>>".to_vec(),
        ];
        objects.extend_from_slice(forms);
        file(&objects, "")
    };
    let form = |next: usize, content: &str| {
        stream(&format!("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {next} 0 R>>>>"), content)
    };
    survives("a remark of itself", remarks(&[form(6, "0 0 m 1 1 l S /X Do /X Do")]));
    survives("two of one another", remarks(&[form(7, "/X Do /X Do"), form(6, "/X Do /X Do")]));
    let chain: Vec<Vec<u8>> = (0..40).map(|i| form(i + 7, &"/X Do ".repeat(10))).collect();
    is_refused("forty of ten", remarks(&chain));
}

#[test]
fn operators_and_states_without_end() {
    let pieces = [
        "q ",
        "Q ",
        "BT ",
        "/A BMC ",
        "EMC ",
        "0 0 9 9 re W n ",
        "[1 2] 0 d ",
        "2 0 0 2 0 0 cm ",
        "( ",
        "<< ",
    ];
    for piece in pieces {
        survives(piece, page(&piece.repeat(20_000), "", &[]));
        ends(piece, page(&format!("{}0 0 m 9 9 l S", piece.repeat(20_000)), "", &[]));
    }
    survives("a path", page(&format!("0 0 m {}S", "9 9 l ".repeat(60_000)), "", &[]));
    is_refused("many dashes", page(&format!("[{}] 0 d 0 0 m 9 9 l S", "1 ".repeat(20_000)), "", &[]));
    survives("dashes", page("[0.000001] 0 d 0 0 m 500 300 l S [0 0] 0 d 0 0 m 9 9 l S", "", &[]));
    survives("numbers", page("1e38 -1e38 m 99999999999999999999999999999999999999999999 0 l S", "", &[]));
}

#[test]
fn letters_without_end() {
    let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65\
                /Widths[1]/Encoding<</Differences[65/A]>>/CharProcs<</A 6 0 R>>>>";
    let more = [font.as_bytes().to_vec(), stream("", "1 0 d0")];
    let text = |mode: u32, letters: usize| {
        let content = format!("BT /F 9 Tf {mode} Tr ({}) Tj ET", "A".repeat(letters));
        page(&content, "/Font<</F 5 0 R>>", &more)
    };
    survives("letters", text(0, 5_000));
    survives("letters that cut", text(7, 5_000));
    is_refused("many letters", text(0, 300_000));
    is_refused("many letters that cut", text(7, 20_000));
}

#[test]
fn trees_and_tables_that_lead_nowhere() {
    // a page under thousands of nodes, and one whose ancestors are a ring
    let mut deep = vec!["<</Type/Catalog/Pages 2 0 R>>".to_owned()];
    let levels = 5_000;
    for i in 0..levels {
        deep.push(format!("<</Type/Pages/Kids[{} 0 R]/Count 1/Parent {} 0 R>>", i + 3, i + 1));
    }
    let last = levels + 2;
    deep.push(format!("<</Type/Page/Parent {} 0 R/MediaBox[0 0 9 9]/Contents {} 0 R>>", last - 1, last + 1));
    deep.push(String::from_utf8(stream("", "0 0 m 5 5 l S")).unwrap());
    ends("a deep tree", file(&deep, ""));
    let ring = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 5 0 R>>".to_vec(),
        b"<</Type/Page/Parent 5 0 R/Contents 4 0 R>>".to_vec(),
        stream("", "0 0 m 5 5 l S"),
        b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1/Parent 2 0 R>>".to_vec(),
    ];
    survives("a ring of ancestors", file(&ring, ""));
    // references to references, lengths that are the stream's own, tables that name themselves as the one before
    let mut chain = vec!["<</Type/Catalog/Pages 2 0 R>>".to_owned()];
    chain.extend((0..5_000).map(|i| format!("{} 0 R", i + 3)));
    chain.push("2 0 R".to_owned());
    ends("references", file(&chain, ""));
    let own = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>".to_vec(),
        b"<</Length 4 0 R>>\nstream\n0 0 m 5 5 l S\nendstream".to_vec(),
    ];
    survives("its own length", file(&own, ""));
    let whole = file(&own, "");
    let table = whole.windows(4).position(|w| w == b"xref").unwrap();
    survives("its own table", file(&own, &format!("/Prev {table}/XRefStm {table}")));
    survives("a table at the end", file(&own, "/Prev 99999999999999999999/XRefStm -1"));
    // a store of objects that holds itself and extends itself
    let store = stream("/Type/ObjStm/N 2000000000/First 9/Extends 5 0 R", "5 0 6 1 <<>> 5 0 R");
    survives("a store", file(&[&own[..], &[store]].concat(), ""));
}

/// A font of two bytes a letter: what it says of itself, of its letters, and object 6.
fn font(own: &str, letters: &str, more: Vec<u8>) -> Vec<u8> {
    let font = format!(
        "<</Type/Font/Subtype/Type0/BaseFont/X{own}/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500{letters}>>]>>"
    );
    page("BT /F 9 Tf 10 10 Td <00010002FFFF> Tj ET", "/Font<</F 5 0 R>>", &[font.into_bytes(), more])
}

#[test]
fn tables_that_name_more_letters_than_there_are() {
    let table = |body: &str| {
        let text = format!(
            "/CIDInit /ProcSet findresource begin begincmap /Y usecmap 1 begincodespacerange <0000> <FFFF> \
             endcodespacerange {body} endcmap"
        );
        stream("/CMapName/Y/UseCMap 6 0 R", &text)
    };
    let ranges = "2000000000 beginbfrange <0000> <FFFF> <0041> <00000000> <FFFFFFFF> <0041> endbfrange \
                  1 begincidrange <00000000> <FFFFFFFF> 0 endcidrange ";
    let long = "1 beginbfchar <0001> <".to_owned() + &"0041".repeat(20_000) + "> endbfchar";
    for body in [ranges.to_owned(), ranges.repeat(500), long] {
        survives("letters", font("/Encoding/Identity-H/ToUnicode 6 0 R", "", table(&body)));
        survives("codes", font("/Encoding 6 0 R/ToUnicode 6 0 R", "", table(&body)));
    }
    let long = packed("", &b"1 beginbfchar <0001> <0041> endbfchar ".repeat(900_000));
    is_told("a long table", font("/Encoding/Identity-H/ToUnicode 6 0 R", "", long));
}

#[test]
fn widths_of_more_letters_than_there_are() {
    let known = || stream("", "1 beginbfchar <0001> <0041> endbfchar");
    let own = "/Encoding/Identity-H/ToUnicode 6 0 R";
    for letters in [
        "/W[0 4000000000 5]",
        "/W[0[5 5]9 8 5 100 4000000000 5]",
        "/W2[0 4000000000 1 2 3]",
        "/W[0 65535 5 0 65535 6 0 65535 7]",
    ] {
        // its texts are read, with widths that are the font's own
        let drawing = is_told(letters, font(own, letters, known()));
        assert!(drawing.sheets[0].texts.iter().any(|t| t.text == "A"), "{letters}: the text is lost");
    }
    let each = format!("/W[0[{}]]", "5 ".repeat(200_000));
    is_told("each its width", font(own, &each, known()));
    survives("all widths", font(own, "/W[0 65535 5]", known()));
    // elsewhere in the file, and where it is hidden among packed objects
    let elsewhere = |second: &[u8]| {
        let own = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>";
        let letters = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/W 7 0 R>>".to_vec();
        let text = "BT /F 9 Tf 10 10 Td <0001> Tj ET";
        page(text, "/Font<</F 5 0 R>>", &[own.into(), letters, second.to_vec()])
    };
    is_told("widths elsewhere", elsewhere(b"[0 4000000000 5]"));
    let mut hidden = elsewhere(&stream("/Type/ObjStm/N 1/First 4", "7 0 [0 4000000000 5]"));
    // without its table a reader looks for objects by itself
    let at = hidden.windows(9).rposition(|w| w == b"startxref").unwrap();
    hidden.truncate(at);
    let renamed = String::from_utf8(hidden).unwrap().replace("7 0 obj", "9 0 obj").replace("xref\n0 8", "");
    is_refused("widths among packed objects", renamed.into_bytes());
    // a font of single bytes that begins behind all of them
    let simple =
        "<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 900000000000/LastChar 900000000001/Widths[5 5]>>";
    is_told("a first letter", page("BT /F 9 Tf (A) Tj ET", "/Font<</F 5 0 R>>", &[simple.into()]));
}

#[test]
fn font_programs_of_nothing() {
    let descriptor =
        "/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 6 0 R/FontFile3 6 0 R>>";
    let own = "/Encoding/Identity-H";
    survives("no font", font(own, descriptor, stream("", &"\u{0}\u{1}\u{0}\u{0}".repeat(40_000))));
    // tables that promise all letters there can be, over and over, at the end of the file
    let mut program = b"\0\x01\0\0\xFF\xFF\0\0\0\0\0\0".to_vec();
    for name in [b"cmap", b"glyf", b"loca", b"maxp", b"head", b"hhea", b"hmtx", b"post"] {
        program.extend_from_slice(name);
        program.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 12, 0xFF, 0xFF, 0xFF, 0xFF]);
    }
    program.extend_from_slice(&[0xFF; 4_000]);
    survives("promises", font(own, descriptor, packed("", &program)));
    let cff = [&[1u8, 0, 4, 4, 0xFF, 0xFF, 4][..], &[0xFF; 4_000]].concat();
    survives("more promises", font(own, descriptor, packed("/Subtype/CIDFontType0C", &cff)));
    let type1 =
        "%!PS-AdobeFont-1.0\n/Encoding 2000000000 array 0 1 2000000000 {1 index exch /.notdef put} for\n\
                 /Subrs 2000000000 array dup 0 2000000000 RD eexec"
            .repeat(100);
    let simple = "<</Type/Font/Subtype/Type1/BaseFont/X/FirstChar 0/LastChar 255/Widths[5]/FontDescriptor\
                  <</FontName/X/Flags 4/FontFile 6 0 R>>>>";
    let text = page("BT /F 9 Tf (A) Tj ET", "/Font<</F 5 0 R>>", &[simple.into(), stream("", &type1)]);
    survives("a program that counts", text);
}

#[test]
fn colours_of_more_samples_than_there_are() {
    let shaded = |more: &[Vec<u8>]| page("/S sh 0 0 m 9 9 l S /S sh", "/Shading<</S 5 0 R>>", more);
    let axial = |function: &str| {
        format!("<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function {function}>>").into_bytes()
    };
    let samples = |size: &str, bits: u32, data: &[u8]| {
        packed(&format!("/FunctionType 0/Domain[0 1]/Range[0 1]/Size[{size}]/BitsPerSample {bits}"), data)
    };
    survives("a few samples", shaded(&[axial("6 0 R"), samples("256", 8, &[7; 256])]));
    is_told("samples of a bit", shaded(&[axial("6 0 R"), samples("8000000", 1, &[7; 1_000_000])]));
    is_told("samples of nothing", shaded(&[axial("6 0 R"), samples("4000000000", 8, b"x")]));
    let corners = |kind: u32, bits: u32, n: usize| {
        let dictionary = format!(
            "/ShadingType {kind}/ColorSpace/DeviceGray/BitsPerCoordinate {bits}/BitsPerComponent 1/BitsPerFlag 2\
             /VerticesPerRow 2/Decode[0 9 0 9 0 1]"
        );
        packed(&dictionary, &vec![0u8; n])
    };
    for kind in 4..=7 {
        survives("a few corners", shaded(&[corners(kind, 8, 2_000)]));
        is_told("corners", shaded(&[corners(kind, 1, 600_000)]));
    }
    // a shading of ten thousand functions, each the same million of samples, and within one another
    let million = samples("1000000", 8, &[7; 1_000_000]);
    is_told("side by side", shaded(&[axial(&format!("[{}]", "6 0 R ".repeat(5_000))), million.clone()]));
    let within = format!("<</FunctionType 3/Domain[0 1]/Functions[{}]>>", "7 0 R ".repeat(5_000));
    is_told("one after another", shaded(&[axial("6 0 R"), within.into_bytes(), million]));
    // calculated by brackets within brackets, or by a long programme
    let calculated = |program: &str| packed("/FunctionType 4/Domain[0 1]/Range[0 1]", program.as_bytes());
    survives("a little", shaded(&[axial("6 0 R"), calculated("{dup 0.5 gt {pop 1} {2 mul} ifelse}")]));
    let deep = "{".repeat(100_000) + &"}".repeat(100_000);
    is_told("brackets", shaded(&[axial("6 0 R"), calculated(&deep)]));
    let comments = "{ %}\n".repeat(20_000);
    is_told("brackets in comments", shaded(&[axial("6 0 R"), calculated(&comments)]));
    is_told(
        "a long programme",
        shaded(&[axial("6 0 R"), calculated(&format!("{{{}}}", "dup pop ".repeat(100_000)))]),
    );
    // asked for again and again
    let again = page(
        &"/S sh ".repeat(20_000),
        "/Shading<</S 5 0 R>>",
        &[axial("6 0 R"), samples("1000000", 8, &[7; 1_000_000])],
    );
    is_refused("a shading that is drawn again", again);
}

#[test]
fn pictures_of_milliards_of_pixels() {
    let picture = |filter: &str| {
        let dictionary = format!(
            "/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB{filter}\
             /SMask 5 0 R/Mask 5 0 R"
        );
        stream(&dictionary, "x")
    };
    let content = "q 1 0 0 1 0 0 cm /I Do Q ".repeat(100);
    for filter in
        ["", "/Filter/DCTDecode", "/Filter/JPXDecode", "/Filter/JBIG2Decode", "/Filter/CCITTFaxDecode"]
    {
        let (drawing, _) = survives(filter, page(&content, "/XObject<</I 5 0 R>>", &[picture(filter)]));
        assert_eq!(drawing.unread, [("image".to_owned(), 100)]);
    }
    let within = "BI /W 100000 /H 100000 /BPC 8 /CS /RGB ID x EI 0 0 m 9 9 l S";
    survives("a picture in place", page(within, "", &[]));
}

#[test]
fn layers_within_layers() {
    let deep = format!("{}5 0 R{}", "[/Not ".repeat(20_000), "]".repeat(20_000));
    let policies = [
        format!("/VE {deep}"),
        "/VE 6 0 R".to_owned(),
        "/OCGs 6 0 R".to_owned(),
        format!("/OCGs[{}]", "5 0 R ".repeat(50_000)),
    ];
    for policy in policies {
        let objects = [
            format!("<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R]/D<</Order {deep}/OFF[5 0 R]>>>>>>")
                .into_bytes(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Resources<</Properties<</M 6 0 R>>>>>>"
                .to_vec(),
            stream("", "0 0 m 100 0 l S /OC /M BDC 0 0 m 9 9 l S EMC"),
            b"<</Type/OCG/Name(A)>>".to_vec(),
            format!("<</Type/OCMD/P/AnyOn{policy}>>").into_bytes(),
        ];
        ends("layers", file(&objects, ""));
    }
}
