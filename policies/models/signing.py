"""The signed PDF of a version, who signed it, and the school's signing key."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.fields import EncryptedTextField
from policies.models.policy import PolicyVersion
from schools.enums import Role
from schools.models import Membership, School, SchoolOwned


class SigningAuthority(SchoolOwned):
    """A certificate and key that vouch for a school's signatures; the key is sealed. Earlier ones stay, to check what they signed."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="signing_authorities")
    certificate = models.TextField()
    key = EncryptedTextField()
    is_own = models.BooleanField("brought by the school", default=False)
    ended_at = models.DateTimeField("used no more since", null=True)

    class Meta:
        verbose_name_plural = "signing authorities"
        constraints = [
            models.UniqueConstraint(
                fields=["school"],
                condition=models.Q(ended_at=None),
                name="policies_signingauthority_one_in_use",
            )
        ]


class SignedDocument(SchoolOwned):
    """The PDF of a ratified version, made once, with the signatures given so far."""

    version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="document")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    signed = models.PositiveSmallIntegerField("signatures so far", default=0)
    rendered_at = models.DateTimeField(default=timezone.now)


class Signature(SchoolOwned):
    """One act of signing: who, in which post, when, and the digest of the file that came of it."""

    document = models.ForeignKey(SignedDocument, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="policy_signatures")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=16, choices=Role)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["sha256"], name="policies_signature_by_file")]
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="policies_signature_one_a_place"),
            models.UniqueConstraint(fields=["document", "member"], name="policies_signature_once"),
        ]


class PaperSignature(SchoolOwned):
    """The scan of a version that was signed on paper, instead of signatures in the PDF: who signed it there, and when."""

    version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="paper")
    head = models.CharField("headteacher, as signed", max_length=120)
    chair = models.CharField("chair, as signed", max_length=120)
    on = models.DateField("day of the later signature")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="paper_signatures")
