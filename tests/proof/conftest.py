import os

# Many small matrices: a pool of threads for each only gets in the way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
