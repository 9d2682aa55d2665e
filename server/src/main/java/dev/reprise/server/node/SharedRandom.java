package dev.reprise.server.node;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Chance for all threads: each draws from a generator of its own, of 384 bits of state, so that ids
 * drawn anywhere do not meet. Not for secrets.
 */
final class SharedRandom implements RandomGenerator {
  private static final int SEED_BYTES = 48;
  private static final SecureRandom SEEDS = new SecureRandom();

  private final ThreadLocal<RandomGenerator> mine =
      ThreadLocal.withInitial(() -> RandomGeneratorFactory.of("L128X256MixRandom").create(seed()));

  private static byte[] seed() {
    byte[] seed = new byte[SEED_BYTES];
    SEEDS.nextBytes(seed);
    return seed;
  }

  @Override
  public long nextLong() {
    return mine.get().nextLong();
  }
}
