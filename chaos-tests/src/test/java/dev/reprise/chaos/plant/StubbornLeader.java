package dev.reprise.chaos.plant;

import net.bytebuddy.asm.Advice;

/** Copied into the leader: it does not mind that nobody answers it. */
final class StubbornLeader {
  private StubbornLeader() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  static boolean enter() {
    return true;
  }

  @Advice.OnMethodExit
  @SuppressWarnings("UnusedVariable") // What is assigned here is what the method returns.
  static void exit(@Advice.Return(readOnly = false) boolean leads) {
    leads = true;
  }
}
