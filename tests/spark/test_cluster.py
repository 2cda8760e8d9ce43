"""Executors in processes of their own, one of which is killed, tasks that run twice, and a driver that is killed: whatever happens
to Spark meanwhile, the files are the command's, and nothing is left."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyspark
import pytest

os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)  # where workers find what they start

from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

from test_spark import FORMATS, LOCAL, PACKAGE, PLANS, causal_sessions, expected, files_in, folders, nothing_left, rows  # noqa: E402, F401

CLUSTER = {
    "spark.executor.memory": "512m",
    "spark.speculation": "true",
    "spark.speculation.quantile": "0.1",
    "spark.speculation.multiplier": "1.1",
    "spark.speculation.interval": "50ms",
    "spark.speculation.minTaskRuntime": "200ms",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.files.maxPartitionBytes": "64k",
}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A master and two workers, whose addresses differ: a task does not run twice on one host."""
    folder, started = tmp_path_factory.mktemp("cluster"), []

    def start(name: str, *words: str, says: str) -> str:
        log = folder / f"{name}.log"
        command = [f"{os.environ['SPARK_HOME']}/bin/spark-class", f"org.apache.spark.deploy.{words[0]}", *words[1:]]
        started.append(subprocess.Popen([*command, "--webui-port", "0"], stdout=log.open("w"), stderr=subprocess.STDOUT))
        for _ in range(1200):
            if match := re.search(says, log.read_text("utf-8")):
                return match[0]
            assert started[-1].poll() is None, log.read_text("utf-8")
            time.sleep(0.1)
        raise AssertionError(log.read_text("utf-8"))

    try:
        master = start("master", "master.Master", "--host", "127.0.0.1", "--port", "0", says=r"spark://127\.0\.0\.1:\d+")
        for host in ("127.0.0.2", "127.0.0.3"):
            options = ["--cores", "1", "--memory", "1G", "--work-dir", str(folder / host)]
            start(host, "worker.Worker", master, "--host", host, *options, says="Successfully registered")
        yield master
    finally:
        for process in started:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def session(cluster):
    session = SparkSession.builder.master(cluster).config(map=LOCAL | CLUSTER).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def executors(session) -> list:
    """Their processes, oldest first."""
    listed = subprocess.run(["ps", "-wweo", "pid=,args=", "--sort=start_time"], capture_output=True, encoding="utf-8").stdout
    mine = [line for line in listed.splitlines() if "CoarseGrainedExecutorBackend" in line]
    return [int(line.split()[0]) for line in mine if session.sparkContext.applicationId in line]


def tasks(session, how: str) -> int:
    """Of all stages: "numFailedTasks", "numKilledTasks" (another attempt was faster)."""
    jvm = session.sparkContext._jvm
    none = session.sparkContext._gateway.new_array(jvm.double, 0)
    stages = session.sparkContext._jsc.sc().statusStore().stageList(None, False, False, none, jvm.java.util.ArrayList())
    return sum(getattr(stages.apply(i), how)() for i in range(stages.size()))


def slow(frame, column: str, text: str, seconds: float):
    """The same rows; who reads one with this text waits."""
    sleep = f"reflect('java.lang.Thread', 'sleep', {int(seconds * 1000)}L) IS NULL"
    return frame.where(F.expr(f"CASE WHEN {column} = '{text}' THEN {sleep} OR true ELSE true END"))


@pytest.fixture
def frame(session, folders, rows):
    """Of a user there are few rows, so that few tasks wait."""
    read = session.read.parquet(str(folders["parquet", 3]))
    users = [row[0] for row in rows[1:]]
    return slow(read, rows[0][0], min(set(users), key=users.count), 1.5)


def test_tasks_that_run_twice(session, frame, expected, tmp_path):
    before = tasks(session, "numKilledTasks")
    causal_sessions.spark.prepare(frame, PLANS["matched"], tmp_path / "out", audit=True, formats=FORMATS)
    assert tasks(session, "numKilledTasks") > before, "no task ran twice"
    assert files_in(tmp_path / "out") == expected("parquet", 3, "matched")


def test_an_executor_that_is_killed(session, frame, expected, tmp_path):
    (tmp_path / "stage").mkdir()
    killed, before = [], tasks(session, "numFailedTasks")

    def kill() -> None:
        tracker = session.sparkContext.statusTracker()
        while not killed:
            stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
            # One of two has a task at least, as each has one processor.
            if any(stage and stage.numActiveTasks > 1 for stage in stages) and any((tmp_path / "stage").glob("*/events/_temporary")):
                killed.append(executors(session)[0])
                os.kill(killed[0], signal.SIGKILL)
            time.sleep(0.01)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    causal_sessions.spark.prepare(
        frame, PLANS["exposure"], tmp_path / "out", audit=True, formats=FORMATS, stage=tmp_path / "stage"
    )
    assert killed and killed[0] not in executors(session)
    assert tasks(session, "numFailedTasks") > before, "it had no task"
    assert files_in(tmp_path / "out") == expected("parquet", 3, "exposure")
    assert list((tmp_path / "stage").iterdir()) == []


def test_a_driver_that_is_killed_while_spark_writes(folders, rows, tmp_path):
    (tmp_path / "stage").mkdir()
    code = f"""
import sys
sys.path[:0] = [{str(PACKAGE)!r}, {str(Path(__file__).parent)!r}]
from pyspark.sql import SparkSession
import causal_sessions.spark
from test_cluster import LOCAL, slow
session = SparkSession.builder.master("local[2]").config(map=LOCAL).getOrCreate()
frame = slow(session.read.parquet({str(folders["parquet", 3])!r}), {rows[0][0]!r}, {rows[1][0]!r}, 60)
causal_sessions.spark.prepare(frame, None, {str(tmp_path / "out")!r}, stage={str(tmp_path / "stage")!r})
"""
    with subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.PIPE) as driver:
        while not any((tmp_path / "stage").glob("*/events/_temporary")):
            assert driver.poll() is None, driver.stderr.read()
            time.sleep(0.05)
        os.kill(driver.pid, signal.SIGKILL)
    group = driver.pid
    for _ in range(400):
        listed = subprocess.run(["ps", "-eo", "pgid="], capture_output=True, encoding="utf-8").stdout.split()
        if str(group) not in listed and list((tmp_path / "stage").iterdir()) == []:
            break
        time.sleep(0.1)
    assert list((tmp_path / "stage").iterdir()) == [] and str(group) not in listed
    assert not (tmp_path / "out").exists()
