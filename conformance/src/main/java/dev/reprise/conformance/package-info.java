/**
 * The judge's bench: services written with the official SDKs, one for each feature, and rows that
 * drive them through a server's doors. All of it is test code; nothing here knows how a server is
 * built, so that the rows judge any server at given addresses.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.conformance;
