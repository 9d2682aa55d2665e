/** Runnable services that show the programming model. */
@org.jspecify.annotations.NullMarked
package dev.reprise.examples;
