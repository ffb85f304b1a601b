"""A desktop's tray: shows StatusNotifierItems, by name alone. Told "menu" it prints the labels, told "press LABEL" it presses."""

import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
PROPERTIES = "org.freedesktop.DBus.Properties"
MENU = "com.canonical.dbusmenu"

DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
items = []


def say(**what):
    print(json.dumps(what), flush=True)


class Watcher(dbus.service.Object):
    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return True

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        items.append(sender)
        say(item=str(service))


def of_item(name):
    item = bus.get_object(items[-1], "/StatusNotifierItem")
    return item.Get("org.kde.StatusNotifierItem", name, dbus_interface=PROPERTIES)


def entries():
    """Menu, and its entries as pairs of number and properties."""
    menu = dbus.Interface(bus.get_object(items[-1], of_item("Menu")), MENU)
    _, (_, _, children) = menu.GetLayout(0, -1, dbus.Array([], signature="s"))
    return menu, [(int(number), properties) for number, properties, _ in children]


def told(channel, _):
    word, _, label = channel.readline().strip().partition(" ")
    if word == "":
        sys.exit(0)
    menu, found = entries()
    if word == "menu":
        tip = of_item("ToolTip")
        say(labels=[str(one["label"]) for _, one in found if "label" in one], tip=str(tip[2]) + str(tip[3]))
    for number, one in found:
        if word == "press" and one.get("label") == label:
            menu.Event(number, "clicked", dbus.String("", variant_level=1), 0)
            say(pressed=label)
    return True


name = dbus.service.BusName(WATCHER, bus)
watcher = Watcher(bus, "/StatusNotifierWatcher")
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, told)
say(ready=True)
GLib.MainLoop().run()
