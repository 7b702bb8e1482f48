"""What makes the PDF of a certificate a file that checks itself: what is attached, and what the file says it is.

Declared are PDF/A-3a, which allows attachments and says how each belongs to the page (/AF, /AFRelationship), and
PDF/UA-1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from elearn.adapters.pdf_seal import CREDENTIAL, NO_CHECKSUM

PAYLOAD = "certificate.txt"
_JSON_LD = "/application#2fld+json"
PDF_UA = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    b"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289 followed</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


def attachments(weasyprint: Any, asked: dict[str, Any]) -> list[Any]:
    """Return what is attached: the payload of the QR code and, if asked for, a place for the credential.

    asked: "attachment" (text), "place" (blanks, or not there), "created" (ISO time, also that of the attachments).
    """
    created = datetime.fromisoformat(asked["created"])

    def attachment(name: str, content: str, description: str) -> Any:
        return weasyprint.Attachment(
            string=content,
            name=name,
            description=description,
            created=created,
            modified=created,
            relationship="Data",
        )

    attached = [attachment(PAYLOAD, asked["attachment"], "Signed payload of the QR code")]
    if asked.get("place"):
        attached.append(attachment(CREDENTIAL, asked["place"], "Open Badges 3.0 credential of this certificate"))
    return attached


def finish(pdf: Any) -> None:
    """Put right, before it is written, what WeasyPrint leaves open. pdf: pydyf's."""
    for part in pdf.objects:
        if getattr(part, "extra", {}).get("Subtype") == "/XML":
            # WeasyPrint declares either PDF/A or PDF/UA, this file keeps the rules of both.
            part.stream = [b"".join(part.stream).replace(b"</rdf:RDF>", PDF_UA + b"</rdf:RDF>")]
        if isinstance(part, dict) and part.get("Type") == "/Filespec" and part["UF"].string == CREDENTIAL:
            _leave_place(pdf.objects[int(part["EF"]["F"].split()[0])])
    if "AF" in pdf.catalog:
        once = dict.fromkeys(pdf.catalog["AF"])  # WeasyPrint names each attachment twice
        pdf.catalog["AF"][:] = once


def _leave_place(stream: Any) -> None:
    """Make an attachment a place that can be written over later: as it is, with a checksum of zeros."""
    stream.compress = False
    stream.extra["Subtype"] = _JSON_LD
    stream.extra["Params"]["CheckSum"] = f"<{NO_CHECKSUM.decode()}>"
