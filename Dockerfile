# The build stage installs the pinned packages; what only compilers would need, and the wheel's ffmpeg
# that Debian's replaces, stays behind in it (450 MB).
FROM python:3.11-slim-bookworm AS build

WORKDIR /build
COPY requirements.txt constraints.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt \
    && rm -rf /opt/venv/lib/python3.11/site-packages/tensorflow/include \
    && rm -f /opt/venv/lib/python3.11/site-packages/imageio_ffmpeg/binaries/ffmpeg-*


FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 earmark

COPY --from=build /opt/venv /opt/venv

# The caches lie in /tmp, which stays writable under any user id and with a read-only root.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/home/earmark \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TF_CPP_MIN_LOG_LEVEL=2 \
    IMAGEIO_FFMPEG_EXE=/usr/bin/ffmpeg \
    NUMBA_CACHE_DIR=/tmp/numba \
    MPLCONFIGDIR=/tmp/matplotlib

WORKDIR /app
COPY LICENSE app.py ./
COPY .streamlit .streamlit
COPY assets assets
COPY model model
COPY pages pages

# By number, so that a cluster can see that it is not root.
USER 10001

EXPOSE 8501

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; base = os.environ.get('STREAMLIT_SERVER_BASE_URL_PATH', '').strip('/'); c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('PORT') or 8501), timeout=4); c.request('GET', (base and '/' + base) + '/_stcore/health'); sys.exit(c.getresponse().status != 200)"]

# Cloud Run and its like set PORT; exec makes the server the process that receives their signals.
CMD ["sh", "-c", "exec python -m streamlit run app.py --server.headless true --server.address 0.0.0.0 --server.port \"${PORT:-8501}\""]
