"""An event-driven bot framework for Scratch."""
