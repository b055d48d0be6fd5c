"""The product's application on a hasty schedule, for a scheduler in a test: what takes minutes takes a second."""

from martech.celery import app

JOBS = ("tell", "plan-assurance-reminders", "sweep-reminders", "relay")

app.conf.beat_schedule = {name: {**app.conf.beat_schedule[name], "schedule": 0.5} for name in JOBS}
