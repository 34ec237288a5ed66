"""The daemon: what turns a bot's registrations into a program that runs for months."""
