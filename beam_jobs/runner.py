"""The local runner: Beam's in-process runner, or worker processes whose death fails the job instead of hanging it.

`FnApiRunner` waits for ever for an answer of a worker process that was killed, and hands workers empty pipeline
options. Both are mended here with private names of Beam 2.77, which is why that version is pinned and a test kills a worker.
"""

from __future__ import annotations

import threading
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_fn_api_pb2, beam_provision_api_pb2
from apache_beam.runners.portability import local_job_service
from apache_beam.runners.portability.fn_api_runner import fn_runner, worker_handlers
from apache_beam.runners.portability.portable_runner import JobServiceHandle


class LocalRunner(fn_runner.FnApiRunner):
    """Run a pipeline on this machine; `--direct_running_mode` and `--direct_num_workers` choose processes."""

    def run_pipeline(self, pipeline: Any, options: Any) -> Any:
        """Run and return the finished result; raises what a step raised."""
        worker_handlers.SubprocessSdkWorkerHandler.start_worker = _start_watched_worker
        self._provision_info = fn_runner.ExtendedProvisionInfo(
            beam_provision_api_pb2.ProvisionInfo(
                pipeline_options=JobServiceHandle.encode_pipeline_options(options.get_all_options())
            )
        )
        return super().run_pipeline(pipeline, options)


def _start_watched_worker(handler: Any) -> None:
    """Start a worker process and answer every open request with an error once it is gone."""
    handler.worker = local_job_service.SubprocessSdkWorker(
        handler._worker_command_line, handler.control_address, handler.provision_info, handler.worker_id
    )
    connection = handler.control_conn

    def watch() -> None:
        cause = "it exited"
        try:
            handler.worker.run()
        except BaseException as error:  # noqa: BLE001 - whatever ended the worker is the cause to report
            cause = str(error).splitlines()[-1] if str(error) else type(error).__name__
        done = worker_handlers.BeamFnControlServicer._DONE_MARKER

        def refuse(request: Any = None) -> None:
            if request is done:
                connection._push_queue.put(request)
                return
            raise RuntimeError(f"local worker {handler.worker_id} is gone: {cause}")

        connection.push = refuse
        message = f"local worker {handler.worker_id} died: {cause}"
        for identity, future in list(connection._futures_by_id.items()):
            future.set(beam_fn_api_pb2.InstructionResponse(instruction_id=identity, error=message))

    handler.worker_thread = threading.Thread(target=watch, daemon=True)
    handler.worker_thread.start()


def local_options(workers: int, extra: list[str]) -> PipelineOptions:
    """Return the options for `workers` processes; one worker runs inside the driver."""
    arguments = list(extra)
    if workers > 1:
        arguments += ["--direct_running_mode=multi_processing", f"--direct_num_workers={workers}"]
    return PipelineOptions(arguments)
