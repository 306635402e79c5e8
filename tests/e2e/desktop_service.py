"""A tray host, a dock and a notification server for tests, on the session bus of the environment. Reads commands and
writes answers, one JSON object a line:

{"do": "host", "on": true}        becomes or stops being the tray host
{"do": "menu"}                    the labels of the tray icon's menu: [{"label", "enabled"}], or null if none shows
{"do": "choose", "label": "..."}  clicks an item of that menu
{"do": "dock"}                    all that launcher entries told the dock: [{"entry", "count", "progress"}], null
                                  where there is none to show
{"do": "notifications"}           all notifications so far: [{"id", "title", "body", "actions"}]
{"do": "click", "id": 1}          clicks a notification
{"do": "windows", "name": "..."}  how many windows of that name are in sight
{"do": "close", "name": "..."}    asks them to close, as the close button of a window manager does
"""

import ctypes
import json
import subprocess
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

WATCHER = "org.kde.StatusNotifierWatcher"
INTERFACES = """<node>
<interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
  <signal name="StatusNotifierItemRegistered"><arg type="s"/></signal>
  <signal name="StatusNotifierHostRegistered"/>
</interface>
<interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
  </method>
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface>
</node>"""

bus = Gio.bus_get_sync(Gio.BusType.SESSION)
node = Gio.DBusNodeInfo.new_for_xml(INTERFACES)
items = []
shown = []
launched = []
owned = {}


def called(_bus, sender, _path, _interface, method, given, invocation):
    given = given.unpack()
    answer = None
    if method == "RegisterStatusNotifierItem":
        # An item names its bus name, or its path on the connection that calls.
        items.append((sender, given[0] if given[0].startswith("/") else "/StatusNotifierItem"))
    elif method == "GetCapabilities":
        answer = GLib.Variant("(as)", (["actions", "body", "body-markup"],))
    elif method == "GetServerInformation":
        answer = GLib.Variant("(ssss)", ("tests", "warta", "1", "1.2"))
    elif method == "Notify":
        shown.append({"id": len(shown) + 1, "title": given[3], "body": given[4], "actions": given[5]})
        answer = GLib.Variant("(u)", (len(shown),))
    invocation.return_value(answer)


def read(_bus, _sender, _path, _interface, name):
    return {
        "RegisteredStatusNotifierItems": GLib.Variant("as", [owner + path for owner, path in items]),
        "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
        "ProtocolVersion": GLib.Variant("i", 0),
    }[name]


bus.register_object("/StatusNotifierWatcher", node.interfaces[0], called, read, None)
bus.register_object("/org/freedesktop/Notifications", node.interfaces[1], called, None, None)


def launcher(_bus, _sender, _path, _interface, _signal, given):
    entry, facts = given.unpack()
    seen = {name: facts[name] if facts[f"{name}-visible"] else None for name in ("count", "progress")}
    launched.append({"entry": entry, **seen})


bus.signal_subscribe(None, "com.canonical.Unity.LauncherEntry", "Update", None, None, 0, launcher)


def own(name, on):
    if on:
        ask = ("RequestName", GLib.Variant("(su)", (name, 4)))
    else:
        ask = ("ReleaseName", GLib.Variant("(s)", (name,)))
        items.clear()
    bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", *ask, None, 0, -1, None)


def ask(owner, path, interface, method, given):
    return bus.call_sync(owner, path, interface, method, given, None, 0, 2000, None).unpack()


def menu():
    """The owner and path of the last icon's menu, and its items."""
    for owner, path in reversed(items):
        try:
            facts = {}
            for name in ("Menu", "Status"):
                given = GLib.Variant("(ss)", ("org.kde.StatusNotifierItem", name))
                (facts[name],) = ask(owner, path, "org.freedesktop.DBus.Properties", "Get", given)
            # Such an icon is not shown.
            if facts["Status"] == "Passive":
                continue
            place = facts["Menu"]
            given = GLib.Variant("(iias)", (0, -1, []))
            _, (_, _, entries) = ask(owner, place, "com.canonical.dbusmenu", "GetLayout", given)
        except GLib.Error:
            # The icon is gone.
            continue
        return owner, place, [(number, facts) for number, facts, _ in entries]
    return None


def windows(name):
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", name], capture_output=True, text=True)
    # GTK's helper windows are a few pixels large.
    sized = []
    for window in found.stdout.split():
        size = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window], capture_output=True, text=True)
        facts = dict(line.split("=") for line in size.stdout.split())
        if int(facts.get("WIDTH", 0)) > 100:
            sized.append(int(window))
    return sized


class ClientMessage(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 16),
    ]


def close(window):
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    event = ClientMessage(type=33, window=window, format=32)
    event.message_type = x11.XInternAtom(display, b"WM_PROTOCOLS", 0)
    event.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
    x11.XSendEvent(display, window, 0, 0, ctypes.byref(event))
    x11.XCloseDisplay(display)


def obey(command):
    do = command["do"]
    if do == "host":
        own(WATCHER, command["on"])
    elif do == "menu":
        found = menu()
        return found and [
            {"label": facts.get("label", ""), "enabled": facts.get("enabled", True)} for _, facts in found[2]
        ]
    elif do == "choose":
        owner, place, entries = menu()
        for number, facts in entries:
            if facts.get("label") == command["label"]:
                given = GLib.Variant("(isvu)", (number, "clicked", GLib.Variant("s", ""), 0))
                ask(owner, place, "com.canonical.dbusmenu", "Event", given)
                return True
        return False
    elif do == "dock":
        return launched
    elif do == "notifications":
        return shown
    elif do == "click":
        given = GLib.Variant("(us)", (command["id"], "default"))
        bus.emit_signal(None, "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked", given)
    elif do == "windows":
        return len(windows(command["name"]))
    elif do == "close":
        for window in windows(command["name"]):
            close(window)
    return True


def heard(source, _condition):
    line = source.readline()
    if not line:
        loop.quit()
        return False
    try:
        answer = {"answer": obey(json.loads(line))}
    except Exception as error:  # The test reports it.
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
    return True


own("org.freedesktop.Notifications", True)
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, heard)
loop = GLib.MainLoop()
loop.run()
