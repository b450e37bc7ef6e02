//! Rooms: name, number and area texts that stand together, and the outline that the walls around them give.

use super::layer::Meaning;
use super::scene::{Scene, SceneText};
use super::text::{area, axis_label, level, mark, title};
use crate::drawing::plans::{DrawnColumn, DrawnRoom, DrawnWall, Evidence};
use crate::geom::{Box2, BoxIndex, Point2, Polygon, union};
use std::collections::BTreeMap;

/// Walls are lengthened by this at both ends so that corners close, metres.
const CORNER_SLACK: f64 = 0.02;
/// More texts than this about one place are no label.
const CROWD: usize = 256;
/// Rooms are larger than this, m².
const MIN_ROOM: f64 = 0.3;

/// What a text can be within a room's label.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Name,
    /// Two letters: a room's name (WC, EG) where an area or a number says so, else an axis.
    Short,
    Number,
    /// A letter and digits on a layer of rooms (S-1): the number, or the name where another text is the number.
    Code,
    Area(f64),
}

/// All rooms, left to right.
pub fn find(scene: &Scene<'_>, walls: &[DrawnWall], columns: &[DrawnColumn]) -> Vec<DrawnRoom> {
    let mut rooms = labels(scene);
    outline(&mut rooms, walls, columns);
    rooms.sort_by(|a, b| a.at.x.total_cmp(&b.at.x).then(a.at.y.total_cmp(&b.at.y)));
    rooms
}

/// Texts of one label stand below one another: group them by block reference, else by distance.
fn labels(scene: &Scene<'_>) -> Vec<DrawnRoom> {
    let known = scene.texts.iter().any(|t| t.meaning == Some(Meaning::Room));
    let mut in_group: BTreeMap<u32, usize> = BTreeMap::new();
    for g in scene.texts.iter().filter_map(|t| t.group) {
        *in_group.entry(g).or_default() += 1;
    }
    let lone = |t: &SceneText| t.group.is_some_and(|g| in_group.get(&g) == Some(&1));
    let parts: Vec<(&SceneText, Part)> =
        scene.texts.iter().filter_map(|t| Some((t, part(t, known, lone(t))?))).collect();
    // a reference that holds one text only says nothing about what belongs together
    let blocks: Vec<Option<u32>> = parts.iter().map(|(t, _)| t.group.filter(|_| !lone(t))).collect();
    let members = grouped(&parts, &blocks);
    let mut rooms = Vec::new();
    for members in members {
        let mut room = DrawnRoom {
            name: None,
            number: None,
            area_m2: None,
            area_text: None,
            at: Point2::default(),
            outline: None,
            evidence: Evidence { marks: Vec::new(), confidence: 0.5 },
        };
        let mut sum = Point2::default();
        let mut name: Option<&SceneText> = None;
        let mut code: Option<&SceneText> = None;
        for &i in &members {
            let (text, part) = parts[i];
            sum += text.at;
            room.evidence.marks.push(text.mark);
            match part {
                Part::Name | Part::Short => {
                    // of several lines the tallest, then the topmost, is the name
                    let better = name.is_none_or(|n: &SceneText| {
                        let up = Point2::unit(text.angle).left();
                        text.height > 1.05 * n.height
                            || text.height > 0.95 * n.height && (text.at - n.at).dot(up) > 0.0
                    });
                    if better {
                        name = Some(text);
                    }
                }
                Part::Code => code = code.or(Some(text)),
                Part::Number => room.number = room.number.or_else(|| Some(text.drawn())),
                Part::Area(m2) => {
                    room.area_m2 = Some(m2);
                    room.area_text = Some(text.drawn());
                }
            }
        }
        if room.number.is_some() {
            name = name.or(code);
        } else {
            room.number = code.map(SceneText::drawn);
        }
        room.name = name.map(SceneText::drawn);
        room.at = sum / members.len() as f64;
        if let Some(name) = &room.name {
            room.at = name.at;
        }
        let on_layer = members.iter().any(|&i| parts[i].0.meaning == Some(Meaning::Room));
        let has = |part: Part| members.iter().any(|&i| parts[i].1 == part);
        let short = has(Part::Short) && !has(Part::Name) && !has(Part::Code);
        room.evidence.confidence =
            if on_layer { 0.9 } else { 0.6 } + if members.len() > 1 { 0.08 } else { 0.0 };
        // a lone area or number on no layer of rooms is no room, both together are
        let named = room.name.is_some() && (!short || room.area_m2.is_some());
        if named || room.area_m2.is_some() && (on_layer || room.number.is_some()) {
            rooms.push(room);
        }
    }
    rooms
}

/// `lone`: it is the only text of its block reference, so that its tag says no more than its words.
fn part(t: &SceneText, known: bool, lone: bool) -> Option<Part> {
    match t.tag.as_deref().map(str::to_uppercase).as_deref() {
        Some("NAME" | "ROOM" | "ROOMNAME" | "ROOM_NAME" | "RAUMNAME" | "房间名称") => {
            return Some(Part::Name);
        }
        Some("NUMBER" | "NO" | "NR" | "ROOMNO" | "ROOM_NUMBER" | "RAUMNUMMER" | "编号")
            if t.meaning == Some(Meaning::Room) || !known =>
        {
            return Some(Part::Number);
        }
        Some("AREA" | "FLÄCHE" | "FLAECHE" | "面积") => {
            return area::parse(&t.text).map(|a| Part::Area(a.m2));
        }
        Some(_) if !lone => return None,
        _ => {}
    }
    let on_layer = t.meaning == Some(Meaning::Room);
    let other = matches!(
        t.meaning,
        Some(
            Meaning::Dimension
                | Meaning::Title
                | Meaning::Table
                | Meaning::Level
                | Meaning::AxisLabel
                | Meaning::Axis
                | Meaning::Tag
        )
    );
    if known && !on_layer || other {
        return None;
    }
    if let Some(a) = area::parse(&t.text).filter(|a| on_layer || a.certain) {
        return Some(Part::Area(a.m2));
    }
    let text = t.text.trim();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if on_layer {
        return Some(match (letters, digits) {
            (2.., _) if letters >= digits => Part::Name,
            (0, _) => Part::Number,
            _ => Part::Code,
        });
    }
    // a bare number beside a name is the room's
    let bare = digits >= 2 && letters <= 1 && text.chars().count() <= 6;
    if bare
        && mark::parse(text).is_none()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
        && level::parse(text).is_none_or(|l| !l.certain)
    {
        return Some(Part::Number);
    }
    let name = (2..=24).contains(&letters)
        && digits <= 2
        && mark::parse(text).is_none()
        && title::parse(text).is_none()
        && level::parse(text).is_none()
        && !text.contains([':', '：', '。', ',', '=']);
    if !name {
        return None;
    }
    match axis_label::parse(text) {
        None => Some(Part::Name),
        Some(_) if digits == 0 && letters == 2 => Some(Part::Short),
        Some(_) => None,
    }
}

/// Texts of one label, as numbers into `parts`, the first one first. What stands closest goes together first: an area
/// between two names belongs to the nearer one.
fn grouped(parts: &[(&SceneText, Part)], blocks: &[Option<u32>]) -> Vec<Vec<usize>> {
    // no text belongs to one that is farther off than both their reaches
    let reach = |t: &SceneText| 7.5 * t.height + 0.75 * t.width;
    let boxes = parts.iter().map(|(t, _)| Box2::of(t.at, t.at).grown(reach(t))).collect();
    let index = BoxIndex::new(boxes);
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for i in (0..parts.len()).filter(|&i| blocks[i].is_none()) {
        let at = parts[i].0.at;
        let near = index.touching_few(&Box2::of(at, at).grown(reach(parts[i].0)), CROWD);
        let loose = near.into_iter().flatten().filter(|&k| k < i && blocks[k].is_none());
        pairs.extend(loose.map(|k| (parts[k].0.at.distance(at), k, i)));
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    // per text the group that it is in; groups that joined another are empty
    let mut group: Vec<usize> = (0..parts.len()).collect();
    let mut groups: Vec<Vec<usize>> = (0..parts.len()).map(|i| vec![i]).collect();
    let join = |group: &mut Vec<usize>, groups: &mut Vec<Vec<usize>>, a: usize, b: usize| {
        let moved = std::mem::take(&mut groups[b]);
        moved.iter().for_each(|&k| group[k] = a);
        groups[a].extend(moved);
    };
    let mut in_block: BTreeMap<u32, usize> = BTreeMap::new();
    for (i, block) in blocks.iter().enumerate() {
        let Some(block) = block else { continue };
        let first = *in_block.entry(*block).or_insert(i);
        if first != i {
            join(&mut group, &mut groups, first, i);
        }
    }
    for (_, k, i) in pairs {
        let (a, b) = (group[k].min(group[i]), group[k].max(group[i]));
        if a != b && belongs(parts, (&groups[a], &groups[b]), (k, i)) {
            join(&mut group, &mut groups, a, b);
        }
    }
    groups.retain(|g| !g.is_empty());
    for g in &mut groups {
        g.sort_unstable();
    }
    groups.sort_by_key(|g| g[0]);
    groups
}

/// Two groups are one label when they have no number and no area twice, and these two of their texts stand within a few
/// text heights below one another.
fn belongs(parts: &[(&SceneText, Part)], groups: (&[usize], &[usize]), of: (usize, usize)) -> bool {
    let has = |group: &[usize], what: fn(Part) -> bool| group.iter().take(CROWD).any(|&k| what(parts[k].1));
    let both = |what: fn(Part) -> bool| has(groups.0, what) && has(groups.1, what);
    let twice = both(|p| p == Part::Number) || both(|p| p == Part::Code);
    if twice || both(|p| matches!(p, Part::Area(_))) {
        return false;
    }
    let (a, b) = (parts[of.0].0, parts[of.1].0);
    // another line of the same name stands close to it
    let lines = if both(|p| matches!(p, Part::Name | Part::Short)) { 3.2 } else { 4.5 };
    let along = Point2::unit(a.angle);
    let (v, height) = (b.at - a.at, a.height.max(b.height));
    let (dx, dy) = (v.dot(along).abs(), v.dot(along.left()).abs());
    dy < lines * height && dx < 3.0 * height.max(0.25 * (a.width + b.width))
}

/// Holes of the union of walls and columns are rooms; each label takes the hole around it.
fn outline(rooms: &mut [DrawnRoom], walls: &[DrawnWall], columns: &[DrawnColumn]) {
    if rooms.is_empty() || walls.is_empty() {
        return;
    }
    let mut solids: Vec<Polygon> = walls
        .iter()
        .filter(|w| w.arc.is_none())
        .filter_map(|w| {
            let d = w.line.direction()?;
            let length = w.line.length() + 2.0 * CORNER_SLACK;
            Some(Polygon::rectangle(w.line.middle(), length, w.thickness_m, d.angle()))
        })
        .collect();
    solids.extend(columns.iter().map(|c| Polygon::new(c.outline.clone())));
    let mut holes: Vec<Polygon> = Vec::new();
    for solid in union(&solids) {
        for hole in solid.holes {
            let polygon = Polygon::new(hole);
            if polygon.area() > MIN_ROOM {
                holes.push(polygon);
            }
        }
    }
    let index = BoxIndex::new(holes.iter().map(Polygon::bounds).collect());
    for room in rooms {
        let around = index
            .touching(&Box2::of(room.at, room.at))
            .into_iter()
            .map(|i| &holes[i])
            .filter(|p| p.contains(room.at))
            .min_by(|a, b| a.area().total_cmp(&b.area()));
        if let Some(polygon) = around {
            room.outline = Some(vec![polygon.clone()]);
        }
    }
}
