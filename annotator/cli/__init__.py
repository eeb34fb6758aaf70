"""The commands, one file each; Qt is never imported here."""
