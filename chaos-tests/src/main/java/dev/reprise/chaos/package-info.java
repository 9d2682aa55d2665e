/**
 * The storm: real processes, killed and cut. Containers with faults and history checkers will live
 * here; what is here now kills real server processes on this machine.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.chaos;
