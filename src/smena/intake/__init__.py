"""How definitions arrive: built in, from the home's folder, or as a file that somebody names."""
