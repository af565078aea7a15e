"""What machines say about units: features, frames, sentiment, validation."""
