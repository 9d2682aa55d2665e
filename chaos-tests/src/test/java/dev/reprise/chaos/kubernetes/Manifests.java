package dev.reprise.chaos.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Documents of YAML, each of which is what Kubernetes takes: no field that it does not know. */
final class Manifests {
  /** Throws where there is a field that the model does not have. */
  private interface Model {
    void check(JsonElement document) throws IOException;
  }

  private static final Map<String, Model> MODELS =
      Map.of(
          "v1/ConfigMap", V1ConfigMap::validateJsonElement,
          "v1/Service", V1Service::validateJsonElement,
          "v1/ServiceAccount", V1ServiceAccount::validateJsonElement,
          "apps/v1/StatefulSet", V1StatefulSet::validateJsonElement,
          "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement);

  private final List<JsonNode> documents;

  private Manifests(List<JsonNode> documents) {
    this.documents = documents;
  }

  /**
   * Reads and checks them all.
   *
   * @throws AssertionError for a kind that is not ours, or a field that its model does not have
   */
  static Manifests parse(String yaml) throws IOException {
    Manifests read = read(yaml);
    for (JsonNode document : read.documents) {
      check(document);
    }
    return read;
  }

  /** Reads them, whole or not: a patch is a part. */
  static Manifests read(String yaml) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    YAMLMapper mapper = new YAMLMapper();
    try (MappingIterator<JsonNode> each = mapper.readerFor(JsonNode.class).readValues(yaml)) {
      while (each.hasNext()) {
        documents.add(each.next());
      }
    }
    return new Manifests(documents);
  }

  private static void check(JsonNode document) throws IOException {
    String kind = document.path("apiVersion").asString() + "/" + document.path("kind").asString();
    Model model = MODELS.get(kind);
    if (model == null) {
      throw new AssertionError("Expected one of " + MODELS.keySet() + ", but got " + kind);
    }
    try {
      model.check(JsonParser.parseString(document.toString()));
    } catch (IllegalArgumentException e) {
      throw new AssertionError("Expected a " + kind + ", but " + e.getMessage(), e);
    }
  }

  /** The one document of this kind and name. */
  JsonNode one(String kind, String name) {
    List<JsonNode> found =
        documents.stream()
            .filter(it -> it.path("kind").asString().equals(kind))
            .filter(it -> it.path("metadata").path("name").asString().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError("Expected one " + kind + " " + name + ", but got " + found.size());
    }
    return found.getFirst();
  }

  /** How many there are. */
  int size() {
    return documents.size();
  }
}
