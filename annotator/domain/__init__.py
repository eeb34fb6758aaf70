"""The vocabulary of the project (see docs/glossary.md): no Qt, no database, no files."""
