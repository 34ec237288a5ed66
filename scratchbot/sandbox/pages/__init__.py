"""The sandbox's own pages, for people."""
