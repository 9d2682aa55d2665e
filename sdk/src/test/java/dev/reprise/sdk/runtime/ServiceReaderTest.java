package dev.reprise.sdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.sdk.AfterFailure;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Serde;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.VirtualObject;
import dev.reprise.sdk.Workflow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an annotated class tells a server about itself, and which classes are refused. */
@SuppressWarnings("unused") // Handlers of refused classes are never called.
class ServiceReaderTest {
  private static JsonNode manifest(int version, Object... services) {
    var definitions = Arrays.stream(services).map(ServiceReader::read).toList();
    byte[] json =
        new Services(definitions, Serde.json(), 1, 1, AfterFailure.RETRY)
            .manifest(version, Manifest.Mode.BIDI_STREAM);
    return JsonMapper.shared().readTree(new String(json, StandardCharsets.UTF_8));
  }

  @VirtualObject("cart")
  @Options(
      inactivityTimeout = "PT30S",
      lazyState = true,
      retry = @Options.Retry(maxAttempts = 3, onMaxAttempts = Options.OnMaxAttempts.KILL))
  static class Cart {
    @Handler
    void add(ObjectContext ctx, String item) {}

    @Shared
    @Options(ingressPrivate = true)
    int size(SharedObjectContext ctx) {
      return 0;
    }

    @Handler("raw")
    byte[] bytes(byte[] in) {
      return in;
    }
  }

  @Test
  void aManifestNamesServicesHandlersAndOptions() {
    assertThat(manifest(4, new Cart()))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"protocolMode": "BIDI_STREAM",
                     "minProtocolVersion": 5,
                     "maxProtocolVersion": 7,
                     "services": [
                       {"name": "cart", "ty": "VIRTUAL_OBJECT",
                        "inactivityTimeout": 30000, "enableLazyState": true,
                        "retryPolicyMaxAttempts": 3, "retryPolicyOnMaxAttempts": "KILL",
                        "handlers": [
                          {"name": "add", "ty": "EXCLUSIVE",
                           "input": {"required": true, "contentType": "application/json"},
                           "output": {"setContentTypeIfEmpty": false}},
                          {"name": "raw", "ty": "EXCLUSIVE",
                           "input": {"required": false, "contentType": "*/*"},
                           "output": {"setContentTypeIfEmpty": false,
                                      "contentType": "application/octet-stream"}},
                          {"name": "size", "ty": "SHARED", "ingressPrivate": true,
                           "output": {"setContentTypeIfEmpty": false,
                                      "contentType": "application/json"}}]}]}
                    """));
  }

  @Test
  void anOlderManifestCarriesNoKeyThatItsServerWouldRefuse() {
    assertThat(manifest(3, new Cart()).toString())
        .contains("inactivityTimeout")
        .doesNotContain("retryPolicy");
    assertThat(manifest(2, new Cart()).toString())
        .doesNotContain("retryPolicy")
        .doesNotContain("inactivityTimeout")
        .doesNotContain("enableLazyState");
  }

  @Workflow
  @Options(workflowRetention = "P7D")
  static class Signup {
    @Handler
    void run(ObjectContext ctx) {}

    @Handler
    void peek(SharedObjectContext ctx) {}
  }

  @Test
  void aWorkflowsRetentionBelongsToItsRunHandler() {
    JsonNode service = manifest(4, new Signup()).get("services").get(0);
    assertThat(service.get("name").stringValue()).isEqualTo("Signup");
    assertThat(service.has("workflowCompletionRetention")).isFalse();
    JsonNode run = service.get("handlers").get(1);
    assertThat(run.get("ty").stringValue()).isEqualTo("WORKFLOW");
    assertThat(run.get("workflowCompletionRetention").longValue()).isEqualTo(604_800_000);
    assertThat(service.get("handlers").get(0).get("ty").stringValue()).isEqualTo("SHARED");
  }

  @Service("greeter")
  interface Greeter {
    @Handler
    String greet(String name);
  }

  static class PoliteGreeter implements Greeter {
    @Override
    public String greet(String name) {
      return "Dear " + name;
    }
  }

  @Test
  void aClassMayInheritItsServiceFromAnInterface() {
    ServiceDefinition service = ServiceReader.read(new PoliteGreeter());
    assertThat(service.name()).isEqualTo("greeter");
    assertThat(service.handlers()).containsOnlyKeys("greet");
  }

  @Test
  void aServerChoosesTheNewestManifestThatBothKnow() {
    assertThat(
            Manifest.negotiate(List.of(Manifest.contentType(2) + ", " + Manifest.contentType(3))))
        .isEqualTo(3);
    assertThat(Manifest.negotiate(List.of(Manifest.contentType(1), Manifest.contentType(5))))
        .isZero();
  }

  // ---- refused ----

  private static void isRefused(Object service, String... words) {
    assertThatThrownBy(() -> manifest(4, service))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected")
        .hasMessageContainingAll(words);
  }

  @Test
  void aClassWithoutAnnotationIsRefused() {
    isRefused("text", "@Service", "java.lang.String");
  }

  @Test
  void aServiceWithoutHandlerIsRefused() {
    @Service
    class Idle {}
    isRefused(new Idle(), "@Handler", "Idle");
  }

  @Test
  void twoHandlersOfOneNameAreRefused() {
    @Service
    class Twice {
      @Handler
      void a() {}

      @Handler("a")
      void b() {}
    }
    isRefused(new Twice(), "Twice/a", "two");
  }

  @Test
  void aHandlerOfAServiceCannotHaveState() {
    @Service
    class Stateful {
      @Handler
      void a(ObjectContext ctx) {}
    }
    isRefused(new Stateful(), "Context", "ObjectContext");
  }

  @Test
  void aSharedHandlerCannotWriteState() {
    @VirtualObject
    class Writer {
      @Shared
      void a(ObjectContext ctx) {}
    }
    isRefused(new Writer(), "SharedObjectContext");
  }

  @Test
  void aHandlerTakesOneInput() {
    @Service
    class Greedy {
      @Handler
      void a(Context ctx, String one, String two) {}
    }
    isRefused(new Greedy(), "at most one input", "takes 2");
  }

  @Test
  void aServiceHasNoSharedHandler() {
    @Service
    class Wrong {
      @Shared
      void a() {}
    }
    isRefused(new Wrong(), "@Shared");
  }

  @Test
  void aWorkflowHasARunHandler() {
    @Workflow
    class Aimless {
      @Handler
      void go() {}
    }
    isRefused(new Aimless(), "run", "Aimless");
  }

  @Test
  void aNameThatNoServerAcceptsIsRefused() {
    @Service("my service")
    class Named {
      @Handler
      void a() {}
    }
    isRefused(new Named(), "my service");
  }

  @Test
  void anOptionThatIsNoDurationIsRefusedBeforeTheEndpointServes() {
    @Service
    class Hasty {
      @Handler
      @Options(abortTimeout = "5 minutes")
      void a() {}
    }
    isRefused(new Hasty(), "PT30S", "5 minutes");
  }

  @Test
  void twoServicesOfOneNameAreRefused() {
    assertThatThrownBy(() -> manifest(4, new PoliteGreeter(), new PoliteGreeter()))
        .hasMessageContaining("one service named greeter");
  }
}
