package dev.reprise.cluster.metadata;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.HandlerKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Deployments as bytes: equal for equal deployments, whatever order their maps are walked in. */
final class DeploymentCodec {
  private static final int MAX_COUNT = 1 << 20;

  private DeploymentCodec() {}

  static void write(ByteWriter out, Deployment deployment) {
    out.string(deployment.id());
    writeAddress(out, deployment.address());
    out.uint8(
        switch (deployment.mode()) {
          case BIDI_STREAM -> 0;
          case REQUEST_RESPONSE -> 1;
        });
    out.varint(deployment.minProtocolVersion())
        .varint(deployment.maxProtocolVersion())
        .string(deployment.sdkVersion());
    writeMap(out, deployment.headers());
    writeMap(out, deployment.metadata());
    out.varint(deployment.createdAtMillis()).varint(deployment.services().size());
    for (ServiceRevision service : deployment.services()) {
      writeService(out, service);
    }
  }

  static Deployment read(ByteReader in) {
    String id = in.string();
    DeploymentAddress address = readAddress(in);
    ProtocolMode mode =
        switch (in.uint8()) {
          case 0 -> ProtocolMode.BIDI_STREAM;
          case 1 -> ProtocolMode.REQUEST_RESPONSE;
          default -> throw new StorageException("Expected protocol mode 0 or 1, but got another");
        };
    int min = in.varint(Integer.MAX_VALUE);
    int max = in.varint(Integer.MAX_VALUE);
    String sdk = in.string();
    Map<String, String> headers = readMap(in);
    Map<String, String> metadata = readMap(in);
    long createdAt = in.varint();
    int count = in.varint(MAX_COUNT);
    List<ServiceRevision> services = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      services.add(readService(in));
    }
    return new Deployment(id, address, mode, min, max, sdk, headers, metadata, createdAt, services);
  }

  static void writeAddress(ByteWriter out, DeploymentAddress address) {
    switch (address) {
      case DeploymentAddress.Http http -> out.uint8(0).string(http.uri()).bool(http.http11());
      case DeploymentAddress.Lambda lambda ->
          out.uint8(1).string(lambda.arn()).string(lambda.assumeRoleArn()).bool(lambda.zstd());
    }
  }

  static DeploymentAddress readAddress(ByteReader in) {
    return switch (in.uint8()) {
      case 0 -> new DeploymentAddress.Http(in.string(), in.bool());
      case 1 -> new DeploymentAddress.Lambda(in.string(), in.string(), in.bool());
      default -> throw new StorageException("Expected address kind 0 or 1, but got another");
    };
  }

  private static void writeService(ByteWriter out, ServiceRevision service) {
    out.string(service.name());
    out.uint8(
        switch (service.kind()) {
          case SERVICE -> 0;
          case VIRTUAL_OBJECT -> 1;
          case WORKFLOW -> 2;
        });
    out.varint(service.revision()).string(service.deploymentId());
    out.varint(service.handlers().size());
    for (HandlerRevision handler : new TreeMap<>(service.handlers()).values()) {
      writeHandler(out, handler);
    }
    out.string(service.documentation());
    writeMap(out, service.metadata());
    OptionsCodec.write(out, service.options());
  }

  private static ServiceRevision readService(ByteReader in) {
    String name = in.string();
    ServiceKind kind =
        switch (in.uint8()) {
          case 0 -> ServiceKind.SERVICE;
          case 1 -> ServiceKind.VIRTUAL_OBJECT;
          case 2 -> ServiceKind.WORKFLOW;
          default -> throw new StorageException("Expected service kind 0 to 2, but got another");
        };
    int revision = in.varint(Integer.MAX_VALUE);
    String deployment = in.string();
    int count = in.varint(MAX_COUNT);
    Map<String, HandlerRevision> handlers = new HashMap<>();
    for (int i = 0; i < count; i++) {
      HandlerRevision handler = readHandler(in);
      handlers.put(handler.name(), handler);
    }
    return new ServiceRevision(
        name,
        kind,
        revision,
        deployment,
        handlers,
        in.string(),
        readMap(in),
        OptionsCodec.read(in));
  }

  private static void writeHandler(ByteWriter out, HandlerRevision handler) {
    out.string(handler.name()).uint8(handler.kind().code());
    writeNullable(out, handler.inputContentType());
    out.bool(handler.inputRequired());
    writeNullable(out, handler.inputSchema());
    writeNullable(out, handler.outputContentType());
    out.bool(handler.setContentTypeIfEmpty());
    writeNullable(out, handler.outputSchema());
    out.string(handler.documentation());
    writeMap(out, handler.metadata());
    OptionsCodec.write(out, handler.options());
  }

  private static HandlerRevision readHandler(ByteReader in) {
    return new HandlerRevision(
        in.string(),
        kind(in.uint8()),
        readNullable(in),
        in.bool(),
        readNullable(in),
        readNullable(in),
        in.bool(),
        readNullable(in),
        in.string(),
        readMap(in),
        OptionsCodec.read(in));
  }

  private static HandlerKind kind(int code) {
    try {
      return HandlerKind.ofCode(code);
    } catch (IllegalArgumentException e) {
      throw new StorageException(StorageException.Reason.MALFORMED, "Expected a handler kind", e);
    }
  }

  static void writeMap(ByteWriter out, Map<String, String> map) {
    out.varint(map.size());
    new TreeMap<>(map).forEach((key, value) -> out.string(key).string(value));
  }

  static Map<String, String> readMap(ByteReader in) {
    int count = in.varint(MAX_COUNT);
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < count; i++) {
      map.put(in.string(), in.string());
    }
    return map;
  }

  private static void writeNullable(ByteWriter out, @Nullable String text) {
    out.bool(text != null);
    if (text != null) {
      out.string(text);
    }
  }

  private static @Nullable String readNullable(ByteReader in) {
    return in.bool() ? in.string() : null;
  }
}
