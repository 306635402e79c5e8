//! The macOS sharing picker.

#![expect(
    unsafe_code,
    reason = "AppKit's API takes untyped objects and a delegate class"
)]

use std::cell::RefCell;

use objc2::rc::Retained;
use objc2::runtime::{AnyObject, ProtocolObject};
use objc2::{AnyThread, DefinedClass, MainThreadMarker, MainThreadOnly, define_class, msg_send};
use objc2_app_kit::{
    NSSharingService, NSSharingServicePicker, NSSharingServicePickerDelegate, NSView,
};
use objc2_foundation::{
    NSArray, NSObject, NSObjectProtocol, NSPoint, NSRect, NSRectEdge, NSSize, NSString, NSURL,
};

thread_local! {
    /// The last opened picker and its delegate: AppKit does not retain them.
    static OPEN: RefCell<Option<(Retained<NSSharingServicePicker>, Retained<Headline>)>> =
        const { RefCell::new(None) };
}

define_class!(
    /// Passes the headline to the chosen service; mail uses it as the subject.
    #[unsafe(super(NSObject))]
    #[thread_kind = MainThreadOnly]
    #[ivars = Retained<NSString>]
    struct Headline;

    // SAFETY: the protocol has no requirements.
    unsafe impl NSObjectProtocol for Headline {}

    // SAFETY: the method has the protocol's signature.
    unsafe impl NSSharingServicePickerDelegate for Headline {
        #[unsafe(method(sharingServicePicker:didChooseSharingService:))]
        fn chose(&self, _picker: &NSSharingServicePicker, service: Option<&NSSharingService>) {
            if let Some(service) = service {
                service.setSubject(Some(self.ivars()));
            }
        }
    }
);

impl Headline {
    fn new(title: &str, thread: MainThreadMarker) -> Retained<Self> {
        let this = Self::alloc(thread).set_ivars(NSString::from_str(title));
        // SAFETY: `init` of NSObject takes no arguments and returns the object.
        unsafe { msg_send![super(this), init] }
    }
}

/// Every macOS version has the picker.
pub(crate) fn is_there() -> bool {
    true
}

/// Opens the picker at the centre of a view, on the main thread. `link` is a web address.
pub(super) fn open(
    view: &NSView,
    title: &str,
    text: &str,
    link: Option<&str>,
) -> Result<(), String> {
    let thread = MainThreadMarker::new().ok_or("this is not the main thread")?;
    let mut items: Vec<Retained<AnyObject>> = vec![NSString::from_str(text).into()];
    if let Some(link) = link {
        let link = NSURL::URLWithString(&NSString::from_str(link));
        items.push(link.ok_or("the link is not a URL")?.into());
    }
    let items = NSArray::from_retained_slice(&items);
    // SAFETY: the picker accepts strings and URLs.
    let picker =
        unsafe { NSSharingServicePicker::initWithItems(NSSharingServicePicker::alloc(), &items) };
    let headline = Headline::new(title, thread);
    picker.setDelegate(Some(ProtocolObject::from_ref(&*headline)));
    OPEN.replace(Some((picker.clone(), headline)));
    let bounds = view.bounds();
    let middle = NSPoint::new(
        bounds.origin.x + bounds.size.width / 2.0,
        bounds.origin.y + bounds.size.height / 2.0,
    );
    picker.showRelativeToRect_ofView_preferredEdge(
        NSRect::new(middle, NSSize::new(1.0, 1.0)),
        view,
        NSRectEdge::MinY,
    );
    Ok(())
}
