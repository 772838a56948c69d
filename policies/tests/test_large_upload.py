"""A file that is far too large goes through the real web server, byte by byte, and leaves nothing behind."""

from __future__ import annotations

import html
import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.urls import reverse

from core import scope
from policies.models import SourceFile
from schools.enums import Role
from schools.tests.factories import make_member, make_school, sign_in

MEGABYTE = bytes(1024**2)
FRAME = (
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="policy.docx"\r\n\r\n',
    b"\r\n--edge--\r\n",
)


def body(megabytes: int) -> Iterator[bytes]:
    """A form with one file of this size, never in memory as a whole."""
    yield FRAME[0]
    for _ in range(megabytes):
        yield MEGABYTE
    yield FRAME[1]


def send(address: str, path: str, cookie: str, megabytes: int) -> tuple[int, str]:
    """Status and words of what the server answers."""
    request = RequestFactory().get("/")
    token = get_token(request)
    headers = {
        "Content-Type": "multipart/form-data; boundary=edge",
        "Content-Length": str(sum(map(len, FRAME)) + megabytes * len(MEGABYTE)),
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={request.META['CSRF_COOKIE']}",
        "X-CSRFToken": token,
    }
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", path, body=body(megabytes), headers=headers)
    answer = connection.getresponse()
    return answer.status, html.unescape(answer.read().decode())


def empties(folder: Path) -> bool:
    """Whether nothing is left in the folder once the server has finished with the request."""
    deadline = time.monotonic() + 10
    while any(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(folder.iterdir())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_file_of_a_hundred_megabytes_is_refused_with_a_sentence_and_nothing_is_kept(
    live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    school = make_school()
    with scope.acting(schools=[school.pk]):
        session = sign_in(make_member(school, Role.HEADTEACHER).user).cookies[settings.SESSION_COOKIE_NAME]
    path = reverse("policies:document_upload", args=[school.slug])

    status, page = send(live_server.url, path, session.value, 100)

    assert status == 200
    assert "The file has 100 MB; 20 MB is the most." in page
    with scope.acting(schools=[school.pk]), scope.reading():
        assert not SourceFile.objects.exists()
    assert empties(tmp_path)
