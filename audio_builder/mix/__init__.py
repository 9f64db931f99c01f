"""Mix chunks of sound from clips, tones, chimes, a bed and room tone."""
