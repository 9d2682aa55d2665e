/**
 * The show room: small services that a reader can run and change. They use the SDK's public API
 * only; no helper that a user would not have may enter.
 */
@NullMarked
package dev.reprise.examples;

import org.jspecify.annotations.NullMarked;
