//! The shapes that stand in sled and in the value log. Every value begins with the version it was
//! written in. A shape that has shipped never changes: to let one grow, raise [`VERSION`], keep the
//! old shape in a module named for its version, and say in [`Record::read`] how to read it.
mod codec;
mod shapes;
pub(crate) mod v1;
mod v2;

pub(crate) use codec::*;
pub(crate) use shapes::*;
