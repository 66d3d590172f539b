"""SQL: tables and queries. Addresses are passed in; nothing here reads settings."""
