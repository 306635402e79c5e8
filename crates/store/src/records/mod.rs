//! The values in sled and in the value log. Every value begins with its version. A shape that has
//! shipped never changes: to extend one, raise [`VERSION`], keep the old shape in a module named
//! for its version, and convert it in [`Record::read`].
mod codec;
mod shapes;
pub(crate) mod v1;
mod v2;
mod v3;
mod v4;

pub(crate) use codec::*;
pub(crate) use shapes::*;
