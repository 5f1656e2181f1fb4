"""voicecoach: a local, private, voice-based listening trainer for two people."""

import os

__version__ = "0.1.0"

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
"""ONNX Runtime, from 1.29 on, tells its makers which models are used, unless it is told not to before it is loaded."""
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""NumPy's products here are small: with more threads they wait for each other, spinning. On two busy cores one sentence
vector took 250 ms of CPU instead of 15. It must be said before NumPy is loaded."""

os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8")
"""The recogniser's convolutions are compiled for each length of sound and kept, 0.6 MB a length, up to 1024 of them: in
hours of talk with its many lengths memory would grow and grow. A live session needs four at a time. It has to be said
before oneDNN first computes."""

os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
"""Those convolutions are a small part of the work and no slower so (measured on a Xeon with AMX), and the same sound
gives more nearly the same words on different computers. Where oneDNN gets no memory for their code the program is gone
without a word: with AVX-512 it was in most tries with little memory, with AVX2 in fewer, but there too."""
