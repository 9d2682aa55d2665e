package dev.reprise.examples;

import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;

/**
 * A service is a class, a handler is a method.
 *
 * <pre>curl localhost:8080/hello-restate/greet --json '{"who": "Ada"}'</pre>
 */
@Service("hello-restate")
public class HelloWorld {
  public record Person(String who) {}

  @Handler
  public String greet(Person person) {
    return "Hello " + person.who() + "!";
  }
}
