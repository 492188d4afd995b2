"""The programme as a file: spreadsheets are read and written, sessions and who is concerned by a change are told."""
