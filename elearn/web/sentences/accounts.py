"""What is said about accounts, forms and sheets of officers: a sentence for each code.

Codes of form fields have sentences without values: they stand below the field they are about.
"""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    # forms and pages
    "form.expired": _l("This page was open for too long or in two windows. Go back, load the page again and repeat."),
    "form.foreign": _l("This request came from another website and was not carried out."),
    "form.fields": _l("Some fields need another look. Nothing was saved."),
    "permission": _l("Your account may not do this. Ask your administrator if you need it."),
    "sign-in.needed": _l("Sign in first."),
    "display.unknown": _l("Choose from the list."),
    "language.unknown": _l("This language is not offered here."),
    # accounts
    "sign-in.which-agency": _l("This number is used in more than one service. Choose yours."),
    "sign-in.inactive": _l("This account was closed. Ask your administrator."),
    "account.gone": _l("This account is no longer here. Sign in again."),
    "pin.must-change": _l("Choose a PIN of your own first."),
    "pin.missing": _l("Type a PIN."),
    "pin.too-short": _l("The PIN is too short. Take at least 6 digits, or a phrase of at least 10 characters."),
    "pin.too-long": _l("The PIN is too long. Take at most 128 characters."),
    "pin.too-common": _l("Many people choose this PIN, so it is easy to guess. Take another one."),
    "pin.date": _l("This PIN looks like a date, which is easy to guess. Take another one."),
    "pin.own-number": _l("The PIN must not be your service number."),
    "pin.same": _l("The new PIN is the same as the old one. Take another one."),
    "pin.not-the-same-twice": _l("The new PIN was not typed the same way twice."),
    "idle-lock.range": _l("Choose between 2 and 240 minutes."),
    "set-up.link": _l("This link is not valid any more. Start the program again; it prints a new one."),
    "set-up.done": _l("This post is set up already. Sign in."),
    "officer.unknown": _l("This officer is not here."),
    "officer.own-pin": _l("Change your own PIN on the page Change PIN."),
    "officer.last-administrator": _l("This is the last administrator. Give the role to somebody else first."),
    "role.unknown": _l("Choose a role from the list."),
    # fields of officers and nodes
    "service-number.missing": _l("Type a service number."),
    "service-number.too-long": _l("The service number is too long. Take at most 32 signs."),
    "service-number.characters": _l("A service number has only letters, digits and the signs - / and full stop."),
    "service-number.scientific": _l("A spreadsheet turned this number into another form. Format the column as text."),
    "service-number.taken": _l("This service number is used by somebody else in the same service."),
    "name.missing": _l("Type a name."),
    "name.formula": _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out."),
    "name.too-long": _l("The name is too long. Take at most 100 characters."),
    "post.characters": _l("There is a sign in it that cannot be printed. Type it again."),
    "post.formula": _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out."),
    "post.too-long": _l("The name of the post is too long. Take at most 80 characters."),
    "node-name.missing": _l("Type a name."),
    "name.unprintable": _l(
        "There is a sign in this name that certificates cannot print. Write the name in letters only."
    ),
    "name.too-wide": _l("This name finds no room on a certificate. Write it shorter, for example without titles."),
    "certificate-picture.too-large": _l("The picture is larger than 4 MB. Make it smaller and try again."),
    "certificate-picture.drawing": _l(
        "SVG drawings are not taken, for they can hold programs. Save the drawing as a PNG picture."
    ),
    "certificate-picture.kind": _l("This file is not a picture of a kind that is taken. Save it as PNG, JPEG or WebP."),
    "certificate-picture.broken": _l("This picture is damaged or cut off. Choose another file."),
    "certificate-picture.moves": _l("This picture moves. Save one that stands still."),
    "certificate-picture.too-small": _l("This picture is too small to be printed. Each side needs 40 pixels or more."),
    "certificate-picture.too-many-pixels": _l(
        "This picture has too many pixels. Make it smaller: 2000 pixels a side are enough."
    ),
    "certificate-picture.empty": _l("There is nothing but white on this picture. Choose another file."),
    "node-name.characters": _l("There is a sign in it that cannot be printed. Type it again."),
    "node-name.formula": _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out."),
    "node-name.too-long": _l("The name of the post is too long. Take at most 80 characters."),
    "node-name.not-neutral": _l("A post does not speak for an international body. Take the name of your own office."),
    "issuer.characters": _l("There is a sign in it that cannot be printed. Type it again."),
    "issuer.formula": _l("It begins with a sign that a spreadsheet takes for a formula. Leave that sign out."),
    "issuer.too-long": _l("The issuer is too long. Take at most 120 characters."),
    "issuer.not-neutral": _l("A post does not speak for an international body. Take the name of your own office."),
    "languages.none": _l("Choose at least one language."),
    "language.not-offered": _l("This language is not offered here."),
    "country.missing": _l("Choose a country."),
    "agency.missing": _l("Choose a service."),
    "country.unknown": _l("Choose a country from the list."),
    "agency.unknown": _l("Choose a service from the list."),
    "sex.unknown": _l("Choose from the list."),
    "rank-band.unknown": _l("Choose from the list."),
    # sheets of officers
    "import.too-large": _l("The sheet is larger than 5 MB. Split it."),
    "import.encoding": _l("The sheet is not saved as UTF-8. In the spreadsheet, save it as CSV UTF-8."),
    "import.empty": _l("The sheet is empty. Choose a file with a line of column names and one line for each officer."),
    "import.broken": _l("This line cannot be read as a table. Look for a quotation mark that is not closed."),
    "import.column-missing": _l("This column is needed and is not there."),
    "import.column-double": _l("This column is there twice."),
    "import.column-unknown": _l("This column is not known and was left out."),
    "import.too-many-cells": _l("This line has more cells than there are columns."),
    "import.too-many-rows": _l("The sheet has more than 20,000 lines. Split it."),
    "import.double": _l("This officer is in the sheet twice; the first time on the line shown."),
    "import.other-name": _l(
        "This number is here under another name. If the name was only corrected, tick the box and try again."
    ),
    "import.too-many-pins": _l(
        "At most 500 PINs can be given in one sheet. Leave the column empty; PINs are then made here."
    ),
    "import.pin-ignored": _l("This officer is here already; the PIN in the sheet was left out."),
    "import.inactive": _l("This account is closed and stays closed."),
}
