"""Prompt text as data: one Markdown file a prompt, with a version; `library.load_prompt` reads them."""
