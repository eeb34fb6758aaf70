"""The project database: people, pairs, annotations with their history, passes, leases, remarks, and the journal."""
