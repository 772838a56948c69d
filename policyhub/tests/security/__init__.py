"""Proofs of the rows of the threat table that reach across apps."""
