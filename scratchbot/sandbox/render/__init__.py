"""From the world's values to the site's answers."""
