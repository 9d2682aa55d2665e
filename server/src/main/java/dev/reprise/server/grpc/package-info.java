/**
 * The gRPC port: the ingress in gRPC's words, the admin service, reflection and health. What a
 * request means is in {@link dev.reprise.server.ingress}; rules of execution must never enter.
 */
@NullMarked
package dev.reprise.server.grpc;

import org.jspecify.annotations.NullMarked;
