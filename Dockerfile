# Two stages: the first installs the hash-locked wheels, the second carries them and the code, and no installer runs in it.
FROM python:3.11-slim AS packages
RUN python -m venv /opt/venv
COPY requirements/app.txt /tmp/app.txt
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --no-deps --only-binary :all: -r /tmp/app.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    INTERLOCK_DATA=/data \
    STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin interlock \
    && install -d -o interlock -g interlock -m 0700 /data \
    && install -d -o interlock -g interlock /srv/static
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/interlock
COPY manage.py ./
COPY martech ./martech
COPY inventory ./inventory
COPY sla ./sla
COPY governance ./governance
COPY templates ./templates
COPY static ./static
USER interlock
# The key of this one step goes with its data folder; the running container gets its own.
RUN INTERLOCK_DATA=/tmp/build python manage.py collectstatic --no-input && rm -rf /tmp/build
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import http.client, os; host = os.environ.get('ALLOWED_HOSTS', 'localhost').split(',')[0].strip(); c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/readyz', headers={'Host': host}); raise SystemExit(c.getresponse().status != 200)"]
CMD ["gunicorn", "-c", "python:martech.running.web", "--bind", "0.0.0.0:8000", "martech.wsgi:application"]
