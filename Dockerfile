# For machines without a Swift toolchain: builds the server and runs the example shop's line.
#   docker build -t repartee .
#   docker run --rm -it --init --network host -v repartee-pack:/repartee/.pack -v repartee-state:/repartee/.state repartee
# Add -e LAN=1 for a softphone on the network. The speech pack is fetched at the first start, into the volume: it is not
# part of the image.
FROM swift:6.3-bookworm AS build
WORKDIR /repartee
COPY scripts/setup/build-packages.txt scripts/setup/
RUN apt-get update && apt-get install -y --no-install-recommends $(cat scripts/setup/build-packages.txt) \
    && rm -rf /var/lib/apt/lists/*
COPY Package.swift ./
COPY Sources Sources
RUN swift build -c release --product repartee --static-swift-stdlib --scratch-path .build-release

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates util-linux libsqlite3-0 libflite1 \
      libspeexdsp1 libstdc++6 zlib1g python3 python3-venv python3-pip \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --home-dir /repartee repartee && mkdir -p /repartee/.pack /repartee/.state \
    && chown -R repartee /repartee
USER repartee
WORKDIR /repartee
COPY --chown=repartee scripts scripts
COPY --chown=repartee Engines Engines
COPY --chown=repartee Examples Examples
COPY --from=build /repartee/.build-release/release/repartee /usr/local/bin/repartee
ENV SERVER=/usr/local/bin/repartee
CMD ["scripts/run"]
