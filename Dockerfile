# The command line in a container: docker build -t dedup . && docker run --rm -v "$PWD:/data" dedup scan articles.jsonl
FROM python:3.12-slim

# Kernels are compiled for the processor that they meet; this name fits every x86-64 one of the last ten years, so
# that what is compiled here is used wherever the image runs. Leave the two lines out on other architectures.
ENV NUMBA_CPU_NAME=x86-64-v3 \
    NUMBA_CPU_FEATURES=""

COPY pyproject.toml README.md LICENSE NOTICE hatch_build.py /build/
COPY dedup /build/dedup
RUN pip install --no-cache-dir /build \
    && dedup warm-up \
    && rm -rf /build

# An account of its own that can read what is compiled, and write where it is told to.
RUN useradd --create-home dedup && chmod -R a+rX /usr/local/lib
USER dedup
WORKDIR /data
ENTRYPOINT ["dedup"]
CMD ["--help"]
