//! Things that hang together: groups that are joined two by two.

/// Items in groups, each told by its lowest number. At the beginning every item is a group of its own.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// By item, one of its group with a number that is no higher.
    parent: Vec<u32>,
}

impl Groups {
    /// So many items, of 2³² at most.
    pub fn new(items: usize) -> Self {
        Self { parent: (0..items as u32).collect() }
    }

    /// The lowest item of an item's group.
    pub fn root(&mut self, item: usize) -> usize {
        let mut at = item;
        while let Some(&up) = self.parent.get(at)
            && up as usize != at
        {
            let above = self.parent.get(up as usize).copied().unwrap_or(up);
            if let Some(own) = self.parent.get_mut(at) {
                *own = above;
            }
            at = above as usize;
        }
        at
    }

    /// Makes the groups of two items one.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(parent) = self.parent.get_mut(a.max(b)) {
            *parent = a.min(b) as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_told_by_their_lowest_item() {
        let mut groups = Groups::new(6);
        for (a, b) in [(5, 3), (4, 1), (3, 4), (2, 2)] {
            groups.join(a, b);
        }
        let roots: Vec<usize> = (0..6).map(|i| groups.root(i)).collect();
        assert_eq!(roots, [0, 1, 2, 1, 1, 1]);
    }
}
