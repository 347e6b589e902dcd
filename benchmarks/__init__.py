"""What the service costs beside the barest thing that could do the same, both measured in one run.

Run `make bench`, or `python -m benchmarks --help`. Every benchmark first checks that the service and its
baseline give the same result: a fast wrong answer is no answer.
"""
