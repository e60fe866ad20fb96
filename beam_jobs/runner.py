"""The local runner: Beam's in-process runner, or worker processes whose death fails the job instead of hanging it.

`FnApiRunner` waits for ever for an answer of a worker process that was killed, and hands workers empty pipeline
options. Both are mended here with private names of Beam 2.77, which is why that version is pinned and a test kills a worker.
"""

from __future__ import annotations

import logging
import threading
from functools import partialmethod
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_fn_api_pb2, beam_provision_api_pb2
from apache_beam.runners.portability import local_job_service
from apache_beam.runners.portability.fn_api_runner import fn_runner, worker_handlers
from apache_beam.runners.portability.portable_runner import JobServiceHandle


class LocalRunner(fn_runner.FnApiRunner):
    """Run a pipeline on this machine; `--direct_running_mode` and `--direct_num_workers` choose processes."""

    def __init__(self) -> None:
        super().__init__()
        self.lost_workers: list[str] = []
        """How each worker process ended that ended before it was told to."""

    def run_pipeline(self, pipeline: Any, options: Any) -> Any:
        """Run and return the finished result; raises what a step raised."""
        handler: Any = worker_handlers.SubprocessSdkWorkerHandler
        handler.start_worker = partialmethod(_start_watched_worker, self.lost_workers)
        self._provision_info = fn_runner.ExtendedProvisionInfo(
            beam_provision_api_pb2.ProvisionInfo(
                pipeline_options=JobServiceHandle.encode_pipeline_options(options.get_all_options())
            )
        )
        return super().run_pipeline(pipeline, options)


def _start_watched_worker(handler: Any, lost: list[str]) -> None:
    """Start a worker process; once it is gone, note why and answer every open request with an error."""
    command = handler._worker_command_line
    if logging.getLogger().getEffectiveLevel() > logging.WARNING:
        command = command.replace(b"apache_beam.runners.worker.sdk_worker_main", b"beam_jobs.quiet_worker")
    handler.worker = local_job_service.SubprocessSdkWorker(
        command, handler.control_address, handler.provision_info, handler.worker_id
    )
    connection = handler.control_conn
    done = worker_handlers.BeamFnControlServicer._DONE_MARKER
    push = connection.push
    told_to_end = threading.Event()

    def pass_on(request: Any) -> Any:
        if request is done:
            told_to_end.set()
        return push(request)

    connection.push = pass_on

    def watch() -> None:
        cause = None
        try:
            handler.worker.run()
        except BaseException as error:  # noqa: BLE001 - whatever ended the worker is the cause to report
            cause = str(error).splitlines()[-1] if str(error) else type(error).__name__
        else:
            if not told_to_end.is_set():
                cause = "it exited"
        message = f"local worker {handler.worker_id} died: {cause}"
        if cause is not None:
            lost.append(message)

        def refuse(request: Any) -> None:
            if request is not done:
                raise RuntimeError(message)
            push(request)

        connection.push = refuse
        for identity, future in list(connection._futures_by_id.items()):
            future.set(beam_fn_api_pb2.InstructionResponse(instruction_id=identity, error=message))

    handler.worker_thread = threading.Thread(target=watch, daemon=True)
    handler.worker_thread.start()


def local_options(workers: int, extra: list[str]) -> PipelineOptions:
    """Return the options for `workers` processes, which log as this one; one worker runs inside the driver."""
    arguments = list(extra)
    if workers > 1:
        level = logging.getLevelName(logging.getLogger().getEffectiveLevel())
        arguments += ["--direct_running_mode=multi_processing", f"--direct_num_workers={workers}"]
        arguments += [f"--default_sdk_harness_log_level={level}"]
    return PipelineOptions(arguments)
