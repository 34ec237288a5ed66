"""Where events wait: one small interface, and the engines that keep it."""
