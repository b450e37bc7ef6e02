//! Which storeys a title names, row by row.

use super::*;

fn ordinals(text: &str) -> Vec<i32> {
    parse(text).ordinals
}

#[test]
fn chinese_titles_count_from_one() {
    for text in ["一层平面图", "首层平面图", "1F平面图", "底层平面图"] {
        assert_eq!(ordinals(text), [0], "{text}");
    }
    for text in ["二~五层平面图", "2至5层平面图", "二～五层平面图", "2-5层平面图", "2~5F平面图"]
    {
        assert_eq!(ordinals(text), [1, 2, 3, 4], "{text}");
    }
    assert_eq!(ordinals("三、五、七层平面图"), [2, 4, 6]);
    assert_eq!(ordinals("二十一～三十二层平面图"), (20..32).collect::<Vec<_>>());
    for text in ["地下一层平面图", "负一层平面图", "B1", "-1F", "地下1层"] {
        assert_eq!(ordinals(text), [-1], "{text}");
    }
    assert_eq!(ordinals("地下一、二层平面图"), [-1, -2]);
    assert_eq!(ordinals("2-4#楼一层平面图"), [0]);
    assert_eq!(ordinals("3号楼二层平面图"), [1]);
    assert_eq!(ordinals("十二层平面图"), [11]);
}

#[test]
fn german_ranges() {
    for text in ["GRUNDRISS 2. - 4. OBERGESCHOSS", "Grundriss 2.-4. OG", "GRUNDRISS 2. BIS 4. OG"] {
        assert_eq!(ordinals(text), [2, 3, 4], "{text}");
    }
    assert_eq!(ordinals("GRUNDRISS 1. OBERGESCHOSS"), [1]);
}

#[test]
fn special_storeys() {
    let special = |t: &str| parse(t).special;
    let typical = parse("标准层平面图(4-18F)");
    assert_eq!(typical.special.as_deref(), Some("typical"));
    assert_eq!(typical.ordinals, (3..18).collect::<Vec<_>>());
    let rest = parse("标准层平面图");
    assert_eq!((rest.special.as_deref(), rest.ordinals.len()), (Some("typical"), 0));
    let mezzanine = parse("一层夹层平面图");
    assert_eq!((mezzanine.special.as_deref(), mezzanine.ordinals), (Some("mezzanine"), vec![0]));
    for text in ["ROOF PLAN", "Dachaufsicht", "屋顶平面图", "屋面平面图"] {
        assert_eq!(special(text).as_deref(), Some("roof"), "{text}");
        assert!(ordinals(text).is_empty(), "{text}");
    }
    assert_eq!(special("机房层平面图").as_deref(), Some("machine"));
    let refuge = parse("避难层(15F)");
    assert_eq!((refuge.special.as_deref(), refuge.ordinals), (Some("refuge"), vec![14]));
    for text in ["12A层平面图", "13A"] {
        let names = parse(text);
        assert!(names.ordinals.is_empty(), "{text}: {names:?}");
        assert!(names.labels[0].ends_with('A'), "{text}");
    }
    assert_eq!(special("二层梁平法施工图").as_deref(), Some("beams"));
    let interval = parse("4.150~8.050 柱平法施工图");
    assert_eq!((interval.elevations_m, interval.ordinals.len()), (vec![4.15, 8.05], 0));
}

#[test]
fn western_titles_count_from_ground() {
    let first = parse("FIRST FLOOR PLAN");
    assert_eq!((first.ordinals, first.alternative), (vec![0], vec![1]));
    for text in
        ["LEVELS 3-5 FLOOR PLAN", "LEVELS 3 TO 5", "LEVELS 3 - 5 PLAN", "L3-L5", "LEVELS 3, 4 & 5 PLAN"]
    {
        let levels = parse(text);
        assert_eq!((levels.ordinals, levels.alternative), (vec![3, 4, 5], vec![2, 3, 4]), "{text}");
    }
    assert_eq!(ordinals("LEVELS 2, 4-6"), [2, 4, 5, 6]);
    assert_eq!(ordinals("LEVEL -1 PLAN"), [-1]);
    for text in ["LEVEL 03", "L3"] {
        let level = parse(text);
        assert_eq!((level.ordinals, level.alternative), (vec![3], vec![2]), "{text}");
    }
    for text in [
        "Grundriss EG",
        "Erdgeschoss",
        "RDC",
        "Plan du rez-de-chaussée",
        "Piano terra",
        "Planta baja",
        "GROUND FLOOR PLAN",
        "Begane grond",
    ] {
        assert_eq!(ordinals(text), [0], "{text}");
    }
    assert_eq!(ordinals("1. OG"), [1]);
    assert_eq!(ordinals("GRUNDRISS 1OG"), [1]);
    assert_eq!(ordinals("Grundriss 3. Obergeschoss"), [3]);
    assert_eq!(ordinals("2. UG"), [-2]);
    assert_eq!(ordinals("R+3"), [3]);
    assert_eq!(ordinals("1e verdieping"), [1]);
    assert_eq!(ordinals("Plan 2e étage"), [2]);
    assert_eq!(ordinals("BASEMENT PLAN"), [-1]);
    assert_eq!(ordinals("LOWER GROUND FLOOR"), [-1]);
    let many = parse("2nd–5th FLOOR PLAN");
    assert_eq!((many.ordinals, many.alternative), (vec![1, 2, 3, 4], vec![2, 3, 4, 5]));
    assert!(!names_any(&parse("SOUTH ELEVATION")));
    assert!(!names_any(&parse("DOOR")));
}

#[test]
fn what_is_told_apart_cheaply_names_no_storey() {
    for text in ["M0921", "C1515", "办公室", "OFFICE", "12.00 M2", "1:100", "A-3", "+3.000", "①"] {
        assert!(!may_name(&fold(text)), "{text}");
    }
    // pieces of wordings put together in every order: whatever names a storey is looked at
    let pieces = [
        "B", "1", "F", "-", "L", "A", "层", " ", "R+", "OG", "FL", "一", "地下", "#", "ETAGE", "楼", "2",
        "LEVEL", "EG", "ROOF", "屋面",
    ];
    let mut named = 0;
    for i in 0..pieces.len().pow(3) {
        let at = |k: u32| pieces[i / pieces.len().pow(k) % pieces.len()];
        let text = [at(0), at(1), at(2)].concat();
        let names = parse(&text);
        if !names.labels.is_empty() || names.special.is_some() {
            named += 1;
            assert!(may_name(&fold(&text)), "{text}: {names:?}");
        }
    }
    assert!(named > 500, "{named}");
}
