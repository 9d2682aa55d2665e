/** See README.md for the map of the house. */
@org.jspecify.annotations.NullMarked
package dev.reprise.cli;
