"""The peers that are written for Python: peers.py NAME ARGUMENT... prints one JSON line {"seconds", "peakMiB"}.

Seconds are those of the work alone, without the interpreter's start and imports. Whatever is written is on the disk (fsync) when it counts.
"""
import json
import os
import resource
import sys
import time


def sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def polars_parse(file, _folder):
    import polars

    def work():
        frame = polars.read_csv(file, try_parse_dates=True)
        assert frame.height > 0 and frame.schema['time'] == polars.Datetime

    return work


def pandas_parse(file, _folder):
    import pandas

    def work():
        frame = pandas.read_csv(file, engine='c', parse_dates=['time'], date_format='%Y-%m-%d %H:%M:%S')
        assert len(frame) > 0

    return work


def polars_parquet(file, folder):
    import polars

    target = os.path.join(folder, 'store.parquet')

    def work():
        polars.read_csv(file, try_parse_dates=True).write_parquet(target)
        sync(target)

    return work


def duckdb_store(file, folder):
    import duckdb

    target = os.path.join(folder, 'store.duckdb')

    def work():
        connection = duckdb.connect(target)
        names = [row[0] for row in connection.execute('DESCRIBE SELECT * FROM read_csv(?)', [file]).fetchall()]
        key = 'time, tag' if names[1] == 'tag' else 'time'
        readings = [name for name in names if name not in ('time', 'tag')]
        flags = ' + '.join(f'CASE WHEN "{name}" IS NULL THEN {1 << i}::UBIGINT ELSE 0 END' for i, name in enumerate(readings[:60]))
        connection.execute(f'CREATE TABLE reading AS SELECT DISTINCT ON ({key}) *, {flags} AS flags FROM read_csv(?)', [file])
        connection.execute('CHECKPOINT')
        connection.close()
        sync(target)

    return work


def pandas_sql(file, folder):
    import sqlite3

    import pandas

    target = os.path.join(folder, 'store.sqlite')

    def work():
        frame = pandas.read_csv(file, engine='c', parse_dates=['time'], date_format='%Y-%m-%d %H:%M:%S')
        key = ['time', 'tag'] if 'tag' in frame.columns else ['time']
        frame = frame.drop_duplicates(key, keep='last')
        frame['flags'] = frame.isna().any(axis=1).astype('int8')
        with sqlite3.connect(target) as connection:
            frame.to_sql('reading', connection, index=False)
        connection.close()
        sync(target)

    return work


def polars_training(file, _folder):
    import numpy
    import polars

    def work():
        grid = polars.read_parquet(file).drop('time').to_numpy().astype(numpy.float32)
        assert grid.shape[1] > 1

    return work


def duckdb_training(file, _folder):
    import duckdb
    import numpy

    def work():
        connection = duckdb.connect(file, read_only=True)
        columns = connection.execute('SELECT * EXCLUDE (time) FROM reading ORDER BY time').fetchnumpy()
        grid = numpy.stack([column.astype(numpy.float32) for column in columns.values()], axis=1)
        connection.close()
        assert grid.shape[1] > 1

    return work


def duckdb_make(file, folder):
    """A table of a wide file for duckdb_training, in the order of time."""
    import duckdb

    def work():
        connection = duckdb.connect(os.path.join(folder, 'training.duckdb'))
        connection.execute('CREATE TABLE reading AS SELECT * FROM read_csv(?)', [file])
        connection.close()

    return work


def main(name, file, folder):
    os.makedirs(folder, exist_ok=True)
    work = globals()[name](file, folder)
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    print(json.dumps({'seconds': seconds, 'peakMiB': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


main(*sys.argv[1:])
