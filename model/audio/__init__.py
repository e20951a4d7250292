"""Sound: bytes to waveform and back, spectrograms, masks, boxes and statistics."""
