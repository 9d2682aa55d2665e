/**
 * A service endpoint over HTTP/2 without TLS, and HTTP/1.1 for those who ask: turns bytes into
 * frames and back, and holds back whoever is too fast. Neither user code nor rules of the journal
 * may enter.
 */
@NullMarked
package dev.reprise.sdk.http;

import org.jspecify.annotations.NullMarked;
