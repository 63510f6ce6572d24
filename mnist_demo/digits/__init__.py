"""What a digit is, and how strokes or a picture become one."""
