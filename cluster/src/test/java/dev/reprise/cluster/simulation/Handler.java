package dev.reprise.cluster.simulation;

/**
 * A scripted handler: plain code over a {@link Context}, run again from the start whenever needed.
 */
@FunctionalInterface
interface Handler {
  /**
   * Returns the output.
   *
   * @throws Context.Blocked when something awaited has not arrived
   * @throws Context.Terminal to end the invocation with a failure
   * @throws Context.Crash to end the attempt
   */
  String handle(Context context, String input);
}
