/**
 * A client for everybody outside of handlers: calls services through a server's HTTP ingress. It
 * knows neither journals nor attempts.
 */
@NullMarked
package dev.reprise.sdk.client;

import org.jspecify.annotations.NullMarked;
