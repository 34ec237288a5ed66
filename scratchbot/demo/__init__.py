"""The demo: a bot, its visitors, and a view of what happens, around a sandbox."""
