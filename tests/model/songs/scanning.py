"""The command scan, and its table."""

import pandas

from model.cli import main


def scan(folder, out, *options):
    assert main(["scan", str(folder), "--out", str(out), *options]) == 0
    return table(out)


def table(out):
    read = pandas.read_csv if out.suffix == ".csv" else pandas.read_parquet
    return read(out).set_index("file")
