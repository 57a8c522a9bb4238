"""The typed vocabulary: every record that the product reads, writes or shows, one noun a module."""
