"""Steps from one version of the schema to the next; a step that was released is never edited."""
