package dev.reprise.cluster.metadata;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service as one deployment serves it.
 *
 * @param revision rises with each registration that has this service
 * @param options what the service says for all its handlers
 */
public record ServiceRevision(
    String name,
    ServiceKind kind,
    int revision,
    String deploymentId,
    Map<String, HandlerRevision> handlers,
    String documentation,
    Map<String, String> metadata,
    ServiceOptions options) {
  public ServiceRevision {
    handlers = Map.copyOf(handlers);
    metadata = Map.copyOf(metadata);
  }

  public @Nullable HandlerRevision handler(String handlerName) {
    return handlers.get(handlerName);
  }

  /** The same as another revision, served by this deployment. */
  ServiceRevision as(int other, String deployment) {
    return new ServiceRevision(
        name, kind, other, deployment, handlers, documentation, metadata, options);
  }

  /** The three kinds of service; the text is the admin API's. */
  public enum ServiceKind {
    SERVICE("Service"),
    VIRTUAL_OBJECT("VirtualObject"),
    WORKFLOW("Workflow");

    private final String text;

    ServiceKind(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public boolean keyed() {
      return this != SERVICE;
    }
  }
}
