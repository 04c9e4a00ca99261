"""How files arrive, one transport a file."""
