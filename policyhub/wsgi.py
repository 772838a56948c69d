"""The door for any WSGI server: granian, gunicorn or another."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policyhub.settings")

application = get_wsgi_application()

from core.checks import refuse_faulty_start  # noqa: E402 - the checks can be imported once Django is set up

refuse_faulty_start()
