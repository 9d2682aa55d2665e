package dev.reprise.chaos.plant;

import net.bytebuddy.asm.Advice;

/** Copied into a leader: it reads its tables at once, without a mark that went through the log. */
final class TrustingReader {
  private TrustingReader() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  static boolean enter(@Advice.Argument(1) Runnable then) {
    then.run();
    return true;
  }
}
