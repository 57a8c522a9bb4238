"""The one place that builds chat and embedding models: `chat`, `embeddings`, retries, failures, usage and cost."""
