import os

# Before numpy and torch come in: where others use the cores too, threads that wait for one another
# make the small sums of these tests ten times as slow.
os.environ.setdefault("OMP_NUM_THREADS", "1")
