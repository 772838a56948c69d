"""Proofs that nothing is lost, doubled, forked or changed unseen: races, kills, crashes, tampering, full disks."""
