# The page in a container, on the CPU:
#   docker build -t mnist-demo . && docker run --rm -p 7860:7860 mnist-demo
# docs/HOSTING.md has the rest.
FROM python:3.11-slim

# The CPU wheels need no CUDA libraries, which are several gigabytes. For a GPU give another index,
# such as https://download.pytorch.org/whl/cu130, and run with `--gpus all`.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# 1 puts MNIST into the image, for where the container has no network.
ARG FETCH_MNIST=0

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    GRADIO_TEMP_DIR=/tmp/gradio \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    MNIST_DEMO_DATA=/data

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app \
    && install --directory --owner=10001 --group=10001 /data
WORKDIR /app

# torch first, from its own index; the second pip finds it there and leaves it.
COPY requirements.txt .
RUN grep -E '^torch(vision)?[<>=]' requirements.txt > /tmp/torch.txt \
    && pip install --no-cache-dir --index-url "$TORCH_INDEX" -r /tmp/torch.txt \
    && pip install --no-cache-dir -r requirements.txt \
    && rm /tmp/torch.txt

COPY checkpoints checkpoints
COPY mnist_demo mnist_demo
COPY app.py .

USER 10001:10001
RUN if [ "$FETCH_MNIST" = 1 ]; then \
    python -c "from mnist_demo import load_dataset; raise SystemExit(load_dataset().notice or 0)"; \
    fi

EXPOSE 7860
# Three silent checks in a row: a long computation may pass over one of them.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
CMD ["python", "app.py"]
