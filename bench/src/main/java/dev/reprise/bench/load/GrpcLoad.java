package dev.reprise.bench.load;

import com.google.protobuf.ByteString;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CallResponse;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.Invoke;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Recorder;

/**
 * Closed-loop load over gRPC: so many calls under way on one connection, each followed by the next.
 * The client is gRPC's own, and costs more CPU than the one for HTTP/1.1: compare what the server
 * uses.
 */
public final class GrpcLoad {
  private static final int MAX_SHOWN_ERRORS = 3;
  private static final int LAST_ANSWERS_SECONDS = 2;
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  private final Plan plan;
  private final Consumer<String> complaints;
  private final Map<String, ProcessMeter> meters = new HashMap<>();
  private final ProcessMeter own = new ProcessMeter(List.of(ProcessHandle.current().pid()));
  private final Recorder latencyMicros = new Recorder(3);
  private final LongAdder answered = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final CountDownLatch answeredOnce = new CountDownLatch(1);
  private volatile boolean running = true;

  /**
   * One measurement to make.
   *
   * @param target {@code host:port} of the gRPC port
   * @param path {@code /Service/handler}
   */
  public record Plan(
      String target,
      String path,
      String body,
      int calls,
      Duration warmUp,
      Duration measured,
      Map<String, List<Long>> processes) {}

  /**
   * @param complaints the first few errors, for people
   */
  public GrpcLoad(Plan plan, Consumer<String> complaints) {
    this.plan = plan;
    this.complaints = complaints;
    plan.processes().forEach((label, roots) -> meters.put(label, new ProcessMeter(roots)));
  }

  /** Makes the calls and returns when the measured time is over. */
  public Measurement run() throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(plan.target()).usePlaintext().directExecutor().build();
    try {
      CallRequest request = request();
      for (int i = 0; i < plan.calls(); i++) {
        new Caller(IngressGrpc.newStub(channel), request).next();
      }
      // To connect is no load yet. Where no answer comes, the measurement will say so.
      boolean unused = answeredOnce.await(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      LockSupport.parkNanos(plan.warmUp().toNanos());
      return measure();
    } finally {
      running = false;
      channel.shutdown().awaitTermination(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS);
      channel.shutdownNow();
    }
  }

  private CallRequest request() {
    String[] names = plan.path().split("/", -1);
    if (names.length != 3 || !names[0].isEmpty()) {
      throw new IllegalArgumentException(
          "Expected /Service/handler, but got '" + plan.path() + "'");
    }
    return CallRequest.newBuilder()
        .setInvoke(
            Invoke.newBuilder()
                .setService(names[1])
                .setHandler(names[2])
                .setContentType("application/json")
                .setBody(ByteString.copyFromUtf8(plan.body())))
        .build();
  }

  private Measurement measure() {
    latencyMicros.reset();
    answered.reset();
    errors.reset();
    meters.values().forEach(ProcessMeter::start);
    own.start();
    double machine = ProcessMeter.machineCpuSeconds();
    long begin = System.nanoTime();
    LockSupport.parkNanos(plan.measured().toNanos());
    double seconds = (System.nanoTime() - begin) / 1e9;
    long ok = answered.sum();
    long failed = errors.sum();
    Map<String, ProcessUse> processes = new HashMap<>();
    meters.forEach((label, meter) -> processes.put(label, meter.stop()));
    double loadCpu = own.stop().cpuSeconds();
    machine = ProcessMeter.machineCpuSeconds() - machine;
    double known = loadCpu + processes.values().stream().mapToDouble(ProcessUse::cpuSeconds).sum();
    return new Measurement(
        plan.calls(),
        new Pace.ClosedLoop(),
        seconds,
        ok,
        failed,
        0,
        0,
        latencyMicros.getIntervalHistogram(),
        loadCpu,
        Math.max(0, (machine - known) / seconds),
        processes);
  }

  /** One call after the other. Its answers come on the channel's thread. */
  private final class Caller implements StreamObserver<CallResponse> {
    private final IngressGrpc.IngressStub stub;
    private final CallRequest request;
    private long sinceNanos;

    Caller(IngressGrpc.IngressStub stub, CallRequest request) {
      this.stub = stub;
      this.request = request;
    }

    void next() {
      if (running) {
        sinceNanos = System.nanoTime();
        stub.withDeadlineAfter(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
            .call(request, this);
      }
    }

    @Override
    public void onNext(CallResponse response) {
      latencyMicros.recordValue((System.nanoTime() - sinceNanos) / 1_000);
      answered.increment();
      answeredOnce.countDown();
    }

    @Override
    public void onError(Throwable problem) {
      errors.increment();
      answeredOnce.countDown();
      if (running && errors.sum() <= MAX_SHOWN_ERRORS) {
        complaints.accept(problem.toString());
      }
      next();
    }

    @Override
    public void onCompleted() {
      next();
    }
  }
}
