package dev.reprise.cluster.partition;

/** Makes an invoker for each epoch. */
@FunctionalInterface
public interface InvokerFactory {
  /**
   * @param partition which partition's invocations it runs
   * @param host what it needs of that partition's leader
   */
  Invoker create(int partition, Invoker.Host host);
}
