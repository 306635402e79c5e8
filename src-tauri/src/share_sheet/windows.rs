//! The Windows share sheet. It requests the shared content after it has opened, once.

#![expect(
    unsafe_code,
    reason = "for desktop windows, the API is two unsafe functions"
)]

use std::sync::{Mutex, PoisonError};

use windows::ApplicationModel::DataTransfer::{DataRequestedEventArgs, DataTransferManager};
use windows::Foundation::{TypedEventHandler, Uri};
use windows::Win32::Foundation::HWND;
use windows::Win32::UI::Shell::IDataTransferManagerInterop;
use windows::core::{HSTRING, Ref, Result, factory};

/// The registered handler that has not been called yet.
static WAITING: Mutex<Option<i64>> = Mutex::new(None);

/// Whether this version of Windows has a share sheet.
pub(crate) fn is_there() -> bool {
    DataTransferManager::IsSupported().unwrap_or(false)
}

/// Opens the sheet over a window, on the window's thread. `link` is a web address.
pub(super) fn open(window: HWND, title: &str, text: &str, link: Option<&str>) -> Result<()> {
    let link = link
        .map(|link| Uri::CreateUri(&HSTRING::from(link)))
        .transpose()?;
    let (title, text) = (HSTRING::from(title), HSTRING::from(text));
    let interop = factory::<DataTransferManager, IDataTransferManagerInterop>()?;
    // SAFETY: a handle that is not a window of this thread yields an error.
    let manager: DataTransferManager = unsafe { interop.GetForWindow(window) }?;
    // A sheet that was dismissed before its request would otherwise leave the previous handler
    // registered.
    stop_waiting(&manager);
    let handler = TypedEventHandler::new(
        move |manager: Ref<DataTransferManager>, asked: Ref<DataRequestedEventArgs>| {
            let data = asked.ok()?.Request()?.Data()?;
            data.Properties()?.SetTitle(&title)?;
            data.SetText(&text)?;
            if let Some(link) = &link {
                data.SetWebLink(link)?;
            }
            stop_waiting(manager.ok()?);
            Ok(())
        },
    );
    let token = manager.DataRequested(&handler)?;
    *WAITING.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    // SAFETY: the same as above.
    unsafe { interop.ShowShareUIForWindow(window) }.inspect_err(|_| stop_waiting(&manager))
}

fn stop_waiting(manager: &DataTransferManager) {
    let token = WAITING
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(token) = token {
        let _ = manager.RemoveDataRequested(token);
    }
}
