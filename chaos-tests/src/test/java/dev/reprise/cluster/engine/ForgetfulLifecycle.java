package dev.reprise.cluster.engine;

import dev.reprise.storage.model.NewInvocation;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.NullMarked;

/**
 * Copied into the rules of a server with a planted bug: what has ended is not known again when the
 * same request comes once more.
 */
@NullMarked
public final class ForgetfulLifecycle {
  private ForgetfulLifecycle() {}

  @Advice.OnMethodEnter
  static void enter(@Advice.Argument(0) NewInvocation asked, @Advice.Argument(1) ApplyContext ctx) {
    if (ctx.tables().completed().find(asked.id()) != null) {
      ctx.tables().completed().delete(asked.id());
    }
  }
}
