"""The truth about the title: data first, a thin typed reader beside it. Imports nothing of the project."""
