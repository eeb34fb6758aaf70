"""What stands between the project and the panels, without widgets: it makes view data and holds the open pair."""
