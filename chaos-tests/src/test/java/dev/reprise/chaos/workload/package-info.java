/**
 * What clients do while the storm blows, each with the services that it needs and the checks that
 * judge it. Asks over the public HTTP API, any node; knows nothing of faults.
 */
@NullMarked
package dev.reprise.chaos.workload;

import org.jspecify.annotations.NullMarked;
