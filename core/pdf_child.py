"""Turns one HTML document into one PDF: run by path in a process of its own, which may use little and fetch nothing.

It imports nothing of this project, so that no database connection, key or setting is in its memory.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import logging
import os
import resource
import sys
from datetime import UTC, datetime
from typing import Any

MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
FILE_BYTES = 64 * 1024**2
FAILED, NO_LIBRARIES, NO_MEMORY = 2, 3, 4
LANGUAGE = "en-GB"

# PDF/A asks that a namespace it does not know itself is described inside the file.
_UA_CLAIM = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def data_only_fetcher() -> Any:
    """A WeasyPrint fetcher that reads data: addresses and refuses everything else without stopping the render."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415  the limits must stand before the libraries load

    class DataOnlyFetcher(URLFetcher):
        def __init__(self) -> None:
            super().__init__(timeout=0, allowed_protocols=("data",), allow_redirects=False)

        def fetch(self, url: str, headers: dict | None = None) -> Any:
            # The scheme is looked at here once more, so that no later change of the library's check opens a door.
            if url[:5].lower() != "data:":
                raise ValueError("Only data: addresses are read.")
            return super().fetch(url, headers)

    return DataOnlyFetcher()


def html_to_pdf(html: str, *, title: str, dated: str = "", attachments: list[dict] | None = None) -> bytes:
    """The document as tagged PDF, built to PDF/A-3a with the PDF/UA-1 claim; the same input gives the same bytes."""
    import weasyprint  # noqa: PLC0415  the limits must stand before the libraries load

    fetcher = data_only_fetcher()
    document = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher)
    if not document.etree_element.get("lang"):
        document.etree_element.set("lang", LANGUAGE)
    # write_pdf() of a rendered document forgets the options given to render(): both get them.
    options: dict[str, Any] = {"pdf_variant": "pdf/a-3a"}
    pages = document.render(**options)
    metadata = pages.metadata
    metadata.title, metadata.lang = title, metadata.lang or LANGUAGE
    metadata.created = dated or metadata.created
    metadata.modified = dated or metadata.modified or metadata.created
    when = _when(metadata.modified)
    metadata.attachments += [_attachment(entry, fetcher) for entry in attachments or ()]
    for attachment in metadata.attachments:
        attachment.created = attachment.modified = when
    plain_rdf = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *parts: plain_rdf(*parts).replace(b"</rdf:RDF>", _UA_CLAIM)
    return pages.write_pdf(**options)


def _when(dated: str | None) -> datetime:
    with contextlib.suppress(ValueError, TypeError):
        return datetime.fromisoformat(dated or "").astimezone(UTC)
    return datetime(2000, 1, 1, tzinfo=UTC)


def _attachment(entry: dict, fetcher: Any) -> Any:
    from weasyprint import Attachment  # noqa: PLC0415  the limits must stand before the libraries load

    content = io.BytesIO(base64.b64decode(entry["content"]))
    return Attachment(
        file_obj=content,
        url_fetcher=fetcher,
        name=entry["name"],
        description=entry["description"],
        relationship=entry["relationship"],
    )


def limit_process() -> None:
    """Little memory, little time, no core file; and no sockets or programs even if the fetcher were wrong."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _args: tuple) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")):
        raise PermissionError(event)


def main() -> int:
    """Read the order from standard input, write the PDF to standard output; the exit code says what went wrong."""
    answer = os.dup(1)
    os.dup2(2, 1)  # libraries print to standard output
    limit_process()
    logging.disable()  # the libraries' complaints quote the document
    order = json.loads(sys.stdin.buffer.read())
    try:
        import weasyprint  # noqa: F401, PLC0415  the limits must stand before the libraries load
    except OSError:
        return NO_LIBRARIES
    try:
        pdf = html_to_pdf(**order)
    except MemoryError:
        return NO_MEMORY
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        return FAILED
    with os.fdopen(answer, "wb") as stream:
        stream.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
