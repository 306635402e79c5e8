//! Network access for feeds: requests, credentials, private addresses and connectivity.

pub(crate) mod connectivity;
pub(crate) mod credentials;
pub(crate) mod own_network;
pub(crate) mod requests;
