"""The files of an artifact that are the same for every project."""

APP = '''\
"""The ASGI entry point: `uvicorn app:app`. Settings come from ORDERKIT_… variables."""

from pathlib import Path

from orderkit.artifact.serving import application

app = application(Path(__file__).resolve().parent)
'''

DOCKERFILE = """\
# docker build -t orders . && docker run -v orders:/app/var orders migrate
# docker run -p 8000:8000 -v orders:/app/var orders
# Without ORDERKIT_DATABASE_URL the database is the SQLite file /app/var/app.db.
FROM python:3.13-slim
RUN useradd --system orderkit
WORKDIR /app
COPY requirements.txt *.whl ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN mkdir -p var && chown orderkit var
USER orderkit
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz')"]
ENTRYPOINT ["orderkit"]
CMD ["serve", ".", "--host", "0.0.0.0", "--port", "8000"]
"""

DOCKERFILE_WITH_PLUGINS = DOCKERFILE.replace(
    "requirements.txt *.whl", "requirements.txt plugins.txt *.whl"
).replace("-r requirements.txt\n", "-r requirements.txt && pip install --no-cache-dir -r plugins.txt\n")

DOCKERIGNORE = """\
var/
__pycache__/
"""
