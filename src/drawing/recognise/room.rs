//! Rooms: name, number and area texts that stand together, and the outline that the walls around them give.

use super::face::band_box;
use super::layer::Meaning;
use super::scene::{Scene, SceneText};
use super::text::{area, axis_label, level, mark, title};
use super::wall::Tracks;
use crate::drawing::plans::{DrawnColumn, DrawnRoom, DrawnWall, Evidence};
use crate::geom::{Box2, Point2, Polygon, union};

/// Walls are lengthened by this at both ends so that corners close, metres.
const CORNER_SLACK: f64 = 0.02;
/// Rooms are larger than this, m².
const MIN_ROOM: f64 = 0.3;

/// What a text can be within a room's label.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Name,
    Number,
    Area(f64),
}

/// All rooms, left to right.
pub fn find(
    scene: &Scene<'_>,
    walls: &[DrawnWall],
    columns: &[DrawnColumn],
    tracks: &Tracks,
) -> Vec<DrawnRoom> {
    let mut rooms = labels(scene);
    let _ = (tracks, band_box);
    outline(&mut rooms, walls, columns);
    rooms.sort_by(|a, b| a.at.x.total_cmp(&b.at.x).then(a.at.y.total_cmp(&b.at.y)));
    rooms
}

/// Texts of one label stand below one another: group them by block reference, else by distance.
fn labels(scene: &Scene<'_>) -> Vec<DrawnRoom> {
    let known = scene.texts.iter().any(|t| t.meaning == Some(Meaning::Room));
    let parts: Vec<(&SceneText, Part)> =
        scene.texts.iter().filter_map(|t| Some((t, part(t, known)?))).collect();
    let mut group: Vec<usize> = (0..parts.len()).collect();
    for i in 0..parts.len() {
        for j in 0..i {
            if group[j] == j && belongs(&parts, &group, i, j) {
                group[i] = j;
                break;
            }
        }
    }
    let mut rooms = Vec::new();
    for head in 0..parts.len() {
        if group[head] != head {
            continue;
        }
        let members: Vec<usize> = (head..parts.len()).filter(|&i| group[i] == head).collect();
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
        for &i in &members {
            let (text, part) = parts[i];
            sum += text.at;
            room.evidence.marks.push(text.mark);
            match part {
                Part::Name => room.name = room.name.or_else(|| Some(text.drawn())),
                Part::Number => room.number = room.number.or_else(|| Some(text.drawn())),
                Part::Area(m2) => {
                    room.area_m2 = Some(m2);
                    room.area_text = Some(text.drawn());
                }
            }
        }
        room.at = sum / members.len() as f64;
        if let Some(name) = &room.name {
            room.at = name.at;
        }
        let on_layer = members.iter().any(|&i| parts[i].0.meaning == Some(Meaning::Room));
        room.evidence.confidence =
            if on_layer { 0.9 } else { 0.6 } + if members.len() > 1 { 0.08 } else { 0.0 };
        // a lone area or number on no layer of rooms is no room
        if room.name.is_some() || on_layer && room.area_m2.is_some() {
            rooms.push(room);
        }
    }
    rooms
}

fn part(t: &SceneText, known: bool) -> Option<Part> {
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
        Some(_) => return None,
        None => {}
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
        return Some(if letters >= 2 && letters >= digits { Part::Name } else { Part::Number });
    }
    let name = (2..=24).contains(&letters)
        && digits <= 2
        && mark::parse(text).is_none()
        && title::parse(text).is_none()
        && level::parse(text).is_none()
        && axis_label::parse(text).is_none()
        && !text.contains([':', '：', '。', ',', '=']);
    name.then_some(Part::Name)
}

/// A text belongs to a group that lacks its part and stands within a few text heights below or above.
fn belongs(parts: &[(&SceneText, Part)], group: &[usize], i: usize, head: usize) -> bool {
    let (t, part) = parts[i];
    let (h, _) = parts[head];
    if t.group.is_some() || h.group.is_some() {
        return t.group == h.group;
    }
    let same = |a: Part, b: Part| std::mem::discriminant(&a) == std::mem::discriminant(&b);
    let taken = (0..i).any(|k| group[k] == head && same(parts[k].1, part));
    let up = Point2::unit(h.angle);
    let v = t.at - h.at;
    let height = h.height.max(t.height);
    let (dx, dy) = (v.dot(up).abs(), v.dot(up.left()).abs());
    !taken && dy < 4.5 * height && dx < 3.0 * height.max(0.25 * (h.width + t.width))
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
    let mut holes: Vec<(Box2, Polygon)> = Vec::new();
    for solid in union(&solids) {
        for hole in solid.holes {
            let polygon = Polygon::new(hole);
            if polygon.area() > MIN_ROOM {
                holes.push((polygon.bounds(), polygon));
            }
        }
    }
    for room in rooms {
        let around = holes
            .iter()
            .filter(|(b, p)| b.contains(room.at) && p.contains(room.at))
            .min_by(|a, b| a.1.area().total_cmp(&b.1.area()));
        if let Some((_, polygon)) = around {
            room.outline = Some(vec![polygon.clone()]);
        }
    }
}
