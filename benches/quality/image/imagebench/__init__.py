"""The image quality bench: what it registers, how it alters it, and how answers are scored."""
