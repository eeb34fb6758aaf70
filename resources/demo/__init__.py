"""The demo set: two landmarks of a small town that exists nowhere, drawn by the program, with masks that are exact."""
