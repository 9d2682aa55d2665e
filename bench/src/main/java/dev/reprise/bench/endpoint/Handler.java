package dev.reprise.bench.endpoint;

import java.util.function.Consumer;

/** The handlers, each with the least that a real one of its kind would do. */
enum Handler {
  /** Answers with its input; nothing is journaled besides. */
  ECHO("Echo", "echo", Handlers::echo),
  /** As many run steps as the input says, one after the other; ten without input. */
  STEPS("Steps", "run", Handlers::steps),
  /** Virtual object: reads a number, adds one, writes it, answers with it. */
  COUNTER_ADD("Counter", "add", Handlers::counterAdd),
  /** Virtual object, shared: answers with the number. */
  COUNTER_GET("Counter", "get", Handlers::counterGet),
  /** Calls {@link #ECHO} and awaits its answer. */
  FAN("Fan", "call", Handlers::fan),
  /** Sleeps for the milliseconds of the input; suspends at once. */
  SLEEPER("Sleeper", "sleep", Handlers::sleep),
  /** Counts executions per number of the input. */
  SINK("Sink", "sink", Handlers::sink);

  private final String service;
  private final String handler;
  private final Consumer<Attempt> advance;

  Handler(String service, String handler, Consumer<Attempt> advance) {
    this.service = service;
    this.handler = handler;
    this.advance = advance;
  }

  String service() {
    return service;
  }

  String handlerName() {
    return handler;
  }

  /** Does whatever can be done with what has arrived. */
  void advance(Attempt attempt) {
    advance.accept(attempt);
  }
}
