"""Processes beside each other on one machine: who works, who holds a file, who sees it, who hears an interrupt."""
