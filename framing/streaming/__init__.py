"""Tables of any size: read, computed and written in chunks, resumed after an interruption, on one machine or many."""

from framing.streaming.chunks import Needs
from framing.streaming.cluster import Dask
from framing.streaming.engines import Engine, Job, Local
from framing.streaming.readers import Bad, OnBad, Source, TableFile
from framing.streaming.rows import Rows
from framing.streaming.run import Done, OnError, Options, stream

__all__ = [
    "Bad",
    "Dask",
    "Done",
    "Engine",
    "Job",
    "Local",
    "Needs",
    "OnBad",
    "OnError",
    "Options",
    "Rows",
    "Source",
    "TableFile",
    "stream",
]
