"""The site's formats, without any I/O: requests as values, answers as typed values."""
