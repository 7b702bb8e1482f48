"""HarfBuzz itself, as browsers and Pango use it: which letters of a text a font cannot set.

Called by its C interface, so that nothing is added to what is installed: the library comes with Pango.
"""

import ctypes
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from elearn.adapters.pango import find_pango

_READ_ONLY = 1
_DOTTED_CIRCLE = 0x25CC


class _Glyph(ctypes.Structure):
    """hb_glyph_info_t; after shaping ``codepoint`` is the number of the glyph, 0 = the font has none."""

    _fields_ = (
        ("codepoint", ctypes.c_uint32),
        ("mask", ctypes.c_uint32),
        ("cluster", ctypes.c_uint32),
        ("var1", ctypes.c_uint32),
        ("var2", ctypes.c_uint32),
    )


class Shaper:
    """One font of the web. A letter is set badly if it has no glyph, or if a dotted circle is put beside it.

    The circle is what an unfinished cluster looks like: a vowel sign without its consonant, signs in an order that the
    script does not have. Every letter is in the font, and the reader sees rubbish all the same.
    """

    def __init__(self, path: Path) -> None:
        self._hb = _library()
        with TTFont(path) as font:
            font.flavor = None  # HarfBuzz reads TTF, not WOFF2
            plain = BytesIO()
            font.save(plain)
        self._data = plain.getvalue()  # must live as long as the font
        blob = self._hb.hb_blob_create(self._data, len(self._data), _READ_ONLY, None, None)
        self._font = self._hb.hb_font_create(self._hb.hb_face_create(blob, 0))
        circle = ctypes.c_uint32()
        found = self._hb.hb_font_get_nominal_glyph(self._font, _DOTTED_CIRCLE, ctypes.byref(circle))
        assert found, f"{path.name} has no dotted circle: what is badly written would not be seen"
        self._bad = {0, circle.value}

    def sets(self, text: str) -> bool:
        """Tell whether every letter of the text is set as the script wants it."""
        buffer = self._hb.hb_buffer_create()
        encoded = text.encode()
        self._hb.hb_buffer_add_utf8(buffer, encoded, len(encoded), 0, -1)
        self._hb.hb_buffer_guess_segment_properties(buffer)
        self._hb.hb_shape(self._font, buffer, None, 0)
        count = ctypes.c_uint()
        glyphs = self._hb.hb_buffer_get_glyph_infos(buffer, ctypes.byref(count))
        fine = not any(glyphs[place].codepoint in self._bad for place in range(count.value))
        self._hb.hb_buffer_destroy(buffer)
        return fine


@cache
def _library() -> Any:
    find_pango()
    hb = ctypes.CDLL("libharfbuzz.so.0")
    for name in ("hb_blob_create", "hb_face_create", "hb_font_create", "hb_buffer_create"):
        getattr(hb, name).restype = ctypes.c_void_p
    hb.hb_blob_create.argtypes = (ctypes.c_char_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    hb.hb_face_create.argtypes = (ctypes.c_void_p, ctypes.c_uint)
    hb.hb_font_create.argtypes = (ctypes.c_void_p,)
    hb.hb_font_get_nominal_glyph.argtypes = (ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p)
    hb.hb_buffer_add_utf8.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_int)
    hb.hb_buffer_guess_segment_properties.argtypes = (ctypes.c_void_p,)
    hb.hb_shape.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint)
    hb.hb_buffer_get_glyph_infos.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    hb.hb_buffer_get_glyph_infos.restype = ctypes.POINTER(_Glyph)
    hb.hb_buffer_destroy.argtypes = (ctypes.c_void_p,)
    return hb
