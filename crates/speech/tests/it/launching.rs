use std::path::Path;

use warta_speech::{Address, Client, Error, Launcher};

use crate::stand_in::{StandIn, connect, options};

#[tokio::test]
async fn a_service_that_does_not_run_is_started() {
    let server = StandIn::start(|_| None);
    let socket = server.socket().with_file_name("socket");
    // The program makes the socket that it is asked for lead to the stand-in.
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/launch.sh");
    let address = Address::Unix(socket.clone());
    Client::connect(&address, &options(Launcher::new(program)))
        .await
        .unwrap();
    let arguments = std::fs::read_to_string(socket.with_file_name("arguments")).unwrap();
    let expected = format!(
        "--spawn --communication-method unix_socket --socket-path {}\n",
        socket.display()
    );
    assert_eq!(arguments, expected);
    assert_eq!(
        server.received()[0],
        "SET SELF CLIENT_NAME ani:warta:reading"
    );
}

#[tokio::test]
async fn a_service_that_is_not_installed_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let error = connect(&folder.path().join("s")).await.unwrap_err();
    assert!(matches!(error, Error::NotInstalled), "{error}");
}

#[tokio::test]
async fn a_service_that_does_not_start_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let address = Address::Unix(folder.path().join("s"));
    let error = Client::connect(&address, &options(Launcher::new("/bin/false")))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotStarted(_)), "{error}");
}

#[tokio::test]
async fn a_stale_socket_is_no_service() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    assert!(socket.exists(), "the socket outlives its server");
    let error = connect(&socket).await.unwrap_err();
    assert!(matches!(error, Error::NotInstalled), "{error}");
}

#[tokio::test]
async fn nothing_is_started_for_a_tcp_address() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::Tcp(listener.local_addr().unwrap());
    drop(listener);
    let error = Client::connect(&address, &options(Launcher::new("/bin/false")))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Lost(_)), "{error}");
}
