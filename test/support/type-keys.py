"""Types lower-case letters and digits on the display as a keyboard would: whoever has the keyboard gets them (XTEST)."""

import ctypes
import sys

x11 = ctypes.CDLL("libX11.so.6")
xtst = ctypes.CDLL("libXtst.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XStringToKeysym.restype = ctypes.c_ulong
x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
xtst.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]

display = x11.XOpenDisplay(None)
if not display:
    sys.exit("The display does not answer.")
for letter in sys.argv[1]:
    code = x11.XKeysymToKeycode(display, x11.XStringToKeysym(letter.encode()))
    for down in (1, 0):
        xtst.XTestFakeKeyEvent(display, code, down, 0)
x11.XSync(display, 0)
