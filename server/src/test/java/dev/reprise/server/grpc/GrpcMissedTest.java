package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.Output;
import dev.reprise.server.ingress.EchoRequests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that has missed what was registered catches up before it says that there is none. */
@Timeout(60)
class GrpcMissedTest extends IngressDoorTest {
  GrpcMissedTest() {
    super(new EchoRequests(true));
  }

  @Test
  void anOutcomeIsToldWithTheContentTypeOfItsHandler() throws Exception {
    String id =
        call(invoke("Probe", "echo").setIdempotencyKey("k").setBody(utf8("1"))).getInvocationId();

    echo.missEverything();
    expectOne(output(byId(id)).getOutput());
    echo.missEverything();
    AttachRequest attach = AttachRequest.newBuilder().setInvocation(byId(id)).build();
    expectOne(stub().attach(attach).getOutput());
    until(() -> echo.requests.waiting().count() == 0);
  }

  private static void expectOne(Output output) {
    assertThat(output.getBody().toStringUtf8()).isEqualTo("1");
    assertThat(output.getContentType()).isEqualTo("application/json");
  }
}
