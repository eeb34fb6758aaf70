"""The annotation tool: domain, readers, pre-masks, project database, editing, window and commands."""

__version__ = "0.1.0"
