package dev.reprise.cluster.engine;

import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.NullMarked;

/**
 * Copied into the outbox of a server with a planted bug: whatever arrives counts as new. Here, as
 * the engine's classes are seen from nowhere else.
 */
@NullMarked
public final class ForgetfulOutbox {
  private ForgetfulOutbox() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Argument(0) Command.Deliver delivery, @Advice.Argument(2) ApplyContext ctx) {
    ctx.tables().dedup().put(delivery.sender(), delivery.firstSequence() - 1);
  }
}
