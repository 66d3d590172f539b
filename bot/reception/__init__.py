"""Information sessions, and the wish for a person: what the assistant says and does. No web, no database."""
