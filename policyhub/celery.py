"""The Celery application: its settings are Django's, its tasks stand in each app's `tasks` and `notifications`."""

import os
import warnings

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policyhub.settings")
# The warning is about pickled messages, which are not accepted here; a container or a trial often runs as root.
warnings.filterwarnings("ignore", message=r"You're running the worker with superuser")

app = Celery("policyhub")
app.set_default()  # for all threads: the web server's are not the one that loads this module
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(accept_content=["json"], worker_hijack_root_logger=False, worker_redirect_stdouts=False)
app.autodiscover_tasks(related_name="tasks")
app.autodiscover_tasks(related_name="notifications")


@worker_init.connect
def refuse_faulty_start(**kwargs: object) -> None:
    """The worker stops on the same faults as the web server. (A signal, because Celery has no other door here.)"""
    from core import checks  # noqa: PLC0415 - this module is imported before Django is set up

    checks.refuse_faulty_start()
