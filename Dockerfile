# The server and restatectl in one image.
#
#   docker build -t reprise .          # compiles in a container; needs a registry and Maven Central
#   image/build                        # from this checkout and this machine's JDK; needs neither
#
# BUILD_IMAGE compiles: it needs Maven and a JDK of 21 or more. BASE_IMAGE runs: Java of 21 or more (25 starts
# faster) and bash. A context that is a distribution (./reprise dist DIR) is taken as it is.
ARG BUILD_IMAGE=maven:3-eclipse-temurin-25
ARG BASE_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
COPY . /src
RUN if [ -f /src/reprise-distribution ]; then mv /src /distribution; else /src/reprise dist /distribution; fi

FROM ${BASE_IMAGE} AS trained
COPY --from=build /distribution /opt/reprise
RUN /opt/reprise/bin/train

FROM ${BASE_IMAGE}
COPY --from=build /distribution /opt/reprise
# The cache of the JVM that is in the image, for a start in half the time.
COPY --from=trained /opt/reprise/lib/reprise.aot* /opt/reprise/lib/
# The directories that are mounted or written: by our user, and by any other in the group 0.
RUN ln -s /opt/reprise/bin/restatectl /usr/bin/restatectl \
 && mkdir -p /restate-data /state \
 && chown 10001:0 /restate-data /state \
 && chmod 0775 /restate-data /state
ENV REPRISE_DEFAULT_BASE_DIR=/restate-data
USER 10001:0
WORKDIR /restate-data
VOLUME /restate-data
# Ingress, admin, gRPC, node.
EXPOSE 8080 9070 9071 5122
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/opt/reprise/bin/healthy"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/reprise/bin/reprise", "server"]
