package dev.reprise.chaos.rig;

import dev.reprise.sdk.http.Endpoint;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Services in a process of their own, which keeps its port over {@link #kill} and {@link #restart}.
 * Each is made with {@link Effects} and the number of the process's life, from 1, unless it has a
 * constructor without parameters.
 */
public final class ServiceProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(1);

  private final Path effects;
  private final List<Class<?>> services;
  private int life = 1;
  private JavaProcess process;
  private final int port;

  public ServiceProcess(Path effects, List<Class<?>> services) {
    this.effects = effects;
    this.services = services;
    this.process = launch(0);
    this.port = awaitPort();
  }

  private JavaProcess launch(int at) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(at));
    arguments.add(Integer.toString(life));
    arguments.add(effects.toString());
    services.forEach(it -> arguments.add(it.getName()));
    return JavaProcess.start(
        "services",
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", JavaProcess.classPath()),
        ServiceProcess.class.getName(),
        arguments);
  }

  private int awaitPort() {
    String line = process.awaitLine(it -> it.startsWith("services on "), START);
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** {@code kill -9}. */
  public void kill() {
    process.kill();
  }

  /** Starts the next life on the same port. */
  public void restart() {
    life++;
    process = launch(port);
    awaitPort();
  }

  public String tail() {
    return process.tail();
  }

  @Override
  public void close() {
    process.close();
  }

  /** The process: port, life, file of effects, classes of services. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Effects effects = new Effects(Path.of(args[2]));
    int life = Integer.parseInt(args[1]);
    Object[] instances = new Object[args.length - 3];
    for (int i = 0; i < instances.length; i++) {
      instances[i] = instance(Class.forName(args[i + 3]), effects, life);
    }
    System.out.println(
        "services on " + Endpoint.bind(instances).listen(Integer.parseInt(args[0])).port());
  }

  private static Object instance(Class<?> service, Effects effects, int life)
      throws ReflectiveOperationException {
    for (Constructor<?> constructor : service.getDeclaredConstructors()) {
      constructor.setAccessible(true);
      return constructor.getParameterCount() == 0
          ? constructor.newInstance()
          : constructor.newInstance(effects, life);
    }
    throw new NoSuchMethodException("Expected a constructor of " + service);
  }
}
