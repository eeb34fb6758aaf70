"""One project folder: its database, image library, rules, journal and pre-mask cache."""
