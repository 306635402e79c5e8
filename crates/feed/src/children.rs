//! The children of an element, indexed once: about thirty names are looked up per entry, which has
//! about a dozen children.

use crate::names::{Name, Space};
use crate::xml::{NodeId, Tree};

/// The children of an element with known names, in document order.
#[derive(Debug, Default)]
pub(crate) struct Children {
    list: Vec<Child>,
    /// One bit for each name that occurs.
    names: u128,
}

/// A child with its namespace and name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Child {
    pub(crate) space: Space,
    pub(crate) name: Name,
    pub(crate) id: NodeId,
}

impl Children {
    pub(crate) fn of(tree: &Tree<'_>, id: NodeId) -> Self {
        let mut children = Self::default();
        children.read(tree, id);
        children
    }

    /// Replaces the list with the children of another element, reusing the memory.
    pub(crate) fn read(&mut self, tree: &Tree<'_>, id: NodeId) {
        self.list.clear();
        self.names = 0;
        for child in tree.children(id) {
            let element = tree.element(child);
            let name = element.known();
            if name != Name::Unknown {
                self.names |= 1 << name as u8;
                self.list.push(Child {
                    space: element.space(),
                    name,
                    id: child,
                });
            }
        }
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = Child> + '_ {
        self.list.iter().copied()
    }

    /// Whether any of these names occurs, in any namespace.
    pub(crate) fn any(&self, names: &[Name]) -> bool {
        names
            .iter()
            .any(|name| self.names & (1 << *name as u8) != 0)
    }

    /// The children with this name in one of these namespaces, in document order.
    pub(crate) fn named<'c>(
        &'c self,
        spaces: &'c [Space],
        name: Name,
    ) -> impl DoubleEndedIterator<Item = NodeId> + 'c {
        let list = if self.any(&[name]) {
            self.list.as_slice()
        } else {
            &[]
        };
        list.iter()
            .filter(move |child| child.name == name && spaces.contains(&child.space))
            .map(|child| child.id)
    }

    /// The first child with this name, namespaces in the order given.
    pub(crate) fn first(&self, spaces: &[Space], name: Name) -> Option<NodeId> {
        if !self.any(&[name]) {
            return None;
        }
        spaces
            .iter()
            .find_map(|space| self.named(std::slice::from_ref(space), name).next())
    }
}
