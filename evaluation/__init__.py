"""How well candidates are understood: ``make evaluate`` measures it, ``make check`` holds it."""
