#!/usr/bin/env python3
"""Makes the fonts of the charts: Roboto cut down to the letters that charts use.

    apt-get download fonts-roboto-unhinted && dpkg-deb -x fonts-roboto-unhinted_*.deb roboto
    python3 -m venv venv && venv/bin/pip install fonttools==4.68.0
    venv/bin/python subset.py roboto/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF .

The fonts are Roboto 2.138 (Apache-2.0). Changes: letters of other scripts are left out, the pairs of GPOS become a table
`kern`, which is the one that the program reads, and the arrow U+2192, which Roboto lacks, is added.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

LETTERS = [
    (0x20, 0x7E), (0xA0, 0x17F),  # Latin
    (0x218, 0x21B), (0x1E80, 0x1E85), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9),  # Romanian, Welsh, German, Vietnamese
    (0x384, 0x3CE),  # Greek
    (0x400, 0x45F), (0x490, 0x491), (0x492, 0x493), (0x49A, 0x49B), (0x4A2, 0x4A3), (0x4AE, 0x4B1),  # Cyrillic
    (0x4BA, 0x4BB), (0x4D8, 0x4D9), (0x4E8, 0x4E9),
    (0x2010, 0x2014), (0x2018, 0x201E), (0x2022, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2032, 0x2033),
    (0x2070, 0x2070), (0x2074, 0x2079), (0x20AC, 0x20AC), (0x2116, 0x2116), (0x2212, 0x2212), (0x221E, 0x221E),
    (0x2248, 0x2248), (0x2264, 0x2265),
]
# Six bytes each.
MOST_PAIRS = 6000


def pairs(font):
    """The horizontal distance of each pair of glyphs that GPOS moves."""
    found = {}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for part in lookup.SubTable:
            part = part.ExtSubTable if part.LookupType == 9 else part
            if part.LookupType != 2:
                continue
            for index, left in enumerate(part.Coverage.glyphs):
                if part.Format == 1:
                    for record in part.PairSet[index].PairValueRecord:
                        found.setdefault((left, record.SecondGlyph), getattr(record.Value1, "XAdvance", 0) or 0)
                    continue
                row = part.Class1Record[part.ClassDef1.classDefs.get(left, 0)].Class2Record
                for right in font.getGlyphOrder():
                    value = row[part.ClassDef2.classDefs.get(right, 0)].Value1
                    found.setdefault((left, right), getattr(value, "XAdvance", 0) or 0)
    return found


def script(letter):
    return 0 if letter < 0x370 or letter >= 0x1E00 else 1 if letter < 0x400 else 2


def rarity(letter):
    """0 for what most texts are made of, 1 for the letters of western Europe, 2 for all others."""
    common = letter < 0x7F or 0x386 <= letter < 0x3CF or 0x400 <= letter < 0x460
    return 0 if common else 1 if letter < 0x100 or letter >= 0x2000 else 2


def kern(font):
    """The table `kern`: pairs of letters of one script, common ones first, and the farthest moved first."""
    letters = {}
    for letter, glyph in font.getBestCmap().items():
        letters.setdefault(glyph, letter)
    known = [(pair, x) for pair, x in pairs(font).items() if x and pair[0] in letters and pair[1] in letters]
    alike = [(pair, x) for pair, x in known if script(letters[pair[0]]) == script(letters[pair[1]])]
    def order(item):
        left, right = letters[item[0][0]], letters[item[0][1]]
        return max(rarity(left), rarity(right)), -abs(item[1]), left, right

    alike.sort(key=order)
    table, part = newTable("kern"), KernTable_format_0()
    table.version, table.kernTables = 0, [part]
    part.apple, part.coverage, part.version = False, 1, 0
    part.kernTable = dict(alike[:MOST_PAIRS])
    font["kern"] = table


def arrow(font):
    """An arrow at the height and in the weight of the minus sign, with a filled head."""
    glyphs, names = font["glyf"], font.getBestCmap()
    minus = glyphs[names[0x2212]]
    middle, half = (minus.yMax + minus.yMin) / 2, (minus.yMax - minus.yMin) / 2
    width, left, head = 1560, 130, 460
    right, reach = width - left, 250 + half
    pen = TTGlyphPen(None)
    neck = right - head
    outline = [
        (left, middle - half), (left, middle + half), (neck, middle + half), (neck, middle + reach), (right, middle),
        (neck, middle - reach), (neck, middle - half),
    ]
    points = [(round(x), round(y)) for x, y in outline]
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()
    font.setGlyphOrder(font.getGlyphOrder() + ["arrowright"])
    glyphs["arrowright"] = pen.glyph()
    font["hmtx"]["arrowright"] = (width, left)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x2192] = "arrowright"


def main(source, target):
    for weight in ["Regular", "Medium", "Bold"]:
        font = TTFont(Path(source) / f"Roboto-{weight}.ttf", recalcTimestamp=False)
        options = subset.Options(layout_features=["kern"], name_IDs=[0, 3, 5, 13, 14], notdef_outline=True,
                                 glyph_names=False, hinting=False, recalc_timestamp=False)
        cut = subset.Subsetter(options)
        cut.populate(unicodes=[letter for low, high in LETTERS for letter in range(low, high + 1)])
        cut.subset(font)
        kern(font)
        arrow(font)
        for table in ["GPOS", "GSUB", "GDEF"]:
            if table in font:
                del font[table]
        font.save(Path(target) / f"Roboto-{weight}-sub.ttf")


if __name__ == "__main__":
    main(*sys.argv[1:])
