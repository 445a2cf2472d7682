"""Place names read by trained models: candidate spans, the places they may mean, the choice."""
