package dev.reprise.server.gateway;

import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.RawClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway for each test, and a client at its door. */
abstract class GatehouseTest {
  static final Pattern ID = Pattern.compile("inv_1[0-9a-zA-Z]{33}");

  private final HttpLimits limits;
  Gatehouse house;
  RawClient client;

  GatehouseTest() {
    this(HttpLimits.DEFAULT);
  }

  GatehouseTest(HttpLimits limits) {
    this.limits = limits;
  }

  @BeforeEach
  void open() throws IOException {
    house = new Gatehouse(limits);
    client = house.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    house.close();
  }

  static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("Expected a condition to become true within 20 s");
      }
      Thread.onSpinWait();
    }
  }
}
