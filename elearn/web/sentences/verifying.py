"""What is told when a certificate cannot be checked: numbers, texts of QR codes, pictures, PDFs."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "number.sign": _l(
        "Look at sign %(position)s again: it was read as “%(sign)s”. "
        "A certificate number has letters and digits only, and never 0, 1, I, L or O."
    ),
    "number.length": _l("A certificate number has %(needed)s signs, and these are %(given)s. Look at it again."),
    "number.check": _l("This certificate number has a mistake in it. Look at each sign again."),
    "payload.prefix": _l("This is not the text of a certificate's QR code. Scan the code again, or type the number."),
    "payload.torn": _l("The text of the QR code is not complete or has a mistake. Scan it again, or type the number."),
    "payload.form": _l("The text of this QR code cannot be read. Scan it again, or type the number."),
    "payload.too-long": _l("This text is too long for the QR code of a certificate. Scan the code again."),
    "pdf.too-large": _l("This file is too large for a certificate. Choose the PDF of the certificate itself."),
    "pdf.unreadable": _l("This file is not a PDF, or it is damaged. Choose another file, or type the number."),
    "pdf.no-payload": _l(
        "There is no signed certificate in this PDF. It may be a copy. "
        "Take a picture of its QR code, or type the number that is printed on it."
    ),
    "credential.unreadable": _l(
        "This file cannot be read as a certificate. Choose the PDF of the certificate, or type the number."
    ),
    "credential.other": _l("This file is signed, but it is not a certificate that this post knows how to read."),
    "file.empty": _l("Choose a file first."),
    "picture.no-code": _l(
        "No QR code was found in this picture. Take it again: closer, in good light, with the whole code in it and "
        "sharp. Or type the number."
    ),
    "picture.other-code": _l("There is a code in this picture, but not that of a certificate."),
    "picture.several": _l("There are several certificates in this picture (%(n)s). Take a picture of one at a time."),
    "picture.too-large": _l("This picture is too large. Take a smaller one, or only the part with the QR code."),
    "picture.heic": _l(
        "Pictures of this kind (HEIC, AVIF) cannot be read here. Make a screenshot of the picture and choose that, "
        "or type the number."
    ),
    "picture.kind": _l("This file cannot be read here. Choose a PDF, or a picture as JPEG, PNG or WebP."),
    "picture.unreadable": _l("This picture is damaged or not complete. Take it again, or type the number."),
    "codes.busy": _l("Other pictures are being looked at just now. Try again in a moment."),
    "codes.missing": _l("This post cannot read pictures. Type the number, or choose the PDF."),
}
