package dev.reprise.server.node;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGUSR1 asks a node to say what it was told. Without a handler the signal would end a process
 * that is not the first of its container. Reached by reflection: the compiler warns of each mention
 * of these classes, and has no better ones.
 */
final class DumpSignal {
  private static final Logger logger = LoggerFactory.getLogger(DumpSignal.class);

  private DumpSignal() {}

  /** Runs this whenever the signal comes, on a thread of the JVM's. */
  static void install(Runnable dump) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      dump.run();
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    default -> "dump";
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("USR1"), proxy);
    } catch (ReflectiveOperationException | RuntimeException e) {
      logger.debug("SIGUSR1 is not handled here", e);
    }
  }
}
