"""A whole run, from marts to the files of the output folder; imports every room, and only the doors import it."""
