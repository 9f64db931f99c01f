"""From chunks of sound to a session's MP3: encode each, link their frames, put a tag in front."""
