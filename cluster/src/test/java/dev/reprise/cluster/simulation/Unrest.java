package dev.reprise.cluster.simulation;

/**
 * How unkind endpoints and the ways between partitions are. Chances are from 0 to 1.
 *
 * @param attemptBreaks an attempt breaks off where it would speak
 * @param speaksLate a broken attempt says later what it had on its lips
 * @param repeatsItself an attempt says the same thing twice
 * @param suspendsEarly an attempt suspends as soon as it is blocked
 * @param messageLost a delivery does not arrive, or its answer does not come back
 * @param messageTwice a delivery arrives twice
 */
record Unrest(
    double attemptBreaks,
    double speaksLate,
    double repeatsItself,
    double suspendsEarly,
    double messageLost,
    double messageTwice) {
  static final Unrest NONE = new Unrest(0, 0, 0, 0.3, 0, 0);
  static final Unrest STORM = new Unrest(0.06, 0.3, 0.03, 0.5, 0.05, 0.05);
}
