"""The engine's settings hold the reliability rules C2 to C11."""

from pathlib import Path

from martech.celery import HARD_LIMIT, SOFT_LIMIT, app, broker
from martech.running.watchdog import DEAF_AFTER, Ear, Watchdog
from martech.schedule import SCHEDULE

REDIS = broker("redis://localhost:6379/0")


def test_messages_are_json_and_no_answer_is_kept() -> None:
    conf = app.conf
    assert (conf.task_serializer, conf.accept_content, conf.result_backend) == ("json", ["json"], None)
    assert conf.task_ignore_result is True


def test_a_task_is_acknowledged_when_done_and_given_back_when_its_worker_dies() -> None:
    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)


def test_tasks_are_short_and_not_redelivered_while_they_run() -> None:
    assert (app.conf.task_soft_time_limit, app.conf.task_time_limit) == (SOFT_LIMIT, HARD_LIMIT) == (30, 45)
    assert REDIS["broker_transport_options"]["visibility_timeout"] >= 10 * HARD_LIMIT


def test_connections_are_kept_alive_and_found_again() -> None:
    options = REDIS["broker_transport_options"]
    assert {name: options[name] for name in ("socket_timeout", "socket_keepalive", "health_check_interval")} == {
        "socket_timeout": 30,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
    assert app.conf.broker_connection_retry_on_startup is True


def test_sending_gives_up_within_seconds() -> None:
    assert REDIS["broker_transport_options"]["socket_connect_timeout"] == 2
    assert app.conf.broker_connection_timeout == 2
    assert app.conf.task_publish_retry_policy["max_retries"] == 2


def test_a_worker_has_half_a_minute_to_end_what_it_holds() -> None:
    assert app.conf.worker_soft_shutdown_timeout == 30


def test_the_schedule_is_fixed_intervals_in_utc_from_the_one_table() -> None:
    assert (app.conf.enable_utc, app.conf.timezone) == (True, "UTC")
    assert {name: (entry["task"], entry["schedule"]) for name, entry in app.conf.beat_schedule.items()} == {
        name: (job.task, float(job.every)) for name, job in SCHEDULE.items()
    }
    assert all(set(entry) == {"task", "schedule", "options"} for entry in app.conf.beat_schedule.values())


def test_every_job_of_the_schedule_is_a_task() -> None:
    app.loader.import_default_modules()
    assert {job.task for job in SCHEDULE.values()} - set(app.tasks) == set()


def test_without_a_broker_messages_lie_in_a_folder_of_the_data_folder(settings) -> None:
    options = broker("")["broker_transport_options"]
    assert options["data_folder_in"] == options["data_folder_out"] == str(settings.DATA_DIR / "broker" / "messages")
    assert Path(options["control_folder"]).is_dir()


def test_a_worker_that_takes_nothing_for_three_sweeps_is_deaf() -> None:
    assert Watchdog in app.steps["worker"]
    assert min(job.every for job in SCHEDULE.values()) * 3 <= DEAF_AFTER
    ear = Ear(now=0, limit=180)
    seen = (
        (0, False, 10),
        (0, False, 189),
        (1, False, 190),
        (1, True, 300),
        (1, False, 479),
        (1, False, 480),
        (2, False, 481),
    )
    assert [ear.is_deaf(*one) for one in seen] == [False, False, False, False, False, True, False]
