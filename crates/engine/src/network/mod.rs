//! How feeds are asked: credentials, the reader's own network, and whether the network is reachable.

pub(crate) mod connectivity;
pub(crate) mod credentials;
pub(crate) mod own_network;
pub(crate) mod requests;
