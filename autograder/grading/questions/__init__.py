"""Questions to students about their own code, and the answers, found by watching visible calls beyond the wall."""
