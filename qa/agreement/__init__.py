"""How far the people who worked on a pair agree: pair by pair, and over groups, people and weeks with intervals."""
