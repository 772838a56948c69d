"""Files that cannot be read are refused with a sentence, quickly, whatever their name says."""

import io
import time

import pikepdf
import pytest

from policies.reading import MAX_BYTES, UnreadableFile, read_policy
from policies.tests.reading.builders import SAMPLE, pdf, repacked, word, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def refusal(data: bytes, filename: str = "policy.docx") -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_policy(data, filename)
    return str(refused.value)


@pytest.mark.parametrize("data", [b"", b"  \n\n", b"\t"])
def test_an_empty_file_is_refused(data):
    assert refusal(data) == "The file is empty. Upload the policy as Word (.docx), PDF or plain text."


def test_a_file_over_the_limit_is_refused():
    assert refusal(b"a" * (MAX_BYTES + 1), "a.txt").startswith("The file is larger than 20 MB.")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a picture"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "a picture"),
        (b"MZ\x90\x00" + b"\x00" * 50, "a program"),
        (b"{\\rtf1 Policy}", "Rich Text Format"),
        (b"<!DOCTYPE html><html><p>Policy</html>", "a web page"),
        (b"\x00\x01\x02\x03" * 40, "damaged or something else"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "the old Word format (.doc)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "an OpenDocument file"),
        (zipped({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}), "not a Word document"),
        (zipped({"[Content_Types].xml": b"<a/>"}), "not a Word document"),
        (zipped({"holiday.jpg": b"abc"}), "not a Word document"),
        (word("Policy")[:-400], "damaged"),
        (repacked(word("Policy"), {"word/document.xml": b"<w:document"}), "damaged"),
        (b"%PDF-1.7\nrubbish", "The PDF is damaged"),
    ],
)
def test_wrong_damaged_and_locked_files_are_told_apart_by_content(data, words):
    assert words in refusal(data)


@pytest.mark.parametrize(("name", "wanted"), [("policy.docx", "Word file"), ("Policy.PDF", "PDF")])
def test_text_that_is_named_as_something_else_is_refused_and_named(name, wanted):
    ending = name.lower().rpartition(".")[2]

    assert refusal(SAMPLE.encode(), name) == (
        f"The file is named .{ending} but holds plain text. Upload the real {wanted}, "
        "or give it the ending .txt if the text is the policy."
    )


@pytest.mark.parametrize("name", ["policy", "policy.md", "policy.text.2026"])
def test_text_under_any_other_name_is_read(name):
    assert read_policy(SAMPLE.encode(), name).documents[0].title == "Phones and Wearables Policy"


def test_a_word_file_that_is_named_as_a_pdf_is_read_as_what_it_is():
    assert read_policy(word("Coats Policy", "1. Aims"), "policy.pdf").documents[0].title == "Coats Policy"


def test_a_locked_pdf_is_refused():
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("<p>Phones stay in bags.</p>"))) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))

    assert "protected by a password" in refusal(locked.getvalue(), "policy.pdf")


def test_a_scan_is_refused_as_a_scan():
    picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    assert refusal(pdf(f'<img src="{picture}" style="width:150mm;height:200mm">')).startswith(
        "The PDF is a scan"
    )


def test_a_pdf_with_nothing_on_it_is_refused():
    assert "holds no text" in refusal(pdf("<p></p>"))


def test_too_many_pages_are_refused():
    with pikepdf.new() as document:
        for _ in range(301):
            document.add_blank_page()
        out = io.BytesIO()
        document.save(out)

    assert "more than 300 pages" in refusal(out.getvalue())


def test_a_zip_bomb_is_refused_while_it_inflates():
    bomb = repacked(word("Policy"), {"word/document.xml": b"<w:p/>" * 6_000_000})
    begun = time.process_time()

    assert "unpacks to far more than a policy" in refusal(bomb)
    assert time.process_time() - begun < 10


def test_a_zip_of_thousands_of_entries_is_refused():
    many = {f"word/media/{index}.png": b"x" for index in range(2_100)}

    assert "unpacks to far more than a policy" in refusal(repacked(word("Policy"), many))


def test_entities_are_not_expanded():
    laughs = f'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document {W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'

    assert "was not opened" in refusal(repacked(word("Policy"), {"word/document.xml": laughs.encode()}))


def test_files_of_the_machine_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("planted")
    body = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]><w:document {W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'

    assert "planted" not in refusal(repacked(word("Policy"), {"word/document.xml": body.encode()}))


def test_far_too_much_text_is_refused():
    assert "far more text than a policy" in refusal(
        b"Nobody may run in the corridor.\n\n" * 70_000, "policy.txt"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "Phones Policy",
        "1.1 Staff will:",
        "- to keep phones off",
        "Approved by: [",
        "a" * 200,
        "(a " * 90,
        "DSL, " * 40,
        "\u2018Keeping " * 30,
    ],
)
def test_long_files_of_one_awkward_line_end_soon(line):
    begun = time.process_time()
    read_policy(f"{line}\n\n".encode() * 1_500, "policy.txt")

    assert time.process_time() - begun < 30


@pytest.mark.parametrize(
    "text", ["A" * 400_000, "a " * 300_000, "1." * 200_000, "[" * 200_000, "*a" * 200_000, "(“" * 200_000]
)
def test_one_endless_paragraph_ends_soon(text):
    begun = time.process_time()
    read_policy(f"Phones Policy\n\n1. Aims\n\n{text} end".encode(), "policy.txt")

    assert time.process_time() - begun < 30


def drawn(content: bytes) -> bytes:
    """A PDF of one page with this content stream."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        document.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        document.pages[0].Contents = document.make_stream(content)
        document.save(out, compress_streams=True)
    return out.getvalue()


def bomb_of(piece: bytes) -> bytes:
    """A small file that unpacks to instructions without end."""
    return drawn(piece * (300_000_000 // len(piece)))


@pytest.mark.slow
@pytest.mark.parametrize("piece", [b"BT /F1 10 Tf 50 50 Td (Policy words here) Tj ET ", b"0 0 m 10 10 l S "])
def test_a_pdf_of_endless_instructions_ends_in_bounded_time_with_a_sentence(piece):
    data = bomb_of(piece)
    begun = time.monotonic()

    assert refusal(data, "policy.pdf").startswith(("The PDF is built", "The file holds"))
    assert time.monotonic() - begun < 60


def test_a_pdf_of_many_thousand_objects_is_read():
    out = io.BytesIO()
    with pikepdf.open(
        io.BytesIO(pdf("<h1>Lost Property Policy</h1><p>Coats are kept until somebody asks for them.</p>"))
    ) as document:
        many = [document.make_indirect(pikepdf.Dictionary(A=index)) for index in range(100_000)]
        document.Root.Extra = pikepdf.Array(many)
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    assert read_policy(out.getvalue(), "policy.pdf").documents[0].title == "Lost Property Policy"
