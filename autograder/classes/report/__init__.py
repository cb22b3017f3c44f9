"""The class report: what a class understood, from the ledger and the gradebook."""
