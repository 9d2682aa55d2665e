package dev.reprise.bench.endpoint;

/** The handlers, each with the least that a real one of its kind would do. */
enum Handler {
  /** Answers with its input; nothing is journaled besides. */
  ECHO("Echo", "echo"),
  /** As many run steps as the input says, one after the other; ten without input. */
  STEPS("Steps", "run"),
  /** Virtual object: reads a number, adds one, writes it, answers with it. */
  COUNTER_ADD("Counter", "add"),
  /** Virtual object, shared: answers with the number. */
  COUNTER_GET("Counter", "get"),
  /** Calls {@link #ECHO} and awaits its answer. */
  FAN("Fan", "call"),
  /** Sleeps for the milliseconds of the input; suspends at once. */
  SLEEPER("Sleeper", "sleep"),
  /** Counts executions per number of the input. */
  SINK("Sink", "sink");

  private final String service;
  private final String handler;

  Handler(String service, String handler) {
    this.service = service;
    this.handler = handler;
  }

  String service() {
    return service;
  }

  String handlerName() {
    return handler;
  }

  /** Does whatever can be done with what has arrived. */
  void advance(Attempt attempt) {
    switch (this) {
      case ECHO -> Handlers.echo(attempt);
      case STEPS -> Handlers.steps(attempt);
      case COUNTER_ADD -> Handlers.counterAdd(attempt);
      case COUNTER_GET -> Handlers.counterGet(attempt);
      case FAN -> Handlers.fan(attempt);
      case SLEEPER -> Handlers.sleep(attempt);
      case SINK -> Handlers.sink(attempt);
    }
  }
}
