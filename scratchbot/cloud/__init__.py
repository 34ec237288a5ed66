"""Cloud sockets: one for each project and server, that comes back and knows what it missed."""
