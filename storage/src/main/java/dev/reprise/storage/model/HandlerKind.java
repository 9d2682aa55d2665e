package dev.reprise.storage.model;

/** How a handler relates to others of its service. The code is stored; each is given once. */
public enum HandlerKind {
  /** Of a plain service: unkeyed, stateless, as many at once as are called. */
  PLAIN(0),
  /** Of a virtual object: one at a time per key, may write state. */
  EXCLUSIVE(1),
  /** Of a virtual object: beside the exclusive one, may read state. */
  SHARED(2),
  /** The run handler of a workflow: once per key. */
  WORKFLOW_RUN(3),
  /** Any other handler of a workflow. */
  WORKFLOW_SHARED(4);

  private static final HandlerKind[] BY_CODE = {
    PLAIN, EXCLUSIVE, SHARED, WORKFLOW_RUN, WORKFLOW_SHARED
  };

  private final int code;

  HandlerKind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static HandlerKind ofCode(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("Expected a handler kind from 0 to 4, but got " + code);
    }
    return BY_CODE[code];
  }

  public boolean keyed() {
    return this != PLAIN;
  }

  /** Whether the handler may change state. */
  public boolean writesState() {
    return this == EXCLUSIVE || this == WORKFLOW_RUN;
  }
}
