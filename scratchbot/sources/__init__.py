"""What a bot watches: each source turns a piece of the site into events and a cursor."""
