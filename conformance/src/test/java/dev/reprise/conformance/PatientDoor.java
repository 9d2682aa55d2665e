package dev.reprise.conformance;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;

/**
 * Asks again where nobody knows whether something was done, and where that is harmless: calls with
 * an idempotency key, and completions. As clients of several nodes do, whose leaders may change.
 */
final class PatientDoor implements Door {
  private static final int TIMES = 5;
  private static final int UNAVAILABLE = 503;
  private static final Set<Status.Code> AGAIN =
      EnumSet.of(Status.Code.UNKNOWN, Status.Code.UNAVAILABLE);

  private final Door door;

  PatientDoor(Door door) {
    this.door = door;
  }

  @Override
  public Outcome call(Ask ask) throws IOException {
    return ask.idempotencyKey() == null ? door.call(ask) : patiently(() -> door.call(ask));
  }

  @Override
  public Accepted send(Ask ask) throws IOException {
    return ask.idempotencyKey() == null ? door.send(ask) : patiently(() -> door.send(ask));
  }

  @Override
  public Outcome attach(Of of) throws IOException {
    return patiently(() -> door.attach(of));
  }

  @Override
  public Outcome output(Of of) throws IOException {
    return patiently(() -> door.output(of));
  }

  @Override
  public void resolveAwakeable(String id, JsonNode value) throws IOException {
    patiently(
        () -> {
          door.resolveAwakeable(id, value);
          return true;
        });
  }

  @Override
  public void rejectAwakeable(String id, String reason) throws IOException {
    patiently(
        () -> {
          door.rejectAwakeable(id, reason);
          return true;
        });
  }

  private static <T> T patiently(Callable<T> question) throws IOException {
    for (int time = 1; ; time++) {
      try {
        T answer = question.call();
        boolean known = !(answer instanceof Outcome outcome && outcome.code() == UNAVAILABLE);
        if (known || time == TIMES) {
          return answer;
        }
      } catch (StatusRuntimeException e) {
        if (time == TIMES || !AGAIN.contains(e.getStatus().getCode())) {
          throw e;
        }
      } catch (IOException e) {
        if (time == TIMES || !isUnknown(e)) {
          throw e;
        }
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  private static boolean isUnknown(IOException e) {
    return e instanceof UnknownOutcomeException
        || (e.getCause() instanceof StatusRuntimeException status
            && AGAIN.contains(status.getStatus().getCode()));
  }
}
