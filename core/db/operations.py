"""What migrations import: the operations that build the second wall and keep rows from being changed.

On PostgreSQL: row-level security, composite foreign keys, column grants and triggers. On SQLite: the triggers; row-level
security and composite keys do not exist there, and the start says so. Everything can be undone.
"""

from core.db.seals import AppendOnly, SealedColumns
from core.db.statements import Statements
from core.db.walls import (
    Functions,
    KeepKeysInSchool,
    LetJobsSee,
    LetPublicSee,
    LetPublicSeeMore,
    ProtectRows,
    ProtectTable,
)

__all__ = [
    "AppendOnly",
    "Functions",
    "KeepKeysInSchool",
    "LetJobsSee",
    "LetPublicSee",
    "LetPublicSeeMore",
    "ProtectRows",
    "ProtectTable",
    "SealedColumns",
    "Statements",
]
