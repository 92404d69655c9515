"""Packages nobody here wrote, on ready path strings: one call, its CPU seconds.

Runs in an environment of its own (`make yardsticks`), knows nothing of ours.

    python yardsticks.py ChannelAttribution heuristics paths.parquet 300

The last figure is how many CPU seconds it may take before it is killed.
"""

import contextlib
import io
import json
import sys
from resource import RLIMIT_CPU, RUSAGE_SELF, getrusage, setrlimit
from time import process_time


def channel_attribution(what, paths):
    import ChannelAttribution as package

    columns = ("path", "total_conversions")
    value = {"var_value": "total_conversion_value", "flg_pro": False}
    if what == "heuristics":
        return lambda: package.heuristic_models(paths, *columns, **value)
    order = int(what.removeprefix("markov_"))
    return lambda: package.markov_model(
        paths, *columns, var_null="total_null", order=order, **value
    )


def mta(what, paths):
    from mta import MTA

    def rules():
        model = MTA(paths, allow_loops=True, add_timepoints=False)
        return model.first_touch().last_touch().linear()

    def markov():
        return MTA(paths, allow_loops=True, add_timepoints=False).markov()

    return {"heuristics": rules, "markov_1": markov}[what]


def main():
    package, what, file, seconds = sys.argv[1:]
    setrlimit(RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    import pandas as pd

    paths = pd.read_parquet(file).astype({"path": object})
    with contextlib.redirect_stdout(io.StringIO()):
        call = {"ChannelAttribution": channel_attribution, "mta": mta}[package](
            what, paths
        )
        before = process_time()
        call()
        cpu = process_time() - before
    told = {"cpu": cpu, "mib": getrusage(RUSAGE_SELF).ru_maxrss / 1024}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
