"""The site's hosts: one module per area, each a list of routes."""
