/**
 * The test kit: the production server inside a JUnit test, with a clock to turn. Nothing lives here
 * yet; {@code @RepriseTest} will.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.sdk.testing;
