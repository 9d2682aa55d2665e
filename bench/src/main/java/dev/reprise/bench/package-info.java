/** The scales: load generator, null endpoint, and the table that compares servers. */
@org.jspecify.annotations.NullMarked
package dev.reprise.bench;
