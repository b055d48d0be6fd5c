"""A page of text as a PDF. Pure; enough for a demo paper, no more."""

LINE = 20


def pdf(title: str, lines: tuple[str, ...]) -> bytes:
    """One A4 page: the title, then the lines, fixed width. Characters beyond Latin-1 become question marks."""
    shown = [f"BT /F1 16 Tf 56 780 Td ({_text(title)}) Tj ET"]
    shown += [f"BT /F1 10 Tf 56 {740 - LINE * row} Td ({_text(line)}) Tj ET" for row, line in enumerate(lines)]
    stream = "\n".join(shown).encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    )
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)


def _text(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").replace("“", '"').replace("”", '"')
