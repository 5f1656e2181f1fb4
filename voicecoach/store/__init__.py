"""Sessions, voices and settings on this computer."""
