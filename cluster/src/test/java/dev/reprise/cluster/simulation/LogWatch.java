package dev.reprise.cluster.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Reads what the partitions write down while they are simulated. A full disk is part of the play;
 * any other error is a violation.
 */
final class LogWatch extends AppenderBase<ILoggingEvent> {
  private LogWatch() {}

  /** From now on nothing is printed, and errors end the run that they come from. */
  static void install() {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.reprise");
    LogWatch watch = new LogWatch();
    watch.setContext(logger.getLoggerContext());
    watch.start();
    logger.setLevel(Level.ERROR);
    logger.setAdditive(false);
    logger.detachAndStopAllAppenders();
    logger.addAppender(watch);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getMessage().contains("is closed until it is opened again")) {
      throw new AssertionError(
          "Expected no error, but "
              + event.getFormattedMessage()
              + "\n"
              + ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
  }
}
