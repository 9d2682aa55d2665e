package dev.reprise.cluster.metadata;

import dev.reprise.storage.model.HandlerKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A handler as one deployment serves it.
 *
 * @param inputContentType a pattern such as {@code application/json} or {@code *}{@code /*}; null
 *     takes no body at all
 * @param inputRequired whether an empty body without content type is refused
 * @param inputSchema JSON schema as text, or null
 * @param outputContentType null sets none
 * @param setContentTypeIfEmpty whether an empty output has a content type too
 * @param options this handler's own word; what it leaves open its service decides
 */
public record HandlerRevision(
    String name,
    HandlerKind kind,
    @Nullable String inputContentType,
    boolean inputRequired,
    @Nullable String inputSchema,
    @Nullable String outputContentType,
    boolean setContentTypeIfEmpty,
    @Nullable String outputSchema,
    String documentation,
    Map<String, String> metadata,
    ServiceOptions options) {
  public HandlerRevision {
    metadata = Map.copyOf(metadata);
  }

  /** The same with another word of its own. */
  HandlerRevision with(ServiceOptions others) {
    return new HandlerRevision(
        name,
        kind,
        inputContentType,
        inputRequired,
        inputSchema,
        outputContentType,
        setContentTypeIfEmpty,
        outputSchema,
        documentation,
        metadata,
        others);
  }
}
