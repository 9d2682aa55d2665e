package dev.reprise.chaos.plant;

import net.bytebuddy.asm.Advice;

/** Copied into the leader: what the replica has that has most is what a majority has. */
final class MajorityOfOne {
  private MajorityOfOne() {}

  @Advice.OnMethodExit
  @SuppressWarnings("UnusedVariable") // What is assigned here is what the method returns.
  static void exit(
      @Advice.Argument(0) long[] sorted, @Advice.Return(readOnly = false) long majority) {
    majority = sorted[sorted.length - 1];
  }
}
