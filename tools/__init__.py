"""One capability a file, shared by agents, chat and people. Import from the modules: this door loads nothing."""
