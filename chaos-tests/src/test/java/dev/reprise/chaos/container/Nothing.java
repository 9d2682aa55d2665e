package dev.reprise.chaos.container;

import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** Waits for nothing: who starts a container says what is to be waited for. */
final class Nothing extends AbstractWaitStrategy {
  @Override
  protected void waitUntilReady() {}
}
