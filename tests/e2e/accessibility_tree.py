"""Prints the accessibility tree of the window named on the command line, as assistive technology gets it:
one JSON object a line with depth, role, name, description, text and states."""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

STATES = {
    "focused": Atspi.StateType.FOCUSED,
    "focusable": Atspi.StateType.FOCUSABLE,
    "showing": Atspi.StateType.SHOWING,
    "modal": Atspi.StateType.MODAL,
    "expanded": Atspi.StateType.EXPANDED,
    "selected": Atspi.StateType.SELECTED,
}
MOST = 4000


def text_of(node):
    try:
        text = node.get_text_iface()
        return text and Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))
    except GLib.Error:
        return None


def show(node, depth, left):
    if node is None or left[0] <= 0:
        return
    left[0] -= 1
    try:
        held = node.get_state_set()
        line = {
            "depth": depth,
            "role": node.get_role_name(),
            "name": node.get_name(),
            "description": node.get_description(),
            "text": text_of(node),
            "locale": Atspi.Accessible.get_object_locale(node),
            "states": [name for name, state in STATES.items() if held.contains(state)],
        }
        print(json.dumps(line))
        for at in range(node.get_child_count()):
            show(node.get_child_at_index(at), depth + 1, left)
    except GLib.Error:
        # The window changed meanwhile.
        return


desktop = Atspi.get_desktop(0)
for at in range(desktop.get_child_count()):
    program = desktop.get_child_at_index(at)
    if program is not None and sys.argv[1] in (program.get_name() or ""):
        show(program, 0, [MOST])
