package dev.reprise.server.node;

import dev.reprise.cluster.log.LogException;
import dev.reprise.storage.kv.StorageException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what a failed log or store has stopped (a full disk), once a second, until that works. */
final class Reopening {
  private static final Logger logger = LoggerFactory.getLogger(Reopening.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private Reopening() {}

  /**
   * Runs on the caller's thread for as long as it takes. Each reason why it does not work yet is
   * logged once, however often it is met in a row.
   *
   * @param what for people
   * @param wanted false when it is not to be opened any more
   */
  static void untilOpen(String what, BooleanSupplier wanted, Runnable open) {
    String said = "";
    while (wanted.getAsBoolean()) {
      LockSupport.parkNanos(PAUSE_NANOS);
      try {
        open.run();
        logger.info("{} is open again", what);
        return;
      } catch (LogException | StorageException e) {
        if (!said.equals(e.getMessage())) {
          said = String.valueOf(e.getMessage());
          logger.warn("{} cannot be opened yet: {}", what, said);
        }
      }
    }
  }
}
