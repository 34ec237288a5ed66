"""What a bot's loop delivers when all is well and when it is not: ours, and those of others."""
